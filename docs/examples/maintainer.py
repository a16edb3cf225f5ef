"""A maintainer's check: what is wrong in the pages, and where; exits 1 where something is.

python docs/examples/maintainer.py [PAGE ...] [RELEASE]
"""

from __future__ import annotations

import sys
import tempfile

import kg

PLACES = """
SELECT ?statement ?file ?line ?label
WHERE { ?statement a kg:Statement ; prov:wasDerivedFrom/kg:fileName ?file ; kg:line ?line
        OPTIONAL { ?statement skos:prefLabel ?label } }
"""


def main(*inputs: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        try:
            graph = kg.build(*inputs, graph=folder)
        except kg.RefusedError as error:
            print(error, *error.findings, sep="\n  ")
            return 1
        for finding in graph.findings:
            print(finding)
        report = graph.validate()
        print(", ".join(f"{number} {severity}" for severity, number in report.counts.items()))
        places = {row["statement"]: row for row in graph.stream(PLACES)}
        for result in report.results:
            if row := places.get(str(result.focus_node)):
                print(f"{row['file']}:{row['line']}: {row['label']}: {result.messages[0]}")
        return 0 if report.counts["violation"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
