"""CSV: one message a row, the columns told by their names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from bot.errors import InputError
from bot.sources.base import Document, Source
from bot.sources.messages_json import KEYS, record_of, with_parents
from bot.sources.records import Record, thread_of
from nlp.model import Thread

_MAX_FIELD = 10_000_000
# Columns that tell a table of messages where none is called like a text.
_LONG = 25  # mean letters in a column that may hold the words


def sniff(document: Document) -> float:
    """Tell CSV by a first line that names a column of text, or by its name."""
    header = _header(document)
    named = any(c in KEYS["text"] for c in header)
    if len(header) >= 2 and named:
        return 0.97
    by_name = (document.name or "").lower().endswith((".csv", ".tsv"))
    return 0.95 if by_name and len(header) >= 2 else 0.0


def _header(document: Document) -> list[str]:
    first = document.text[:2000].split("\n", 1)[0].lstrip("\ufeff")
    if len(first) > 500 or not re.search(r"[,;\t|]", first):
        return []
    return [_column(c) for c in next(csv.reader([first], delimiter=_delimiter(first)), [])]


def _column(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _delimiter(first: str) -> str:
    return max(",;\t|", key=first.count)


def read(document: Document) -> Thread:
    """Read rows with columns for the text and, if there, author, parent, id and time.

    Raises InputError where no column can hold the words, or rows have more fields than the header.
    """
    csv.field_size_limit(_MAX_FIELD)
    delimiter = _delimiter(document.text[:2000].split("\n", 1)[0])
    reader = csv.reader(io.StringIO(document.text), delimiter=delimiter)
    header = [_column(c) for c in next(reader, [])]
    rows: list[list[str]] = []
    bad: list[int] = []
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                bad += [reader.line_num] if len(row) > len(header) else []
                rows.append(row)
    except csv.Error as error:
        bad.append(reader.line_num)
        if not document.lenient:
            raise InputError(
                f"Recognised as CSV: {len(rows)} rows understood, then line {reader.line_num}: "
                f"{error}. Mend the line, or map what was understood with --lenient."
            ) from None
    if bad and not document.lenient:
        raise InputError(
            f"Recognised as CSV with {len(header)} columns: {len(rows) - len(bad)} rows understood, not understood: "
            f"line {bad[0]} has more fields ({len(bad)} such rows). Quote its commas, or use --lenient."
        )
    header = _with_text(header, rows)
    records = [_record(header, row, place) for place, row in enumerate(rows, 1)]
    return thread_of("csv", None, with_parents(records), keep_bots=document.keep_bots)


def _with_text(header: list[str], rows: Sequence[list[str]]) -> list[str]:
    """Name the column of the words `text`: by its name, else the one with the longest cells."""
    if any(c in KEYS["text"] for c in header):
        return header
    means = [
        sum(len(row[k]) for row in rows if k < len(row)) / max(1, len(rows))
        for k in range(len(header))
    ]
    if not means or max(means) < _LONG:
        raise InputError(
            f"Recognised as CSV with the columns {', '.join(header[:8])}: none is called text, body, "
            "content or message, and none holds sentences. Name the column of the words `text`."
        )
    longest = means.index(max(means))
    return [*header[:longest], "text", *header[longest + 1 :]]


def _record(header: list[str], row: list[str], place: int) -> Record:
    cells = dict(zip(header, row, strict=False))
    if len(row) > len(header) and header:  # a comma in the last column, not quoted
        cells[header[-1]] = ",".join(row[len(header) - 1 :])
    return record_of({k: v for k, v in cells.items() if k}, place)


SOURCE = Source(
    name="csv", label="CSV", how="A table with a column text, and author, parent, id and time where known.",
    sniff=sniff, read=read,
)  # fmt: skip
