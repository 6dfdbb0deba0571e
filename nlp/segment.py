"""Posts to sentences, and sentences to clauses, with exact offsets.

A sentence is what the reader hears as one; a clause is the smallest piece that could carry a
point of its own. Which clauses stand alone and which belong together is judged later
(`nlp.units`): here a boundary only says "a unit may begin or end at this place".

What can be no unit whatever it says (quotes of another post, code, bare links, emoji and other
marks without a word) is dropped here, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.model import Post, Residue

Range = tuple[int, int]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a post, trimmed of white space; `clauses` cover it but for white space.

    `block` numbers the paragraphs, list items and lines of the post: no unit crosses a block.
    """

    post: str
    start: int
    end: int
    block: int
    clauses: tuple[Range, ...]


# A word that ends in a point without ending a sentence; lower-cased, without the last point.
ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof sr jr st mt inc ltd corp co bros dept est approx appt min max no nos vol
    vs etc eg e.g ie i.e cf al fig figs eq sec ch pp p art ca viz resp ref refs jan feb mar apr jun
    jul aug sep sept oct nov dec mon tue wed thu fri sat sun u.s u.k u.n e.u a.m p.m ph.d b.c a.d
    gen gov sen rep col capt lt sgt rev hon ave blvd rd a.k.a w.r.t n.b""".split()
)
# Of these, the ones that may also end a sentence, when a capital follows.
ENDING_ABBREVIATIONS = frozenset("etc inc ltd corp co jr sr u.s u.k u.n e.u a.m p.m".split())

# A clause may begin at one of these words (source: the coordinating and subordinating
# conjunctions and relative words of English, and the "that" of reported speech).
CLAUSE_OPENERS = frozenset(
    """and but or nor so yet because cause cos cuz bc since although though while whereas unless
    until if when whenever where as than that which who whose what why how whether except plus then
    otherwise therefore hence thus however instead rather meanwhile given is are was not just even
    only it they we you he she i this these there""".split()
)

URL = re.compile(r"(?:https?://|www\.)[^\s<>\"]+", re.IGNORECASE)
_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_QUOTE_LINE = re.compile(r"^[ \t]*(?:>|&gt;)[^\n]*", re.MULTILINE)
_BLOCK_BREAK = re.compile(r"\n+")
_MARKER = re.compile(
    r"[ \t]*(?:(?:[-*•·–—→➡▪◦‣✅✔❌]|=>|->)[ \t]+|"
    r"[→➡▪◦‣✅✔❌][ \t]*|\(?\d{1,2}[.)][ \t]+|#+[ \t]+)+"
)
_EMOJI = (
    "\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u231a-\u23ff\u200d\ufe0f\U000e0020-\U000e007f"
)
_EMOJI_RUN = re.compile(rf"(?:[{_EMOJI}]|(?<!\w):[a-z][a-z0-9_+-]*:(?!\w))(?:[ {_EMOJI}])*")
_STOP = re.compile(r"[.!?…。！？]+[\"'”’»)\]*_~]*(?=\s|$)|[。！？]+")
_WORD = re.compile(r"[^\W_]", re.UNICODE)
_DASH = re.compile(r"(?<=\s)(?:--?-?>?|[–—]|→|=>)(?=\s)|—|(?<=\w)–(?=[A-Za-z])|--")
_POINT = re.compile(r"[;:,](?=\s)|[()\[\]\"“”]|…|\.{2,}")
_TOKEN = re.compile(r"[\w'’]+")
_WHITE = re.compile(r"\S")


def segment(post: Post) -> tuple[list[Sentence], list[Residue]]:
    """Give the sentences of a post and the ranges that can be no unit, each in order of place.

    Together they cover every character that is not white space. Runs in linear time.
    """
    text = post.text
    barred = _merged(
        [(a, b, "quote") for a, b in _quoted(post)]
        + [(m.start(), m.end(), "code") for m in _CODE_BLOCK.finditer(text)]
    )
    sentences: list[Sentence] = []
    dropped = [Residue(post=post.id, start=a, end=b, reason=why) for a, b, why in barred]
    block = 0
    for start, end in _gaps(barred, len(text)):
        for line in _lines(text, start, end):
            for a, b, why in _pieces(text, *line):
                if why:
                    dropped.append(Residue(post=post.id, start=a, end=b, reason=why))
                else:
                    clauses = tuple(_clauses(text, a, b))
                    sentences.append(Sentence(post.id, a, b, block, clauses))
            block += 1
    return sentences, sorted(dropped, key=lambda r: r.start)


def _quoted(post: Post) -> list[Range]:
    marked = [m.span() for m in _QUOTE_LINE.finditer(post.text)]
    return [*marked, *post.quotes]


def _merged(ranges: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Sort and join ranges that overlap; the reason of the earlier one stays."""
    merged: list[tuple[int, int, str]] = []
    for a, b, why in sorted(ranges):
        if a >= b:
            continue
        if merged and a < merged[-1][1]:
            first, last, reason = merged[-1]
            merged[-1] = (first, max(last, b), reason)
        else:
            merged.append((a, b, why))
    return merged


def _gaps(barred: list[tuple[int, int, str]], length: int) -> Iterator[Range]:
    at = 0
    for a, b, _ in barred:
        if a > at:
            yield at, a
        at = b
    if at < length:
        yield at, length


def _lines(text: str, start: int, end: int) -> Iterator[Range]:
    at = start
    for found in _BLOCK_BREAK.finditer(text, start, end):
        if found.start() > at:
            yield at, found.start()
        at = found.end()
    if at < end:
        yield at, end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    """Cut a line into sentences (None) and pieces that are none (their reason)."""
    marker = _MARKER.match(text, start, end)
    if marker and marker.end() < end:
        yield from _trimmed(text, start, marker.end(), "mark")
        start = marker.end()
    for a, b in _sentences(text, start, end):
        yield from _without_marks(text, a, b)


def _without_marks(text: str, start: int, end: int) -> Iterator[tuple[int, int, str | None]]:
    """Take links and marks without a word off both ends of a sentence."""
    urls = [m.span() for m in URL.finditer(text, start, end)]
    spans = [(a, b) for a, b in urls if b - a < end - start]
    if not _WORD.search(_blanked(text, start, end, urls)):
        yield from _trimmed(text, start, end, "link only" if urls else "mark")
        return
    lead = re.compile(r"[^\w\"'“‘(\[$€£¥#@+~<>=%-]+").match(text, start, end)
    if lead:
        yield from _trimmed(text, start, lead.end(), "mark")
        start = lead.end()
    tail = end
    while tail > start and (text[tail - 1].isspace() or _EMOJI_RUN.fullmatch(text[tail - 1])):
        tail -= 1
    for a, b in reversed(spans):
        if b >= tail and not _WORD.search(text[b:tail]) and a > start:
            tail = a
    yield from _trimmed(text, start, tail, None)
    rest = "link only" if URL.search(text, tail, end) else "mark"
    yield from _trimmed(text, tail, end, rest)


def _blanked(text: str, start: int, end: int, ranges: list[Range]) -> str:
    parts, at = [], start
    for a, b in ranges:
        parts.append(text[at:a])
        at = b
    return "".join([*parts, text[at:end]])


def _trimmed(
    text: str, start: int, end: int, why: str | None
) -> Iterator[tuple[int, int, str | None]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end, why


def _sentences(text: str, start: int, end: int) -> Iterator[Range]:
    """Cut at full stops, and around emoji and links that stand between two sentences."""
    cuts = set()
    urls = [m.span() for m in URL.finditer(text, start, end)]
    for _, b in urls:
        after = _WHITE.search(text, b, end)
        if after and (text[after.start()].isupper() or text[b - 1] in ".!?"):
            cuts.add(b)
    for found in _STOP.finditer(text, start, end):
        inside = any(a < found.start() + 1 <= b - 1 for a, b in urls)
        if not inside and _ends_sentence(text, found, start, end):
            cuts.add(found.end())
    for found in _EMOJI_RUN.finditer(text, start, end):
        cuts.add(found.end())
    at = start
    for cut in sorted(cuts):
        if at < cut < end:
            yield at, cut
            at = cut
    if at < end:
        yield at, end


def _ends_sentence(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    following = _WHITE.search(text, stop.end(), end)
    if following is None:
        return True
    char = text[following.start()]
    marks = stop.group().rstrip("\"'”’»)]*_~")
    if marks[:1] in "!?。！？" or "!" in marks or "?" in marks:
        return not (char.islower() and stop.group()[-1] in "\"'”’»)]")
    if marks == "…" or len(marks) > 1:
        return not char.islower()
    before = re.search(r"[\w.&'’]+$", text[max(start, stop.start() - 24) : stop.start()])
    word = before.group().lower() if before else ""
    if word in ABBREVIATIONS:
        return word in ENDING_ABBREVIATIONS and char.isupper()
    if len(word) == 1 and word.isalpha() and word != "i":
        return False  # an initial: "J. Smith"
    if word.isdigit() and text[max(start, stop.start() - len(word)) - 1 : stop.start()].isdigit():
        return not char.islower()
    return True


def _clauses(text: str, start: int, end: int) -> Iterator[Range]:
    """Cut a sentence wherever a unit could begin; white space at the edges is left out."""
    cuts: set[int] = set()
    for pattern in (_DASH, _POINT):
        for found in pattern.finditer(text, start, end):
            opens = found.group() in "([“" or (
                found.group() == '"' and text[found.end() : found.end() + 1].isalnum()
            )
            cut = found.start() if opens else found.end()
            while not opens and cut < end and text[cut] in ",;:.!?)]":
                cut += 1
            cuts.add(cut)
    cuts.update(
        token.start()
        for token in _TOKEN.finditer(text, start, end)
        if token.group().lower() in CLAUSE_OPENERS
    )
    cuts.update(m.start() for m in URL.finditer(text, start, end))
    protected = [m.span() for m in URL.finditer(text, start, end)]
    at = start
    for cut in sorted(cuts):
        free = at < cut < end and not any(a < cut < b for a, b in protected)
        if free and _WORD.search(text, at, cut) and _WORD.search(text, cut, end):
            yield from ((a, b) for a, b, _ in _trimmed(text, at, cut, None))
            at = cut
    yield from ((a, b) for a, b, _ in _trimmed(text, at, end, None))
