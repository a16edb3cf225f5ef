"""The footer's list of sources, and dates as pages write them."""

from __future__ import annotations

import pytest

from kg.readers.footer import read_names
from kg.readers.sources import load_catalogue

CATALOGUE = load_catalogue()


def read(names: str) -> list[str | tuple[str, str | None, str | None]]:
    """Return unknown names as they are, known ones as key, version stated and licence."""
    return [
        item if isinstance(item, str) else (item[0].source.key, item[0].version, item[1])
        for item in read_names(names, CATALOGUE)
    ]


@pytest.mark.parametrize("separator", [", ", ",", "; ", ";", ",\u00a0", " , "])
@pytest.mark.parametrize("end", ["", ".", ". ", " .", ","])
def test_read_names(separator: str, end: str) -> None:
    """Sources, their licences and commas inside their names are read, whatever parts them."""
    names = ["O*NET v30.2 (CC BY 4.0)", "LER.me", "SAFI (Jadhav & Danve, 2026)", "O*NET v31.0"]
    expected = [
        ("onet", "30.2", "CC BY 4.0"),
        ("ler", None, None),
        ("safi", None, None),
        ("onet", "31.0", None),
    ]
    assert expected == read(separator.join(names) + end)


def test_last_name_after_and() -> None:
    """The last source may come after "and", with or without a comma."""
    expected = [("ler", None, None), ("aei", None, None), ("onet", "30.2", None)]
    assert expected == read("LER.me, AEI and O*NET v30.2.")
    assert expected == read("LER.me, AEI, and O*NET v30.2")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("", []),
        (" . ", []),
        ("Kiln Weekly", ["Kiln Weekly"]),
        ("Kiln Weekly (7, boxed).", ["Kiln Weekly (7, boxed)"]),
        ("Kiln (a) and (b), AEI", ["Kiln (a) and (b)", ("aei", None, None)]),
        ("AEIOU, AEI", ["AEIOU", ("aei", None, None)]),
        ("O*NET v30.2 beta, AEI", ["O*NET v30.2 beta", ("aei", None, None)]),
        ("O*NET v30.2 (CC BY 4.0) beta", ["O*NET v30.2 (CC BY 4.0) beta"]),
        ("LER.me (unclosed, AEI", ["LER.me (unclosed", ("aei", None, None)]),
        ("Data: a.example. More", ["Data: a.example. More"]),
    ],
)
def test_unknown_names(
    names: str, expected: list[str | tuple[str, str | None, str | None]]
) -> None:
    """A name that is no source's as a whole comes back as it stands; the others are read."""
    assert expected == read(names)
