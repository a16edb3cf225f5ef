"""The source catalogue: what may stand in it, and what its names and templates match."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.model import SourceRef
from kg.readers.sources import Catalogue, load_catalogue, template_pattern

CATALOGUE = load_catalogue()


def extended(folder: Path, text: str) -> Catalogue:
    """Return the shipped catalogue extended by a file with this text."""
    file = folder / "more.toml"
    file.write_text(text, encoding="utf-8")
    return load_catalogue(file)


def entry(key: str, title: str, **more: str) -> str:
    """Return an entry of a catalogue."""
    fields = {"key": f'"{key}"', "title": f'"{title}"', **more}
    return "[[source]]\n" + "".join(f"{name} = {value}\n" for name, value in fields.items())


def test_shipped_catalogue() -> None:
    """The sources of the pages known so far are there, each with what is not known of it."""
    expected = "onet aei safi wef pathsmith skillscrosswalk ler".split()
    expected += ["esco", "esco-onet", "onet-soc-history"]
    assert expected == list(CATALOGUE.sources)
    for source in CATALOGUE.sources.values():
        known = source.licence or source.rights or "rights" in source.unknown
        assert known, source.key
        # Which version of ESCO it is, its files say.
        is_known = source.version or source.date or "version" in source.unknown
        assert is_known or source.key == "esco", source.key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("O*NET v30.2", ("onet", None, "30.2")),
        ("O*NET v31.0", ("onet", "31.0", "31.0")),
        ("o*net", ("onet", None, None)),
        ("O*NET\u00a0v30.2", ("onet", None, "30.2")),
        (" WEF Skills Taxonomy 2021 ", ("wef", None, "2021")),
        ("WEF Skills Taxonomy", ("wef", None, None)),
        ("SAFI (Jadhav & Danve, 2026)", ("safi", None, None)),
        ("Pathsmith Durable Skills Framework", ("pathsmith", None, None)),
        ("Anthropic Economic Index", ("aei", None, None)),
    ],
)
def test_by_name(name: str, expected: tuple[str, str | None, str | None]) -> None:
    """A source is known by its title and aliases as a whole, whatever their case."""
    named = CATALOGUE.by_name(name)
    assert named is not None
    assert expected == (named.source.key, named.source.version, named.version)


@pytest.mark.parametrize("name", ["", "O*NET v", "O*NET 30.2 Database", "The WEF", "LER.me!"])
def test_no_name(name: str) -> None:
    """A text that is not a whole name is none."""
    assert CATALOGUE.by_name(name) is None


def test_a_name_goes_before_a_version(tmp_path: Path) -> None:
    """A source's own name is not taken for another source's name with a version."""
    catalogue = extended(tmp_path, entry("wefx", "WEF Skills Taxonomy Extended"))
    named = catalogue.by_name("WEF Skills Taxonomy Extended")
    assert named is not None
    assert SourceRef("wefx") == named.source


@pytest.mark.parametrize("after", ["", ",", ";", ", ", "; ", " (CC BY 4.0)", ".", ". ©"])
def test_name_at(after: str) -> None:
    """A name in a text ends where its version does, whatever mark comes next."""
    text = f"see O*NET v30.2{after}"
    found = CATALOGUE.name_at(text, 4)
    assert found is not None
    assert ("30.2", len("see O*NET v30.2")) == (found[0].version, found[1])
    assert CATALOGUE.name_at(text, 0) is None


def test_extend_and_replace(tmp_path: Path) -> None:
    """A user's file adds sources, and replaces those whose key it uses."""
    text = entry("kiln", "Kiln Weekly", url='"https://kiln.example/"', aliases='["KW"]')
    text += entry("ler", "The LER", license='"https://licence.example/"')
    catalogue = extended(tmp_path, "\ufeff" + text)
    assert {*CATALOGUE.sources, "kiln"} == set(catalogue.sources)
    assert ("The LER", "https://licence.example/", None) == (
        catalogue.sources["ler"].title,
        catalogue.sources["ler"].licence,
        catalogue.sources["ler"].url,
    )
    assert ("KW",) == catalogue.sources["kiln"].aliases


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\na = ?", 2, "invalid value"),
        ("a = " + "[" * 5000, None, "nested too deeply"),
        ("a = " + "1" * 5000, None, "a number has too many digits"),
        ("", None, "no [[source]] table"),
        ("source = 3", None, "no [[source]] table"),
        ("[[sources]]\nkey = 'a'", None, "no [[source]] table"),
        (entry("a", "A") + entry("a", "B"), 4, "stands there twice"),
        ("\n[[source]]\nkey = 'a'", 2, "needs a title"),
        ("[[source]]\ntitle = 'a'", 1, "needs a key"),
        ("[[source]] # first\nkey='a'\ntitle='A'\n[[ source ]]\nkey='b'", 4, "needs a title"),
        (entry("A b", "A"), 1, "a-z, 0-9"),
        (entry("a/../b", "A"), 1, "a-z, 0-9"),
        (entry("a", "A", colour='"red"'), 1, "unknown key 'colour'"),
        (entry("a", "A", version="3"), 1, "version must be a text"),
        (entry("a", "A", aliases='"B"'), 1, "aliases must be a list of texts"),
        (entry("a", "A", aliases="[1]"), 1, "aliases must be a list of texts"),
        (entry("a", "A", date='"2026-13"'), 1, "YYYY-MM"),
        (entry("a", "A", date='"2026-02-30"'), 1, "YYYY-MM"),
        (entry("a", "A", date='"March 2026"'), 1, "YYYY-MM"),
        (entry("a", "A", unknown='["title"]'), 1, "allowed: ['rights', 'version']"),
        (entry("a", "A", unknown='["version"]', version='"1"'), 1, "version that it is unknown"),
        (entry("a", "A", unknown='["rights"]', license='"http://l/"'), 1, "rights that it is"),
        (entry("a", "A", unknown='["rights"]', rights='"All"'), 1, "rights that it is unknown"),
        (entry("a", "A", label='"B"'), 1, "both label and tooltip"),
        (entry("a", "A", tooltip='"B"'), 1, "both label and tooltip"),
        (entry("a", "A", url='"javascript:alert(1)"'), 1, "http or https"),
        (entry("a", "A", url='"https://a b"'), 1, "http or https"),
        (entry("a", "A", licence='"CC BY 4.0"'), 1, "http or https"),
        (entry("a", "A", licence='"https://a/\\u0001"'), 1, "http or https"),
    ],
)
def test_wrong_catalogue(tmp_path: Path, text: str, line: int | None, words: str) -> None:
    """A file that is no catalogue is refused with file, line and what is allowed."""
    with pytest.raises(InputError) as caught:
        extended(tmp_path, text)
    assert words in caught.value.message
    assert (str(tmp_path / "more.toml"), line) == (caught.value.file, caught.value.line)


def test_no_catalogue(tmp_path: Path) -> None:
    """A catalogue that is missing, a folder or not UTF-8 is refused."""
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    for path in (tmp_path / "none.toml", tmp_path, tmp_path / "latin.toml"):
        with pytest.raises(InputError, match=re.escape(str(path))):
            load_catalogue(path)


def test_refer() -> None:
    """A version that the catalogue has is the source itself, any other a new version of it."""
    source = CATALOGUE.sources["onet"]
    assert SourceRef("onet") == CATALOGUE.refer([source], None)
    assert SourceRef("onet") == CATALOGUE.refer([source], "30.2")
    assert SourceRef("onet", "29.0") == CATALOGUE.refer([source], "29.0")
    assert SourceRef("ler", "2") == CATALOGUE.refer([CATALOGUE.sources["ler"]], "2")


@pytest.mark.parametrize(
    ("template", "text", "groups"),
    [
        ("A (b) + c.*", "A\u00a0(b)  +\tc.*", {}),
        ("A v{version}", "A v1.2-rc_3", {"version": "1.2-rc_3"}),
        (
            "{version}, {date}: {version}",
            "7, 1 May 2026: 7",
            {"version": "7", "date": "1 May 2026"},
        ),
        ("{other}", "{other}", {}),
    ],
)
def test_template(template: str, text: str, groups: dict[str, str]) -> None:
    """A template stands for itself, with white space, version and date left open."""
    match = re.fullmatch(template_pattern(template), text)
    assert match is not None
    assert groups == match.groupdict()


@pytest.mark.parametrize("text", ["A v", "A v1 2", "A v1,", "A v1;", "A v(1)", "A v" + "1" * 42])
def test_no_version(text: str) -> None:
    """A version is one word without brackets, commas and semicolons, of bounded length."""
    assert re.fullmatch(template_pattern("A v{version}"), text) is None
