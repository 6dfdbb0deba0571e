"""Number and name what was found, and put it together as an `ArgumentMap`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from nlp.crux import person_of
from nlp.headlines import Names
from nlp.model import ArgumentMap, Issue, KeyPoint, MadeBy, Relation, Residue, Unit
from nlp.relations import Link
from nlp.thread_view import ThreadView
from nlp.weights import fingerprints


def assemble(
    view: ThreadView,
    *,
    groups: Sequence[tuple[int, ...]],
    links: Sequence[Link],
    names: Names,
    issue: Issue | None,
    divide: int | None,
    left_out: tuple[Residue, ...],
) -> ArgumentMap:
    """Give the map: units in reading order, key points by first unit, relations by source."""
    units = tuple(
        Unit(
            id=f"u{i + 1}",
            post=d.post,
            start=d.start,
            end=d.end,
            text=d.text,
            kind=d.kind,
            holder=d.holder,
            headline=names.units[i],
            confidence=d.confidence,
        )
        for i, d in enumerate(view.drafts)
    )
    key_points = tuple(
        KeyPoint(
            id=f"k{k + 1}",
            headline=names.groups[k],
            units=tuple(units[m].id for m in group),
            speakers=tuple(dict.fromkeys(person_of(view, m) for m in group)),
        )
        for k, group in enumerate(groups)
    )
    relations = tuple(
        Relation(
            source=units[link.source].id,
            target=units[link.target].id,
            type=link.type,
            confidence=link.confidence,
            cue=link.cue,
        )
        for link in links
    )
    return ArgumentMap(
        thread=view.thread,
        issue=issue,
        units=units,
        key_points=key_points,
        relations=relations,
        crux=None if divide is None else key_points[divide].id,
        residue=left_out,
        made_by=MadeBy(crux=_version(), weights=fingerprints()),
    )


def _version() -> str:
    try:
        return version("crux-map")
    except PackageNotFoundError:
        return "0+unknown"
