"""From inputs to a published generation: what is built, what is refused, and what stays."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

import kg
from kg.assembly import Assembly, assemble, example_inputs, vocabulary
from kg.errors import InputError, OutputError, RefusedError, RequestError
from kg.generations import current
from kg.mapping.iris import Iris
from kg.model import Finding, Severity
from kg.namespaces import (
    BASE,
    DCAT,
    DCT,
    FOAF,
    KG,
    PAV,
    PROV,
    RDF,
    SKOS,
    VOID,
    XSD,
    compact,
)
from kg.pipeline import build, refuse

PAGE, RELEASE = example_inputs()[:2]
TEXT = PAGE.read_text(encoding="utf-8")
LINES = TEXT.splitlines()
OTHER = "https://example.org/data/"


def write(path: Path, text: str | bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def table(assembly: Assembly) -> pl.DataFrame:
    """Return the whole quad table."""
    return pl.concat(assembly.parts.values())


def values(assembly: Assembly, subject: str, predicate: str) -> list[str]:
    """Return the objects of a subject and predicate."""
    rows = table(assembly).filter(
        (pl.col("subject") == subject) & (pl.col("predicate") == predicate)
    )
    return sorted(rows["object"])


def subjects(assembly: Assembly, kind: str) -> list[str]:
    """Return the nodes of a class."""
    rows = table(assembly).filter((pl.col("predicate") == RDF.type) & (pl.col("object") == kind))
    return sorted(rows["subject"])


def warnings(assembly: Assembly) -> list[tuple[int | None, str]]:
    """Return the line and message of each warning."""
    return [(f.line, f.message) for f in assembly.findings if f.severity == "warning"]


@pytest.fixture(scope="module")
def example() -> Assembly:
    """Return what the bundled example becomes."""
    return assemble([PAGE, RELEASE])


@pytest.fixture
def published(tmp_path: Path, example_folder: Path) -> Iterator[Path]:
    """Return the folder of a graph that has to stay as it is."""
    root = tmp_path / "graph"
    shutil.copytree(example_folder, root)

    def state() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in root.rglob("*") if p.is_file()}

    before = state()
    yield root
    assert before == state()


# The example.


def test_example(example: Assembly) -> None:
    """The bundled example gives what its description states, without a warning."""
    assert 57 == len(subjects(example, KG.Statement))
    assert 3 == len(subjects(example, KG.Framework))
    assert 84 == table(example).filter(pl.col("predicate") == KG.cites).height
    assert 52 == table(example).filter(pl.col("predicate") == KG.stage).height
    assert 18 == len(subjects(example, KG.Task))
    assert 82 + 4 + 7 == len(subjects(example, KG.Element))
    assert 3 == len(subjects(example, KG.Occupation))
    assert 7 == len(subjects(example, KG.Source))
    assert [] == [f for f in example.findings if f.severity != "info"]


def test_graphs(example: Assembly) -> None:
    """Every input has a graph of its own, and what is shared has its own graphs too."""
    expected = [
        "catalog",
        "links/page/library-technicians",
        "onet/30.2",
        "ontology",
        "page/library-technicians",
        "schemes",
        "sources",
    ]
    assert [f"{BASE}graph/{name}" for name in expected] == sorted(example.parts)
    for graph, part in example.parts.items():
        assert {graph} == set(part["graph"])


def test_catalogue_counts_every_graph(example: Assembly) -> None:
    """The catalogue lists each graph once, itself too, with its number of triples."""
    catalog = example.parts[f"{BASE}graph/catalog"]
    counts = catalog.filter(pl.col("predicate") == VOID.triples)
    expected = {graph: str(part.height) for graph, part in example.parts.items()}
    assert expected == dict(zip(counts["subject"], counts["object"], strict=True))
    assert [f"{BASE}dataset"] == subjects(example, DCAT.Dataset)
    assert sorted(example.parts) == values(example, f"{BASE}dataset", VOID.subset)
    for graph in example.parts:
        kind = "inferred" if "/graph/links/" in graph else "asserted"
        assert [f"{BASE}graph-kind/{kind}"] == values(example, graph, KG.graphKind)
    for graph in example.parts.keys() - {f"{BASE}graph/catalog"}:
        assert values(example, graph, KG.attribution)
        assert values(example, graph, DCT.license) or values(example, graph, DCT.rights)


def test_every_graph_is_derived_from_its_document(example: Assembly) -> None:
    """Pages and releases name the document that they were read from, with its digest."""
    for graph, document in (
        ("page/library-technicians", "page/library-technicians"),
        ("onet/30.2", "onet/30.2"),
    ):
        found = values(example, f"{BASE}graph/{graph}", PROV.wasDerivedFrom)
        assert [f"{BASE}document/{document}"] == found
        assert [64] == [len(v) for v in values(example, found[0], KG.sha256)]


def test_no_blank_nodes(example: Assembly) -> None:
    """The project writes no blank nodes."""
    rows = table(example)
    assert {"iri", "literal"} == set(rows["kind"])
    for column in ("subject", "object", "graph"):
        blank = rows.filter((pl.col("kind") != "literal") & pl.col(column).str.starts_with("_:"))
        assert 0 == blank.height


def test_text_is_tagged_and_codes_are_plain(example: Assembly) -> None:
    """A text in a language says so, a code does not, and every literal has a datatype."""
    literals = table(example).filter(pl.col("kind") == "literal")
    assert 0 == literals.filter(pl.col("datatype").is_null()).height
    tagged = literals.filter(pl.col("language").is_not_null())
    assert ({"en"}, {RDF.langString}) == (set(tagged["language"]), set(tagged["datatype"]))
    codes = literals.filter(pl.col("predicate").is_in([SKOS.notation, KG.taskId]))
    assert {XSD.string} == set(codes["datatype"])
    assert 0 == codes.group_by("subject", "predicate").len().filter(pl.col("len") > 1).height
    others = literals.filter(pl.col("language").is_null())
    assert RDF.langString not in set(others["datatype"])


def test_lexical_forms_are_those_of_the_page(example: Assembly) -> None:
    """A number of the page keeps its digits in the table."""
    found = table(example).filter(pl.col("predicate") == KG.value)["object"].sort().to_list()
    assert ["1250", "2.60", "41.5", "57.2", "62"] == found


def test_order_of_inputs_does_not_matter(example: Assembly) -> None:
    """The same inputs in another order, or as folder and file, give the same."""
    other = assemble([RELEASE, PAGE])
    assert list(example.parts) == list(other.parts)
    assert all(part.equals(other.parts[graph]) for graph, part in example.parts.items())
    assert (example.inputs, example.findings) == (other.inputs, other.findings)


def test_zips_and_folders(tmp_path: Path, example: Assembly) -> None:
    """A zip of pages and a zipped release give the same quads but for names and digests."""
    pages, release = tmp_path / "pages.zip", tmp_path / "db_30_2_text.zip"
    with zipfile.ZipFile(pages, "w") as archive:
        archive.write(PAGE, f"some/folder/{PAGE.name}")
    with zipfile.ZipFile(release, "w") as archive:
        for path in RELEASE.iterdir():
            archive.write(path, f"db_30_2_text/{path.name}")
    other = assemble([pages, release])
    changing = pl.col("predicate").is_in([KG.fileName, KG.sha256])
    assert table(example).filter(~changing).equals(table(other).filter(~changing))
    assert ["page", "release"] == [kind for kind, _ in other.inputs]


def test_only_a_release(tmp_path: Path) -> None:
    """A release alone is a graph: occupations, tasks and elements, and no framework."""
    assembly = assemble([RELEASE])
    assert (0, 3) == (len(subjects(assembly, KG.Framework)), len(subjects(assembly, KG.Occupation)))
    assert [f"{BASE}source/onet"] == subjects(assembly, KG.Source)
    assert [] == warnings(assembly)


def test_only_a_page() -> None:
    """A page alone builds; what a release would add is reported, without a warning."""
    assembly = assemble([PAGE])
    assert [f"{BASE}occupation/library-technicians"] == subjects(assembly, KG.Occupation)
    assert [] == warnings(assembly)
    said = " ".join(f.message for f in assembly.findings if f.severity == "info")
    assert "no O*NET release was given" in said
    tasks = subjects(assembly, KG.Task)
    assert 6 == len(tasks)
    assert [] == [task for task in tasks if values(assembly, task, KG.taskId)]
    graphs = {g.removeprefix(BASE) for g in assembly.parts}
    assert {"graph/page-terms", "graph/catalog"} <= graphs
    assert not any(name.startswith("graph/onet/") for name in graphs)


# What is refused.


def test_two_inputs_for_one_framework(tmp_path: Path, published: Path) -> None:
    """Two pages of one title are an error that names both, and nothing is published."""
    copy = write(tmp_path / "copy.txt", TEXT)
    with pytest.raises(InputError, match="two inputs give the frameworks of 'Library") as caught:
        build([PAGE, copy, RELEASE], published)
    assert str(PAGE) in str(caught.value)
    assert str(copy) in str(caught.value)
    with pytest.raises(InputError, match="two inputs give"):
        build([PAGE, PAGE], published)
    cut, again = write(tmp_path / "cut.txt", CUT), write(tmp_path / "again.txt", CUT)
    with pytest.raises(InputError, match=r"^two inputs give"):  # whatever else they hold
        build([cut, again], published)


def test_titles_that_are_alike_are_one(tmp_path: Path, published: Path) -> None:
    """Titles of one slug would share their nodes: they are two inputs for one framework."""
    alike = write(
        tmp_path / "alike.txt", TEXT.replace("Library Technicians", "Library  TECHNICIANS!", 1)
    )
    with pytest.raises(InputError, match="two inputs give the frameworks"):
        build([PAGE, alike], published)


def test_two_releases(tmp_path: Path, published: Path) -> None:
    """A graph holds one release; two are an error that names both, whatever they hold."""
    other = tmp_path / "db_29_0_text"
    shutil.copytree(RELEASE, other)
    for second in (RELEASE, other):
        with pytest.raises(InputError, match="holds one O\\*NET release; two were given") as caught:
            build([PAGE, RELEASE, second], published)
        assert str(second) in str(caught.value)


CUT = "\n".join(LINES[:40])


def test_a_cut_page_is_built_with_warnings(tmp_path: Path) -> None:
    """A page cut in the middle is built, and what is missing is counted."""
    report = build([write(tmp_path / "cut.txt", CUT), RELEASE], tmp_path / "graph")
    assert report.is_new
    said = [message for _, message in warnings(report.assembly)]
    assert any("footer" in message for message in said)
    assert all(f.file for f in report.assembly.findings)


def test_strict_refuses_warnings(tmp_path: Path, published: Path) -> None:
    """Under strict the same page is an error that carries all findings."""
    inputs = [write(tmp_path / "cut.txt", CUT), RELEASE]
    number = len(warnings(assemble(inputs)))
    assert number > 1
    with pytest.raises(
        RefusedError, match=f"^{number} findings that count as errors under"
    ) as caught:
        build(inputs, published, strict=True)
    assert number == len([f for f in caught.value.findings if f.severity == "warning"])
    assert 1 == len(str(caught.value).splitlines())


def test_strict_accepts_the_example(tmp_path: Path) -> None:
    """Information does not count, under strict neither."""
    assert build([PAGE, RELEASE], out=tmp_path, strict=True).is_new


def found(*severities: Severity) -> list[Finding]:
    """Return findings of these severities."""
    return [Finding(severity, "said") for severity in severities]


@pytest.mark.parametrize(
    ("number", "findings", "strict"),
    [
        ("1 finding ", found("warning", "info"), True),
        ("1 finding ", found("error", "warning", "info"), False),
        ("2 findings ", found("error", "warning", "info"), True),
    ],
)
def test_refuse(number: str, findings: list[Finding], strict: bool) -> None:
    """Errors are refused, and warnings under strict; the message counts those alone."""
    with pytest.raises(RefusedError, match=f"^{number}") as caught:
        refuse(findings, strict)
    assert tuple(findings) == caught.value.findings


def test_refuse_nothing() -> None:
    """Information is never refused, nor are warnings unless they have to be."""
    refuse([], strict=True)
    refuse(found("info", "info"), strict=True)
    refuse(found("warning", "info"))


def test_errors_of_all_pages_are_listed(tmp_path: Path, published: Path) -> None:
    """Several files that are no pages are all named, each with its place."""
    bad = [
        write(tmp_path / "a.txt", b"\0\1\2"),
        write(tmp_path / "b.txt", "no page"),
        write(tmp_path / "c.txt", ""),
        write(tmp_path / "d.txt", "caf\u00e9".encode("latin-1")),
    ]
    with pytest.raises(RefusedError, match=r"^4 of 5 framework pages cannot be used") as caught:
        build([*bad, PAGE, RELEASE], published)
    assert [str(p) for p in bad] == [f.file for f in caught.value.findings]
    assert {"error"} == {f.severity for f in caught.value.findings}


def test_an_unreadable_page_hides_no_findings(tmp_path: Path, published: Path) -> None:
    """What was noticed in the other pages is told along with the page that cannot be read."""
    bad = write(tmp_path / "bad.txt", b"\0")
    cut = write(tmp_path / "cut.txt", CUT)
    expected = assemble([cut, RELEASE]).findings
    assert "warning" in {f.severity for f in expected}
    with pytest.raises(RefusedError, match=r"^1 of 2 framework pages cannot be used$") as caught:
        build([bad, cut, RELEASE], published)
    error, *others = caught.value.findings
    assert ("error", str(bad), 1) == (error.severity, error.file, error.line)
    assert expected == tuple(others)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("binary.txt", bytes(range(256)) * 100, "is not a text file"),
        ("empty.txt", b"", "empty|holds"),
        ("blank.txt", b"\n \n\xc2\xa0\n", "."),
        ("latin.txt", TEXT.encode("latin-1", "replace") + b"\xe9", "is not UTF-8"),
        ("utf16.txt", TEXT.encode("utf-16"), "."),
        ("list.txt", b"milk\nbread\n", "."),
        ("page.zip", b"PK\x03\x04", "is a zip archive that is cut short"),
        ("data.ttl", b"<http://a> <http://b> .", "Parser error"),
    ],
)
def test_one_bad_input(tmp_path: Path, published: Path, name: str, data: bytes, said: str) -> None:
    """A file that cannot be read is an InputError that names it, and nothing is published."""
    path = write(tmp_path / name, data)
    with pytest.raises(InputError, match=said) as caught:
        build([PAGE, RELEASE, path], published)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 2


def test_an_empty_folder(tmp_path: Path, published: Path) -> None:
    """A folder without inputs, and one that is not there, are errors that name them."""
    (tmp_path / "empty").mkdir()
    for name, said in (("empty", "holds neither"), ("missing", "there is no such file or folder")):
        with pytest.raises(InputError, match=said) as caught:
            build([tmp_path / name], published)
        assert str(tmp_path / name) in str(caught.value)


@pytest.mark.parametrize("name", ["../escape.txt", "/etc/passwd.txt", "a/../../b.txt", "C:\\x.txt"])
def test_an_unsafe_archive(tmp_path: Path, published: Path, name: str) -> None:
    """An archive with names that lead out of it is refused whole."""
    path = tmp_path / "bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(name, TEXT)
    with pytest.raises(InputError, match="unsafe name"):
        build([path], published)


@pytest.mark.parametrize("lost", ["Task Statements", "Occupation Data"])
def test_a_release_that_lacks_a_table(tmp_path: Path, published: Path, lost: str) -> None:
    """A release without a table that it must have is refused with the table's name."""
    folder = tmp_path / "db_30_2_text"
    shutil.copytree(RELEASE, folder)
    (folder / f"{lost}.txt").unlink()
    with pytest.raises(InputError, match=f"lacks the table {lost}"):
        build([PAGE, folder], published)


def test_an_unwritable_folder(tmp_path: Path) -> None:
    """A file in the way of the graph's folder is an error that names it."""
    write(tmp_path / "file", "mine")
    with pytest.raises(OutputError, match="cannot be written"):
        build([PAGE, RELEASE], out=tmp_path / "file" / "graph")
    assert "mine" == (tmp_path / "file").read_text()


def test_a_file_name_that_is_no_text(tmp_path: Path) -> None:
    """A page whose name has bytes that are not UTF-8 is built, or refused in our own words."""
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    with open(name, "wb") as file:  # noqa: PTH123 - pathlib has no paths of bytes
        file.write(TEXT.encode())
    try:
        generation = build([Path(os.fsdecode(name)), RELEASE], tmp_path / "graph").generation
    except InputError:
        return
    statements = generation.scan().filter(predicate=RDF.type, object=KG.Statement)
    assert 57 == statements.collect().height


# The base.


@pytest.fixture(scope="module")
def moved() -> Assembly:
    """Return the example under another base."""
    return assemble([PAGE, RELEASE], base=OTHER)


def fixed(assembly: Assembly) -> set[str]:
    """Return the IRIs that the shipped graphs describe or point to."""
    shipped = [t for g, t in assembly.parts.items() if g.endswith(("/ontology", "/schemes"))]
    assert 2 == len(shipped)
    rows = pl.concat(shipped)
    return {*rows["subject"], *rows.filter(pl.col("kind") == "iri")["object"]}


def test_data_move_with_the_base(example: Assembly, moved: Assembly) -> None:
    """Under another base it is the same graph: data IRIs move, vocabulary and schemes stay."""
    names = {g.removeprefix(BASE) for g in example.parts}
    assert names == {g.removeprefix(OTHER) for g in moved.parts}
    stay = fixed(example)

    def renamed(value: str) -> str:
        own = value.startswith(BASE) and value not in stay and not value.startswith(KG.iri)
        return OTHER + value.removeprefix(BASE) if own else value

    expected = {
        (renamed(s), p, o if k == "literal" else renamed(o), k, d, tag, renamed(g))
        for s, p, o, k, d, tag, g in table(example).iter_rows()
    }
    assert expected == set(table(moved).iter_rows())


def test_nothing_of_the_data_keeps_the_old_base(moved: Assembly) -> None:
    """Below the old base only vocabulary and schemes remain, wherever they are mentioned."""
    stay = fixed(moved)
    for graph, part in moved.parts.items():
        if graph.endswith(("/ontology", "/schemes")):
            continue
        iris = part.filter(pl.col("kind") == "iri")
        for values_of in (part["subject"], iris["object"], part["graph"]):
            assert [] == sorted({v for v in values_of if v.startswith(BASE)} - stay)
        literals = part.filter(pl.col("kind") == "literal")["object"]
        assert [] == [text for text in literals if BASE in text]


def test_schemes_and_ontology_do_not_move(example: Assembly, moved: Assembly) -> None:
    """The shipped graphs are the same triples under every base, in a graph below it."""
    for name in ("ontology", "schemes"):
        here, there = example.parts[f"{BASE}graph/{name}"], moved.parts[f"{OTHER}graph/{name}"]
        assert here.drop("graph").equals(there.drop("graph"))


@pytest.mark.parametrize(
    ("expected", "base"),
    [
        ("https://example.org/x/", "https://example.org/x"),
        ("https://example.org/x/", "https://example.org/x/"),
        ("https://example.org/x#", "https://example.org/x#"),
        ("https://é.example/", "https://é.example"),
    ],
)
def test_bases(tmp_path: Path, expected: str, base: str) -> None:
    """A base ends in a slash or a hash; what is published below it can be read."""
    generation = build([PAGE], tmp_path, base=base).generation
    assert expected == generation.manifest["base"]
    assert f"{expected}graph/catalog" in generation.parts
    assert generation.manifest["quads"] == generation.scan().collect().height


@pytest.mark.parametrize(
    "base",
    [
        "",
        "relative",
        "/x/",
        "//example.org/",
        "https://example.org/a b/",
        "https://example.org/<x>/",
        'https://example.org/"/',
        "https://example.org/{x}/",
        "https://example.org/\n",
        "https://example.org/x\\",
        "https://example.org/%zz/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/#a#",
        "https://example.org/\0/",
        "https://example.org/\udcff/",
        "https://",
    ],
    ids=ascii,
)
def test_a_bad_base_is_refused(tmp_path: Path, base: str) -> None:
    """A base that is no absolute IRI is an error of one line, before anything is published."""
    with pytest.raises((InputError, RequestError)) as caught:
        build([PAGE], tmp_path / "graph", base=base)
    assert 1 == len(str(caught.value).splitlines())
    assert not (tmp_path / "graph" / "current").exists()


# Sources.

NEW = """
[[source]]
key = "shelf-study"
title = "Shelf Study"
label = "Shelf Study"
tooltip = "Shelf Study — Example Press, {version}"
publisher = "Example Press"
url = "https://example.org/shelf"
licence = "https://creativecommons.org/licenses/by/4.0/"
version = "2"
date = "2025-11"
"""
CHIP = "Shelf StudyShelf Study — Example Press, {}. Opens in new tab."


def with_chip(version: str) -> str:
    """Return the example's page with a citation of another source."""
    lines = list(LINES)
    lines[5] = f"{lines[5].removesuffix('.')} {CHIP.format(version)}."
    return "\n".join(lines) + "\n"


def test_an_unknown_chip_is_an_error(tmp_path: Path, published: Path) -> None:
    """A citation of a source that no catalogue has stops the build with its text and line."""
    page = write(tmp_path / "page.txt", with_chip("2"))
    with pytest.raises(RefusedError) as caught:
        build([page, RELEASE], published)
    (error,) = [f for f in caught.value.findings if f.severity == "error"]
    assert (str(page), 6) == (error.file, error.line)
    assert "Shelf Study" in error.message


def test_a_new_source(tmp_path: Path) -> None:
    """A source of the user's own file is cited and described as that file says."""
    page = write(tmp_path / "page.txt", with_chip("2"))
    assembly = assemble([page, RELEASE], sources=write(tmp_path / "own.toml", NEW))
    source = f"{BASE}source/shelf-study"
    cited = table(assembly).filter((pl.col("predicate") == KG.cites) & (pl.col("object") == source))
    assert 1 == cited.height
    assert [] == [f for f in assembly.findings if f.severity != "info"]
    described = {
        compact(p): values(assembly, source, p)
        for p in (DCT.title, PAV.version, DCT.issued, DCT.publisher, DCT.license, FOAF.page)
    }
    assert {
        "dct:title": ["Shelf Study"],
        "pav:version": ["2"],
        "dct:issued": ["2025-11"],
        "dct:publisher": ["Example Press"],
        "dct:license": ["https://creativecommons.org/licenses/by/4.0/"],
        "foaf:page": ["https://example.org/shelf"],
    } == described


def test_a_new_source_that_nothing_mentions(tmp_path: Path, example: Assembly) -> None:
    """A catalogue's entries are no part of the graph until something mentions them."""
    assembly = assemble([PAGE, RELEASE], sources=write(tmp_path / "own.toml", NEW))
    assert table(example).equals(table(assembly))


def test_an_overriding_source(tmp_path: Path) -> None:
    """An entry of a known key replaces the shipped one, with nothing left of it."""
    entry = (
        '[[source]]\nkey = "wef"\ntitle = "Own title"\nlabel = "WEF Skills Taxonomy"\n'
        'tooltip = "WEF Skills Taxonomy {version} — '
        'Building a Common Language for Skills at Work"\n'
        'aliases = ["WEF Skills Taxonomy {version}", "WEF Skills Taxonomy", "WEF"]\n'
        'version = "2021"\n'
    )
    assembly = assemble([PAGE, RELEASE], sources=write(tmp_path / "own.toml", entry))
    source = f"{BASE}source/wef"
    assert ["Own title"] == values(assembly, source, DCT.title)
    for predicate in (DCT.publisher, DCT.issued, KG.rightsUnknown, FOAF.page):
        assert [] == values(assembly, source, predicate)
    assert 7 == len(subjects(assembly, KG.Source))


def test_a_new_version_of_a_source(tmp_path: Path) -> None:
    """A citation of another version makes a node of its own: title kept, nothing invented."""
    page = write(tmp_path / "page.txt", with_chip("3"))
    assembly = assemble([page, RELEASE], sources=write(tmp_path / "own.toml", NEW))
    known, new = f"{BASE}source/shelf-study", f"{BASE}source/shelf-study/3"
    assert ["Shelf Study"] == values(assembly, new, DCT.title)
    assert ["3"] == values(assembly, new, PAV.version)
    assert [known] == values(assembly, new, DCT.isVersionOf)
    assert [] == values(assembly, new, DCT.issued)
    assert ["2"] == values(assembly, known, PAV.version)
    assert [] == values(assembly, known, DCT.isVersionOf)


@pytest.mark.parametrize("key", ["aei", "wef", "onet"])
def test_no_licence_is_invented(tmp_path: Path, key: str) -> None:
    """A new version has the licence or rights of its source, or none where it has none."""
    old, new = {
        "aei": ("release_2026_03_24", "release_2027_01_01"),
        "wef": ("Taxonomy 2021", "Taxonomy 2027"),
        "onet": ("30.2", "30.3"),
    }[key]
    page = write(tmp_path / "page.txt", TEXT.replace(old, new))
    assembly = assemble([page, RELEASE])
    known = f"{BASE}source/{key}"
    (version,) = [s for s in subjects(assembly, KG.Source) if s.startswith(f"{known}/")]
    assert [known] == values(assembly, version, DCT.isVersionOf)
    for predicate in (DCT.title, DCT.license, DCT.rights, KG.rightsUnknown, DCT.publisher):
        assert values(assembly, known, predicate) == values(assembly, version, predicate)
    assert [] == values(assembly, version, DCT.issued)
    assert 1 == len(values(assembly, version, PAV.version))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('url = "https://example.org/shelf"', 'url = "https://example.org/a b"'),
        ('url = "https://example.org/shelf"', 'url = "www.example.org"'),
        ('url = "https://example.org/shelf"', 'url = "https://example.org/%zz"'),
        ('url = "https://example.org/shelf"', 'url = "https://example.org/a#b#c"'),
        ('licence = "https://creativecommons.org', 'licence = "https://[creativecommons.org'),
        ('licence = "https://creativecommons.org/licenses/by/4.0/"', 'licence = "CC BY 4.0"'),
    ],
    ids=range(6),
)
def test_a_source_with_a_bad_iri_is_refused(
    tmp_path: Path, published: Path, old: str, new: str
) -> None:
    """What a catalogue gives as an IRI and is none is an InputError, not a broken store."""
    assert old in NEW
    own = write(tmp_path / "own.toml", NEW.replace(old, new))
    page = write(tmp_path / "page.txt", with_chip("2"))
    with pytest.raises(InputError) as caught:
        build([page, RELEASE], published, sources=own)
    assert 1 == len(str(caught.value).splitlines())


@pytest.mark.parametrize("text", ["", "[source]\n", "not toml [", "\0", '[[source]]\nkey = "a"\n'])
def test_a_bad_catalogue_is_refused(tmp_path: Path, published: Path, text: str) -> None:
    """A file that is no catalogue is an InputError that names it."""
    own = write(tmp_path / "own.toml", text)
    with pytest.raises(InputError, match=r"own\.toml"):
        build([PAGE, RELEASE], out=published, sources=own)


# Many pages.


def test_many_pages(tmp_path: Path) -> None:
    """Pages share domains, stages and sources, and nothing else; no triple stands twice."""
    titles = ["Archivists", "Curators", "Librarians and Media Collections Specialists"]
    for number, title in enumerate(titles):
        write(tmp_path / f"{number}.txt", TEXT.replace("Library Technicians", title, 1))
    assembly = assemble([PAGE, *(tmp_path / f"{n}.txt" for n in range(3)), RELEASE])
    assert 4 * 57 == len(subjects(assembly, KG.Statement))
    assert 12 == len(subjects(assembly, KG.Framework))
    assert 10 == len(subjects(assembly, KG.Domain))
    assert 7 == len(subjects(assembly, KG.Source))
    columns = [c for c in table(assembly).columns if c != "graph"]
    assert table(assembly).height == table(assembly).select(columns).unique().height
    assert 4 == len([g for g in assembly.parts if "/graph/page/" in g])


def test_pages_that_name_the_same_new_things(tmp_path: Path) -> None:
    """A domain, quadrant or task that two pages introduce is one node with one label."""
    pages = []
    for title, domain in (("Archivists", "Deep Listening"), ("Curators", "DEEP listening")):
        text = TEXT.replace("Library Technicians", title, 1).replace("Fortitude", domain)
        text = text.replace("Q2_ai_augmented", "Q9_own")
        pages.append(write(tmp_path / f"{title}.txt", text))
    assembly = assemble(pages)
    node = f"{BASE}domain/deep-listening"
    assert 1 == len(values(assembly, node, SKOS.prefLabel))
    assert 11 == len(subjects(assembly, KG.Domain))
    assert ["Q9_own"] == values(assembly, f"{BASE}quadrant/q9-own", SKOS.notation)
    tasks = [t for t in subjects(assembly, KG.Task) if not values(assembly, t, KG.taskId)]
    assert 6 == len(tasks)


# Publishing.


def test_build_publishes_once(tmp_path: Path) -> None:
    """Built again from the same inputs nothing changes; from other inputs there is a new one."""
    first = build([PAGE, RELEASE], out=tmp_path)
    again = build([PAGE, RELEASE], out=tmp_path)
    assert (True, False) == (first.is_new, again.is_new)
    assert first.generation == again.generation == current(tmp_path)
    other = build([PAGE], tmp_path)
    assert (True, "000002") == (other.is_new, other.generation.name[:6])
    back = build([PAGE, RELEASE], out=tmp_path)
    assert (True, "000003") == (back.is_new, back.generation.name[:6])
    assert first.generation.name[7:] == back.generation.name[7:]


def test_manifest_names_inputs_and_versions(tmp_path: Path) -> None:
    """The manifest has every input's name and digest, never its folder, and what built it."""
    manifest = build([PAGE, RELEASE], out=tmp_path).generation.manifest
    assert [("page", PAGE.name), ("release", RELEASE.name)] == [
        (item["kind"], item["file"]) for item in manifest["inputs"]
    ]
    assert {"numpy", "polars", "pyoxigraph", "skills-kg"} == set(manifest["versions"])
    assert BASE == manifest["base"]


def test_manifest_names_the_catalogue(tmp_path: Path) -> None:
    """The user's own sources are an input of the manifest, by name and digest, not by folder."""
    manifests = []
    for number, text in enumerate((NEW, NEW, NEW + "# more\n")):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = write(folder / "own.toml", text)
        manifests.append(
            build([PAGE, RELEASE], out=folder / "graph", sources=own).generation.manifest
        )
    digest = hashlib.sha256(NEW.encode()).hexdigest()
    expected = {"kind": "sources", "file": "own.toml", "sha256": digest}
    assert [expected] == [i for i in manifests[0]["inputs"] if i["kind"] == "sources"]
    assert manifests[0] == manifests[1] != manifests[2]
    assert ["page", "release", "sources"] == [i["kind"] for i in manifests[2]["inputs"]]


def test_file_names_of_another_system(tmp_path: Path) -> None:
    """A member of an archive that was packed with backslashes has its last part for a name."""
    path = tmp_path / "pages.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("some\\folder\\page.txt", TEXT)
    (page,) = assemble([path]).pages
    assert "page.txt" == page.document.file_name


def test_vocabulary_is_shipped_whole(example: Assembly) -> None:
    """The ontology and the schemes in the graph are the shipped files, each in its graph."""
    shipped = vocabulary(Iris())
    for graph, rows in shipped.items():
        assert len(set(rows)) == example.parts[graph].height
        assert {graph} == {row.graph for row in rows}


def test_what_the_build_knows_is_in_the_ontology(example: Assembly) -> None:
    """Every term of the project's own vocabulary that data use is defined there."""
    defined = set(example.parts[f"{BASE}graph/ontology"]["subject"])
    used = table(example)
    terms = set(used["predicate"]) | set(used.filter(pl.col("predicate") == RDF.type)["object"])
    assert set() == {term for term in terms if term.startswith(KG.iri)} - defined


@pytest.mark.slow
def test_real_data(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    """A real page and a real release build without errors, the same twice."""
    pages = sorted(shared("data/frameworks").glob("*.txt"))
    inputs = [*pages, shared("data/onet/db_30_2_text.zip")]
    first = build(inputs, tmp_path)
    assert 137 == len(subjects(first.assembly, KG.Statement))
    assert not build(inputs, tmp_path).is_new


def test_rdf_beside_a_page_is_told(tmp_path: Path) -> None:
    """A folder of which only the page is read says which file was not."""
    shutil.copy(PAGE, tmp_path)
    (tmp_path / "also.ttl").write_text("")
    said = [str(finding) for finding in assemble([tmp_path]).findings]
    assert (
        f"{tmp_path}: info: also.ttl not read: RDF beside other inputs; give it by itself" in said
    )


def test_an_empty_list_of_inputs_is_not_the_example(tmp_path: Path) -> None:
    """A list of inputs that is empty is refused; None is what stands for the bundled example."""
    with pytest.raises(RequestError, match="the list of inputs is empty"):
        assemble([])
    with pytest.raises(RequestError, match="the list of inputs is empty"):
        build([], tmp_path / "graph")


def test_the_example_takes_no_place_of_another_graph(tmp_path: Path) -> None:
    """Without inputs, as of a pattern that nothing matches, a graph of others stays published."""
    page, graph = write(tmp_path / "mine.txt", TEXT), tmp_path / "graph"
    published = build([page, RELEASE], graph).generation
    with pytest.raises(RequestError, match=r"is built from mine\.txt; without an input"):
        build(out=graph)
    with pytest.raises(RequestError, match=r"is built from mine\.txt; without an input"):
        kg.build(*tmp_path.glob("*.nothing"), graph=graph)

    assert published.name == current(graph).name
