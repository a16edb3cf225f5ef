"""What every way of reading RDF shares: syntaxes, what is refused, and how nodes are named."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import InputError

__all__ = [
    "BASE",
    "BASE_DIRECTION",
    "BOM",
    "MADE_UP",
    "MAX_WHOLE",
    "MOST_LEVELS",
    "SUFFIXES",
    "TOKENS",
    "TRIPLE_TERM",
    "Reader",
    "blank_prefix",
    "check_whole",
    "errors_of",
    "format_of",
    "is_blank",
    "is_iri",
    "line_of",
    "may_lack_labels",
    "parsed",
]

#: File name endings to syntaxes.
SUFFIXES: dict[str, ox.RdfFormat] = {
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
#: The largest document of a syntax that has to be looked at whole before it is parsed.
MAX_WHOLE = 256 * 2**20
#: Where relative IRIs come to lie: nothing of ours is there, and the gate lets nothing of it pass.
BASE = "file:///"
BOM = b"\xef\xbb\xbf"
#: Objects of JSON-LD and triple terms, nested by the thousand, end the process that parses them.
MOST_LEVELS = 128
#: What the parser calls, at random, a blank node that the document gives no label.
MADE_UP = re.compile(r"[a-f][0-9a-f]{23,31}")
#: Why what the quad table does not hold is refused.
TRIPLE_TERM = "holds a triple term (RDF 1.2), which is not supported"
BASE_DIRECTION = "holds a text with a base direction (RDF 1.2), which is not supported"

_DOCTYPE = re.compile(rb"<!DOCTYPE|<!ENTITY", re.IGNORECASE)
_JSON_LEVELS = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)|([\[{])|([\]}])', re.DOTALL)
# What is passed over whole between the marks of triple terms: strings in the four quotings, IRIs,
# comments and escapes, also those that do not end. What one alternative has read, no other reads
# again, so that the time is linear whatever the bytes are.
_PASSED_OVER = rb"""
    [^<>"'#\\]++
  | \# [^\r\n]*+
  | "{3} (?:[^"\\] | \\. | "(?!""))*+ (?:"{3})?+
  | '{3} (?:[^'\\] | \\. | '(?!''))*+ (?:'{3})?+
  | "(?!"") (?:[^"\\\r\n] | \\.)*+ "?+
  | '(?!'') (?:[^'\\\r\n] | \\.)*+ '?+
  | <(?!<) [^<>"\x00-\x20]*+ >?+
  | >(?!>)
  | \\.?+
"""
_TERM_LEVELS = re.compile(
    rb"(?:" + _PASSED_OVER + rb")*+ (?: (<<) | (>>) | \Z )", re.VERBOSE | re.DOTALL
)
#: The same, one at a time: for bytes that come in pieces.
TOKENS = re.compile(rb"(<<) | (>>) | (?:" + _PASSED_OVER + rb")", re.VERBOSE | re.DOTALL)


def format_of(path: Path) -> ox.RdfFormat:
    """Return the syntax that a file's name stands for; InputError if it stands for none."""
    syntax = SUFFIXES.get(path.suffix.lower())
    if syntax is None:
        raise InputError(f"is not a known RDF file; known endings: {' '.join(SUFFIXES)}", str(path))
    return syntax


def is_iri(value: str) -> bool:
    """Tell whether RDF allows a text as an IRI; one that was relative in its document is none."""
    try:
        ox.NamedNode(value)
    except ValueError:
        return False
    return not value.startswith(BASE)


def is_blank(value: str) -> bool:
    """Tell whether a text is a blank node as N-Quads writes it."""
    try:
        ox.BlankNode(value.removeprefix("_:"))
    except ValueError:
        return False
    return value.startswith("_:") and ":" not in value[2:]  # which the parser of N-Quads refuses


def may_lack_labels(syntax: ox.RdfFormat) -> bool:
    """Tell whether a blank node of a syntax may stand there without a label."""
    return syntax not in (ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS)


def blank_prefix(file: str, digest: str) -> str:
    """Return what the names of a document's blank nodes begin with.

    The document is named by its file, for people, and by the SHA-256 of its content: files of one
    name in different folders are different documents, and a compressed file is the same one.
    """
    stem = Path(re.sub(r"\.gz$", "", file, flags=re.IGNORECASE)).stem
    words = re.findall("[A-Za-z0-9]+", stem)
    return f"_:{'-'.join([*words, digest[:8]])}-"


def check_whole(data: bytes, syntax: ox.RdfFormat, file: str) -> None:
    """Raise InputError for a document that must not reach the parser.

    That is RDF/XML with a document type, which may declare entities, and what is nested too deep.
    """
    if syntax == ox.RdfFormat.RDF_XML:
        if _DOCTYPE.search(data):
            raise InputError("declares a document type; entities are not read", file)
        return
    depth = 0
    levels = _JSON_LEVELS if syntax == ox.RdfFormat.JSON_LD else _TERM_LEVELS
    for match in levels.finditer(data):
        depth = max(0, depth + bool(match[1]) - bool(match[2]))
        if depth > MOST_LEVELS:
            line = data.count(b"\n", 0, match.end()) + 1
            raise InputError(f"is nested deeper than {MOST_LEVELS} levels", file, line)


def parsed(data: bytes | Reader, syntax: ox.RdfFormat) -> Iterator[ox.Quad]:
    """Return the parser's quads of bytes that have been checked, blank nodes by their labels."""
    source = cast("bytes | IO[bytes]", data)
    return ox.parse(source, syntax, base_iri=BASE, rename_blank_nodes=False)


@contextmanager
def errors_of(file: str) -> Iterator[None]:
    """Turn what the parser raises into InputError, with the line where it tells one."""
    try:
        yield
    except SyntaxError as error:
        message = str(error.msg).splitlines()[0]
        if "LoadDocumentCallback" in message:
            message = "refers to a @context elsewhere, which is not fetched; put it into the file"
        raise InputError(message, file, error.lineno) from None
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(str(error), file) from None


class Reader:
    """What the parser reads pieces of bytes from; it asks for a few at a time.

    `seen` is called with each piece before the parser gets any of it. With `by_line` the parser
    never gets more than a line at once, so that `line` is the one that it has come to.
    """

    def __init__(
        self,
        pieces: Iterable[bytes],
        seen: Callable[[bytes], None] | None = None,
        *,
        by_line: bool = False,
    ) -> None:
        self._pieces, self._seen, self._by_line = iter(pieces), seen, by_line
        self._piece, self._at = b"", 0
        #: The line of the last byte that was given out, from 1.
        self.line = 1
        self._is_at_end = False

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        while self._at == len(self._piece):
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            if self._seen:
                self._seen(piece)
            self._piece, self._at = piece, 0
        end = len(self._piece) if size < 0 else self._at + size
        if self._by_line:
            self.line += self._is_at_end
            feed = self._piece.find(b"\n", self._at, end)
            self._is_at_end = feed >= 0
            end = feed + 1 or end
        data = self._piece[self._at : end]
        self._at += len(data)
        return data


def line_of(index: int, pieces: Iterable[bytes], syntax: ox.RdfFormat) -> int:
    """Return the line that the parser has come to with a quad; it does not say so itself.

    For that it parses the document again, up to the quad of this index.
    """
    reader = Reader(pieces, by_line=True)
    next(islice(parsed(reader, syntax), index, None))
    return reader.line
