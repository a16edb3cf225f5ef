"""The source catalogue: `build/sources.toml`, extended by a user's own file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import InputError
from kg.model import Document, Source, SourceRef
from kg.readers.dates import is_date
from kg.readers.files import decode, file_name, read_bytes, sha256, shown
from kg.readers.toml import read_toml
from kg.resources import folder

__all__ = ["Catalogue", "Named", "load_catalogue", "template_pattern"]

_PLACEHOLDER = re.compile(r"\{(version|date)\}")
_PLACEHOLDERS = {"version": r"[^\s();]{0,40}?[^\s().,;]", "date": r"[^()]{1,40}?"}
# What a lazy placeholder at the end of a template stops before: the end of a word or sentence.
_END = r"(?=\.?(?:[\s(),;]|$))"
_LISTS = {"aliases", "download", "unknown"}
_LINKS = ("licence", "url")
# Only what a browser may safely follow, and what RDF allows in an IRI.
_LINK = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\]+")
# What may be said to be unknown, and the fields that would tell it.
_UNKNOWN = {"version": ("version",), "rights": ("licence", "rights")}
_HEAD = re.compile(r"[ \t]*\[\[[ \t]*source[ \t]*\]\]")


@dataclass(frozen=True, slots=True)
class Named:
    """A source found in a text, with the version and date that the text states."""

    source: SourceRef
    version: str | None
    date: str | None


@dataclass(frozen=True)
class Catalogue:
    """Every known source by key, and the user's own file that some of them come from."""

    sources: Mapping[str, Source]
    extension: Document | None = None

    @property
    def names(self) -> list[tuple[str, ...]]:
        """What the reading of a page depends on: how sources are named, and told apart."""
        return [
            (s.key, s.title, s.label or "", s.tooltip or "", s.version or "", *s.aliases)
            for s in self.sources.values()
        ]

    @cached_property
    def _aliases(self) -> list[tuple[Source, re.Pattern[str]]]:
        # What says most by itself first: a name of its own goes before another's with a version.
        found = [(s, a) for s in self.sources.values() for a in (s.title, *s.aliases)]
        found.sort(key=lambda pair: -len(_PLACEHOLDER.sub("", pair[1])))
        return [(s, re.compile(template_pattern(a), re.IGNORECASE)) for s, a in found]

    def refer(self, candidates: Iterable[Source], version: str | None) -> SourceRef:
        """Return a reference to the candidate that has this version, or to a new version.

        Without a stated version it is the first candidate as the catalogue knows it.
        """
        known = list(candidates)
        for source in known:
            if version is None or source.version == version:
                return SourceRef(source.key)
        return SourceRef(known[0].key, version)

    def by_name(self, name: str) -> Named | None:
        """Find the source that a whole text names by title or alias, whatever its case."""
        hits = [(s, m) for s, p in self._aliases if (m := p.fullmatch(name.strip()))]
        if not hits:
            return None
        groups = hits[0][1].groupdict()
        version, date = groups.get("version"), groups.get("date")
        return Named(self.refer([s for s, _ in hits], version), version, date)

    def name_at(self, text: str, start: int) -> tuple[Named, int] | None:
        """Find the longest name of a source that begins at `start`, and where it ends."""
        ends = [m.end() for _, p in self._aliases if (m := p.match(text, start))]
        for end in sorted(set(ends), reverse=True):
            if (named := self.by_name(text[start:end])) is not None:
                return named, end
        return None


def template_pattern(template: str, *, whole: bool = True) -> str:
    """Turn `O*NET v{version}` into a regular expression; white space matches any white space.

    One that is not `whole` goes on at once with something else: it captures nothing, and need
    not stop at the end of a word.
    """
    parts: list[str] = []
    seen: set[str] = set()
    for index, part in enumerate(_PLACEHOLDER.split(template)):
        if index % 2 == 0:
            parts.append(r"\s+".join(re.escape(word) for word in re.split(r"\s+", part)))
        elif not whole:
            parts.append(f"(?:{_PLACEHOLDERS[part]})")
        elif part in seen:
            parts.append(f"(?P={part})")
        else:
            seen.add(part)
            parts.append(f"(?P<{part}>{_PLACEHOLDERS[part]})")
    end = _END if whole and template.endswith("}") else ""
    return "".join(parts) + end


def load_catalogue(extra: Path | None = None) -> Catalogue:
    """Return the shipped catalogue, extended or overridden by key from the file `extra`.

    Raises InputError where a file is not such a catalogue.
    """
    shipped = folder("build") / "sources.toml"
    sources = {s.key: s for s in _read(read_bytes(shipped), shown(shipped))}
    if extra is None:
        return Catalogue(sources)
    data, file = read_bytes(extra), shown(extra)
    sources |= {s.key: s for s in _read(data, file)}
    return Catalogue(sources, Document(file_name(file), sha256(data)))


def _read(data: bytes, file: str) -> Iterator[Source]:
    text = decode(data, file)
    table = read_toml(text, file, "a catalogue")
    entries = table.get("source")
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise InputError("holds no [[source]] table", file)
    lines = [n for n, row in enumerate(text.split("\n"), 1) if _HEAD.match(row)]
    keys: set[str] = set()
    for index, entry in enumerate(entries):
        line = lines[index] if index < len(lines) else None
        source = _entry(entry, file, line)
        if source.key in keys:
            raise InputError(f"source {source.key!r} stands there twice", file, line)
        keys.add(source.key)
        yield source


def _filled(template: str) -> str:
    """Return an address template with something in the place of the version."""
    return template.replace("{version}", "1").replace("{version_}", "1")


def _entry(entry: dict[str, Any], file: str, line: int | None) -> Source:
    allowed = [f.name for f in fields(Source)]
    data = {("licence" if k == "license" else k): v for k, v in entry.items()}
    for name, value in data.items():
        if name not in allowed:
            raise InputError(f"unknown key {name!r}; allowed: {', '.join(allowed)}", file, line)
        wanted = list if name in _LISTS else str
        if not isinstance(value, wanted) or (
            wanted is list and not all(isinstance(v, str) for v in value)
        ):
            kind = "a list of texts" if wanted is list else "a text"
            raise InputError(f"{name} must be {kind}", file, line)
    for name in ("key", "title"):
        if not data.get(name):
            raise InputError(f"a source needs a {name}", file, line)
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", data["key"]):
        raise InputError(f"key {data['key']!r}: use a-z, 0-9, hyphen and dot", file, line)
    for name in _LINKS:
        if name in data and not _LINK.fullmatch(data[name]):
            raise InputError(f"{name} {data[name]!r}: use an http or https address", file, line)
    if wrong := [url for url in data.get("download", ()) if not _LINK.fullmatch(_filled(url))]:
        raise InputError(f"download {wrong[0]!r}: use an http or https address", file, line)
    if "date" in data and not is_date(data["date"]):
        raise InputError(f"date {data['date']!r}: use YYYY, YYYY-MM or YYYY-MM-DD", file, line)
    if strange := set(data.get("unknown", ())) - _UNKNOWN.keys():
        raise InputError(f"unknown: {sorted(strange)}; allowed: {sorted(_UNKNOWN)}", file, line)
    for name, given in _UNKNOWN.items():
        if name in data.get("unknown", ()) and any(data.get(field) for field in given):
            raise InputError(f"says of {name} that it is unknown, and gives it", file, line)
    if bool(data.get("label")) != bool(data.get("tooltip")):
        raise InputError("a chip needs both label and tooltip", file, line)
    lists = {name: tuple(data[name]) for name in _LISTS & data.keys()}
    return Source(**{**data, **lists})
