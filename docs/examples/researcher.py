"""A researcher's question: on which evidence do the statements of a domain rest?

python docs/examples/researcher.py [DOMAIN]
"""

from __future__ import annotations

import sys
import tempfile

import kg

# What no named query answers is SPARQL. The project's prefixes are declared already, and a
# parameter is bound as the node that its value names, never pasted into the text.
EVIDENCE = """\
#+ params:
#+   - name: domain
#+     kind: domain
#+     description: The domain, by name or IRI.
SELECT ?source (COUNT(?statement) AS ?statements)
WHERE { ?statement kg:domain $domain ; kg:cites/dct:title ?source }
GROUP BY ?source ORDER BY DESC(?statements) ?source
"""


def main(domain: str = "Communication") -> None:
    with tempfile.TemporaryDirectory() as folder:
        graph = kg.build(graph=folder)  # the bundled example; give it pages and a release
        for row in graph.query("statements-of-domain", {"domain": domain}):
            print(f"{row['stage']}: {row['label']}")
        print(f"\nThe statements of {domain} rest on:")
        for row in graph.query(EVIDENCE, {"domain": domain}):
            print(f"  {row['source']}: {row['statements']}")
        print("\nTo cite:")
        for row in graph.query("sources-to-cite"):
            print(f"  {row['citation'] or row['source']}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
