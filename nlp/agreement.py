"""Agreement without words of its own ("+1", "this", "exactly"), carried to the point it is with.

Such a reply says once more what it answers: it becomes a unit of that point, so that whoever wrote
it stands among the people of the point, with those words as the proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from nlp.model import ArgumentMap, KeyPoint, Post, Residue, Unit
from nlp.residue import agrees


def carried(found: ArgumentMap) -> ArgumentMap:
    """Give the map with every plain agreement in the point that it agrees with.

    That is the point of the claim that most bears on in the post that is answered. Where there is
    no such claim, or its writer is who agrees, or the agreement goes on as an attack ("Fair. But
    ..."), it stays where it is.
    """
    posts = {post.id: post for post in found.thread.posts}
    main = _main_claims(found)
    post_of = {unit.id: unit.post for unit in found.units}
    against = {
        (post_of[r.source], post_of[r.target]) for r in found.relations if r.type == "attack"
    }
    point_of = {unit: point.id for point in found.key_points for unit in point.units}
    homes: dict[str, str] = {}  # units that only agree, and the points that they agree with
    for unit in found.units:
        target = _answered(posts, unit.post, main) if agrees(unit.text) else None
        if target and unit.kind == "claim" and (unit.post, target.post) not in against:
            homes[unit.id] = point_of[target.id]
    units, residue = list(found.units), []
    for row in found.residue:
        said = posts[row.post].text[row.start : row.end] if row.text is None else ""
        target = _answered(posts, row.post, main) if said and agrees(said) else None
        if target is None or (row.post, target.post) in against:
            residue.append(row)
            continue
        low = row.start + len(said) - len(said.lstrip())
        high = row.start + len(said.rstrip())
        fresh = replace(target, id=f"agrees {len(units)}", post=row.post, start=low, end=high)
        units.append(replace(fresh, text=said.strip(), holder="author"))
        homes[units[-1].id] = point_of[target.id]
    return _placed(found, units, tuple(residue), homes) if homes else found


def _main_claims(found: ArgumentMap) -> dict[str, Unit]:
    """Give for each post the claim that most bears on; of equals the first."""
    borne = Counter(relation.target for relation in found.relations)
    main: dict[str, Unit] = {}
    for unit in found.units:
        if unit.kind == "claim" and not agrees(unit.text):
            known = main.get(unit.post)
            if known is None or borne[unit.id] > borne[known.id]:
                main[unit.post] = unit
    return main


def _answered(posts: Mapping[str, Post], post: str, main: Mapping[str, Unit]) -> Unit | None:
    """Give the claim that a plain agreement in a post agrees with; None where there is none."""
    answered = posts[post].reply_to
    target = main.get(answered) if answered else None
    if target is None or posts[target.post].speaker == posts[post].speaker:
        return None
    return target


def _placed(
    found: ArgumentMap, units: list[Unit], residue: tuple[Residue, ...], homes: Mapping[str, str]
) -> ArgumentMap:
    """Put units into their points, and number all units in reading order."""
    order = {post.id: place for place, post in enumerate(found.thread.posts)}
    speakers = {post.id: post.speaker for post in found.thread.posts}
    units.sort(key=lambda u: (order[u.post], u.start, u.end))
    name = {unit.id: f"u{place}" for place, unit in enumerate(units, 1)}
    homes = {**{u: p.id for p in found.key_points for u in p.units}, **homes}
    inside: dict[str, list[Unit]] = {}
    for unit in units:
        if unit.id in homes:
            inside.setdefault(homes[unit.id], []).append(unit)
    points: list[KeyPoint] = []
    for point in found.key_points:
        members = inside.get(point.id, [])
        if members:  # a point of nothing but agreement is gone
            people = dict.fromkeys(speakers[unit.post] for unit in members)
            ids = tuple(name[unit.id] for unit in members)
            points.append(replace(point, units=ids, speakers=tuple(people)))
    relations = (replace(r, source=name[r.source], target=name[r.target]) for r in found.relations)
    return replace(
        found,
        units=tuple(replace(unit, id=name[unit.id]) for unit in units),
        key_points=tuple(points),
        relations=tuple(relations),
        crux=found.crux if any(point.id == found.crux for point in points) else None,
        residue=residue,
    )
