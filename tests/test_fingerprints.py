"""Fingerprints: they name every module that a part of a build rests on."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import kg
from kg import fingerprints
from kg.fingerprints import BESIDES, LIBRARIES, PARTS, fingerprint

PACKAGE = Path(kg.__file__).parent
#: Where the imports of each part begin, and what cannot change what it makes: how errors are
#: raised, where files are found, and the other parts, whose keys a record holds beside.
ADDITIONS = {
    "index": ["kg.readers.aei", "kg.mapping.aei"],
    "esco": ["kg.readers.esco", "kg.mapping.esco"],
    "crosswalk": ["kg.readers.crosswalk", "kg.readers.soc_history", "kg.mapping.crosswalk"],
    "history": ["kg.readers.soc_history", "kg.mapping.soc_history"],
    "mappings": ["kg.readers.sssom", "kg.mapping.sssom"],
}
ROOTS = {
    "page": ["kg.pages"],
    "links": ["kg.releases", "kg.mapping.links"],
    "release": ["kg.releases"],
    "rdf": ["kg.foreign"],
    "shapes": ["kg.shacl", "kg.shacl.engine"],
    **ADDITIONS,
}
#: Libraries that read text as it stands, pass on to another one, or serve what is no build.
UNSEEN = {"fastexcel", "narwhals", "pyshacl", "yaml"}
NEUTRAL = {"kg", "kg.fingerprints", "kg.records", "kg.resources", "kg.readers"}
#: What is imported for its types, or for other parts.
ELSEWHERE = {
    "page": {
        "kg.mapping.catalog",
        "kg.mapping.curation",
        "kg.mapping.links",
        "kg.mapping.release",
        "kg.mapping.tables",
        "kg.rdf",
        "kg.readers.kinds",  # which says what a file is that is no page
    },
    "links": {
        "kg.mapping.page",
        "kg.mapping.release",
        "kg.rdf",
        "kg.readers.files",
        "kg.readers.onet",
        "kg.readers.sources",
    },
    "release": {"kg.linking", "kg.mapping.catalog", "kg.mapping.links", "kg.rdf"},
    "rdf": {"kg.mapping.catalog"},
    "shapes": {"kg.store"},
    # Their keys hold what the catalogue of sources says.
    **{
        kind: {"kg.mapping.curation", "kg.rdf", "kg.readers.sources", "kg.releases"}
        for kind in ADDITIONS
    },
}


def path_of(module: str) -> Path | None:
    """Return the file of a module of the package, or None where it is none."""
    path = PACKAGE.parent.joinpath(*module.split("."))
    found = [p for p in (path / "__init__.py", path.with_suffix(".py")) if p.is_file()]
    return found[0] if found else None


def imported(module: str) -> set[str]:
    """Return the modules of the package that a module imports."""
    path = path_of(module)
    assert path is not None
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= {name if path_of(name) else node.module for name in inner}
    return {name for name in names if name.split(".")[0] == "kg" and path_of(name)}


@pytest.mark.parametrize("part", PARTS)
def test_every_module_is_named(part: str) -> None:
    """What a part imports, it names; so that a change of any of it is noticed."""
    left_out, named = NEUTRAL | ELSEWHERE[part], PARTS[part][0]
    todo, seen = list(ROOTS[part]), set[str]()
    if part in ADDITIONS:  # of what the module of all of them imports, the others' is their own
        todo += imported("kg.additions") - {root for roots in ADDITIONS.values() for root in roots}
        seen.add("kg.additions")
    while todo:
        module = todo.pop()
        if module in seen or module in left_out:
            continue
        seen.add(module)
        todo += imported(module)
    files = {path.relative_to(PACKAGE).as_posix() for m in seen if (path := path_of(m))}
    files = {f for f in files if not any(f == name or f.startswith(f"{name}/") for name in named)}
    assert set() == files


def test_every_library_is_named() -> None:
    """The libraries of the table, of RDF and of the linker count, whichever module imports them."""
    modules = {path for names, _ in PARTS.values() for name in names for path in _files(name)}
    imports = {
        name.partition(".")[0]
        for path in modules
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in names_of(node)
    }
    others = imports - sys.stdlib_module_names - {"kg"}
    assert {*LIBRARIES, *BESIDES["shapes"]} == others - UNSEEN


def _files(name: str) -> list[Path]:
    path = PACKAGE / name
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def names_of(node: ast.AST) -> list[str]:
    """Return what an import statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []


@pytest.mark.parametrize("library", LIBRARIES)
def test_another_version_of_a_library(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another version made is not taken over."""
    before = [fingerprint(part) for part in PARTS]
    real = fingerprints.version_of
    monkeypatch.setattr(
        fingerprints, "version_of", lambda name: "0.0" if name == library else real(name)
    )
    fingerprint.cache_clear()
    assert not {*before} & {fingerprint(part) for part in PARTS}
    fingerprint.cache_clear()


def test_fingerprints_differ() -> None:
    """Each part has one of its own, and always the same."""
    found = [fingerprint(part) for part in PARTS]
    assert len(found) == len(set(found))
    fingerprint.cache_clear()
    assert found == [fingerprint(part) for part in PARTS]
