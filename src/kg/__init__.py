"""Build, validate, query and analyse a knowledge graph of occupational skills."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
