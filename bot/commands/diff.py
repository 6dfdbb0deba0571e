"""`crux diff`: what changed between two maps."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.errors import CruxError
from bot.output import write


def diff(
    before: Annotated[str, typer.Argument(metavar="A.json", help="The earlier map.")],
    after: Annotated[str, typer.Argument(metavar="B.json", help="The later map.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, for programs.")] = False,
) -> None:
    """Compare two maps: points that are new, gone, newly supported, newly attacked."""
    from bot.compare import compare
    from bot.input import read_source
    from bot.maps import read_map
    from bot.views import comparison

    if before == after == "-":
        raise CruxError("Only one of the two maps can be read from standard input.")
    maps = [read_map(read_source(name)[0], name) for name in (before, after)]
    found = compare(maps[0], maps[1])
    write(comparison.render_json(found) if as_json else comparison.render(found), None)
