"""Crux's thinking: a thread in, the map of its argument out. Pure: values in, values out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.model import (
    ArgumentMap,
    Furniture,
    Issue,
    KeyPoint,
    MadeBy,
    Post,
    Relation,
    Residue,
    Span,
    Thread,
    Unit,
)

if TYPE_CHECKING:
    from nlp.pipeline import analyze

__all__ = [
    "ArgumentMap",
    "Furniture",
    "Issue",
    "KeyPoint",
    "MadeBy",
    "Post",
    "Relation",
    "Residue",
    "Span",
    "Thread",
    "Unit",
    "analyze",
]


def __getattr__(name: str) -> Any:
    """Load the pipeline, and numpy and onnxruntime with it, at first use."""
    if name == "analyze":
        from nlp.pipeline import analyze

        return analyze
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
