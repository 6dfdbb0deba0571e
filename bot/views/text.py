"""People's words made safe to show: no terminal codes, no hidden direction marks, no pings."""

from __future__ import annotations

import re

# C0 and C1 controls (a terminal obeys some), marks that turn the direction of what follows, and
# code points that no document may hold (halves of a pair, noncharacters).
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb"
    r"\ud800-\udfff\ufffe\uffff]"
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#+|~!-])")
WORD_JOINER = "\u2060"


def one_line(text: str, longest: int | None = None) -> str:
    """Give text on one line, without controls; longer than `longest` characters ends in "…"."""
    line = " ".join(_CONTROL.sub(" ", text).split())
    if longest is None or len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:") + "…"


def count(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: "1 post", "2,000 posts", "3 people"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def web_address(url: str | None) -> str | None:
    """Give an address that may stand in a Markdown link, None where it could break out of it."""
    return url if url and re.fullmatch(r"https?://[^\s()<>]+", url) else None


def markdown(text: str, longest: int | None = None) -> str:
    """Give one line whose marks are escaped for Markdown and whose @ and links wake nobody."""
    return unmarked(one_line(text, longest).replace("&", "&amp;"))


def unmarked(line: str) -> str:
    """Give a line whose Markdown marks are escaped and whose @ and links wake nobody."""
    escaped = _MARKDOWN.sub(r"\\\1", line)
    return escaped.replace("@", f"@{WORD_JOINER}").replace("://", f":{WORD_JOINER}//")
