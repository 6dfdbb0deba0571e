"""JSON that breaks off: where, and what stands before that place."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
_CLOSE = {"{": "}", "[": "]"}


def json_lines(lines: Sequence[str]) -> tuple[list[Any], list[int]]:
    """Parse JSON lines; give the values and the numbers (from 1) of the lines that are none.

    Gives no values when the first line is no JSON object: then these are not JSON lines.
    """
    rows: list[Any] = []
    bad: list[int] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except (ValueError, RecursionError):
            bad.append(number)
        if not rows or not isinstance(rows[0], dict):
            return [], []
    return rows, bad


def json_up_to_fault(text: str) -> Any | None:
    """Give what a broken JSON text holds before its fault, None when that is nothing.

    The text is cut after the last whole value before the fault, and the brackets that are open
    there are closed.
    """
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        fault = error.pos
    except (ValueError, RecursionError):
        return None
    else:
        return None
    open_ones: list[str] = []
    cut: tuple[int, str] | None = None
    for token in _TOKEN.finditer(text, 0, fault):
        mark = token.group()
        if mark in "[{":
            open_ones.append(mark)
        elif mark in "]}":
            if not open_ones:
                return None
            open_ones.pop()
            cut = token.end(), "".join(_CLOSE[m] for m in reversed(open_ones))
        elif mark == ",":
            cut = token.start(), "".join(_CLOSE[m] for m in reversed(open_ones))
    if cut is None:
        return None
    try:
        return json.loads(text[: cut[0]] + cut[1])
    except (ValueError, RecursionError):
        return None


def fault_in(text: str) -> str | None:
    """Say where text that looks like JSON breaks off; None when it does not look like JSON."""
    head = text.lstrip("\ufeff \t\n")
    if not re.match(r"[{\[]\s*(?:[\"{\[\]}]|\Z)", head):
        return None
    try:
        json.loads(text.lstrip("\ufeff"))
    except RecursionError:
        return "it is nested too deeply"
    except json.JSONDecodeError as error:
        rows, bad = json_lines(text.split("\n"))
        if len(rows) > 1 and bad:
            more = f" and {len(bad) - 1} more lines" if len(bad) > 1 else ""
            return f"line {bad[0]}{more}: not JSON, as the other {len(rows)} lines are"
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    except ValueError as error:
        return str(error)[:100]
    return None
