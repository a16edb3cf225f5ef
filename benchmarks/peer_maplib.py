"""Tables to N-Triples with maplib: what `peers.py` runs in a virtual environment of its own.

python benchmarks/peer_maplib.py FOLDER
"""

import json
import sys
from pathlib import Path

import polars as pl
from maplib import Model

TYPES = {"decimal": pl.Decimal(38, 12), "integer": pl.Int64(), "string": pl.String()}


def main(folder: Path) -> None:
    """Fill the templates with the tables, and write what they give."""
    model = Model()
    for name, of in json.loads((folder / "map.json").read_text(encoding="utf-8")).items():
        model.add_template(of["template"])
        table = pl.read_csv(folder / f"{name}.csv", infer_schema=False)
        columns = [
            pl.concat_str(
                pl.col(text) if is_column else pl.lit(text) for text, is_column in parts
            ).alias(argument)
            for argument, parts in of["names"].items()
        ]
        columns += [
            pl.col(column).cast(TYPES[kind]).alias(argument)
            for argument, (column, kind) in of["literals"].items()
        ]
        # The names are known to be IRIs.
        model.map(of["iri"], table.select(columns), validate_iris=False)
    model.write(str(folder / "maplib.nt"), format="ntriples")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
