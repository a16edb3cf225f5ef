"""Documents of any size, read as canonical N-Quads, block by block.

The parser's quads go straight to its serializer, without becoming Python objects: that takes a
tenth of the time. What the lines say is what the parser read, in its order.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import pyoxigraph as ox

from kg.errors import InputError
from kg.rdf.parsing import (
    BASE_DIRECTION,
    BOM,
    MAX_WHOLE,
    MOST_LEVELS,
    TOKENS,
    TRIPLE_TERM,
    Reader,
    blank_prefix,
    check_whole,
    errors_of,
    line_of,
    may_lack_labels,
    parsed,
)

__all__ = ["Stream"]

#: How many bytes a block has, about.
_BLOCK = 16 * 2**20
#: What of a document has to be looked at whole before it is parsed.
_WHOLE = (ox.RdfFormat.JSON_LD, ox.RdfFormat.RDF_XML)
# The parser reads no token that is longer.
_LONGEST_TOKEN = 16 * 2**20
_MAY_GO_ON = (b"<", b">", b'"', b"'", b"#")
# A label in the document like those that the parser makes up.
_LIKE_MADE_UP = re.compile(rb"_:[a-f][0-9a-f]{23}")
_LIKE_LENGTH = 26


class Stream:
    """A document that is not held whole, and may be read again from its start.

    `opened` returns its bytes in pieces, as often as it is called; `file` names it in errors and,
    by its stem, its blank nodes. RDF/XML and JSON-LD are held whole: up to `MAX_WHOLE` bytes.
    """

    def __init__(
        self, opened: Callable[[], Iterable[bytes]], syntax: ox.RdfFormat, file: str
    ) -> None:
        self._opened, self._syntax, self.file = opened, syntax, file
        #: Whether a label that the parser made up may be one that the document gives.
        self._is_label_like = False

    def blocks(self) -> Iterator[str]:
        """Yield its quads as lines of canonical N-Quads, blank nodes by their labels.

        Raises InputError with file and line for a syntax error, after the quads before it.
        """
        parser = parsed(self._source(), self._syntax)
        while True:
            failures: list[Exception] = []
            out = io.BytesIO()
            ox.serialize(_until(parser, out, failures), out, ox.RdfFormat.N_QUADS)
            if block := out.getvalue():
                yield block.decode()
            if failures:
                with errors_of(self.file):
                    raise failures[0]
            if not block:
                return

    @property
    def may_lack_labels(self) -> bool:
        """Whether the parser makes up labels for blank nodes that have none."""
        return may_lack_labels(self._syntax)

    @property
    def forgets_labels(self) -> bool:
        """Whether a label made up never comes back after a quad without any.

        That is so in Turtle and TriG, where nodes without a label stand inside of the statement
        that they are of; unless a label that was read so far looks like one made up.
        """
        return self._syntax in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG) and not self._is_label_like

    def blank_prefix(self) -> str:
        """Return what the names of its blank nodes begin with, by its name and its content."""
        hasher = hashlib.sha256()
        for piece in self._pieces():
            hasher.update(piece)
        return blank_prefix(self.file, hasher.hexdigest())

    def line_of(self, index: int) -> int:
        """Return the line that a quad ends in, parsing up to it again."""
        return line_of(index, self._pieces(), self._syntax)

    def refusal_of(self, index: int, line: str) -> InputError:
        """Return why a quad is refused that the quad table does not hold; `line` is its N-Quads."""
        message = TRIPLE_TERM if line.split(" ", 2)[2].startswith("<<(") else BASE_DIRECTION
        return InputError(message, self.file, self.line_of(index))

    def _pieces(self) -> Iterator[bytes]:
        """Yield its bytes without a byte order mark."""
        start = b""
        pieces = iter(self._opened())
        for piece in pieces:
            start += piece
            if len(start) >= len(BOM):
                break
        if start := start.removeprefix(BOM):
            yield start
        yield from pieces

    def _source(self) -> bytes | Reader:
        if self._syntax not in _WHOLE:
            return Reader(self._pieces(), self._watcher())
        parts, size = [], 0
        for piece in self._pieces():
            parts.append(piece)
            size += len(piece)
            if size > MAX_WHOLE:
                raise InputError(
                    f"has more than {MAX_WHOLE:,} bytes, the limit for its syntax; "
                    "turn it into N-Quads or Turtle",
                    self.file,
                )
        data = b"".join(parts)
        check_whole(data, self._syntax, self.file)
        return data

    def _watcher(self) -> Callable[[bytes], None]:
        """Return what looks at each piece before the parser reads it."""
        marks, last, is_checked = 0, b"", False

        def watch(piece: bytes) -> None:
            nonlocal marks, last, is_checked
            if not is_checked:
                marks += (last[-1:] + piece).count(b"<<")
                if marks > MOST_LEVELS:  # only then might so many be in one another
                    _check_levels(self._pieces(), self.file)
                    is_checked = True
            if self.forgets_labels and _LIKE_MADE_UP.search(last + piece):
                self._is_label_like = True
            last = (last + piece)[-_LIKE_LENGTH:]

        return watch


def _until(
    parser: Iterator[ox.Quad], out: io.BytesIO, failures: list[Exception]
) -> Iterator[ox.Quad]:
    """Yield quads until a block is written, or up to what the parser refuses; that is noted."""
    try:
        for quad in parser:
            yield quad
            if out.tell() > _BLOCK:
                return
    except (SyntaxError, ValueError) as error:
        failures.append(error)


def _check_levels(pieces: Iterable[bytes], file: str) -> None:
    """Raise InputError where triple terms are nested too deep, as `check_whole` does."""
    depth, line, rest = 0, 1, b""
    for piece in chain(pieces, [None]):
        text = rest + (piece or b"")
        # What a backslash at the end escapes is not known yet.
        end = len(text if piece is None else text.rstrip(b"\\"))
        for match in TOKENS.finditer(text, 0, end):
            if match.end() == end and piece is not None and match[0][:1] in _MAY_GO_ON:
                end = match.start()
                break
            depth = max(0, depth + bool(match[1]) - bool(match[2]))
            if depth > MOST_LEVELS:
                line += text.count(b"\n", 0, match.end())
                raise InputError(f"is nested deeper than {MOST_LEVELS} levels", file, line)
        line += text.count(b"\n", 0, end)
        rest = text[end:]
        if len(rest) > _LONGEST_TOKEN:
            raise InputError(
                f"has a text or comment of more than {_LONGEST_TOKEN:,} bytes", file, line
            )
