"""A map as Argdown, and an edited Argdown file read back into the map it came from.

Claims that make one point are statements of one title; evidence is an argument. Each quote carries
its unit in braces, each tie names its unit in a comment, so that nothing is lost on the way back.

    [Trams pay for themselves]: Trams are cheap to run. #crux {unit: "u1", by: "ann"}
        + <evidence u4>: Ours cost 4 a head. {unit: "u4", by: "ann"}
        - [Nobody rides them] /* u7 */
"""

from __future__ import annotations

import json
import re

from bot.views.outline import outline
from bot.views.text import one_line
from nlp.model import ArgumentMap, Relation, RelationType, Unit

INDENT = "    "
# Signs with a meaning of their own in Argdown, wherever they stand; a full stop or a colon has
# one only before another sign (".name.", ":name:").
_SIGNS = re.compile(r"[\\@#*_\[\]<>/{}\-+|]|[.:](?=\S)|\((?=\d)")
# Signs that end a title, or that Argdown reads inside of one all the same.
_TITLE = re.compile(r"[\[\]<>\\{}]|--+|//+|/\*|\*/")
SIGN_OF: dict[RelationType, str] = {"support": "+", "attack": "-"}


def render(found: ArgumentMap) -> str:
    """Give the map as Argdown text."""
    return _Writer(found).text()


def escape(text: str) -> str:
    """Write people's words so that Argdown reads them as words."""
    return _SIGNS.sub(lambda m: f"\\{m[0]}", one_line(text))


def unescape(text: str) -> str:
    """Give back what `escape` wrote."""
    return re.sub(r"\\(.)", r"\1", text)


def titles(found: ArgumentMap) -> dict[str, str]:
    """Give each key point a title of its own: its headline, numbered where two are alike."""
    given: dict[str, str] = {}
    taken: set[str] = set()
    for point in found.key_points:
        headline = one_line(_TITLE.sub(" ", point.headline)) or point.id
        title, number = headline, 2
        while title in taken:
            title, number = f"{headline} ({number})", number + 1
        taken.add(title)
        given[point.id] = title
    return given


class _Writer:
    """Writes one map; a piece of evidence for one claim stands under it, others by themselves."""

    def __init__(self, found: ArgumentMap) -> None:
        self.found = found
        self.units = {unit.id: unit for unit in found.units}
        self.posts = {post.id: post for post in found.thread.posts}
        self.title_of = titles(found)
        self.point_of = {u: k.id for k in found.key_points for u in k.units}
        self.incoming: dict[str, list[Relation]] = {}
        outgoing: dict[str, int] = {}
        for relation in found.relations:
            self.incoming.setdefault(relation.target, []).append(relation)
            outgoing[relation.source] = outgoing.get(relation.source, 0) + 1
        self.inline = {
            unit.id
            for unit in found.units
            if unit.kind == "evidence"
            and outgoing.get(unit.id) == 1
            and unit.id not in self.incoming
        }
        self.inline -= {r.source for r in found.relations if r.target not in self.point_of}

    def text(self) -> str:
        shown = outline(self.found)
        title = one_line(shown.title or shown.issue or "What is argued")
        lines = ["===", f"title: {json.dumps(title, ensure_ascii=False)}", "===", ""]
        points = {point.id: point for point in self.found.key_points}
        for row in shown.points:
            for place, key in enumerate(points[row.id].units):
                tag = " #crux" if row.is_crux and place == 0 else ""
                lines += [*self._block(self.units[key], tag), ""]
        for unit in self.found.units:
            if unit.kind == "evidence" and unit.id not in self.inline:
                lines += [*self._block(unit, ""), ""]
        if not self.found.units:
            lines += ["# No argument here", ""]
        return "\n".join(lines)

    def _block(self, unit: Unit, tag: str) -> list[str]:
        lines = [self._statement(unit, tag)]
        for relation in self.incoming.get(unit.id, ()):
            source = self.units[relation.source]
            sign = SIGN_OF[relation.type]
            if source.id in self.inline:
                lines.append(f"{INDENT}{sign} {self._statement(source, '')}")
            else:
                lines.append(f"{INDENT}{sign} {self._name(source)} /* {source.id} */")
        return lines

    def _statement(self, unit: Unit, tag: str) -> str:
        data = {"unit": unit.id, "by": one_line(self.posts[unit.post].speaker)}
        if unit.holder == "reported":
            data["holder"] = "reported"
        inside = ", ".join(f"{key}: {_scalar(value)}" for key, value in data.items())
        return f"{self._name(unit)}: {escape(unit.text)}{tag} {{{inside}}}"

    def _name(self, unit: Unit) -> str:
        point = self.point_of.get(unit.id)
        return f"[{self.title_of[point]}]" if point else f"<evidence {unit.id}>"


def _scalar(value: str) -> str:
    """Write a name inside braces; Argdown ends the data at the first closing brace."""
    return json.dumps(value.translate({ord("{"): "(", ord("}"): ")"}), ensure_ascii=False)
