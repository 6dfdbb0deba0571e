"""Headlines: a point in 2 to 8 of its own words, with its polarity.

A claim is cut down along its dependency tree: whole branches go, never the subject of a verb, its
object, its negation or a part of a name. Every cut is worth what it keeps of the words that carry
the point (the unit model's salience) and how much it reads like a headline that a person wrote
(`nlp.fluency`); how these and its form weigh was fitted to the headlines that people gave to such
claims (`nlp.training.headlines`). Among the cuts of all claims of a group the one is taken that
also stands for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp import language
from nlp.compression import MAX_WORDS, MIN_WORDS, Cut, cuts_of, text_of
from nlp.fluency import Fluency, default_fluency, sign
from nlp.thread_view import Draft, ThreadView
from nlp.words import FUNCTION_WORDS, content_stems, negations, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

MEMBERS_READ = 6  # of a group: the ones nearest to its middle
# What a headline gains by coming from the middle of its group, and by words that others share, in
# shares of the overlap with a headline that a person gave.
CENTRALITY, SHARED = 0.15, 0.05

# A headline that begins so needs the sentence before it.
_DANGLING = frozenset(
    "it this that they them he she these those which there its his her their".split()
)
_ME_OR_YOU = frozenset("i me my mine you your yours we us our i'm i've you're we're".split())


@dataclass(frozen=True)
class Names:
    """A headline for every draft, and one for every group."""

    units: tuple[str, ...]
    groups: tuple[str, ...]


def name(view: ThreadView, groups: Sequence[tuple[int, ...]]) -> Names:
    """Name the drafts and the groups; no two groups get the same headline if they can help it.

    Evidence is shown by its words, not by its name: it gets a plain run of them.
    """
    claims = [i for i, draft in enumerate(view.drafts) if draft.kind == "claim"]
    docs = language.parse([view.drafts[i].text for i in claims])
    chosen: list[list[tuple[float, str]]] = [[] for _ in view.drafts]
    fluency = default_fluency()
    for i, doc in zip(claims, docs, strict=True):
        found = {text: score for score, text in _scored(view.drafts[i], doc, fluency)}
        chosen[i] = sorted(((s, t) for t, s in found.items()), key=lambda c: (-c[0], c[1]))
    units = tuple(
        found[0][1] if found else plain(draft.text)
        for found, draft in zip(chosen, view.drafts, strict=True)
    )
    taken: set[str] = set()
    titles = []
    for group in groups:
        title = _name_group(view, group, chosen, taken) or units[group[0]]
        taken.add(title.lower())
        titles.append(title)
    return Names(units, tuple(titles))


def _name_group(
    view: ThreadView,
    group: tuple[int, ...],
    chosen: Sequence[Sequence[tuple[float, str]]],
    taken: set[str],
) -> str | None:
    middle = view.vectors[list(group)].mean(0)
    nearest = sorted(group, key=lambda m: (-float(view.vectors[m] @ middle), m))[:MEMBERS_READ]
    counts: dict[str, int] = {}
    for member in group:
        for stem in view.stems[member]:
            counts[stem] = counts.get(stem, 0) + 1
    best: tuple[float, str] | None = None
    for member in nearest:
        centrality = float(view.vectors[member] @ middle)
        for score, text in chosen[member]:
            stems = content_stems(text)
            shared = sum(counts.get(s, 0) - 1 for s in stems) / max(1, len(group) - 1)
            total = score + CENTRALITY * centrality + (SHARED * shared if len(group) > 1 else 0.0)
            if text.lower() not in taken and (best is None or total > best[0]):
                best = total, text
    return best[1] if best else None


FEATURES = (
    "salience kept",
    "salience a word",
    "fluency",
    "gaps",
    "has a subject",
    "has a verb",
    "words",
    "begins with a pointer",
    "speaks of me or you",
    "one content word",
    "is the main clause",
    "is the whole",
)


@dataclass(frozen=True)
class Candidate:
    """A cut as a headline: its words, and FEATURES of it."""

    text: str
    features: tuple[float, ...]


def candidates(draft: Draft, doc: Doc, fluency: Fluency) -> Iterator[Candidate]:
    """Give the cuts of one draft; none that loses or adds a negation."""
    salience = _salience(draft, doc)
    odd = negations(draft.text) % 2
    for cut in cuts_of(doc, salience):
        text = polish(text_of(doc, cut))
        count = len(text.split())
        own = negations(text)
        same = own % 2 == cut.negations % 2 and (not cut.is_main or own % 2 == odd)
        if MIN_WORDS <= count <= MAX_WORDS and same:
            yield Candidate(text, _features(text, cut, doc, fluency))


def _features(text: str, cut: Cut, doc: Doc, fluency: Fluency) -> tuple[float, ...]:
    said = words(text)
    content = [w for w in said if w not in FUNCTION_WORDS]
    return (
        cut.kept_salience,
        cut.mean_salience,
        fluency.score([sign(doc[i]) for i in cut.tokens]),
        float(cut.gaps),
        float(cut.has_subject),
        float(cut.has_verb),
        len(said) / MAX_WORDS,
        float(said[:1] != [] and said[0] in _DANGLING),
        float(not _ME_OR_YOU.isdisjoint(said)),
        float(len(content) < 2),
        float(cut.is_main),
        float(len(cut.tokens) >= len([t for t in doc if not t.is_punct])),
    )


def _scored(draft: Draft, doc: Doc, fluency: Fluency) -> Iterator[tuple[float, str]]:
    """Give the cuts of one draft with their worth."""
    for found in candidates(draft, doc, fluency):
        yield float(np.dot(found.features, fluency.worth)), found.text


def _salience(draft: Draft, doc: Doc) -> list[float]:
    """Give for each token of the parse the salience of the word it stands in; 0.0 when unknown."""
    spans = [(a - draft.start, b - draft.start, p) for a, b, p in draft.words]
    out, k = [], 0
    for token in doc:
        low, high = token.idx, token.idx + len(token.text)
        while k < len(spans) and spans[k][1] <= low:
            k += 1
        inside = [p for a, b, p in spans[k : k + 12] if a < high and b > low]
        out.append(max(inside, default=0.0) if token.text.lower() not in FUNCTION_WORDS else 0.0)
    return out


_SPACE_BEFORE = re.compile(r"\s+([,;:.!?%)\]’'”]|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)", re.IGNORECASE)
_SPACE_AFTER = re.compile(r"([(\[“$€£#@])\s+")
# Words that tie a sentence to the one before it, and say nothing in a headline.
_LEADING = re.compile(
    r"(?:(?:so|however|and|but|because|also|hence|thus|therefore|plus|anyway|besides|again)\W+)+"
    r"(?!far\b|that\b|much\b|many\b)",
    re.IGNORECASE,
)
_EDGES = re.compile(r"^[\s\W]*(?=[\w$€£#@])|[\s,;:.!…–—-]+$")


def polish(text: str) -> str:
    """Close the gaps that the cut left, take marks off the edges, begin with a capital."""
    text = _SPACE_AFTER.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
    text = _EDGES.sub("", text).strip(" \"“”'‘’*_")
    lead = _LEADING.match(text)
    if lead and len(text[lead.end() :].split()) >= MIN_WORDS:
        text = text[lead.end() :]
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text


def plain(text: str) -> str:
    """Give a run of the text's own words, for what cannot be cut along a parse.

    It is the whole text where that is short; else the run between two marks, or before a joining
    word, with most content; words that hang at its end ("would", "of the") are left out.
    """
    tokens = text.split()
    if len(tokens) <= MAX_WORDS:
        return _EDGES.sub("", text.strip()) or text[:60]
    runs: list[list[str]] = [[]]
    for token in tokens:
        if runs[-1] and token.lower().strip(",.") in _JOINING:
            runs.append([])
        runs[-1].append(token)
        if token[-1:] in ",;:.!?)":
            runs.append([])
    odd = negations(text) % 2
    best = max(
        (_untailed(run[:MAX_WORDS]) for run in runs if run),
        key=lambda r: (negations(" ".join(r)) % 2 == odd, len(content_stems(" ".join(r)))),
    )
    return polish(" ".join(best)) or text[:60]


_JOINING = frozenset(
    "and but or because since although though while if when that which who".split()
)


def _untailed(run: list[str]) -> list[str]:
    while len(run) > MIN_WORDS and run[-1].lower().strip(",;:.!?") in FUNCTION_WORDS:
        run = run[:-1]
    return run
