"""Measures the analyses on a graph: python benchmarks/analyses.py GRAPH [FROM TO].

Prints the median seconds of a transition and of the betweenness of an occupation's graph after the
ratings and the projection were read, and beside it what plain NetworkX takes: betweenness by way of
sampled shortest paths over the whole projection, of which an exact one would take hours.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

import networkx as nx
from measure import machine, timed, versions

import kg

_SAMPLES = 10
_ROUNDS = 3


def main() -> None:
    """Measure, and print a line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("graph", help="the graph's folder")
    parser.add_argument("start", nargs="?", default="15-1232.00", help="an occupation")
    parser.add_argument("end", nargs="?", default="15-1212.00", help="another occupation")
    arguments = parser.parse_args()
    print(machine())
    print(versions("networkx", "scipy", "polars"))
    graph = kg.open(arguments.graph)
    print(f"quads {graph.generation.manifest['quads']:,}")
    transition = _say("first transition", lambda: _transition(graph, arguments))
    print(f"  {transition.notes[-1]}")
    _say("transition", lambda: _transition(graph, arguments), _ROUNDS)
    _say("first betweenness", lambda: graph.analyze("centrality", arguments.start))
    _say("betweenness", lambda: graph.analyze("centrality", arguments.start), _ROUNDS)
    whole = _say("projection as NetworkX", lambda: nx.Graph(graph.project().to_networkx()))
    name = f"plain NetworkX, {_SAMPLES} of {whole.number_of_nodes():,} sources"
    _say(name, lambda: nx.betweenness_centrality(whole, k=_SAMPLES, seed=0))


def _transition(graph: Any, arguments: argparse.Namespace) -> Any:
    return graph.analyze("transition", arguments.start, arguments.end)


def _say(name: str, act: Callable[[], Any], rounds: int = 1) -> Any:
    """Print the median of the seconds of some rounds, and return what the last one gave."""
    result, seconds = timed(act, rounds)
    print(f"{name}: {seconds:.2f} s", flush=True)
    return result


if __name__ == "__main__":
    main()
