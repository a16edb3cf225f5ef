"""What shapes look at in a store behind a SPARQL endpoint, fetched to be checked here.

One request asks for all of it: blank nodes of another answer would be other nodes.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import rdflib

from kg import quads, remote
from kg.errors import QueryError
from kg.namespaces import RDF, RDFS
from kg.readers import rdf as reader
from kg.shacl import Relevance, relevance, select
from kg.validation import Data

__all__ = ["data_of_endpoint"]


def data_of_endpoint(endpoint: str, shapes: rdflib.Graph, timeout: float | None = 60.0) -> Data:
    """Return the quads of an endpoint's default graph that shapes can look at.

    Raises RequestError for an address that is none, QueryTimeoutError after `timeout` seconds, and
    QueryError where the endpoint does not answer, or answers with more than is taken.
    """
    wanted = relevance(shapes)
    text = query_for(wanted)
    try:
        answer = remote.ask(endpoint, text, syntax="ntriples", timeout=timeout)
    except QueryError as error:
        if "larger than" not in str(error):
            raise
        raise QueryError(
            f"{endpoint}: what the shapes look at is larger than "
            f"{remote.MOST_BYTES / 2**20:g} MiB; check a file of the data, or use fewer shapes"
        ) from None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.nt"
        with answer, path.open("wb") as out:  # type: ignore[union-attr]  # open, in this syntax
            while piece := answer.read(2**20):  # type: ignore[union-attr]
                out.write(piece)
        table = quads.concat(reader.read_rdf(path).tables())
    return Data(select(table.lazy(), wanted).collect())


def query_for(wanted: Relevance) -> str:
    """Return the query for all triples that `kg.shacl.select` keeps, and maybe more."""
    if wanted.predicates is None:
        return "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
    parts = [f"{{ {_values('p', wanted.predicates | {RDFS.subClassOf})} ?s ?p ?o }}"]
    typed = f"VALUES ?p {{ <{RDF.type}> }} ?s ?p ?o"
    if wanted.classes is None:
        parts.append(f"{{ {typed} }}")
    else:
        below = f"?o <{RDFS.subClassOf}>* ?class"
        parts.append(f"{{ {_values('class', wanted.classes)} {below} . {typed} }}")
        parts.append(f"{{ {typed} FILTER (!isIRI(?o)) }}")
    parts.append("{ ?s ?p ?o FILTER (isBlank(?s) || isBlank(?o)) }")
    return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {' UNION '.join(parts)} }}"


def _values(variable: str, iris: frozenset[str]) -> str:
    return f"VALUES ?{variable} {{ {' '.join(f'<{iri}>' for iri in sorted(iris))} }}"
