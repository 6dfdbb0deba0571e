"""Runs of a claim's own words that stand together, as choices of words for its headline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.edges import LEANING, LINKING, article_of, ends_badly
from nlp.layout import (
    ARTICLES,
    BE,
    CONDITIONS,
    COORDINATING,
    FILLERS,
    INNER_MARKS,
    JOINING,
    NOMINATIVE,
    POINTERS,
    REASONS,
    TAILS,
    Layout,
    count_words,
    is_clause,
)


def runs_of(lay: Layout, most: int) -> Iterator[tuple[int, ...]]:
    """Give the runs of neighbouring atoms that have at most `most` words, marks inside included.

    A run that is too long by a few words is given without fillers, then without articles; of one
    that is longer still, the parts that begin and end where a phrase does.
    """
    for start, end in lay.atoms:
        if count_words(lay, range(start, end)) > most:
            yield from _parts_of_long(lay, start, end, most)
    for first, (start, _) in enumerate(lay.atoms):
        for last in range(first, min(first + 3, len(lay.atoms))):
            end = lay.atoms[last][1]
            between = [i for i in range(start, end) if lay.mark[i]]
            if any(lay.text[i] not in INNER_MARKS for i in between):
                break
            tokens = _trimmed(lay, [i for i in range(start, end) if i not in lay.opening])
            if len(tokens) > 3 * most:
                break
            yield from _shortened(lay, tokens, most)
            if len(tokens) > 4 and (pointing := _pointing(lay, tokens)):
                yield from _shortened(lay, tokens[pointing:], most)


def _pointing(lay: Layout, tokens: Sequence[int]) -> int:
    """Count the tokens of "it's", "they are" that open a run which can do without; else 0."""
    first, second, third = (lay.low[i] for i in tokens[:3])
    if first in _BARE_POINTERS and second in ARTICLES | FILLERS | {"not", "only"}:
        return 1
    if first not in POINTERS or second not in BE or third == "n't":
        return 0
    return 0 if lay.tag[tokens[2]] == "VBN" else 2


_BARE_POINTERS = frozenset("its thats theyre theres".split())


def _shortened(lay: Layout, tokens: list[int], most: int) -> Iterator[tuple[int, ...]]:
    """Give a run of at most `most` words, if need be without fillers, then without articles."""
    for spared in (FILLERS, ARTICLES):
        if count_words(lay, tokens) > most:
            tokens = [i for i in tokens if lay.low[i] not in spared]
    if 2 <= count_words(lay, tokens) <= most:
        yield tuple(tokens)


def _parts_of_long(lay: Layout, start: int, end: int, most: int) -> Iterator[tuple[int, ...]]:
    """Give parts of a long run: from where a clause may begin to where a phrase ends."""
    fronted = lay.pos[start] in ("ADP", "SCONJ") or lay.low[start] in CONDITIONS
    begins = [start] if not fronted else []
    for i in range(start + 1, end - 2):
        before = lay.pos[i - 1]
        pointing = lay.low[i] in POINTERS and lay.low[i + 1] in BE
        nominative = (lay.low[i] in NOMINATIVE or pointing or lay.pos[i] == "DET") and before in (
            "NOUN",
            "PROPN",
            "NUM",
            "ADV",
            "PRON",
        )
        subject = lay.low[i] in NOMINATIVE - {"it", "you"}
        nominative |= subject and before == "VERB"
        if (fronted and nominative) or (
            lay.low[i] not in JOINING
            and lay.low[i - 1] in REASONS | COORDINATING
            and before not in ("DET", "PRON")
            and lay.low[i - 2] not in CONDITIONS
        ):
            begins.append(i)
    after = next((b for a, b in lay.atoms if end < a <= end + 2), end)
    joined = {i for i in range(end, after) if lay.mark[i]}
    for begin in begins[:4]:
        if after > end and begin > start and all(lay.text[i] in INNER_MARKS for i in joined):
            whole = tuple(range(begin, after))
            if count_words(lay, whole) <= most and is_clause(lay, whole):
                yield whole
        for stop in range(min(end, begin + most + 3), begin + 3, -1):
            tokens = tuple(i for i in range(begin, stop) if lay.word[i] or not lay.mark[i])
            if count_words(lay, tokens) > most or ends_badly(lay, tokens) > _CUT_OFF:
                continue
            if begin == start or is_clause(lay, tokens):
                yield tokens
                break


_CUT_OFF = 0.35  # of `ends_badly`: what ends worse is no place to cut a run


def left_open(lay: Layout, tokens: Sequence[int], most: int) -> tuple[tuple[int, ...], bool] | None:
    """Give a run that ends badly with what follows it, and whether the text still goes on there.

    It reaches to the next mark, or as far as `most` words go. None where it is no run, or where it
    ends with the text.
    """
    start, last = tokens[0], tokens[-1]
    if any(lay.word[i] and i not in tokens for i in range(start, last)):
        return None
    end = next((i for i in range(last + 1, len(lay.low)) if lay.mark[i]), len(lay.low))
    longer = [*range(start, last + 1)]
    for i in range(last + 1, end):
        if count_words(lay, [*longer, i]) > most:
            break
        longer.append(i)
    goes_on = longer[-1] + 1 < end
    while goes_on and longer[-1] > last and _hangs(lay, longer[-1]):
        longer.pop()
    return (tuple(longer), goes_on) if goes_on or longer[-1] > last else None


def _hangs(lay: Layout, i: int) -> bool:
    """Whether a word says nothing without the next one."""
    return lay.low[i] in LEANING | LINKING or lay.pos[i] in ("DET", "PART", "SCONJ", "CCONJ", "AUX")


def contrast(lay: Layout) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Give what is denied and what is put in its place in "X isn't A, it's B"."""
    for k in range(len(lay.low)):
        if not lay.mark[k] or k + 3 >= len(lay.low) or lay.low[k + 1] not in POINTERS:
            continue
        if lay.low[k + 2] not in BE or lay.low[k + 3] in ("not", "n't"):
            continue
        start = next((a for a, b in lay.atoms if a <= k and b >= k), None)
        if start is None:
            continue
        denied = [j for j in range(start, k) if lay.low[j] in ("not", "n't")]
        if len(denied) != 1 or lay.low[denied[0] - 1].removesuffix("n't") not in BE | {"wa", "ai"}:
            continue
        end = next((b for a, b in lay.atoms if a == k + 1), k + 1)
        a, b = tuple(range(denied[0] + 1, k)), tuple(range(k + 3, end))
        if a and b:
            yield a, b


def _trimmed(lay: Layout, tokens: list[int]) -> list[int]:
    """Take joining words, tails and loose marks off the edges of a run."""
    while tokens and (
        (not lay.word[tokens[-1]] and lay.low[tokens[-1]] not in ("%", "+"))
        or (lay.low[tokens[-1]] in TAILS and len(tokens) > 2)
    ):
        tokens = tokens[:-1]
    while len(tokens) > 2 and (lay.mark[tokens[0]] or _leads(lay, *tokens[:2])):
        tokens = tokens[1:]
    if len(tokens) > 2 and lay.low[tokens[0]] == "which" and lay.low[tokens[1]] not in BE:
        at_start = tokens[0] == 0 or lay.mark[tokens[0] - 1]
        return tokens[1:] if at_start and "?" not in lay.low else tokens
    return tokens


def _leads(lay: Layout, first: int, second: int) -> bool:
    """Whether a word joins what follows to what was said, and is no part of "so-called"."""
    glued = second == first + 1 and not lay.spaced[first] and lay.text[second] == "-"
    return lay.low[first] in _LED and not glued


_LED = (COORDINATING - {"nor"}) | (REASONS - {"that", "whereas"}) | {"then"}


def trimmed(lay: Layout, tokens: Sequence[int]) -> list[int]:
    """Take off what opens a text and claims nothing, joining words and tails at the edges."""
    out = _trimmed(lay, [i for i in tokens if i not in lay.opening])
    if len(out) > 3 and lay.low[out[0]] == "that":
        pronoun = lay.low[out[1]] in ARTICLES or lay.tag[out[1]] in ("PRP", "PRP$")
        if (pronoun or lay.pos[out[0]] == "SCONJ") and is_clause(lay, out[1:]):
            return out[1:]
    return out


def with_articles(lay: Layout, tokens: tuple[int, ...], most: int) -> tuple[int, ...]:
    """Put back the articles that were left out before words that were kept, while there is room."""
    kept, room = set(tokens), most - count_words(lay, tokens)
    for i in reversed(tokens):
        before = article_of(lay, i, kept)
        if room > 0 and before is not None:
            if lay.low[before] != "the" and before < i - 1:
                vowels = [lay.text[k][0].lower() in "aeio" for k in (before + 1, i)]
                if vowels[0] != vowels[1]:
                    continue
            kept.add(before)
            room -= 1
    return tuple(sorted(kept)) if len(kept) > len(tokens) else tokens


_SIGNS = frozenset("+ & = → -> => %".split())


def with_marks(lay: Layout, tokens: Sequence[int]) -> tuple[int, ...]:
    """Put back a mark that parts two words that were kept; an aside goes with both its marks."""
    out: list[int] = []
    for a, b in zip((-1, *tokens), tokens, strict=False):
        if out and b > a + 1:
            marks = [k for k in range(a + 1, b) if lay.mark[k] and lay.text[k] in INNER_MARKS]
            signs = [k for k in range(a + 1, b) if lay.text[k] in _SIGNS]
            if len(signs) == b - a - 1:
                out.extend(signs)
            elif len(marks) % 2 and not lay.mark[a] and not lay.mark[b]:
                out.append(marks[-1])
        out.append(b)
    return tuple(out)
