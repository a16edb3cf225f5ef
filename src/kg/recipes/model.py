"""What a recipe says: read from TOML, or from the manifest that an earlier build has written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from kg import fetch, generations
from kg.errors import InputError, RequestError
from kg.mapping.iris import checked_base
from kg.namespaces import BASE
from kg.readers import InputKind, files
from kg.readers.sources import load_catalogue
from kg.readers.toml import read_toml

__all__ = ["Recipe", "RecipeInput", "Stated", "addresses", "load_recipe"]

READERS: tuple[str, ...] = get_args(InputKind)
#: The keys of a recipe and of its inputs, with what each has to be.
KEYS: dict[str, type] = {
    "base": str,
    "strict": bool,
    "lenient": bool,
    "onet-release": str,
    "sources": str,
    "sources-sha256": str,
    "input": list,
}
INPUT_KEYS: dict[str, type] = {
    "path": str,
    "url": str,
    "source": str,
    "name": str,
    "reader": str,
    "release": str,
    "licence": str,
    "sha256": str,
    "max-bytes": int,
}
_PLACES = ("path", "url", "source")
_TYPES = {
    str: "a text",
    bool: "true or false",
    list: "tables headed [[input]]",
    int: "a whole number",
}
_HEAD = re.compile(r"[ \t]*\[\[?[ \t]*[\"']?([\w-]+)[\"']?[ \t]*\]\]?")
_KEY = re.compile(r"[ \t]*[\"']?([\w-]+)[\"']?[ \t]*=")
_MANIFEST = "manifest.json"
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class RecipeInput:
    """An input of a recipe: a path, or addresses, and what it should be.

    `reader` is a kind that `kg.readers.find_inputs` tells, where the recipe names one; `release`
    the number of an O*NET release, or the version of a source; `licence` is only for who reads it.
    """

    line: int | None
    path: Path | None = None
    urls: tuple[str, ...] = ()
    name: str | None = None
    reader: InputKind | None = None
    release: str | None = None
    licence: str | None = None
    sha256: str | None = None
    limit: int = fetch.LIMIT


@dataclass(frozen=True, slots=True)
class Stated:
    """An input as a manifest states it: its kind, its name, and its digest.

    Of the folders above it the name has only the one that names its release, where that counts.
    """

    kind: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a build is made from.

    One from TOML has `inputs`; one from a manifest has what was `stated` of the inputs, the
    addresses that they were `fetched` from by name and checksum, and the `manifest` itself.
    """

    file: Path
    inputs: tuple[RecipeInput, ...] = ()
    base: str = BASE
    strict: bool = False
    lenient: bool = False
    release: str | None = None
    sources: Path | None = None
    sources_sha256: str | None = None
    stated: tuple[Stated, ...] = ()
    fetched: Mapping[str, Stated] | None = None
    manifest: Mapping[str, Any] | None = None


def load_recipe(path: Path) -> Recipe:
    """Return a recipe: of a TOML file, or of the manifest of a generation.

    Paths in TOML are relative to its folder. A generation may be named by its folder, by that of
    its graph, and as `DIR@NAME`. Raises InputError for a file that is no recipe, with the key that
    is wrong and its line; RequestError for a generation that is not there.
    """
    path = _manifest_of(path)
    file = files.shown(path)
    text = files.decode(files.read_bytes(path), file)
    if path.suffix.lower() == ".json" or text.lstrip().startswith("{"):
        return _of_manifest(path, text, file)
    table = read_toml(text, file, "a recipe")
    return _Toml(path, file, _lines(text)).recipe(table)


def _manifest_of(path: Path) -> Path:
    """Return the manifest of the generation that is named; any other path as it is."""
    root, at, name = str(path).rpartition("@")
    if at and root and name and not path.exists():
        return generations.named(Path(root), name).path / _MANIFEST
    if path.is_dir():
        inside = path / _MANIFEST
        return inside if inside.is_file() else generations.current(path).path / _MANIFEST
    return path


def addresses(key: str, release: str | None = None, extra: Path | None = None) -> tuple[str, ...]:
    """Return where the files of a release of a source are downloaded, by the source catalogue.

    Without a release it is the version that the catalogue knows. Raises RequestError for a source
    that is not there, or of which no address is known.
    """
    catalogue = load_catalogue(extra).sources
    if key not in catalogue:
        known = ", ".join(sorted(k for k, s in catalogue.items() if s.download))
        raise RequestError(f"there is no source {key!r}; these can be downloaded: {known}")
    source = catalogue[key]
    if not source.download:
        where = f"; get it from {source.url}" if source.url else ""
        raise RequestError(f"of the source {key} no address for downloads is known{where}")
    version = release or source.version
    if version is None:
        raise RequestError(f"of the source {key} no release is known; name one")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}", version):
        raise RequestError(f"{version!r} is not the name of a release, such as 30.2")
    return tuple(
        fetch.check_address(
            template.replace("{version}", version).replace("{version_}", version.replace(".", "_"))
        )
        for template in source.download
    )


def _lines(text: str) -> dict[tuple[int, str], int]:
    """Return the line of each key: of the recipe itself as of input -1; an input's head is ""."""
    lines: dict[tuple[int, str], int] = {}
    inputs, at = 0, -1
    for number, row in enumerate(text.split("\n"), 1):
        if head := _HEAD.match(row):
            at = -2  # what may not be there is told by its head
            if head[1] == "input":
                at, inputs = inputs, inputs + 1
                lines[at, ""] = number
            lines.setdefault((-1, head[1]), number)
        elif key := _KEY.match(row):
            lines.setdefault((at, key[1]), number)
    return lines


@dataclass(frozen=True, slots=True)
class _Toml:
    """Reads a recipe from TOML, and knows where its keys stand."""

    path: Path
    file: str
    lines: Mapping[tuple[int, str], int]

    def recipe(self, table: Mapping[str, Any]) -> Recipe:
        self.check(table, KEYS, -1)
        try:
            base = checked_base(table.get("base", BASE))
        except RequestError as error:
            raise self.wrong("base", str(error).replace("--base", "base")) from None
        entries = table.get("input", [])
        if not entries or not all(isinstance(entry, dict) for entry in entries):
            raise self.wrong("input", "a recipe needs an [[input]] table for each input")
        sources = self.path.parent / table["sources"] if "sources" in table else None
        if "sources-sha256" in table and sources is None:
            raise self.wrong("sources-sha256", "sources-sha256 needs sources")
        self.check_sha256("sources-sha256", table.get("sources-sha256"), -1)
        if sources is not None and "sources-sha256" in table:
            self.check_sources(sources, table["sources-sha256"])
        inputs = tuple(self.entry(entry, at, sources) for at, entry in enumerate(entries))
        release = table.get("onet-release")
        of_inputs = {i.release for i in inputs if i.reader == "release" and i.release}
        if len(of_inputs | ({release} if release else set())) > 1:
            raise self.wrong("onet-release", "onet-release and the inputs name several releases")
        return Recipe(
            self.path,
            inputs,
            base,
            table.get("strict", False),
            table.get("lenient", False),
            release or next(iter(of_inputs), None),
            sources,
            table.get("sources-sha256"),
        )

    def entry(self, entry: Mapping[str, Any], at: int, sources: Path | None) -> RecipeInput:
        self.check(entry, INPUT_KEYS, at)
        places = [key for key in _PLACES if key in entry]
        if len(places) != 1:
            which = " and ".join(places) or "none"
            raise self.wrong(
                places[1] if places else "",
                f"an input needs exactly one of path, url and source; here: {which}",
                at,
            )
        if (reader := entry.get("reader")) is not None and reader not in READERS:
            raise self.wrong("reader", f"reader {reader!r}: one of {', '.join(READERS)}", at)
        self.check_sha256("sha256", entry.get("sha256"), at)
        if (limit := entry.get("max-bytes", fetch.LIMIT)) < 1:
            raise self.wrong("max-bytes", "max-bytes must be more than 0", at)
        urls = self.urls(entry, at, sources)
        if urls and "release" in entry:
            try:
                fetch.check_name(entry["release"], "release")
            except RequestError as error:
                raise self.wrong("release", str(error), at) from None
        if places == ["path"]:
            for key in ("name", "max-bytes"):
                if key in entry:
                    raise self.wrong(key, f"{key} is for what is downloaded", at)
        elif len(urls) > 1:
            for key in ("name", "sha256"):
                if key in entry:
                    raise self.wrong(key, f"{key}: the source has {len(urls)} files", at)
        return RecipeInput(
            self.lines.get((at, "")) or self.lines.get((-1, "input")),
            self.path.parent / entry["path"] if "path" in entry else None,
            urls,
            entry.get("name"),
            reader,
            entry.get("release"),
            entry.get("licence"),
            entry.get("sha256"),
            limit,
        )

    def urls(self, entry: Mapping[str, Any], at: int, sources: Path | None) -> tuple[str, ...]:
        key = "url" if "url" in entry else "source"
        try:
            if "source" in entry:
                return addresses(entry["source"], entry.get("release"), sources)
            if "url" not in entry:
                return ()
            url = fetch.check_address(entry["url"])
            if "name" in entry:
                key = "name"
                fetch.check_name(entry["name"], "name")
            else:
                fetch.name_of(url)
            return (url,)
        except RequestError as error:
            raise self.wrong(key, str(error), at) from None

    def check(self, table: Mapping[str, Any], keys: Mapping[str, type], at: int) -> None:
        for key, value in table.items():
            if key not in keys:
                raise self.wrong(key, f"unknown key {key!r}; allowed: {', '.join(keys)}", at)
            wanted = keys[key]
            if type(value) is not wanted:  # true is an int to Python
                raise self.wrong(key, f"{key} must be {_TYPES[wanted]}", at)
            if value == "":
                raise self.wrong(key, f"{key} is empty", at)
            if isinstance(value, str) and "\0" in value:
                raise self.wrong(key, f"{key} holds a NUL character", at)

    def check_sha256(self, key: str, value: str | None, at: int) -> None:
        if value is not None and not _SHA256.fullmatch(value):
            raise self.wrong(key, f"{key} is no SHA-256: 64 digits, 0 to 9 and a to f", at)

    def check_sources(self, sources: Path, sha256: str) -> None:
        """Raise InputError for another catalogue than is named: addresses are taken from it."""
        try:
            found = files.file_sha256(sources)
        except InputError as error:
            raise self.wrong("sources", str(error)) from None
        if found != sha256:
            message = f"{files.shown(sources)} has the sha256 {found}, not the one of the recipe"
            raise self.wrong("sources-sha256", f"{message}; nothing was read")

    def wrong(self, key: str, message: str, at: int = -1) -> InputError:
        line = self.lines.get((at, key)) or self.lines.get((at, ""))
        return InputError(message, self.file, line)


def _of_manifest(path: Path, text: str, file: str) -> Recipe:
    try:
        manifest = json.loads(text)
        base = checked_base(manifest["base"])
        stated = tuple(_stated(item, item["kind"]) for item in manifest["inputs"])
        fetched = {
            fetch.check_address(item["url"]): _stated(item, "file")
            for item in manifest.get("fetched", [])
        }
        options = manifest.get("options", {})
        release, lenient = options.get("onet-release"), options.get("lenient", False)
        parts = {part["graph"]: part["sha256"] for part in manifest["parts"]}
        if not isinstance(release, str | None) or not isinstance(lenient, bool) or not parts:
            raise ValueError("options")
    except KeyError as error:
        raise InputError(f"is no manifest of a generation: it lacks {error}", file) from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InputError("is no manifest of a generation", file) from None
    if all(item.kind == "sources" for item in stated):
        raise InputError("is a manifest that states no inputs: there is nothing to build", file)
    return Recipe(
        path,
        base=base,
        lenient=lenient,
        release=release,
        stated=stated,
        fetched=fetched,
        manifest=manifest,
    )


def _stated(item: Mapping[str, Any], kind: str) -> Stated:
    name, sha256 = item["file"], item["sha256"]
    if not _SHA256.fullmatch(sha256) or not (isinstance(name, str) and isinstance(kind, str)):
        raise ValueError(name)
    if kind not in (*READERS, "sources", "file"):
        raise ValueError(kind)
    return Stated(kind, name, sha256)
