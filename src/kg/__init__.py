"""Build, validate, query and analyse a knowledge graph of occupational skills.

>>> import kg
>>> graph = kg.build(graph="graph")  # the bundled example
>>> for row in kg.open("graph").query("citations-per-source", limit=2):
...     print(row["source"], row["citing"], row["percent"])
Pathsmith Durable Skills Framework 43 75.4
O*NET Database 30 52.6

What is offered here is loaded when it is first used, so that importing `kg` is quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from kg.errors import (
    InputError,
    KgError,
    NotFoundError,
    OutputError,
    QueryError,
    QueryTimeoutError,
    RefusedError,
    RequestError,
    ShapesError,
)

if TYPE_CHECKING:
    from kg.api import Endpoint, build
    from kg.graph import Graph
    from kg.graph import open_graph as open
    from kg.store import Answer

__all__ = [
    "Answer",
    "Endpoint",
    "Graph",
    "InputError",
    "KgError",
    "NotFoundError",
    "OutputError",
    "QueryError",
    "QueryTimeoutError",
    "RefusedError",
    "RequestError",
    "ShapesError",
    "__version__",
    "build",
    "open",
]

__version__ = "0.1.0"

_PLACES = {
    "Answer": ("kg.store", "Answer"),
    "Endpoint": ("kg.api", "Endpoint"),
    "Graph": ("kg.graph", "Graph"),
    "build": ("kg.api", "build"),
    "open": ("kg.graph", "open_graph"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _PLACES[name]
    value = globals()[name] = getattr(importlib.import_module(module), attribute)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
