"""Rows of data to measure on, read from JSONL; every fault is one line that names the row."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MAX_BYTES = 256_000_000
MAX_TEXT = 100_000  # characters of one text


class DataError(ValueError):
    """Data that cannot be measured on. The message is one line for the person who named it."""


def require_file(file: Path, forms: str) -> Path:
    """Give the file back; raise DataError when it is none, or too large. `forms` says what fits."""
    if file.is_dir():
        raise DataError(f"{file} is a folder: name one file in it ({forms}).")
    if not file.is_file():
        raise DataError(f"There is no file {file}: name {forms}.")
    if file.stat().st_size > MAX_BYTES:
        raise DataError(f"{file} is larger than {MAX_BYTES // 1_000_000} MB: split it.")
    return file


def read_text(file: Path) -> str:
    """Give the text of a file of data; raise DataError when it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{file} is not text in UTF-8.") from None
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error.strerror}.") from None


def read_rows(file: Path, texts: Sequence[str], labels: dict[str, Sequence[str]]) -> list[Any]:
    """Give the rows of a JSONL file, each with the named texts and one of the labels of each key.

    Raises DataError, with the number of the line, for the first row that is not so.
    """
    form = ", ".join([*texts, *(f"{key}: {'|'.join(kinds)}" for key, kinds in labels.items())])
    require_file(file, f"a JSONL file of rows {{{form}}}")
    rows = list(_rows(file, form, texts, labels))
    if not rows:
        raise DataError(f"{file} holds no rows {{{form}}}.")
    return rows


def _rows(
    file: Path, form: str, texts: Sequence[str], labels: dict[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(read_text(file).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{file}, line {number}"
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            raise DataError(f"{where}: not JSON. Each line is to be a row {{{form}}}.") from None
        if not isinstance(row, dict):
            raise DataError(f"{where}: not an object. Each line is to be a row {{{form}}}.")
        for key in texts:
            text = row.get(key)
            if not isinstance(text, str) or not text.strip():
                raise DataError(f"{where}: no text under {key!r}; rows are {{{form}}}.")
            if len(text) > MAX_TEXT:
                raise DataError(f"{where}: {key!r} has more than {MAX_TEXT:,} characters.")
        for key, kinds in labels.items():
            if row.get(key) not in kinds:
                raise DataError(
                    f"{where}: {key!r} is {row.get(key)!r:.40}, not one of {', '.join(kinds)}."
                )
        yield row
