"""Terms: what texts are compared by, which are words without their endings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["terms_of"]

# They say nothing of the work. In a whole release their weight is next to nothing anyway, in a
# release of a few occupations it would not be.
_FUNCTION_WORDS = frozenset(
    """
    about after all also an and any are as at be because been before being between both but by can
    could did do does during each either etc every for from had has have he her him his how if in
    into is it its itself may more most must nor of off on once or other others our out over own
    per she should so some such than that the their them themselves then there these they this
    those through to under until up upon via was we were what when where whether which while who
    whom whose will with within without would you your
    """.split()
)
_WORD = re.compile(r"[^\W_]{2,}")
# The first one that fits is cut off: one that ends in another comes before it.
_ENDINGS = tuple(
    """
    ingly edly ments ment ations ation ings ing ities ity ies ions ion ers er ors or als al ives
    ive ed es ly s y e
    """.split()
)
_SHORTEST = 4


def terms_of(text: str) -> list[str]:
    """Return the terms of an English text, in its order.

    A term is a word in lower case, without accents and ending; function words are left out.
    """
    plain = text.lower()
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in parts if not unicodedata.combining(c))
    return [_term(word) for word in _WORD.findall(plain) if word not in _FUNCTION_WORDS]


@lru_cache(maxsize=2**16)
def _term(word: str) -> str:
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST:
            word = word[: -len(ending)]
            break
    # "Planning" and "plan" have the same term.
    return word[:-1] if len(word) > _SHORTEST and word[-1] == word[-2] else word
