"""A map as xAIF, AIF with the text it came from and who spoke, for the oAMF tools."""

from __future__ import annotations

import json

from bot.views.aif import parts
from bot.views.text import one_line
from nlp.model import ArgumentMap


def render(found: ArgumentMap) -> str:
    """Give the map as xAIF in JSON: the nodes of `bot.views.aif`, a participant a person."""
    nodes, edges = parts(found)
    people = list(dict.fromkeys(post.speaker for post in found.thread.posts))
    said = "\n".join(f"{p.speaker}: {one_line(p.text)}" for p in found.thread.posts)
    rows = {
        "AIF": {
            "nodes": nodes,
            "edges": edges,
            "schemefulfillments": [],
            "descriptorfulfillments": [],
            "locutions": [],
            "participants": [
                {"participantID": number, "firstname": name, "surname": ""}
                for number, name in enumerate(people, 1)
            ],
        },
        "OVA": {"firstname": "", "surname": "", "url": "", "nodes": [], "edges": []},
        "text": said,
        "dialog": True,
    }
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"
