"""What it costs to take over a large RDF document of others, beside what loading it costs.

    python benchmarks/foreign.py [--triples 11000000] [--suffix .nt]

The document is made up, in the terms of O*NET's own vocabulary: seven triples a rating, ratings in
no order. "quads" is everything before the store: parsing, sorting on disk, N-Quads with their
digest, and Parquet; "load" is Oxigraph's bulk load of those N-Quads. Processor time (user and
system), wall time and peak memory of one run are printed; each step is a process of its own.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from pathlib import Path

from measure import versions
from release import HEAD, measure, shown

ONET = "https://www.onetcenter.org/rdf/schema/onet/"
DATA = "https://data.example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KINDS = ("EssentialSkillsRating", "KnowledgeRating", "EducationRating", "WorkStylesRating")
OCCUPATION, RATING = "<{data}occupation/{code}>", "<{data}rating/{name:016x}>"
RATED = (
    ("<{onet}hasRating>", RATING),
    (f"<{TYPE}>", "<{onet}{kind}>"),
    ("<{onet}refersTo>", "<{data}element/2.A.{element}>"),
    ("<{onet}dataValue>", '"{value:.2f}"^^<{xsd}decimal>'),
    ("<{onet}sampleSize>", '"{size}"^^<{xsd}integer>'),
    ("<{onet}dateUpdated>", '"2026-0{month}"^^<{xsd}gYearMonth>'),
    ("<{onet}domainSource>", '"Analyst"@en'),
)
SYNTAXES = {
    ".nt": "".join(f"{RATING if i else OCCUPATION} {p} {o} .\n" for i, (p, o) in enumerate(RATED)),
    ".ttl": f"{OCCUPATION} {' '.join(RATED[0])} .\n{RATING} "
    + " ;\n    ".join(f"{p} {o}" for p, o in RATED[1:])
    + " .\n",
}


def write(path: Path, triples: int) -> None:
    """Write a document of about so many triples, the same each time."""
    chance, text = random.Random(31), SYNTAXES[path.suffix]
    with path.open("w", encoding="ascii") as out:
        for number in range(triples // len(RATED)):
            out.write(
                text.format(
                    code=f"{11 + number % 45}-{1000 + number % 1016}.00",
                    name=chance.getrandbits(64),
                    kind=KINDS[number % 4],
                    element=number % 300,
                    value=number * 7919 % 700 / 100,
                    size=number % 90,
                    month=number % 9 + 1,
                    onet=ONET,
                    data=DATA,
                    xsd=XSD,
                )
            )


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=11_000_000)
    parser.add_argument("--suffix", choices=SYNTAXES, default=".nt")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / f"data{options.suffix}"
        write(path, options.triples)
        print(versions("skills-kg", "polars", "pyoxigraph"))
        print(f"{options.triples:,} triples, {path.stat().st_size / 2**20:,.0f} MiB, {path.suffix}")
        print(HEAD)
        for step in ("quads", "load"):
            print(shown(step, measure(step, path, folder)), flush=True)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
