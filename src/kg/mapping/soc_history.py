"""A history of codes in a graph: what describes the table, which links name."""

from __future__ import annotations

from kg import quads
from kg.mapping.contribution import Contribution, counted, document_rows, entry_of
from kg.mapping.iris import Iris
from kg.model import Source, SourceRef
from kg.namespaces import DCT
from kg.readers.soc_history import CodeHistory

__all__ = ["history_node", "map_history"]


def history_node(history: CodeHistory, iris: Iris) -> str:
    """Return the document of a history of codes."""
    return f"{iris.base}document/soc-history/{history.before}-{history.after}"


def map_history(history: CodeHistory, source: Source, iris: Iris) -> Contribution:
    """Return what a history of codes contributes: its own description, which links refer to."""
    name = f"soc-history/{history.before}-{history.after}"
    node, graph = history_node(history, iris), iris.graph(name)
    ref = SourceRef(source.key)
    title = f"O*NET-SOC codes of {history.before} and what became of them in {history.after}"
    rows = [
        *document_rows(node, "soc-history", history.document, iris.source(ref), graph),
        quads.text(node, DCT.title, title, graph),
    ]
    return Contribution(
        "history",
        name,
        (history.document,),
        {graph: lambda: [quads.from_rows(rows)]},
        {graph: entry_of(graph, node, source)},
        sources={ref: None},
        counts={name: counted(history.rows, history.rows, {}, 0, len(rows))},
    )
