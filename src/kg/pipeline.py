"""A build: inputs are assembled, refused where findings forbid it, and published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version as version_of
from pathlib import Path

from kg import __version__, generations
from kg.assembly import Assembly, assemble
from kg.errors import RefusedError
from kg.mapping.iris import checked_base
from kg.model import Finding
from kg.namespaces import BASE

__all__ = ["BuildReport", "build", "refuse"]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build's result: the generation, whether it is a new one, and what was noticed."""

    generation: generations.Generation
    is_new: bool
    assembly: Assembly


def build(
    inputs: Sequence[Path] = (),
    out: Path = Path("graph"),
    *,
    sources: Path | None = None,
    strict: bool = False,
    lenient: bool = False,
    base: str = BASE,
    release: str | None = None,
) -> BuildReport:
    """Build a graph from inputs (none: the bundled example) and publish it in a folder.

    With `lenient`, what is wrong in the tables of an O*NET release is left out and counted;
    `release` is the release's number where it does not say so itself. Raises InputError for an
    input that cannot be read, RefusedError where findings forbid to publish (errors; with
    `strict` warnings too), OutputError where the folder cannot be written.
    """
    assembly = assemble(inputs, sources=sources, base=base, release=release, lenient=lenient)
    refuse(assembly.findings, strict)
    facts = {
        "base": checked_base(base),
        "inputs": [
            {"kind": kind, "file": d.file_name, "sha256": d.sha256} for kind, d in assembly.inputs
        ],
        "tables": assembly.tables,
        "versions": {
            "skills-kg": __version__,
            **{name: version_of(name) for name in ("polars", "pyoxigraph", "scikit-learn")},
        },
    }
    with generations.draft(out) as draft:
        for graph, chunks in assembly.stream(draft):
            draft.add(graph, chunks)
        refuse(assembly.findings, strict)  # of RDF documents there are some only now
        generation, is_new = draft.publish(facts)
    return BuildReport(generation, is_new, assembly)


def refuse(findings: Sequence[Finding], strict: bool = False) -> None:
    """Raise RefusedError where findings forbid to go on: errors; with `strict` warnings too."""
    severities = ("error", "warning") if strict else ("error",)
    bad = [f for f in findings if f.severity in severities]
    if bad:
        number, verb = (f"{len(bad)} findings", "") if len(bad) > 1 else ("1 finding", "s")
        why = "errors under --strict" if strict else "errors"
        raise RefusedError(f"{number} that count{verb} as {why}; the inputs are refused", findings)
