"""An analyst's tables: statements and figures with typed columns, as Parquet and CSV.

python docs/examples/analyst.py [FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import polars as pl

import kg

STATEMENTS = """
SELECT ?statement ?occupation ?framework ?domain ?stage ?position ?label ?text
WHERE {
  ?statement a kg:Statement ; kg:position ?position ;
    kg:occupation/skos:prefLabel ?occupation ; kg:framework/dct:type/skos:prefLabel ?framework .
  OPTIONAL { ?statement kg:domain/skos:prefLabel ?domain }
  OPTIONAL { ?statement kg:stage/kg:position ?stage }
  OPTIONAL { ?statement skos:prefLabel ?label }
  OPTIONAL { ?statement skos:definition ?text }
}
ORDER BY ?occupation ?framework ?domain ?position
"""


def main(out: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.build(graph=folder)  # the bundled example; give it pages and a release
        statements = graph.query(STATEMENTS).to_polars()
        figures = graph.query("evidence-figures").to_polars()
    statements.write_parquet(out / "statements.parquet")
    figures.write_csv(out / "figures.csv")
    print(statements.group_by("framework").agg(pl.len().alias("statements")).sort("framework"))
    print(figures.select("metric", "value", "unit"))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
