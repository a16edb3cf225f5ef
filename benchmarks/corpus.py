"""Writes a corpus: framework pages for the occupations of a release, and the truth beside them.

    python benchmarks/corpus.py RELEASE OUT [--pages 912] [--spare 5] [--seed 30]

A page has the size and shape of a real one: 40 base, 13 AI and 84 durable statements in ten
domains, citations, an evidence pack, anchors and a footer, 175 lines in all. Every statement is
assembled from the words of one task of its occupation, or of a detailed work activity that only
this task of the occupation does, some of them left out, between words of our own; so its task is
known. The same release and seed give the same bytes, and the page of an occupation is the same
however many pages there are.

OUT/pages and OUT/spare (pages to add later) hold a page a file, `15-1232.00.txt`;
OUT/statements.tsv has a row a statement and OUT/pages.tsv a row a page, spare ones too, as
`STATEMENTS` and `PAGES` say. The tables have no quoting: no text holds a tab.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl
from corpus_page import CLOSING, Subject, Task, page_of

from kg.errors import KgError
from kg.model import Source
from kg.readers.dates import MONTHS
from kg.readers.onet import OnetRelease, read_release
from kg.readers.sources import load_catalogue

__all__ = ["PAGES", "STATEMENTS", "main", "subjects_of", "write_corpus"]

#: A row a statement: `line` counts from 1, `position` within the framework or domain; `stage` is
#: null for AI statements, `cites` the keys of sources, comma-separated, in the page's order;
#: `wording` is "task" or "activity", whose words the statement is made of.
STATEMENTS = pl.Schema(
    {
        "page": pl.String(),
        "framework": pl.String(),
        "domain": pl.String(),
        "position": pl.Int64(),
        "stage": pl.Int64(),
        "label": pl.String(),
        "text": pl.String(),
        "task_id": pl.String(),
        "wording": pl.String(),
        "cites": pl.String(),
        "line": pl.Int64(),
    }
)
#: A row a page: `anchors` are task IDs, comma-separated, in the page's order.
PAGES = pl.Schema(
    {
        "page": pl.String(),
        "code": pl.String(),
        "title": pl.String(),
        "job_zone": pl.Int64(),
        "task_observations": pl.String(),
        "top_skill": pl.String(),
        "anchors": pl.String(),
    }
)


def subjects_of(release: OnetRelease) -> list[Subject]:
    """Return every occupation that has tasks, by code."""
    tables, code = release.tables, "O*NET-SOC Code"
    tasks: dict[str, dict[str, str]] = {}
    for of, task_id, text in tables["Task Statements"].select(code, "Task ID", "Task").iter_rows():
        # Of several tasks with one text no statement could say which it is of.
        tasks.setdefault(of, {}).setdefault(" ".join(text.split()), task_id)
    activities = _activities(release)
    model = tables["Content Model Reference"].select("Element ID", "Element Name")
    skill = model.filter(pl.col("Element ID").str.contains(r"^2\.[AB]\.\d+\.[a-z]$"))
    skills = tuple(sorted(skill["Element Name"].unique()))
    zones = dict(tables["Job Zones"].select(code, "Job Zone").drop_nulls().iter_rows())
    titles = dict(tables["Occupation Data"].select(code, "Title").iter_rows())
    return [
        Subject(
            of,
            titles[of],
            int(zones[of]) if of in zones else None,
            tuple(
                Task(task_id, text, activities.get((of, task_id), ()))
                for text, task_id in sorted(texts.items())
            ),
            skills,
        )
        for of, texts in sorted(tasks.items())
    ]


def _activities(release: OnetRelease) -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the titles of activities by occupation and task, where only one task has them."""
    code, key = "O*NET-SOC Code", "DWA ID"
    if not {"Tasks to DWAs", "DWA Reference"} <= release.tables.keys():
        return {}
    done = release.tables["Tasks to DWAs"].select(code, "Task ID", key).unique()
    single = done.filter(pl.len().over(code, key) == 1)
    named = single.join(release.tables["DWA Reference"].select(key, "DWA Title").unique(), on=key)
    titles: dict[tuple[str, str], tuple[str, ...]] = {}
    for of, task_id, title in named.select(code, "Task ID", "DWA Title").sort(pl.all()).iter_rows():
        titles[of, task_id] = (*titles.get((of, task_id), ()), title)
    return titles


def _chips(release: OnetRelease) -> dict[str, str]:
    """Return the citation chip of each source by its key, and the names in a footer."""
    sources = load_catalogue().sources
    chips = {
        key: f"{_filled(source, source.label, release)}"
        f"{_filled(source, source.tooltip, release)}. {CLOSING}"
        for key, source in sources.items()
        if source.label
    }
    names = ["SkillsCrosswalk.com", "LER.me", "Anthropic Economic Index"]
    names += ["SAFI (Jadhav & Danve, 2026)", f"WEF Skills Taxonomy {sources['wef'].version}"]
    names += ["Pathsmith Durable Skills Framework"]
    chips["footer"] = f"O*NET v{release.version} (CC BY 4.0), " + ", ".join(names)
    return chips


def _filled(source: Source, template: str | None, release: OnetRelease) -> str:
    version, date = source.version or "", source.date or "2026"
    if source.key == "onet":
        version, date = release.version, release.issued or date
    year, _, month = date.partition("-")
    shown = f"{MONTHS[int(month[:2]) - 1][:3]} {year}" if month else year
    return (template or "").replace("{version}", version).replace("{date}", shown)


def _chosen(subjects: Sequence[Subject], number: int) -> Iterator[Subject]:
    """Yield so many subjects, evenly from all of them, so that few are like many."""
    for index in range(number):
        yield subjects[index * len(subjects) // number]


def write_corpus(
    release: OnetRelease, out: Path, pages: int | None = None, *, spare: int = 0, seed: int = 30
) -> tuple[int, int]:
    """Write a corpus into a folder; return the numbers of pages and statements.

    `pages` is how many there shall be (None: one for every occupation but the spare ones). Raises
    ValueError if the release has too few occupations with tasks.
    """
    subjects = subjects_of(release)
    pages = len(subjects) - spare if pages is None else pages
    if pages < 1 or spare < 0 or pages + spare > len(subjects):
        raise ValueError(
            f"{pages} pages and {spare} spare ones were asked for; "
            f"the release has {len(subjects)} occupations with tasks"
        )
    chosen = list(_chosen(subjects, pages))
    others = sorted({s.code: s for s in subjects}.keys() - {s.code for s in chosen})
    chance = random.Random(f"{seed}/spare")
    of_spare = set(chance.sample(others, spare))
    chips = _chips(release)
    statements: list[dict[str, object]] = []
    rows: list[dict[str, object]] = []
    for name in ("pages", "spare"):
        (out / name).mkdir(parents=True, exist_ok=True)
    for subject in [*chosen, *(s for s in subjects if s.code in of_spare)]:
        text, records, row = page_of(subject, chips, seed)
        place = "spare" if subject.code in of_spare else "pages"
        (out / place / subject.file).write_bytes(text.encode())
        statements += records
        rows.append(row)
    for name, table, schema in (("statements", statements, STATEMENTS), ("pages", rows, PAGES)):
        frame = pl.DataFrame(table, schema=schema, orient="row")
        frame.write_csv(out / f"{name}.tsv", separator="\t", quote_style="never")
    return pages, len(statements)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write a corpus as the command line says; 2 for a wrong request."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("release", type=Path, metavar="RELEASE")
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--pages", type=int, default=912)
    parser.add_argument("--spare", type=int, default=5, help="pages to be added later")
    parser.add_argument("--seed", type=int, default=30)
    options = parser.parse_args(arguments)
    try:
        pages, statements = write_corpus(
            read_release(options.release),
            options.out,
            options.pages,
            spare=options.spare,
            seed=options.seed,
        )
    except (KgError, OSError, ValueError) as error:
        print(f"{options.out}: {error}", file=sys.stderr)
        return 2
    print(f"{options.out}: {pages:,} pages and {options.spare} spare, {statements:,} statements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
