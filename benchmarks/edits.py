"""Random edits of a corpus, and whether a build after each of them equals one from nothing.

    python benchmarks/edits.py CORPUS RELEASE [--number 20] [--seed 1]

CORPUS is what `corpus.py` wrote; its pages are copied, and the copies edited. After each edit the
graph of the edit before is built again, and another one from nothing: the digests of all parts and
the quads of both stores are compared. The time that both take is printed; 1 is returned if they
differ.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from measure import Failed, run

import kg

__all__ = ["EDITS", "draw", "edit", "main"]

_STATEMENT = re.compile(r"- (?P<label>[^—]+) — (?P<text>\S+).*")

Edit = Callable[[Path, Path, random.Random], str]


def edit(pages: Path, spare: Path, chance: random.Random) -> str:
    """Make one edit of pages in a folder, and say in a few words what was done."""
    possible = [name for name in EDITS if _is_possible(name, pages, spare)]
    return EDITS[chance.choice(possible)](pages, spare, chance)


def draw(folder: Path, chance: random.Random) -> Path:
    """Return one of the pages of a folder."""
    return chance.choice(sorted(folder.glob("*.txt")))


def _is_possible(name: str, pages: Path, spare: Path) -> bool:
    if name == "remove":
        return len(list(pages.glob("*.txt"))) > 1
    return name != "add" or any(spare.glob("*.txt"))


def _reword(pages: Path, spare: Path, chance: random.Random) -> str:
    """Put a word before the text of a statement."""
    number = chance.randrange(10**6)
    return _rewritten(pages, chance, "text", lambda words: [f"{number}-fold", *words])


def _rename(pages: Path, spare: Path, chance: random.Random) -> str:
    """Give a statement another label, and so another IRI."""
    number = chance.randrange(10**6)
    return _rewritten(pages, chance, "label", lambda words: [*words, f"no. {number}"])


def _rewritten(
    pages: Path, chance: random.Random, part: str, change: Callable[[list[str]], list[str]]
) -> str:
    page = draw(pages, chance)
    lines = page.read_text(encoding="utf-8").split("\n")
    found = [(n, m) for n, line in enumerate(lines) if (m := _STATEMENT.fullmatch(line))]
    number, match = chance.choice(found)
    words = " ".join(change(match[part].split()))
    line = lines[number]
    lines[number] = f"{line[: match.start(part)]}{words}{line[match.end(part) :]}"
    page.write_bytes("\n".join(lines).encode())
    return f"{part} of line {number + 1} of {page.name}"


def _count(pages: Path, spare: Path, chance: random.Random) -> str:
    """Give the evidence pack another number."""
    page = draw(pages, chance)
    text = page.read_text(encoding="utf-8")
    number = chance.randrange(10_000, 20_000)
    page.write_bytes(re.sub(r"(?<=Task observations: )\d+", str(number), text).encode())
    return f"evidence of {page.name}"


def _uncite(pages: Path, spare: Path, chance: random.Random) -> str:
    """Take the citations of a source from a page, or do nothing where there are none left."""
    page = draw(pages, chance)
    text = page.read_text(encoding="utf-8")
    chip = chance.choice(["WEF Skills Taxonomy", "Jadhav & Danve, 2026"])
    # Those of the source line stand without a space before them.
    pattern = rf" {re.escape(chip)}[^—\n]*— [^—\n]*?Opens in new tab\.(?= |\.?\n)"
    changed, number = re.subn(pattern, "", text)
    page.write_bytes(changed.encode())
    return f"{number} citations of {page.name}"


def _move(pages: Path, spare: Path, chance: random.Random) -> str:
    """Give the file of a page another name."""
    page = draw(pages, chance)
    number = chance.randrange(10**6)
    page.rename(page.with_name(f"{page.name.partition('_')[0].removesuffix('.txt')}_{number}.txt"))
    return f"name of {page.name}"


def _add(pages: Path, spare: Path, chance: random.Random) -> str:
    """Add a page from those that are spare."""
    page = draw(spare, chance)
    page.rename(pages / page.name)
    return f"added {page.name}"


def _remove(pages: Path, spare: Path, chance: random.Random) -> str:
    """Take a page away, to be added again some time."""
    page = draw(pages, chance)
    page.rename(spare / page.name)
    return f"removed {page.name}"


#: The kinds of edit by name; all are equally likely.
EDITS: Mapping[str, Edit] = {
    "add": _add,
    "count": _count,
    "move": _move,
    "remove": _remove,
    "rename": _rename,
    "reword": _reword,
    "uncite": _uncite,
}


def built(inputs: Sequence[Path], graph: Path) -> tuple[dict[str, Any], float]:
    """Build a graph by the command line; return digests by graph, and the seconds it took."""
    took = run([sys.executable, "-m", "kg", "build", *inputs, "--graph", graph]).wall
    parts = kg.open(graph).generation.manifest["parts"]
    return {part["graph"]: part["sha256"] for part in parts}, took


def stored(graph: Path) -> tuple[int, str]:
    """Return the number of quads of a graph's store, and a digest of them in any order."""
    store = ox.Store.read_only(str(kg.open(graph).generation.store))
    number, total = 0, 0
    for quad in store:
        number += 1
        total += int.from_bytes(hashlib.blake2b(str(quad).encode(), digest_size=16).digest())
    return number, f"{total % 2**128:032x}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Edit, build and compare as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("corpus", type=Path, metavar="CORPUS")
    parser.add_argument("release", type=Path, metavar="RELEASE")
    parser.add_argument("--number", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    try:
        differ = _compared(options.corpus, options.release, options.number, options.seed)
    except (Failed, OSError) as error:
        print(f"not compared: {error}", file=sys.stderr)
        return 2
    print(f"{options.number - differ} of {options.number} equal")
    return 1 if differ else 0


def _compared(corpus: Path, release: Path, number: int, seed: int) -> int:
    """Edit, build and compare so often; return how often the builds differ."""
    chance, differ = random.Random(seed), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pages, spare = folder / "pages", folder / "spare"
        shutil.copytree(corpus / "pages", pages)
        shutil.copytree(corpus / "spare", spare)
        inputs, kept, fresh = (pages, release), folder / "kept", folder / "fresh"
        _, took = built(inputs, kept)
        print(f"{len(list(pages.iterdir()))} pages from nothing: {took:.1f} s", flush=True)
        for index in range(1, number + 1):
            what = edit(pages, spare, chance)
            again, again_took = built(inputs, kept)
            whole, whole_took = built(inputs, fresh)
            unlike = sorted(g for g in again.keys() | whole if again.get(g) != whole.get(g))
            same = not unlike and stored(kept) == stored(fresh)
            differ += not same
            verdict = "equal" if same else f"DIFFERS {', '.join(unlike) or 'in the store'}"
            times = f"{again_took:.1f} s, {whole_took:.1f} s"
            print(f"{index}: {what}: {times}, {verdict}", flush=True)
            shutil.rmtree(fresh)
    return differ


if __name__ == "__main__":
    sys.exit(main())
