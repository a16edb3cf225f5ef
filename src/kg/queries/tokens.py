"""The tokens of SPARQL text, and what can be told from them without parsing it.

The scan takes time linear in the text, whatever the text is, and knows comments, strings in all
four quotings, IRIs, prefixed names and variables: a word inside one of them is no keyword.
The terminals are those of SPARQL 1.1, section 19.8, with the escapes that Oxigraph knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Literal, NamedTuple

from kg.errors import RequestError
from kg.namespaces import PREFIXES
from kg.texts import shorten

__all__ = [
    "MAX_BYTES",
    "MAX_NESTING",
    "Form",
    "Token",
    "check",
    "check_prefixes",
    "form",
    "scan",
    "with_prefixes",
]

Form = Literal["ask", "construct", "describe", "select"]

#: The most that a query may have, in bytes of UTF-8.
MAX_BYTES = 1_000_000
#: The deepest that groups may be nested; Oxigraph's parser ends its process at some 2,000.
MAX_NESTING = 128

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VAR_CHARS = rf"{_BASE}_0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"{_VAR_CHARS}\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL_CHAR = rf"(?:[{_CHARS}:]|{_PLX})"
_LOCAL = rf"(?:(?:[{_BASE}_0-9:]|{_PLX}){_LOCAL_CHAR}*+(?:\.++{_LOCAL_CHAR}++)*+)"
_ESCAPE = (
    r"\\(?:[tbnrf\"'\\]|u(?![dD][89A-Fa-f])[0-9A-Fa-f]{4}"
    r"|U(?:000(?!0[dD][89A-Fa-f])[0-9A-Fa-f]|0010)[0-9A-Fa-f]{4})"
)
_IRI_BODY = r"(?:[^\x00-\x20<>\"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"

# Possessive quantifiers: what one alternative has read, no other reads more than once again.
# A name with and without a colon is one alternative for the same reason.
_TOKEN = re.compile(
    rf"""
      (?P<space>[\ \t\r\n]++)
    | (?P<comment>\#[^\r\n]*+)
    | (?P<variable>[?$][{_BASE}_0-9][{_VAR_CHARS}]*+)
    | (?P<name>(?:[{_BASE}][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)(?::{_LOCAL}?+)?+|:{_LOCAL}?+)
    | (?P<string>"{{3}}(?:[^"\\]|"(?!"")|{_ESCAPE})*+"{{3}}
        | '{{3}}(?:[^'\\]|'(?!'')|{_ESCAPE})*+'{{3}}
        | "(?!"")(?:[^"\\\r\n]|{_ESCAPE})*+"
        | '(?!'')(?:[^'\\\r\n]|{_ESCAPE})*+')
    | (?P<broken>"{{3}}(?:[^"\\]|"(?!"")|{_ESCAPE})*+
        | '{{3}}(?:[^'\\]|'(?!'')|{_ESCAPE})*+
        | "(?:[^"\\\r\n]|{_ESCAPE})*+
        | '(?:[^'\\\r\n]|{_ESCAPE})*+)
    | (?P<iri><{_IRI_BODY})
    | (?P<blank>_:[{_BASE}_0-9][{_CHARS}]*+(?:\.++[{_CHARS}]++)*+)
    | (?P<language>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)
    | (?P<number>[0-9]++)
    | (?P<mark><<(?!{_IRI_BODY})|>>|\^\^|.)
    """,
    re.VERBOSE | re.DOTALL,
)

_CLOSES = {")": "(", "}": "{", "]": "[", ">>": "<<"}
_OPENS = frozenset(_CLOSES.values())
_FORMS: tuple[Form, ...] = ("ask", "construct", "describe", "select")
_DATASET = "FROM is not evaluated: a query sees all graphs; name one with GRAPH <…> { … }"
_UPDATES = frozenset("ADD CLEAR COPY CREATE DELETE DROP INSERT LOAD MOVE".split())


class Token(NamedTuple):
    """A piece of SPARQL text: its kind, how it is written, and where it starts.

    Kinds: comment, variable, name (a keyword, or a prefixed name if it holds a colon), string,
    broken (a string that does not end, or with an escape that is none), iri, blank, language,
    number, and mark for everything else.
    """

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next token may start."""
        return self.start + len(self.text)

    @property
    def word(self) -> str:
        """The keyword that this may be, in upper case; empty for what can be none."""
        return self.text.upper() if self.kind == "name" and ":" not in self.text else ""


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of a text in order; white space is between them, comments are tokens."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        assert kind is not None
        if kind != "space":
            yield Token(kind, match[0], match.start())


def form(text: str) -> Form:
    """Return which kind of query a text is; RequestError if it begins like none."""
    tokens = (t for t in scan(text) if t.kind != "comment")
    for token in tokens:
        if token.word not in ("BASE", "PREFIX", "VERSION"):
            break
        for part in tokens:  # up to the IRI, or the string of a version, that ends it
            if part.kind in ("iri", "string", "broken"):
                break
    else:
        raise RequestError(f"the query is empty; expected {_or(_FORMS)}")
    for candidate in _FORMS:
        if token.word == candidate.upper():
            return candidate
    if token.word in _UPDATES:
        raise RequestError(_update(token.word))
    place = f"line {_line(text, token)}"
    raise RequestError(f"{place}: expected {_or(_FORMS)}, found {_short(token.text)}")


def with_prefixes(text: str) -> str:
    """Return a text that declares the project's prefixes which it uses and does not declare.

    The declarations stand before it on its first line, so that its lines keep their numbers.
    """
    missing = sorted(_undeclared(text) & PREFIXES.keys())
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in missing) + text


def check_prefixes(text: str) -> None:
    """Raise RequestError for a prefix that neither the text nor the project declares."""
    if unknown := sorted(_undeclared(text) - PREFIXES.keys()):
        raise RequestError(
            f"prefix {unknown[0]}: is not declared; known without: {', '.join(PREFIXES)}"
        )


def _undeclared(text: str) -> set[str]:
    """Return the prefixes that a text uses and does not declare."""
    declared: set[str] = set()
    used: set[str] = set()
    previous = ""
    for token in scan(text):
        if token.kind == "name" and ":" in token.text:
            declared |= _declares(token, previous)
            used.add(token.text.partition(":")[0])
        if token.kind != "comment":
            previous = token.word
    return used - declared


def check(text: str) -> None:
    """Raise RequestError for a text that must not reach the store.

    That is one of more than `MAX_BYTES`, with groups nested deeper than `MAX_NESTING`, with
    SERVICE (which would send requests), with FROM (which the store would pass over: every query
    sees the union of all graphs), or with a keyword of an update. The store's parser
    reads characters, not tokens, and gives up a reading that does not lead anywhere for another
    one; so a text that it could read in two ways, and that hides something in one of them, is
    refused too.
    """
    _check_size(text)
    known = set(PREFIXES)
    open_marks: list[str] = []
    negations = 0
    suspect: Token | None = None
    previous = ""
    for token in scan(text):
        if token.kind == "comment":
            continue
        if suspect is not None and token.text == "{":
            raise RequestError(_service(text, suspect))
        suspect = None
        if previous == "FROM" and token.word != "NAMED":
            raise RequestError(f"line {_line(text, token)}: {_DATASET}")
        negations = negations + 1 if token.text == "!" else 0
        if token.kind == "mark":
            _nest(token.text, open_marks)
            if len(open_marks) > MAX_NESTING or negations > MAX_NESTING:
                raise RequestError(
                    f"line {_line(text, token)}: the query nests deeper than {MAX_NESTING} groups"
                )
        elif token.kind == "name":
            known |= _declares(token, previous)
            if _calls_service(token, known):
                raise RequestError(_service(text, token))
            if token.word and not _UPDATES.isdisjoint(token.word.split(".")):
                raise RequestError(f"line {_line(text, token)}: {_update(token.word)}")
            # A name such as `SERVICEa:b` is also the keyword, glued to the name `a:b`.
            prefix = token.text.partition(":")[0]
            if "SERVICE" in prefix.upper() and previous not in ("FROM", "GRAPH", "NAMED"):
                suspect = token
        elif token.kind == "iri" and _may_be_less_than(token.text, known):
            raise RequestError(
                f"line {_line(text, token)}: {_short(token.text)} may be an IRI or a comparison; "
                "write the IRI in full, or a space after '<'"
            )
        elif token.kind == "broken":
            raise RequestError(
                f"line {_line(text, token)}: a string does not end, or has an unknown escape: "
                f"{_short(token.text)}"
            )
        previous = token.word


def _check_size(text: str) -> None:
    try:  # a text has no fewer bytes than characters, so a huge one is not encoded
        size = len(text) if len(text) > MAX_BYTES else len(text.encode())
    except UnicodeEncodeError:
        raise RequestError("the query holds half of a surrogate pair, which is no text") from None
    if size > MAX_BYTES:
        raise RequestError(f"the query is longer than {MAX_BYTES:,} bytes")


def _nest(mark: str, open_marks: list[str]) -> None:
    """Keep the list of groups that are open. A mark that closes none of them is left alone."""
    if mark in _OPENS:
        open_marks.append(mark)
    elif opener := _CLOSES.get(mark):
        if opener != "<<":  # `<<` may be two comparisons, so a bracket outlives it
            while open_marks and open_marks[-1] == "<<":
                open_marks.pop()
        if open_marks and open_marks[-1] == opener:
            open_marks.pop()


def _calls_service(token: Token, known: Set[str]) -> bool:
    """Tell whether the keyword SERVICE is in a name, alone or glued to what stands beside it."""
    prefix, colon, local = token.text.upper().partition(":")
    if not colon or token.text.partition(":")[0] not in known:
        return "SERVICE" in prefix
    # Oxigraph ends a local name before its second run of dots.
    return "SERVICE" in "".join(re.split(r"(\.+)", local)[3:])


def _may_be_less_than(iri: str, known: Set[str]) -> bool:
    """Tell whether `<…>` may begin with a comparison, and holds what would then hide the rest.

    After the sign of a comparison, `http:` would be a prefixed name, and nobody declares that
    prefix.
    """
    scheme = re.match(r"<([A-Za-z][A-Za-z0-9+.-]*):", iri)
    if scheme and scheme[1] not in known:
        return False
    return re.search(r"[#'()\[\]]", iri) is not None


def _declares(token: Token, previous: str) -> set[str]:
    """Return the prefix that a name declares, if it follows or begins with the keyword PREFIX."""
    prefix, colon, local = token.text.partition(":")
    if not colon or local:
        return set()
    if previous == "PREFIX":
        return {prefix}
    return {prefix[6:]} if prefix[:6].upper() == "PREFIX" else set()  # `PREFIXa:`


def _line(text: str, token: Token) -> int:
    return text.count("\n", 0, token.start) + 1


def _short(text: str) -> str:
    return repr(shorten(text, 40))


def _or(forms: tuple[str, ...]) -> str:
    names = [name.upper() for name in forms]
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _service(text: str, token: Token) -> str:
    return (
        f"line {_line(text, token)}: SERVICE is not allowed: a query may not ask another endpoint"
    )


def _update(word: str) -> str:
    return f"{word} is not allowed: a graph is changed by `kg build`, never by a query"
