"""From what a person names (a file, standard input) to text; every failure is one clear line."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

from bot.errors import InputError

MAX_BYTES = 16_000_000


def read_source(source: str) -> tuple[str, str | None]:
    """Give the text of a file, an address, or standard input for "-", and the file's name.

    Raises InputError for what cannot be read as text of at most MAX_BYTES.
    """
    if source == "-":
        return decode(sys.stdin.buffer.read(MAX_BYTES + 1), "standard input"), None
    from bot.addresses import fetch, is_address

    if is_address(source):
        return fetch(source), None
    return read_file(Path(source))


def is_folder(source: str) -> bool:
    """Tell a folder from everything else, text that is far too long for a name included."""
    try:
        return Path(source).is_dir()
    except (OSError, ValueError):
        return False


def read_file(file: Path) -> tuple[str, str]:
    """Give the text of a file and its name; raise InputError for what cannot be read as text."""
    source = str(file)
    try:
        if file.is_dir():
            raise InputError(f"{source} is a folder: name one file in it.")
        with file.open("rb") as stream:
            return decode(stream.read(MAX_BYTES + 1), source), file.name
    except FileNotFoundError:
        raise InputError(
            f"There is no file {source[:200]}: check the name, or use - to paste."
        ) from None
    except PermissionError:
        raise InputError(f"{source} may not be read: check its permissions.") from None
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            raise InputError(
                f"“{' '.join(source[:60].split())}…” is too long for a file's name: "
                "save the text to a file, or use - to paste it."
            ) from None
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{source[:200]} cannot be read: {reason}.") from None


def decode(data: bytes, name: str) -> str:
    """Decode bytes: UTF-8, UTF-16 with its mark, else Windows-1252.

    Raises InputError for binary data and for more than MAX_BYTES.
    """
    if len(data) > MAX_BYTES:
        raise InputError(
            f"{name} is larger than {MAX_BYTES // 1_000_000} MB: split it, or take a part of it."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError(f"{name} is not text: give text, HTML, JSON or CSV.") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    if data.startswith(b"PK\x03\x04"):
        raise InputError(f"{name} is a packed archive: unpack it and give the folder.")
    if _is_binary(data):
        raise InputError(f"{name} is not text: give text, HTML, JSON or CSV.")
    return text


def _is_binary(data: bytes) -> bool:
    """Tell data that is not text by its share of control bytes in the first part."""
    head = data[:8192]
    controls = sum(byte < 9 or 13 < byte < 27 or 27 < byte < 32 for byte in head)
    return head.count(0) > 0 or controls > len(head) / 50
