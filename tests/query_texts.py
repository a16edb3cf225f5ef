"""What the tests of queries share: a file with a header, any text, and names that are none."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

__all__ = ["BODY", "HEADER", "RELAXED", "TEXTS", "XSD", "never"]

XSD = "http://www.w3.org/2001/XMLSchema#"
# A busy machine is no failure.
RELAXED = settings(deadline=None)
# Text without halves of surrogate pairs, which no encoding of text has.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
HEADER = """\
#+ summary: What is known of a thing?
#+ description: Two lines, of which the second one
#+   goes on.
#+ params:
#+   - name: thing
#+     kind: task
#+     description: The thing.
#+   - name: least
#+     kind: integer
#+     default: 3
#+     description: The least
#+       number.
#+   - name: word
#+     kind: string
#+     optional: true
#+     description: A word.
#+ empty: Nothing is known.
"""
BODY = "SELECT ?x WHERE { $thing kg:line ?x FILTER(?x >= $least && (!BOUND($word) || ?x = $word)) }"


def never(kind: str | None, name: str) -> str:
    """Stand for the search for a node where none is to be searched for."""
    raise AssertionError(f"{kind} {name}")
