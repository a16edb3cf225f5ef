"""Profiles of ratings: what is not known is neither rated low nor left unrated."""

from __future__ import annotations

import pytest
from rating_tables import Rating, rating_table

from kg.analyses import nearest, read_ratings, transition
from kg.analyses.profiles import gaps
from kg.errors import RequestError

#: At the start the importance of one skill is suppressed, of another both; a third is not rated.
SUPPRESSED = [
    ("start", "2.A.1", "IM", 1.5, "Y"),
    ("start", "2.A.1", "LV", 4.98, "N"),
    ("start", "2.A.2", "IM", 2.0, "Y"),
    ("start", "2.A.2", "LV", 3.0, "Y"),
    ("start", "2.A.4", "IM", 3.0, "N"),
    ("start", "2.A.4", "LV", 3.0, "N"),
    *(("end", f"2.A.{n}", "IM", 3.0, "N") for n in (1, 2, 3)),
    *(("end", f"2.A.{n}", "LV", 6.0, "N") for n in (1, 2, 3)),
    ("end", "2.A.4", "IM", 3.0, "Y"),
    ("end", "2.A.4", "LV", 6.0, "N"),
]


def test_a_suppressed_rating_is_unknown() -> None:
    """A level counts without its importance; where it is suppressed itself the gap is not known.

    2.A.1 from 4.98 to 6 of 7 at importance 3: 1.02/7 * 2/4; 2.A.3 is not rated and at level 0: 6/7
    * 2/4. 2.A.4 is not listed, since how important it is at the end is not known.
    """
    ratings = read_ratings(rating_table(SUPPRESSED))
    found = gaps(ratings.of("start"), ratings.of("end"))
    assert [
        ("element/2.A.3", None, 0.0, 6.0, round(3 / 7, 6)),
        ("element/2.A.1", None, 4.98, 1.02, round(0.51 / 7, 6)),
        ("element/2.A.2", None, None, None, None),
    ] == [
        (element, importance, level, None if gap is None else round(gap, 6),
         None if weighted is None else round(weighted, 6))
        for element, importance, level, gap, weighted in found.select(
            "element", "importance_from", "level_from", "gap", "weighted_gap"
        ).iter_rows()
    ]  # fmt: skip


def test_a_cost_counts_what_is_known() -> None:
    """The cost of a step is the sum of the gaps that are known: (6 + 1.02)/7 * 2/4 = .501."""
    found = transition(rating_table(SUPPRESSED), "start", "end")
    assert "the direct step costs 0.501" in found.notes


def test_no_way_leads_over_what_is_unknown() -> None:
    """An occupation no importance of which is known is on no way: a step there would be free."""
    ratings = [*SUPPRESSED, ("dark", "2.A.1", "IM", 3.0, "Y"), ("dark", "2.A.1", "LV", 5.0, "N")]
    related = [("start", "dark"), ("dark", "end")]
    found = transition(rating_table(ratings, related), "start", "end")
    assert "O*NET's related occupations lead no way there" == found.notes[-1]


def test_nearness_rests_on_known_importance() -> None:
    """Suppressed importance is compared with nothing; without any, nearness is not known."""
    table = rating_table(
        [
            *(("own", f"2.A.{n}", "IM", 3.0, suppressed) for n, suppressed in enumerate("NNY")),
            *(("other", f"2.A.{n}", "IM", 2.0, suppressed) for n, suppressed in enumerate("NYN")),
            ("dark", "2.A.1", "IM", 3.0, "Y"),
        ]
    )
    assert [("other", 1.0, 1)] == nearest(table, "own").table.select(
        "occupation", "distance", "elements"
    ).rows()
    with pytest.raises(RequestError, match="dark has no ratings"):
        nearest(table, "dark")


@pytest.mark.parametrize(("shared", "expected"), [(1, ["like"]), (2, ["few", "like"])])
def test_near_in_few_respects_is_not_near(shared: int, expected: list[str]) -> None:
    """Who shares less than half of the elements is not compared, however alike they are there."""
    ratings: list[Rating] = [
        *(("own", f"2.A.{n}", "IM", 3.0, "N") for n in range(4)),
        *(("like", f"2.A.{n}", "IM", 3.5, "N") for n in range(4)),
        *(("few", f"2.A.{n}", "IM", 3.0, "N") for n in range(shared)),
    ]
    assert expected == nearest(rating_table(ratings), "own").table["occupation"].to_list()
