"""`kg fetch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.app import SourcesOption, app, examples
from kg.cli.output import note, say
from kg.errors import RequestError
from kg.texts import number_of

__all__: list[str] = []


@app.command(
    epilog=examples(
        "kg fetch onet 30.2", "kg fetch onet 30.2 -o releases", "kg fetch --recipe everything.toml"
    )
)
def fetch(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]", help="A source of the catalogue whose download is known."
        ),
    ] = None,
    release: Annotated[
        str | None,
        typer.Argument(metavar="[RELEASE]", help="None: the one that the catalogue knows."),
    ] = None,
    recipe: Annotated[
        Path | None,
        typer.Option("--recipe", metavar="FILE", help="Download what this recipe needs."),
    ] = None,
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="DIR", help="Where the files of SOURCE go.")
    ] = Path(),
    sources: SourcesOption = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Download a release of a source, or what a recipe needs, and check it.

    The checksum of what has none in a recipe is recorded at first, in a .lock file to be committed:
    beside the recipe, or in DIR. $KG_CACHE is where downloads are kept.
    """
    if (source is None) == (recipe is None):
        raise RequestError("name a source, such as onet, or a --recipe; see kg fetch --help")
    if recipe is not None:
        if output != Path() or sources is not None:
            raise RequestError("-o and --sources are for a source; a recipe says its own")
        _recipe(recipe, quiet=quiet)
    else:
        _source(str(source), release, output, sources, quiet=quiet)


def _recipe(path: Path, *, quiet: bool) -> None:
    from kg.cli.progress import shown_progress
    from kg.recipes import fetch_inputs, load_recipe

    recipe = load_recipe(path)
    if recipe.manifest is not None:
        raise RequestError(
            f"{path} is a manifest; kg build --recipe {path} downloads what it cannot find"
        )
    number = 0
    with shown_progress(quiet=quiet) as progress:
        for _, got in fetch_inputs(recipe, progress):
            number += len(got)
            for file in got:
                how = "was there" if file.was_cached else "downloaded"
                say(f"{file.path}: {number_of(file.size, 'byte')}, sha256 {file.sha256}, {how}")
    if not number:
        note("nothing to download: the recipe names no addresses")


def _source(
    source: str, release: str | None, folder: Path, sources: Path | None, *, quiet: bool
) -> None:
    from kg import fetch as downloads
    from kg.cli.progress import shown_progress
    from kg.recipes import Lock, addresses

    lock = Lock(folder / "fetch.lock")
    known = lock.known()
    urls = addresses(source, release, sources)
    # Several files of a release lie in a folder of its name, by which they are known.
    inside = folder / release if release and len(urls) > 1 else folder
    for url in urls:
        said = known[url][0] if url in known else None
        with shown_progress(quiet=quiet) as progress:
            file = downloads.fetch(url, said, progress=progress)
        target = downloads.copy_to(file, inside)
        if said is None:
            lock.record(file)
        say(f"{target}: {number_of(file.size, 'byte')}, sha256 {file.sha256}")
        if said is None:
            note(f"its checksum is recorded in {lock.path}; commit that")
