"""Agreement without words of its own ("+1", "this", "exactly"), carried to the point it is with.

Such a reply says once more what it answers: it becomes a unit of that point, so that whoever wrote
it stands among the people of the point, with those words as the proof. It may say with what or with
whom ("+1 for the ban", "agree with Ana"); then that is its point.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from nlp.model import ArgumentMap, KeyPoint, Residue, Unit
from nlp.residue import agreed_with, agrees, leading_agreement
from nlp.words import content_stems, negations

LAST_NAMED = 30  # posts back in which what is named is looked for


def carried(found: ArgumentMap) -> ArgumentMap:
    """Give the map with every plain agreement in the point that it agrees with.

    That is the point of the claim that most bears on in the post that is answered, or the one it
    names. Where there is no such claim, or its writer is who agrees, or the agreement goes on as an
    attack ("Fair. But ..."), it stays where it is.
    """
    meant = _Meant(found)
    posts = meant.posts
    post_of = {unit.id: unit.post for unit in found.units}
    against = {
        (post_of[r.source], post_of[r.target]) for r in found.relations if r.type == "attack"
    }
    point_of = {unit: point.id for point in found.key_points for unit in point.units}
    homes: dict[str, str] = {}  # units that only agree, and the points that they agree with
    for unit in found.units:
        target = meant.by(unit.post, unit.text)
        if target and unit.kind == "claim" and (unit.post, target.post) not in against:
            homes[unit.id] = point_of[target.id]
    units, residue = list(found.units), []
    for row in found.residue:
        said = posts[row.post].text[row.start : row.end] if row.text is None else ""
        target = meant.by(row.post, said)
        if target is None and (lead := leading_agreement(said)):
            target, said = meant.by(row.post, lead), lead
        if target is None or (row.post, target.post) in against:
            residue.append(row)
            continue
        low = row.start + len(said) - len(said.lstrip())
        high = row.start + len(said.rstrip())
        fresh = replace(target, id=f"agrees {len(units)}", post=row.post, start=low, end=high)
        units.append(replace(fresh, text=said.strip(), holder="author"))
        homes[units[-1].id] = point_of[target.id]
        if posts[row.post].text[high : row.end].strip():
            residue.append(replace(row, start=high))
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


class _Meant:
    """Finds the claim that an agreement is with."""

    def __init__(self, found: ArgumentMap) -> None:
        self.posts = {post.id: post for post in found.thread.posts}
        self._order = list(self.posts)
        self._place = {post: place for place, post in enumerate(self._order)}
        self._main = _main_claims(found)
        self._claims = [unit for unit in found.units if unit.kind == "claim"]

    def by(self, post: str, text: str) -> Unit | None:
        """Give the claim of another that a text in a post agrees with, and says nothing else."""
        if agrees(text):
            answered = self.posts[post].reply_to
            target = self._main.get(answered) if answered else None
        else:
            named = agreed_with(text)
            target = self._named(post, *named) if named else None
        if target is None or self._speaker(target.post) == self._speaker(post):
            return None
        return target

    def _named(self, post: str, what: str, of_claim: bool) -> Unit | None:
        """Give the last claim before a post with all the words of `what`, or of whom it names."""
        place = self._place[post]
        before = self._order[max(0, place - LAST_NAMED) : place]
        if not of_claim:
            theirs = [p for p in before if p in self._main and self._is_called(p, what)]
            return self._main[theirs[-1]] if theirs else None
        wanted = _roots(what)
        known = [
            unit
            for unit in self._claims
            if unit.post in before
            and self._speaker(unit.post) != self._speaker(post)
            and wanted <= _roots(unit.text)
            and negations(unit.text) % 2 == negations(what) % 2
        ]
        return known[-1] if wanted and known else None

    def _is_called(self, post: str, name: str) -> bool:
        author = (self.posts[post].author or "").casefold()
        return name.casefold() in (author, *author.split()[:1])

    def _speaker(self, post: str) -> str:
        return self.posts[post].speaker


def _roots(text: str) -> set[str]:
    """Give the stems of a text, "dropping" as "drop"."""
    stems = content_stems(text)
    return {s[:-1] if len(s) > 3 and s[-1] == s[-2] else s for s in stems}


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
