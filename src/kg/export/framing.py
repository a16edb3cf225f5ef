"""JSON-LD framed: one document an occupation, with what belongs to it inside.

Documents are framed by PyLD, one at a time, since framing a graph takes the square of its size.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from kg.errors import OutputError, RequestError
from kg.export.attribution import attributions_of, read_catalogue
from kg.export.jsonld import ATTRIBUTIONS, dumps, expand, load_context
from kg.export.selection import Selection
from kg.export.sheets import is_export, write_attributions
from kg.export.target import whole_file, whole_folder, write_all
from kg.resources import folder

__all__ = ["FRAMES", "export_framed", "file_name", "frame_documents", "refuse"]

#: The frames by what they are of.
FRAMES = {"occupation": "frame-occupation.jsonld"}
#: Names of files, as against folders; in those of the first kind each line is a document.
_LINES, _DOCUMENT = (".jsonl", ".ndjson"), (".json", ".jsonld")
_MOST_BYTES = 200


def export_framed(selection: Selection, frame: str, target: Path | IO[bytes]) -> None:
    """Write framed documents: a file each into a folder, or a line each to a file.

    Raises RequestError for a frame that there is none of, and where several documents should go
    into a file that holds one.
    """
    documents = frame_documents(selection, frame)
    if not isinstance(target, Path):
        for _, document in documents:
            write_all(f"{dumps(document)}\n".encode(), target)
    elif target.suffix.lower() in _LINES:
        with whole_file(target) as out:
            export_framed(selection, frame, out)
    elif target.suffix.lower() in _DOCUMENT:
        with whole_file(target) as out:
            for number, (_, document) in enumerate(documents):
                if number:
                    raise RequestError(
                        f"{target}: holds one document; give --occupation, a folder or a .jsonl"
                    )
                out.write(_pretty(document))
    else:
        with whole_folder(target, is_export) as made:
            for occupation, document in documents:
                path = made / file_name(occupation)
                if path.exists():  # two bases, or a disk that does not tell a from A
                    path = made / file_name(occupation, is_plain=False)
                path.write_bytes(_pretty(document))
            write_attributions(selection, made)


def _pretty(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def file_name(occupation: str, *, is_plain: bool = True) -> str:
    """Return a file name from the end of an IRI: a code, or the words of a title.

    Where that is no plain name, or shall not be one, a hash of the IRI goes with it.
    """
    tail = occupation.rpartition("/")[2]
    plain = re.sub(r"[^\w.-]", "-", tail).lstrip(".")
    is_plain = is_plain and plain == tail and 0 < len(plain.encode()) <= _MOST_BYTES
    if not is_plain:
        plain = f"{plain[:50] or 'x'}-{hashlib.sha256(occupation.encode()).hexdigest()[:8]}"
    return f"{plain}.jsonld"


def frame_documents(selection: Selection, frame: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each wanted occupation's IRI with its framed document.

    Raises RequestError for a frame that there is none of, and where there is no occupation.
    """
    if frame not in FRAMES:
        raise RequestError(f"no frame {frame!r}; there are: {', '.join(FRAMES)}")
    text = (folder("ontology") / FRAMES[frame]).read_text(encoding="utf-8")
    framed = json.loads(text)
    framed["@context"] = load_context()
    catalogue = read_catalogue(selection)
    occupation = None
    for occupation, piece, graphs in selection.by_occupation():
        document = _frame(expand(piece), {**framed, "id": occupation})
        lines = attributions_of(catalogue, graphs)
        yield occupation, {"@context": load_context(), ATTRIBUTIONS: lines, **document}
    if occupation is None:
        raise RequestError("there is no occupation in what is to be exported")


def _frame(nodes: list[dict[str, Any]], frame: dict[str, Any]) -> dict[str, Any]:
    from pyld import jsonld as pyld

    options = {"documentLoader": refuse, "omitDefault": True, "omitGraph": True}
    document: dict[str, Any] = pyld.frame(nodes, frame, options)
    document.pop("@context", None)
    return document


def refuse(url: str, _: object = None) -> NoReturn:
    """Load nothing: all that is needed to read a document stands in it."""
    raise OutputError(f"a context elsewhere is not fetched: {url}")
