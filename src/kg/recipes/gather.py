"""From a recipe to inputs that can be read: found or downloaded, and with the right checksums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.errors import InputError, RequestError
from kg.fetch import Fetched, fetch
from kg.progress import Progress, silent
from kg.readers import Input, files, find_inputs
from kg.recipes.locks import Lock, lock_file
from kg.recipes.model import Recipe, RecipeInput, Stated
from kg.recipes.search import Search, folder_digest
from kg.resources import folder

__all__ = ["Gathered", "fetch_inputs", "gather"]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inputs of a recipe, with the number of their release where it has to be said.

    `fetched` are the downloaded files among them by address, as a manifest states them; `states`
    what the files of a recipe's checksums were like before these were compared.
    """

    inputs: tuple[Input, ...]
    sources: Path | None
    release: str | None
    fetched: Mapping[str, Stated]
    states: Mapping[Path, object] = field(default_factory=dict)

    def check_unchanged(self) -> None:
        """Raise InputError where a file has been changed since its checksum was compared."""
        for path, state in self.states.items():
            if _state(path) != state:
                raise InputError(
                    "changed after its checksum was compared; build again", files.shown(path)
                )


def _state(path: Path) -> list[object]:
    """Return what becomes another when a file, or one at any depth in a folder, is changed."""
    return [files.state(path), *(files.state(p) for p in sorted(path.rglob("*")) if p.is_dir())]


def gather(recipe: Recipe, look_in: Sequence[Path] = (), progress: Progress = silent) -> Gathered:
    """Return the inputs of a recipe; nothing of them is read before all are as they should be.

    Those of a manifest are looked for by name and checksum in the files and folders `look_in`
    (none: the working folder), in what was downloaded for it, and in the bundled example.
    Raises InputError where an input is not there, cannot be downloaded, or has another checksum
    than the recipe says; RequestError for places to look in where the recipe says where.
    """
    if recipe.manifest is not None:
        return _gather_stated(recipe, look_in or (Path(),), progress)
    if look_in:
        raise RequestError(
            f"{files.shown(recipe.file)} says where its inputs are; give either it or inputs"
        )
    # What lies here is checked before anything is downloaded.
    checked = [item.path for item in recipe.inputs if item.path is not None and item.sha256]
    if recipe.sources is not None and recipe.sources_sha256:
        checked.append(recipe.sources)
    states = {path: _state(path) for path in checked}
    for item in recipe.inputs:
        if item.path is not None:
            _check(recipe, item.path, item.sha256, item.line)
    if recipe.sources is not None:
        _check(recipe, recipe.sources, recipe.sources_sha256, None)
    downloads = {id(item): got for item, got in fetch_inputs(recipe, progress)}
    inputs: list[Input] = []
    release = recipe.release
    for item in recipe.inputs:
        paths = [item.path] if item.path is not None else [f.path for f in downloads[id(item)]]
        found = [i for path in paths for i in _inputs(recipe, item, path)]
        if item.path is not None and item.release and any(i.kind == "release" for i in found):
            release = release or item.release
        inputs += found
    fetched = {
        file.url: Stated("file", _place(item, file), file.sha256)
        for item in recipe.inputs
        for file in downloads.get(id(item), ())
    }
    return Gathered(tuple(inputs), recipe.sources, release, fetched, states)


def _place(item: RecipeInput, file: Fetched) -> str:
    """Return a downloaded file's name, with the folder of its release if it has one."""
    return f"{item.release}/{file.path.name}" if item.release else file.path.name


def fetch_inputs(
    recipe: Recipe, progress: Progress = silent
) -> Iterator[tuple[RecipeInput, list[Fetched]]]:
    """Download what a recipe names by address, and yield each such input with its files.

    What has no checksum in the recipe has to be what its lock file says, where it is recorded
    when it is first downloaded. Raises InputError where a file cannot be downloaded or has
    another checksum, OutputError where the cache or the lock file cannot be written.
    """
    lock = Lock(lock_file(recipe.file))
    known = lock.known()
    for item in recipe.inputs:
        got = []
        for url in item.urls:
            said = item.sha256 or (known[url][0] if url in known else None)
            try:
                file = fetch(
                    url,
                    said,
                    name=item.name,
                    release=item.release,
                    limit=item.limit,
                    progress=progress,
                )
            except InputError as error:
                by = "" if item.sha256 or not said else f" (by {files.shown(lock.path)})"
                where = files.shown(recipe.file)
                raise InputError(f"{error}{by}", where, item.line) from None
            if said is None:
                lock.record(file)
            got.append(file)
        if got:
            yield item, got


def _check(recipe: Recipe, path: Path, sha256: str | None, line: int | None) -> None:
    where = files.shown(recipe.file)
    try:
        if not path.exists():
            raise InputError(f"there is no {files.shown(path)}", where, line)
        if sha256 is None:
            return
        found = folder_digest(path) if path.is_dir() else files.file_sha256(path)
    except OSError as error:
        said = f"{files.shown(path)} cannot be read: {error.strerror or error}"
        raise InputError(said, where, line) from None
    if found != sha256:
        raise InputError(
            f"{files.shown(path)} has the sha256 {found}, not the one of the recipe; "
            "nothing was read",
            where,
            line,
        )


def _inputs(recipe: Recipe, item: RecipeInput, path: Path) -> list[Input]:
    """Return what a path holds: what its reader reads of it, where the recipe names one."""
    try:
        found = list(find_inputs(path))
    except InputError:
        if item.reader is None or path.is_dir():
            raise
        found = []
    if item.reader is None:
        return found
    chosen = [i for i in found if i.kind == item.reader]
    if not chosen and path.is_dir():
        kinds = ", ".join(sorted({i.kind for i in found}))
        raise InputError(
            f"{files.shown(path)} holds nothing for the reader {item.reader}, but: {kinds}",
            files.shown(recipe.file),
            item.line,
        )
    return chosen or [Input(item.reader, path)]


def _gather_stated(recipe: Recipe, places: Sequence[Path], progress: Progress) -> Gathered:
    search = Search([*places, folder("build") / "example"])
    fetched = dict(recipe.fetched or {})
    found = {stated: search.find(stated) for stated in recipe.stated}
    for url, stated in sorted(fetched.items()):
        if all(found.values()):
            break
        if search.file(stated) is None:
            release, _, name = stated.file.rpartition("/")
            got = fetch(url, stated.sha256, name=name, release=release or None, progress=progress)
            search.add(got.path)
            found |= {s: search.find(s) for s, there in found.items() if there is None}
    if missing := [stated for stated, there in found.items() if there is None]:
        raise _missing(recipe, missing, places, search)
    inputs = [i for s, i in found.items() if i is not None and s.kind != "sources"]
    sources = [i.path for s, i in found.items() if i is not None and s.kind == "sources"]
    return Gathered(tuple(inputs), next(iter(sources), None), recipe.release, fetched)


def _missing(
    recipe: Recipe, missing: Sequence[Stated], places: Sequence[Path], search: Search
) -> InputError:
    first = missing[0]
    more = f" (and {len(missing) - 1:,} more)" if len(missing) > 1 else ""
    if others := search.others(first):
        said = f"{files.shown(others[0])} has another checksum"
    else:
        said = f"nothing in {', '.join(files.shown(place) for place in places)} has its name"
    return InputError(
        f"the {first.kind} {first.file!r} with sha256 {first.sha256[:12]}… is not there{more}: "
        f"{said}; name the folder that it is in",
        files.shown(recipe.file),
    )
