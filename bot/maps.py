"""A map that was written before, read back: checked first, so that no quote of it is made up."""

from __future__ import annotations

import json

from bot.errors import InputError
from bot.verify import problems
from bot.views import json as map_json
from nlp.model import ArgumentMap

HEAD = 400  # characters at the start of a file that tell what it is


def is_map(text: str) -> bool:
    """Tell whether text is a map as `crux map --format json` writes it."""
    head = text[:HEAD].lstrip()
    return head.startswith("{") and f'"schema": "{map_json.SCHEMA}"' in head


def read_map(text: str, name: str) -> ArgumentMap:
    """Give the map that a JSON text holds.

    Raises InputError, naming the first fault, when it is no map or does not hold.
    """
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is not JSON ({str(error)[:100]}): give a map.") from None
    faults = problems(row)
    if faults:
        raise InputError(f"{name} does not hold: {faults[0]}. See all with crux verify.")
    return map_json.from_dict(row)


def read_edited(text: str, base: ArgumentMap) -> ArgumentMap:
    """Give the map that an Argdown text, edited from the map `base`, makes of it.

    Raises InputError, naming the line, when it cannot be read, or puts words in somebody's mouth.
    """
    from bot.views.argdown_reader import parse

    edited = parse(text, base)
    faults = problems(json.loads(map_json.render(edited)))
    if faults:
        raise InputError(f"The edited map does not hold: {faults[0]}.")
    return edited
