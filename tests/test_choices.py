"""Names that are listed before what they name is loaded."""

from __future__ import annotations

import subprocess
import sys

from kg import analyses, choices


def test_every_analysis_is_listed() -> None:
    """The names are those of the analyses, in their order."""
    assert choices.ANALYSES == tuple(analyses.ANALYSES)


def test_listing_them_loads_nothing() -> None:
    """The command line is ready, help and all, before tables and graphs are imported."""
    said = (
        "import sys, kg.cli; print(*sorted({'networkx', 'numpy', 'polars'} & sys.modules.keys()))"
    )
    call = [sys.executable, "-c", said]
    assert "\n" == subprocess.run(call, check=True, capture_output=True, text=True).stdout
