"""A difference as text for people."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from generation_pairs import A, G, P, difference
from unlike_graphs import NEW, OLD

from kg import quads
from kg.diff import Diff, as_text
from kg.namespaces import BASE, KG, RDF

TEXT = """\
old: old, 53 quads, O*NET 29.0
new: new, 53 quads, O*NET 30.2

class                     added  removed  changed
(no class)                    1        1        1
http://example.org/Thing      0        1        0
kg:Element                    1        0        1
kg:Rating                     0        0        1
kg:Statement                  1        1        1
kg:Task                       2        2        1

tasks: 2 added, 2 dropped, 1 reworded, 1 retyped, 0 moved to other occupations

tasks added (2)
  + 3  51-9195.05 Potters
      Fire pots.
  + 6  51-9195.05 Potters
      Carry clay. (as 5)

tasks dropped (2)
  - 2  51-9195.05 Potters
      Glaze pots.
  - 5  51-9195.05 Potters
      Carry clay. (as 6)

tasks reworded (1)
  ~ 1  51-9195.05 Potters
      - Throw pots.
      + Throw large pots.

tasks retyped (1)
  ~ 1  51-9195.05 Potters
      Throw large pots.
      - Core
      + Supplemental

statements: 0 added, 0 dropped, 1 reworded, 1 moved to another domain, \
1 moved to another stage, 1 with citations gained, 1 with citations lost

statements reworded (1)
  ~ potters/durable  Glaze
      - Glaze — mixes glazes by weight
      + Glaze — weighs out the glazes

statements moved to another domain (1)
  ~ potters/durable  Kiln
      - Care
      + domain/calm

statements moved to another stage (1)
  ~ potters/durable  Glaze
      - Level 1
      + level/2

statements with citations gained (1)
  ~ potters/durable  Glaze
      + source/y

statements with citations lost (1)
  ~ potters/durable  Glaze
      - The X

(no class) added (1)
  + _:doc2-x
      + kgc:p#p "2"

(no class) removed (1)
  - _:doc1-x
      - kgc:p#p "1"

(no class) changed (1)
  ~ occupation/51-9195.05 “Potters”
      - onet:hasTask task/2
      - onet:hasTask task/5
      + onet:hasTask task/3
      + onet:hasTask task/6

http://example.org/Thing removed (1)
  - node/b

kg:Element added (1)
  + node/c

kg:Element changed (1)
  ~ node/a “An "A"”
      - kgc:p#p 1
      - kgc:p#p "colour\\n\\\\ two"@en-GB
      + kgc:p#p "1"^^xsd:decimal
      + kgc:p#p "colour\\n\\\\ two"@en-US
      - kgc:p#p2 node/b
      + kgc:p#p2 node/c
      - kgc:p#p3 _:doc1-x
      + kgc:p#p3 _:doc2-x

kg:Rating changed (1)
  ~ rating/30.2/11-1011.00/2.A.1.a/IM
      - kgc:p#value "1.00"
      + kgc:p#value "1.50"

documents that are not the same (1)
  ~ document/onet/30.2  db_29.0.zip → db_30.2.zip

graphs of the old one only (1)
  graph/h

graphs of the new one only (1)
  graph/other
"""


@pytest.fixture
def found(tmp_path: Path) -> Diff:
    """Return the difference of the samples."""
    return difference(tmp_path, OLD, NEW)


def text(diff: Diff, most: int = 20) -> str:
    """Return a difference as text."""
    return "".join(as_text(diff, most))


def test_everything_is_told(found: Diff) -> None:
    """Counts come first, then tasks, statements, nodes by class, and what is not compared."""
    assert TEXT == text(found)


def test_it_can_be_told_again(found: Diff) -> None:
    """A difference gives the same text each time."""
    assert text(found) == text(found)


def test_some_are_shown_and_the_rest_counted(found: Diff) -> None:
    """Each list, and the values of each node, end where they were asked to."""
    shown = text(found, 1)

    assert re.findall(r".* ([\d,]+)\n", TEXT.split("\n\n")[1]) == re.findall(
        r".* ([\d,]+)\n", shown.split("\n\n")[1]
    )
    assert "tasks added (2)\n  + 3  51-9195.05 Potters\n      Fire pots.\n  … and 1 more\n" in shown
    assert '“An "A"”\n      - kgc:p#p 1\n      … and 7 more\n' in shown


def test_counts_alone(found: Diff) -> None:
    """Without any change shown there are counts, and what is not compared."""
    shown = text(found, 0)
    assert TEXT.startswith(shown.split("\n\nstatements:")[0])
    assert "more" not in shown
    assert not re.search(r"^ ", shown, re.MULTILINE)


def test_no_difference(tmp_path: Path) -> None:
    """Equal graphs are told as such."""
    found = difference(tmp_path, OLD, OLD)
    assert (
        "old: old, 53 quads, O*NET 29.0\nnew: new, 53 quads, O*NET 29.0\nno difference in content\n"
    ) == text(found)


@pytest.mark.parametrize("pieces", [1, 3])
def test_totals_are_those_of_all_pieces(
    pieces: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is shown are the first of all, whatever pieces they were found in."""
    monkeypatch.setattr("kg.diff.sides.PIECE", 512 * 4 // pieces)
    nodes = [quads.iri(f"{A}/{i:04}", RDF.type, KG.Element, G) for i in range(1500)]
    assert (
        "kg:Element removed (1,500)\n  - node/a/0000\n  - node/a/0001\n  … and 1,498 more"
        in text(difference(tmp_path, nodes, []), 2)
    )


def test_told_properties_of_tasks_are_not_told_twice(tmp_path: Path) -> None:
    """Among the nodes a task shows what its own list does not."""
    task = f"{BASE}task/1"
    old = [quads.iri(task, RDF.type, KG.Task, G), quads.literal(task, KG.taskType, "Core", G)]
    new = [old[0], quads.literal(task, KG.taskType, "Other", G)]
    assert "kg:Task changed" not in text(difference(tmp_path / "1", old, new))
    shown = text(difference(tmp_path / "2", old, [*new, quads.literal(task, P, "x", G)]))
    assert shown.endswith('kg:Task changed (1)\n  ~ task/1\n      + kgc:p#p "x"\n')
