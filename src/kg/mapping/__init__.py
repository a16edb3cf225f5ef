"""Records to quads. Everything here is pure: the same records give the same quads."""

from __future__ import annotations

__all__: list[str] = []
