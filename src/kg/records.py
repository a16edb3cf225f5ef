"""Records of a build: what each input became and what that depended on, for the next build.

They lie beside the parts of a generation, and say nothing that a build from nothing would not find
out again: where they lack, or cannot be read, the next build is one from nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from kg.model import Document, Finding, Severity

__all__ = ["Record", "digest", "read_records", "write_records"]


@dataclass(frozen=True, slots=True)
class Record:
    """What an input became; `key` is a digest of all that this depended on, the input included.

    `facts` are what later steps of a build need of it, as JSON has them.
    """

    kind: str
    document: Document
    key: str
    #: Its named graphs that have quads.
    graphs: tuple[str, ...] = ()
    #: What was noticed; the places are lines of the input.
    findings: tuple[Finding, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)

    def at(self, file: str) -> Record:
        """Return the record with the findings in the file where the input lies now."""
        findings = tuple(replace(finding, file=file) for finding in self.findings)
        return replace(self, findings=findings)

    def moved(self, place: str) -> Record:
        """Return the record with the findings at the place that its facts name at another one.

        Those that name a file otherwise stay. Raises KeyError where the facts name no place.
        """
        before = self.facts["place"]
        findings = tuple(replace(f, file=place) if f.file == before else f for f in self.findings)
        return replace(self, findings=findings, facts={**self.facts, "place": place})


def digest(*values: Any) -> str:
    """Return a digest of values that JSON has."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def write_records(path: Path, records: Iterable[Record]) -> None:
    """Write records, one a line, and last the SHA-256 of these lines.

    Raises OSError where the disk refuses.
    """
    hasher = sha256()
    with path.open("wb") as out:
        for record in records:
            line = (json.dumps(_to_json(record), ensure_ascii=False) + "\n").encode()
            hasher.update(line)
            out.write(line)
        out.write(f'"{hasher.hexdigest()}"\n'.encode())


def read_records(path: Path) -> list[Record]:
    """Read what `write_records` wrote.

    Raises OSError where it cannot be read, ValueError where it is not as it was written: what
    records say is believed by those who take something over.
    """
    lines = path.read_bytes().splitlines(keepends=True)
    written = sha256(b"".join(lines[:-1])).hexdigest()
    if lines[-1:] != [f'"{written}"\n'.encode()]:
        raise ValueError(f"{path}: was changed after it was written, or is cut off")
    try:
        return [_from_json(json.loads(line)) for line in lines[:-1]]
    except (KeyError, TypeError, IndexError, RecursionError) as error:
        raise ValueError(f"{path}: holds no records: {error}") from None


def _to_json(record: Record) -> dict[str, Any]:
    return {
        "kind": record.kind,
        "document": [record.document.file_name, record.document.sha256],
        "key": record.key,
        "graphs": record.graphs,
        "findings": [[f.severity, f.message, f.file, f.line] for f in record.findings],
        "facts": record.facts,
    }


def _from_json(row: Mapping[str, Any]) -> Record:
    findings = (
        Finding(cast("Severity", severity), message, file, line)
        for severity, message, file, line in row["findings"]
    )
    return Record(
        row["kind"],
        Document(*row["document"]),
        row["key"],
        tuple(row["graphs"]),
        tuple(findings),
        row["facts"],
    )
