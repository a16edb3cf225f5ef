"""What is reported of the rows of a table, and which of them may stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from kg.errors import InputError
from kg.readers.onet.checks import NODE, CheckedTable, check_against, check_table
from kg.readers.onet.entries import load_entries
from kg.readers.onet.layouts import read_table

ENTRIES = load_entries()
HEADERS = {
    "Occupation Data": "O*NET-SOC Code\tTitle\tDescription",
    "Job Zones": "O*NET-SOC Code\tJob Zone\tDate\tDomain Source",
    "Scales Reference": "Scale ID\tScale Name\tMinimum\tMaximum",
    "Alternate Titles": "O*NET-SOC Code\tAlternate Title\tShort Title\tSource(s)",
    "Interests": (
        "O*NET-SOC Code\tElement ID\tElement Name\tScale ID\tData Value\tDate\tDomain Source"
    ),
    "Content Model Reference": "Element ID\tElement Name\tDescription",
}


def check(
    name: str, rows: Sequence[str], header: str | None = None, end: str = "\n"
) -> CheckedTable:
    """Return a table of some rows, checked by itself."""
    entry = ENTRIES.entry(name)
    assert entry is not None
    text = "\n".join([header or HEADERS[name], *rows]) + end
    return check_table(read_table(text.encode(), ".txt", "f"), entry, ENTRIES, "f")


def together(tables: Mapping[str, Sequence[str]]) -> dict[str, CheckedTable]:
    """Return tables that are checked against each other."""
    checked = {name: check(name, rows) for name, rows in tables.items()}
    for table in checked.values():
        check_against(table, checked, ENTRIES)
    return checked


def said(table: CheckedTable) -> list[tuple[str, int | None, str]]:
    """Return the findings of a table: how bad, on which row, and what."""
    return [(f.severity, f.line, f.message) for f in table.findings]


def counted(table: CheckedTable) -> bool:
    """Tell whether every row that was read is there, or left out for a reason."""
    return table.read == table.frame.height + sum(table.left_out.values())


def test_nothing_to_say() -> None:
    """A good table is there whole, its absent cells null, and nothing is said of it."""
    table = check("Job Zones", ["11-0000.00\t3\t01/2026\tAnalyst", "12-0000.00\tn/a\t\tAnalyst"])
    assert ([], 2, {}) == (table.findings, table.read, dict(table.left_out))
    row = {"O*NET-SOC Code": "12-0000.00", "Job Zone": None, "Date": None}
    assert row | {"Domain Source": "Analyst"} == table.frame.select(table.columns).row(
        1, named=True
    )


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("Occupation Data", "../x\tA\tB", "O*NET-SOC Code cannot be '../x', which is not a code"),
        ("Occupation Data", "11-0000\tA\tB", "O*NET-SOC Code cannot be '11-0000', which is not"),
        ("Occupation Data", "n/a\tA\tB", "has no O*NET-SOC Code, by which rows are told apart"),
        ("Occupation Data", "\tA\tB", "has no O*NET-SOC Code, by which rows are told apart"),
        ("Job Zones", "12-0000.00\tthree\tx\ty", "Job Zone cannot be 'three', which is not a code"),
        ("Job Zones", "12-0000.00\t3.5\tx\ty", "Job Zone cannot be '3.5', which is not a code"),
        ("Job Zones", "12-0000.00\t-3\tx\ty", "Job Zone cannot be '-3', which is not a code"),
        ("Scales Reference", "XX\tX\t1\t1e5", "Maximum cannot be '1e5', which is not a number"),
        ("Scales Reference", "XX\tX\t1,5\t5", "Minimum cannot be '1,5', which is not a number"),
        ("Scales Reference", "X X\tX\t1\t5", "Scale ID cannot be 'X X', which is not a code"),
        ("Scales Reference", "XX\tX\t1", "has 3 cells where the header has 4"),
        ("Scales Reference", "", "is blank"),
    ],
)
def test_wrong_rows(name: str, row: str, message: str) -> None:
    """A row that cannot become what its table says is an error, and is not there."""
    good = {
        "Occupation Data": ["10-0000.00\tA\tB", "11-0000.00\tA\tB"],
        "Job Zones": ["10-0000.00\t3\t01/2026\tAnalyst", "11-0000.00\t3\t01/2026\tAnalyst"],
        "Scales Reference": ["IM\tImportance\t1\t5", "LV\tLevel\t0\t7.5"],
    }[name]
    table = check(name, [good[0], row, good[1]])
    ((severity, line, what),) = said(table)
    assert ("error", 3, True) == (severity, line, what.startswith(message))
    assert (3, 2, 1) == (table.read, table.frame.height, sum(table.left_out.values()))


def test_numbers() -> None:
    """Numbers are what XML Schema calls decimal; they stay as they are written."""
    cells = ["1", "-1", "+1.50", ".5", "4.", "007"]
    rows = [f"S{number}\tX\t{cell}\t9" for number, cell in enumerate(cells)]
    table = check("Scales Reference", rows)
    assert ([], cells) == (table.findings, table.frame["Minimum"].to_list())


@pytest.mark.parametrize(
    ("expected", "cell"), [("95", "95.0"), ("95", "95.00"), ("3", "3"), ("-2", "-2.0")]
)
def test_whole_numbers_of_copies(expected: str, cell: str) -> None:
    """A whole number that a copy has given a fraction of zero is that number."""
    header = "O*NET-SOC Code\tItem\tResponse\tN\tPercent\tDate"
    row = f"11-0000.00\tMode\tWeb\t{cell}\t1.0\t01/2026"
    table = check("Occupation Level Metadata", [row], header)
    assert ([], expected, "1.0") == (
        table.findings,
        table.frame["N"][0],
        table.frame["Percent"][0],
    )


def test_many_wrong_rows() -> None:
    """Of many rows with the same fault the first few are named, and all are counted."""
    bad = [f"{number}\tA\tB" for number in range(1000, 2000)]
    table = check("Occupation Data", ["10-0000.00\tA\tB", *bad])
    lines = [line for _, line, _ in said(table)]
    assert [3, 4, 5, 6, 7, None] == lines
    assert "and 995 more rows: O*NET-SOC Code is not a code" == table.findings[-1].message
    assert ({"O*NET-SOC Code is not a code": 1000}, 1001) == (dict(table.left_out), table.read)
    assert counted(table)


def test_several_faults() -> None:
    """A row is left out once, for the first of its faults."""
    rows = ["bad\tx\t01/2026\tAnalyst", "10-0000.00\tx\t01/2026\tAnalyst", "11-0000.00\t1", ""]
    table = check("Job Zones", [*rows, "12-0000.00\t3\t01/2026\tAnalyst"])
    assert ["12-0000.00"] == table.frame["O*NET-SOC Code"].to_list()
    expected = {
        "O*NET-SOC Code is not a code": 1,
        "Job Zone is not a code": 1,
        "not as many cells as the header, or blank": 2,
    }
    assert (expected, True) == (dict(table.left_out), counted(table))


def test_repeated_rows() -> None:
    """A row that stands twice is there once."""
    row, other = "11-0000.00\tA\tB", "12-0000.00\tC\tD"
    table = check("Occupation Data", [row, other, row, row])
    repeats = "repeats an earlier row word for word, and is left out"
    assert [("warning", 4, repeats), ("warning", 5, repeats)] == said(table)
    assert ({"repeats an earlier row": 2}, 2) == (dict(table.left_out), table.frame.height)


def test_repeated_keys() -> None:
    """A row with the key of an earlier one, and other words, is reported and kept."""
    table = check("Occupation Data", ["11-0000.00\tA\tB", "12-0000.00\tC\tD", "11-0000.00\tA\tE"])
    assert [
        (
            "warning",
            4,
            "has the O*NET-SOC Code of an earlier row, and says other things; both are kept",
        )
    ] == said(table)
    assert (3, {}) == (table.frame.height, dict(table.left_out))


def test_optional_parts_of_a_key() -> None:
    """A part of the key that the node of a row can do without may be absent."""
    rows = ["11-0000.00\tA\tn/a\t08", "11-0000.00\tA\tB\t08", "11-0000.00\tn/a\tB\t08"]
    table = check("Alternate Titles", rows)
    assert [("error", 4, "has no Alternate Title, by which rows are told apart")] == said(table)
    assert 2 == table.frame.height


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("O*NET-SOC Code\tAlternate Title\tShort", "lacks the column 'Short Title'; it has O*NET"),
        ("SOC\tAlternate Title\tShort Title\tSource(s)", "lacks the column 'O*NET-SOC Code'; it"),
        (
            "O*NET-SOC Code\tTitel\tShort Title\tSource(s)",
            "lacks the column 'Alternate Title' ('Job Title'); it has O*NET-SOC Code, Titel, ",
        ),
    ],
)
def test_missing_columns(header: str, message: str) -> None:
    """A table without a column is refused, that column named under all its names."""
    with pytest.raises(InputError) as caught:
        check("Alternate Titles", [], header)
    assert caught.value.message.startswith(message)
    assert ("f", 1) == (caught.value.file, caught.value.line)


def test_a_long_header() -> None:
    """What is said of a table's columns stays short, whatever it has in their place."""
    with pytest.raises(InputError) as caught:
        check("Job Zones", [], "\t".join(f"column {number}" for number in range(10_000)))
    assert len(str(caught.value)) < 1100


def test_columns() -> None:
    """Columns may stand in any order; those of other releases get their names, others stay away."""
    header = "Short Title\tNote\tJob Title\tO*NET-SOC Code\tSource(s)"
    table = check("Job Titles", ["n/a\tx\tA\t11-0000.00\t08"], header)
    assert [("warning", 1, "unknown columns are left out: 'Note'")] == said(table)
    expected = {"Short Title": None, "Alternate Title": "A", "O*NET-SOC Code": "11-0000.00"}
    assert expected | {"Source(s)": "08"} == table.frame.select(table.columns).row(0, named=True)


def test_a_column_under_both_names() -> None:
    """Where a column is there under its old and its new name, the one of the entry is read."""
    header = "O*NET-SOC Code\tAlternate Title\tJob Title\tShort Title\tSource(s)"
    table = check("Alternate Titles", ["11-0000.00\tA\tB\tn/a\t08"], header)
    assert [("warning", 1, "unknown columns are left out: 'Job Title'")] == said(table)
    assert ["A"] == table.frame["Alternate Title"].to_list()


def test_a_column_under_two_old_names() -> None:
    """Where a column is there under two names of other releases, the first one known is read."""
    entry = ENTRIES.tables["Basic Interests to RIASEC"]
    old, new = (name for name, to in entry.renamed.items() if to == "From Element ID")
    rest = [name for name, to in entry.renamed.items() if to != "From Element ID"][:3]
    table = check(entry.name, ["1\t2\t3\t4\t5"], "\t".join((new, old, *rest)))
    assert ["2"] == table.frame["From Element ID"].to_list()
    assert [("warning", 1, f"unknown columns are left out: {new!r}")] == said(table)


@pytest.mark.parametrize(
    ("last", "severity", "message"),
    [
        ("Incum", "error", "is cut short: the file ends with Domain Source 'Incum'"),
        ("", "error", "is cut short: the file ends with Domain Source ''"),
        ("Incumbent", "warning", "the file ends without a line end, so this row may be cut short"),
        ("Expert", "warning", "the file ends without a line end, so this row may be cut short"),
    ],
)
def test_a_cut_file(last: str, severity: str, message: str) -> None:
    """A file that ends within a line is reported; a last cell that others go on from is wrong."""
    rows = ["10-0000.00\t3\t01/2026\tIncumbent", f"11-0000.00\t3\t01/2026\t{last}"]
    table = check("Job Zones", rows, end="")
    assert [(severity, 3, message)] == said(table)
    expected = {"cut short": 1} if severity == "error" else {}
    assert (expected, True) == (dict(table.left_out), counted(table))


def test_a_file_cut_within_a_row() -> None:
    """A last row that lacks cells is an error, and is not reported twice."""
    table = check("Job Zones", ["10-0000.00\t3\t01/2026\tx", "11-0000.00\t3"], end="")
    message = "is cut short: the file ends here, after 2 of 4 cells; download or copy it again"
    assert [("error", 3, message)] == said(table)


def test_a_cut_file_whose_last_column_is_unknown() -> None:
    """A last cell that is left out anyway does not make its row wrong."""
    header = f"{HEADERS['Occupation Data']}\tX"
    table = check("Occupation Data", ["11-0000.00\tA\tB\tC"], header, "")
    assert ["unknown", "the file"] == [f.message[: f.message.index(" ", 4)] for f in table.findings]
    assert 1 == table.frame.height


OCCUPATIONS = ["10-0000.00\tA\tx", "11-0000.00\tB\tx"]


def test_codes_that_no_table_lists() -> None:
    """Each code that its table does not list is reported on the row where it is first used."""
    rows = [f"{code}-0000.00\t3\tx\ty" for code in (10, 12, 11, 13)]
    tables = together({"Occupation Data": OCCUPATIONS, "Job Zones": rows})
    assert [
        ("warning", 3, "O*NET-SOC Code '12-0000.00' is not in the table Occupation Data"),
        ("warning", 5, "O*NET-SOC Code '13-0000.00' is not in the table Occupation Data"),
    ] == said(tables["Job Zones"])
    assert ([], 4) == (tables["Occupation Data"].findings, tables["Job Zones"].frame.height)


def test_codes_that_are_used_often() -> None:
    """Rows with the same code are counted, and many codes too."""
    rows = [f"{code}-0000.00\tT{number}\tn/a\t08" for code in range(20, 30) for number in range(3)]
    tables = together({"Occupation Data": OCCUPATIONS, "Alternate Titles": rows})
    findings = said(tables["Alternate Titles"])
    assert [2, 5, 8, 11, 14, None] == [line for _, line, _ in findings]
    first = "O*NET-SOC Code '20-0000.00' is not in the table Occupation Data (3 rows)"
    last = "and 5 more rows: with other values of O*NET-SOC Code that are not in Occupation Data"
    assert (first, last) == (findings[0][2], findings[-1][2])


def test_without_the_table_that_lists() -> None:
    """What no table lists is not reported where that table is not there."""
    tables = together({"Job Zones": ["10-0000.00\t3\tx\ty"]})
    assert [] == tables["Job Zones"].findings


INTEREST = "10-0000.00\t{}\tOI\t4.00\t01/2026\tAnalyst"


def test_names_said_again() -> None:
    """A name that repeats what another table says is not there twice."""
    tables = together(
        {
            "Content Model Reference": ["1.B\tMaking\tx", "1.C\tTaking\tx"],
            "Interests": [INTEREST.format("1.B\tMaking"), INTEREST.format("1.C\tn/a")],
        }
    )
    table = tables["Interests"]
    assert [c for c in HEADERS["Interests"].split("\t") if c != "Element Name"] == table.columns
    assert "Element Name" in tables["Content Model Reference"].columns
    assert [] == table.findings


def test_names_that_differ() -> None:
    """A name that differs from the one in its table stays with its row, and is reported."""
    rows = [INTEREST.format(cell) for cell in ("1.B\tMaking", "1.C\tmaking", "1.D\tMake")]
    model = ["1.B\tMaking\tx", "1.C\tn/a\tx", "1.D\tMaking\tx"]
    table = together({"Content Model Reference": model, "Interests": rows})["Interests"]
    assert [None, "making", "Make"] == table.frame["Element Name"].to_list()
    messages = [
        "Element Name 'making' differs from '' in Content Model Reference",
        "Element Name 'Make' differs from 'Making' in Content Model Reference",
    ]
    assert [(3, messages[0]), (4, messages[1])] == [(line, what) for _, line, what in said(table)]


@pytest.mark.parametrize("model", [None, ["1.X\tOther\tx"]])
def test_names_of_what_is_not_listed(model: Sequence[str] | None) -> None:
    """A name of something that its table does not list is kept, to be said of what it names."""
    tables = {"Interests": [INTEREST.format("1.B\tMaking")]}
    if model:
        tables["Content Model Reference"] = list(model)
    table = together(tables)["Interests"]
    assert ["Making"] == table.frame[f"{NODE}Element Name"].to_list()
    assert "Element Name" not in table.columns
