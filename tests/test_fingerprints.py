"""Fingerprints: they name every module that a part of a build rests on."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import kg
from kg.fingerprints import PARTS, fingerprint

PACKAGE = Path(kg.__file__).parent
#: Where the imports of each part begin, and what cannot change what it makes: how errors are
#: raised, where files are found, and the other parts, whose keys a record holds beside.
ROOTS = {
    "page": ["kg.readers.page", "kg.mapping.page"],
    "links": ["kg.mapping.links"],
    "release": ["kg.readers.onet", "kg.mapping.release"],
    "rdf": ["kg.foreign"],
    "index": ["kg.readers.aei", "kg.mapping.aei"],
    "esco": ["kg.readers.esco", "kg.mapping.esco"],
    "crosswalk": ["kg.readers.crosswalk", "kg.readers.soc_history", "kg.mapping.crosswalk"],
    "history": ["kg.readers.soc_history", "kg.mapping.soc_history"],
    "mappings": ["kg.readers.sssom", "kg.mapping.sssom"],
}
NEUTRAL = {"kg", "kg.fingerprints", "kg.records", "kg.resources", "kg.readers"}
#: What is imported for its types, or for other parts.
ELSEWHERE = {
    "page": {"kg.mapping.release", "kg.mapping.catalog", "kg.mapping.tables", "kg.rdf"},
    "links": {"kg.mapping.page", "kg.rdf"},
    "release": {"kg.mapping.catalog", "kg.rdf"},
    "rdf": {"kg.mapping.catalog"},
    **{key: {"kg.rdf"} for key in ("index", "esco", "crosswalk", "history", "mappings")},
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
    while todo:
        module = todo.pop()
        if module in seen or module in left_out:
            continue
        seen.add(module)
        todo += imported(module)
    files = {path.relative_to(PACKAGE).as_posix() for m in seen if (path := path_of(m))}
    files = {f for f in files if not any(f == name or f.startswith(f"{name}/") for name in named)}
    assert set() == files


def test_fingerprints_differ() -> None:
    """Each part has one of its own, and always the same."""
    found = [fingerprint(part) for part in PARTS]
    assert len(found) == len(set(found))
    fingerprint.cache_clear()
    assert found == [fingerprint(part) for part in PARTS]
