"""Other tools on the same tables: the ones that rate occupations, by the same declarations.

`build/onet.toml` says which triples a row of a table gives; here that is written as RML for
morph-kgc and as OTTR for maplib, so that all make the same triples. They are given tables that are
checked already, as comma-separated text without the columns that repeat others; `kg` reads and
checks the release's own files. Each tool has a virtual environment of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl
from measure import Failed, Run, run

from kg.namespaces import BASE, ONET
from kg.readers.onet import OnetRelease, load_entries
from kg.readers.onet.entries import TableEntry, Template, Triple

__all__ = ["PEERS", "Peer", "by_predicate", "install", "prepare", "rating_tables"]

HERE = Path(__file__).resolve().parent
_XSD = "http://www.w3.org/2001/XMLSchema#"
_VALUE = "Data Value"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: the package that brings it, and the command that runs it in a prepared folder."""

    package: str
    command: tuple[str, ...]


#: Pinned, so that results can be compared; their output is `<name>.nt` in the prepared folder.
PEERS: Mapping[str, Peer] = {
    "maplib": Peer("maplib==0.20.26", (str(HERE / "peer_maplib.py"), "{folder}")),
    "morph-kgc": Peer("morph-kgc==2.10.0", ("-m", "morph_kgc", "{folder}/morph-kgc.ini")),
}


def install(name: str, folder: Path) -> Path:
    """Make a tool's virtual environment in a folder, if it is not there; return its Python.

    Raises Failed where it cannot be made, for want of a network or of a build for this Python.
    """
    home = folder / name
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (home / "ready").exists():
        shutil.rmtree(home, ignore_errors=True)
        run([sys.executable, "-m", "venv", home])
        quiet = ("--quiet", "--disable-pip-version-check")
        run([python, "-m", "pip", "install", *quiet, PEERS[name].package])
        (home / "ready").touch()
    return python


def execute(name: str, python: Path, folder: Path) -> Run:
    """Run a tool on a prepared folder; raises Failed where it ends with an error."""
    return run([python, *(part.format(folder=folder) for part in PEERS[name].command)])


def rating_tables(release: OnetRelease) -> list[TableEntry]:
    """Return the tables of a release that rate, whose nodes are named by cells that are all there.

    RML and OTTR have no part of a name that may be left out.
    """
    tables = load_entries().tables
    found = (tables[name] for name in sorted(release.tables))
    return [
        entry
        for entry in found
        if entry.row and _VALUE in entry.columns and not any(c.optional for c in entry.row.cells)
    ]


def prepare(release: OnetRelease, path: Path, folder: Path) -> None:
    """Write what the tools read: tables and mappings, and for `kg` the files of the release.

    `path` is where the release was read from.
    """
    entries = rating_tables(release)
    folder.mkdir(parents=True)
    for entry in entries:
        release.tables[entry.name].write_csv(folder / f"{entry.name}.csv")
    (folder / "map.ttl").write_text("\n".join(_rml(entries, release, folder)), encoding="utf-8")
    (folder / "morph-kgc.ini").write_text(
        f"[CONFIGURATION]\noutput_file={folder}/morph-kgc.nt\nlogging_level=ERROR\n"
        f"[tables]\nmappings={folder}/map.ttl\n",
        encoding="utf-8",
    )
    templates = {entry.name: _ottr(entry, release) for entry in entries}
    (folder / "map.json").write_text(json.dumps(templates), encoding="utf-8")
    _copy(entries, path, folder / "release")


def _copy(entries: Sequence[TableEntry], path: Path, folder: Path) -> None:
    """Copy the files of tables, and of those without which they cannot be read or checked."""
    known = load_entries()
    wanted = {e.name for e in entries} | {e.name for e in known.tables.values() if e.required}
    for entry in entries:
        for name in entry.known_columns:
            column = known.column(name)
            wanted |= {column.listed[0]} if column.listed else set()
            wanted |= {column.repeats.table} if column.repeats else set()

    def is_wanted(name: str) -> bool:
        stem = PurePosixPath(name).stem
        entry = known.entry(stem)
        return entry.name in wanted if entry else stem.lower().startswith("read")

    folder.mkdir()
    if path.is_dir():
        for file in filter(lambda p: is_wanted(p.name), path.iterdir()):
            shutil.copy(file, folder)
        return
    with zipfile.ZipFile(path) as archive:
        for name in filter(is_wanted, archive.namelist()):
            (folder / PurePosixPath(name).name).write_bytes(archive.read(name))


def _triples(entry: TableEntry, release: OnetRelease) -> list[tuple[Template, Triple]]:
    """Return the triples that a row gives, each with the name of its subject."""
    assert entry.row is not None
    row, columns = entry.row.of_release(release.version), set(release.tables[entry.name].columns)
    triples = (triple.of_release(release.version) for triple in entry.triples)
    return [(t.subject or row, t) for t in triples if {c.column for c in t.cells} <= columns]


def _named(template: Template) -> str:
    """Return a name with its cells in braces, as both languages write it."""
    parts = (p if isinstance(p, str) else f"{{{p.column}}}" for p in template.parts)
    return BASE + "".join(parts)


def _rml(entries: Sequence[TableEntry], release: OnetRelease, folder: Path) -> Iterator[str]:
    """Yield the lines of an RML mapping (https://rml.io/specs/rml/) of all tables, in Turtle."""
    yield "@prefix rml: <http://semweb.mmlab.be/ns/rml#> ."
    yield "@prefix rr: <http://www.w3.org/ns/r2rml#> ."
    yield "@prefix ql: <http://semweb.mmlab.be/ns/ql#> ."
    for number, entry in enumerate(entries):
        by_subject: dict[str, list[str]] = {}
        assert entry.row is not None
        row = entry.row.of_release(release.version)
        for subject, triple in _triples(entry, release):
            value = _rml_object(triple, row)
            says = f"rr:predicateObjectMap [ rr:predicate <{triple.predicate}> ; {value} ]"
            by_subject.setdefault(_named(subject), []).append(says)
        for part, (subject_name, says_all) in enumerate(by_subject.items()):
            source = f'rml:source "{folder / entry.name}.csv" ; rml:referenceFormulation ql:CSV'
            yield f"<urn:map:{number}-{part}> a rr:TriplesMap ; rml:logicalSource [ {source} ] ;"
            yield f'  rr:subjectMap [ rr:template "{subject_name}" ] ;'
            yield "  " + " ;\n  ".join(says_all) + " ."


def _rml_object(triple: Triple, row: Template) -> str:
    if isinstance(triple.value, str):
        return f"rr:object <{triple.value}>"
    value = triple.value or row
    if triple.literal is None:
        return f'rr:objectMap [ rr:template "{_named(value)}" ; rr:termType rr:IRI ]'
    typed = f" ; rr:datatype <{_XSD}{triple.literal}>"
    kinds = {"string": "", "en": ' ; rr:language "en"', "integer": typed, "decimal": typed}
    return f'rr:objectMap [ rml:reference "{value.cells[0].column}"{kinds[triple.literal]} ]'


def _ottr(entry: TableEntry, release: OnetRelease) -> dict[str, object]:
    """Return the template of a table (stOTTR, https://ottr.xyz), its names and its literals.

    A name is made before the template is filled: `names` has a list of texts and columns for each
    argument, `literals` column and kind.
    """
    assert entry.row is not None
    row = entry.row.of_release(release.version)
    names: dict[str, list[tuple[str, bool]]] = {}
    literals: dict[str, tuple[str, str]] = {}
    arguments: list[str] = []
    made: list[str] = []

    def node(template: Template) -> str:
        parts = [(BASE, False)]
        parts += [(p, False) if isinstance(p, str) else (p.column, True) for p in template.parts]
        for name, known in names.items():
            if known == parts:
                return f"?{name}"
        name = f"n{len(names)}"
        names[name] = parts
        arguments.append(f"ottr:IRI ?{name}")
        return f"?{name}"

    for subject, triple in _triples(entry, release):
        if isinstance(triple.value, str):
            value = f"<{triple.value}>"
        elif triple.literal is None:
            value = node(triple.value or row)
        else:
            assert triple.value is not None
            column = triple.value.cells[0].column
            name = "v_" + re.sub(r"\W", "_", column)
            kind = "string" if triple.literal == "en" else triple.literal
            if name not in literals:
                literals[name] = (column, kind)
                arguments.append(f"? xsd:{kind} ?{name}")
            value = f"?{name}"
        made.append(f"ottr:Triple({node(subject)}, <{triple.predicate}>, {value})")
    iri = "urn:table:" + re.sub(r"\W", "-", entry.name)
    text = (
        f"@prefix xsd: <{_XSD}> .\n@prefix ottr: <http://ns.ottr.xyz/0.4/> .\n"
        f"<{iri}> [ {', '.join(arguments)} ] :: {{ {', '.join(made)} }} ."
    )
    return {"iri": iri, "template": text, "names": names, "literals": literals}


def by_predicate(path: Path) -> dict[str, int]:
    """Count the triples of ratings in a file of N-Triples or N-Quads by predicate."""
    lines = pl.read_csv(
        path, has_header=False, separator="\x01", quote_char=None, new_columns=["line"]
    ).lazy()
    terms = lines.select(pl.col("line").str.splitn(" ", 3).struct.unnest())
    rates = pl.col("field_0").str.starts_with(f"<{BASE}rating/")
    rated = pl.col("field_1") == f"<{ONET.hasRating}>"
    counted = terms.filter(rates | rated).group_by("field_1").len().sort("field_1").collect()
    return dict(counted.iter_rows())


def said(error: Failed) -> str:
    """Return the last line of what a tool said."""
    return str(error).splitlines()[-1][:200]
