"""Fingerprints: digests of the code, libraries and files that builds and checks depend on.

Another version of the code gives other results, or may; so does code that was changed without a
new version, which is why its text counts and not its number.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib.metadata import version as version_of
from pathlib import Path

from kg.resources import folder

__all__ = ["BESIDES", "LIBRARIES", "PARTS", "fingerprint"]

_PACKAGE = Path(__file__).parent
_COMMON = ("model.py", "namespaces.py", "quads.py", "texts.py", "errors.py")
#: What all additions rest on: tables of text, and how columns become quads.
_TABLES = (
    "additions.py",
    "readers/csvs.py",
    "readers/files.py",
    "readers/signatures.py",
    "mapping/catalog.py",
    "mapping/columns.py",
    "mapping/contribution.py",
    "mapping/iris.py",
)
#: The modules that each part of a build, and checks with shapes, rest on; and the shipped files
#: that they read.
PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "page": (
        (
            *_COMMON,
            "readers/chips.py",
            "readers/dates.py",
            "readers/domains.py",
            "readers/draft.py",
            "readers/evidence.py",
            "readers/files.py",
            "readers/footer.py",
            "readers/layout.py",
            "readers/page.py",
            "readers/signatures.py",
            "readers/sources.py",
            "readers/toml.py",
            "mapping/concepts.py",
            "mapping/iris.py",
            "mapping/lookups.py",
            "mapping/page.py",
            "pages.py",
        ),
        ("page.toml",),
    ),
    "links": (
        (*_COMMON, "linking", "mapping/iris.py", "mapping/links.py", "releases.py"),
        (),
    ),
    "release": (
        (
            *_COMMON,
            "readers/csvs.py",
            "readers/dates.py",
            "readers/files.py",
            "readers/onet",
            "readers/signatures.py",
            "readers/sources.py",
            "readers/toml.py",
            "mapping/iris.py",
            "mapping/release.py",
            "mapping/tables.py",
            "releases.py",
        ),
        ("onet.toml",),
    ),
    "index": (
        (*_COMMON, *_TABLES, "readers/aei.py", "mapping/aei.py"),
        (),
    ),
    "esco": ((*_COMMON, *_TABLES, "readers/esco", "mapping/esco.py"), ()),
    "crosswalk": (
        (
            *_COMMON,
            *_TABLES,
            "readers/crosswalk.py",
            "readers/esco",
            "readers/soc_history.py",
            "mapping/crosswalk.py",
            "mapping/esco.py",
            "mapping/matches.py",
            "mapping/soc_history.py",
        ),
        (),
    ),
    "history": (
        (*_COMMON, *_TABLES, "readers/soc_history.py", "mapping/soc_history.py"),
        (),
    ),
    "mappings": (
        (
            *_COMMON,
            *_TABLES,
            "readers/sssom.py",
            "mapping/curation.py",
            "mapping/matches.py",
            "mapping/sssom.py",
        ),
        (),
    ),
    "rdf": (
        (
            *_COMMON,
            "foreign.py",
            "rdf",
            "readers/files.py",
            "readers/rdf.py",
            "readers/signatures.py",
            "mapping/foreign.py",
            "mapping/iris.py",
            "runs.py",
        ),
        (),
    ),
    "shapes": (
        (
            *_COMMON,
            "queries",
            "rdf",
            "shacl",
            "store/where.py",
            "validation.py",
            "validation_since.py",
        ),
        (),
    ),
}

#: The libraries that make what a build writes: tables, RDF, and the numbers of the linker. Whatever
#: an input becomes rests on them all, as the manifest says.
LIBRARIES = ("numpy", "polars", "pyoxigraph")
#: Those that one part rests on besides.
BESIDES = {"shapes": ("rdflib", "scipy")}


@cache
def fingerprint(part: str) -> str:
    """Return the digest of all that one of `PARTS` rests on."""
    modules, shipped = PARTS[part]
    found = [path for name in modules for path in _files(_PACKAGE / name)]
    found += [folder("build") / name for name in shipped]
    libraries = (*LIBRARIES, *BESIDES.get(part, ()))
    hasher = sha256(" ".join(map(version_of, libraries)).encode())
    for path in found:
        hasher.update(sha256(path.read_bytes()).digest())
    return hasher.hexdigest()


def _files(path: Path) -> list[Path]:
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]
