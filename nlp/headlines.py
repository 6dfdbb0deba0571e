"""Headlines: a point in 2 to 8 of its own words, with its polarity.

A claim is cut down along its dependency tree (`nlp.compression`): whole branches go, never the
subject of a verb, its object, its negation or a part of a name. Beside these cuts stand the runs of
its words between two marks or joining words (`nlp.runs`), which need no tree. Every choice of words
is worth what it keeps of the words that carry the point (the unit model's salience) and how much it
reads like a headline that a person wrote (`nlp.fluency`), and less where it is torn out of a phrase
(`nlp.edges`); how these and its form weigh was fitted to the headlines that people gave to such
claims (`nlp.training.headlines`). Among the choices of all claims of a group the one is taken that
also stands for the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import TYPE_CHECKING

import numpy as np

from nlp import language
from nlp.compression import MAX_WORDS, MIN_WORDS, cuts_of, leans, text_of
from nlp.edges import (
    articles_missing,
    begins_badly,
    broken_gaps,
    ends_badly,
    loses_negation,
    negates,
)
from nlp.fluency import Fluency, default_fluency, sign
from nlp.layout import ARTICLES, CONDITIONS, Layout, is_clause, layout
from nlp.runs import contrast, left_open, runs_of, trimmed, with_articles, with_marks
from nlp.thread_view import Draft, ThreadView
from nlp.words import FUNCTION_WORDS, content_stems, negations, words

if TYPE_CHECKING:
    from spacy.tokens import Doc

MEMBERS_READ = 6  # of a group: the ones nearest to its middle
# What a headline gains by coming from the middle of its group, and by words that others share, in
# shares of the overlap with a headline that a person gave.
CENTRALITY, SHARED = 0.15, 0.05

TORN = 0.6  # of `ends_badly`: from here on more words are taken, and "…" where they still do not do
OPEN = 0.5  # what such an end counts as, in `ends_badly`
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
    docs = parse(view.drafts[i].text for i in claims)
    chosen: list[list[tuple[float, str]]] = [[] for _ in view.drafts]
    fluency = default_fluency()
    for i, doc in zip(claims, docs, strict=True):
        found = {text: score for score, text in _scored(view.drafts[i], doc, fluency)}
        chosen[i] = sorted(((s, t) for t, s in found.items()), key=lambda c: (-c[0], c[1]))
        whole = _whole(view.drafts[i].text)
        if whole and chosen[i] and len(chosen[i][0][1].split()) <= MIN_WORDS:
            chosen[i] = [(chosen[i][0][0], whole)]
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


_INTERJECTION = re.compile(r"^(?:well|oh|ah|yeah|ok|okay|lol|haha|hm+)\b[,.!]*\s+", re.IGNORECASE)


def _whole(text: str) -> str | None:
    """Give a short claim but for an interjection: two words cut from it say too little."""
    said = polish(_INTERJECTION.sub("", text.strip()))
    return said if MIN_WORDS < len(said.split()) <= MAX_WORDS and "\n" not in said else None


_ASIDE = re.compile(r"\s?\([^()]*\)|\s?\[[^\[\]]*\]")
_QUOTED = re.compile(r"(?<!\w)['‘]([^'‘’\n]{2,80})['’](?!\w)")


def parse(texts: Iterable[str]) -> Iterator[Doc]:
    """Parse claims for naming: without asides in brackets, and without single quotes."""
    return language.parse(_bare(text)[0] for text in texts)


def _bare(text: str) -> tuple[str, Sequence[int]]:
    """Give a text without asides and single quotes, and the place that each character had."""
    cuts = [m.span() for m in _ASIDE.finditer(text)]
    if cuts and len(_ASIDE.sub(" ", text).split()) < 2 * MIN_WORDS:
        cuts = []
    for found in _QUOTED.finditer(text):
        cuts += [(found.start(), found.start() + 1), (found.end() - 1, found.end())]
    if not cuts:
        return text, range(len(text))
    gone = {i for low, high in cuts for i in range(low, high)}
    kept: list[int] = []
    for i, letter in enumerate(text):
        if i not in gone and not (letter == " " and kept and text[kept[-1]] == " "):
            kept.append(i)
    return "".join(text[i] for i in kept), kept


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
    "is a clause",
    "has a verb",
    "words",
    "begins with a pointer",
    "speaks of me or you",
    "one content word",
    "is the main clause",
    "is the whole",
    "stands between marks",
    "begins badly",
    "ends badly",
    "broken gaps",
    "articles missing",
    "a negation elsewhere",
)


@dataclass(frozen=True)
class Candidate:
    """A choice of words as a headline: its text, and FEATURES of it."""

    text: str
    features: tuple[float, ...]


def candidates(draft: Draft, doc: Doc, fluency: Fluency) -> Iterator[Candidate]:
    """Give the cuts and runs of one draft; none that loses or adds a negation."""
    salience = _salience(draft, doc)
    lay = layout(doc)
    denying = {i for i, low in enumerate(lay.low) if negates(low) and i not in lay.opening}
    judge = _Judge(doc, lay, salience, fluency)
    seen: set[tuple[int, ...]] = set()
    chosen = chain(
        ((cut.tokens, cut.is_main) for cut in cuts_of(doc, salience)),
        ((run, None) for run in runs_of(lay, MAX_WORDS)),
    )
    for given, main in chosen:
        tokens = tuple(trimmed(lay, given))
        if not tokens:
            continue
        tokens = with_articles(lay, tokens, MAX_WORDS)
        opened = left_open(lay, tokens, MAX_WORDS) if ends_badly(lay, tokens) >= TORN else None
        tokens, goes_on = opened or (tokens, False)
        if tokens in seen or loses_negation(lay, tokens):
            continue
        seen.add(tokens)
        is_main = judge.holds_main(tokens) if main is None else main
        text = polish(text_of(doc, with_marks(lay, tokens)))
        lost = denying.difference(tokens)
        kept = len(denying) - len(lost)
        near = lost and {
            i
            for a, b in lay.atoms
            if lost.intersection(range(a, b)) and any(a <= t < b for t in tokens)
            for i in range(a, b)
        }
        told = goes_on or not main or not len(lost & near) % 2
        same = told and negations(text) % 2 == kept % 2
        if MIN_WORDS <= len(text.split()) <= MAX_WORDS and same:
            found = judge.features(text, tokens, is_main, lost=len(lost), goes_on=goes_on)
            yield Candidate(f"{text}…" if goes_on else text, found)
    for denied, put in contrast(lay):
        text = polish(f"not {text_of(doc, denied)}, {text_of(doc, put)}")
        if len(text.split()) <= MAX_WORDS:
            yield Candidate(text, judge.features(text, (*denied, *put), is_main=True, fixed=True))


class _Judge:
    """What the features of all choices of words of one claim share."""

    def __init__(self, doc: Doc, lay: Layout, salience: Sequence[float], fluency: Fluency) -> None:
        self.doc, self.lay, self.salience, self.fluency = doc, lay, salience, fluency
        self.total = sum(salience) or 1.0
        self.signs = [sign(t) for t in doc]
        self.verbs = {t.i for t in doc if t.pos_ in ("VERB", "AUX")}
        self.said = sum(lay.word) - len(lay.opening)
        self.edges = {k for run in lay.atoms for k in (run[0], run[1] - 1)}
        self.roots = {t.i for t in doc if t.dep_ in ("ROOT", "root") and not leans(t)}

    def holds_main(self, tokens: Sequence[int]) -> bool:
        """Whether a run holds the verb of its sentence, and is not its condition."""
        return not self.roots.isdisjoint(tokens) and self.lay.low[tokens[0]] not in CONDITIONS

    def features(
        self,
        text: str,
        tokens: Sequence[int],
        is_main: bool,
        *,
        fixed: bool = False,
        lost: int = 0,
        goes_on: bool = False,
    ) -> tuple[float, ...]:
        """Give FEATURES; `fixed` tells that gaps and beginning are as they should be.

        With `goes_on` the reader is told that the end is none.
        """
        lay = self.lay
        said = words(text)
        clause = fixed or is_clause(lay, tokens)
        kept = sum(self.salience[i] for i in tokens)
        gaps = (
            0
            if fixed
            else sum(
                any(lay.word[k] for k in range(a + 1, b)) for a, b in pairwise(tokens) if b > a + 1
            )
        )
        return (
            kept / self.total,
            kept / max(1, len(said) - sum(w in ARTICLES for w in said)),
            self.fluency.score([self.signs[i] for i in tokens if not lay.mark[i]]),
            float(gaps),
            float(clause),
            float(not self.verbs.isdisjoint(tokens)),
            len(said) / MAX_WORDS,
            float(said[:1] != [] and said[0] in _DANGLING),
            float(not _ME_OR_YOU.isdisjoint(said)),
            float(sum(w not in FUNCTION_WORDS for w in said) < 2),
            float(is_main),
            float(sum(lay.word[i] for i in tokens) >= self.said),
            float(fixed or (gaps == 0 and self.edges.issuperset((tokens[0], tokens[-1])))),
            0.0 if fixed else begins_badly(lay, tokens, clause),
            OPEN if goes_on else ends_badly(lay, tokens),
            float(not _balanced(text)) + (broken_gaps(lay, tokens) if gaps or lay.quoted else 0.0),
            float(articles_missing(lay, tokens)) if gaps else 0.0,
            float(lost % 2),
        )


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")


def _scored(draft: Draft, doc: Doc, fluency: Fluency) -> Iterator[tuple[float, str]]:
    """Give the cuts of one draft with their worth."""
    for found in candidates(draft, doc, fluency):
        yield float(np.dot(found.features, fluency.worth)), found.text


def _salience(draft: Draft, doc: Doc) -> list[float]:
    """Give for each token of the parse the salience of the word it stands in; 0.0 when unknown."""
    spans = [(a - draft.start, b - draft.start, p) for a, b, p in draft.words]
    places = _bare(draft.text)[1]
    out, k = [], 0
    for token in doc:
        low, high = places[token.idx], places[token.idx + len(token.text) - 1] + 1
        while k < len(spans) and spans[k][1] <= low:
            k += 1
        inside = [p for a, b, p in spans[k : k + 12] if a < high and b > low]
        out.append(max(inside, default=0.0) if token.text.lower() not in FUNCTION_WORDS else 0.0)
    return out


_SPACE_BEFORE = re.compile(r"\s+([,;:.!?%)\]’'”]|n['’]t\b|['’](?:s|re|ve|ll|d|m)\b)", re.IGNORECASE)
_SPACE_AFTER = re.compile(r"([(\[“$€£#@])\s+")
# Words that tie a sentence to the one before it, and say nothing in a headline.
_LEADING = re.compile(
    r"(?:(?:so|however|and|but|because|also|hence|thus|therefore|plus|anyway|besides|again)(?!-)\W+)+"
    r"(?!far\b|that\b|much\b|many\b)",
    re.IGNORECASE,
)
_BARE_NOT = re.compile(r"^n['’]t\b", re.IGNORECASE)
_EDGES = re.compile(r"^[\s\W]*(?=[\w$€£#@])|[\s,;:.!…–—-]+$")


def polish(text: str) -> str:
    """Close the gaps that the cut left, take marks off the edges, begin with a capital."""
    text = _SPACE_AFTER.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
    text = _BARE_NOT.sub("not", text.strip())
    text = _EDGES.sub("", " ".join(text.split())).strip(" \"“”'‘’*_`")
    for mark in ('"', "*", "`"):
        text = text.replace(mark, "") if text.count(mark) % 2 else text
    if text.count("“") != text.count("”"):
        text = text.replace("“", "").replace("”", "")
    lead = _LEADING.match(text)
    if lead and len(text[lead.end() :].split()) >= MIN_WORDS:
        text = text[lead.end() :]
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first.islower() else text


def plain(text: str) -> str:
    """Give a run of the text's own words, for what cannot be cut along a parse.

    It is the whole text where that is short; else its beginning, or the run between two marks, or
    before a joining word, with most content; words that hang at its end ("would", "of the") are
    left out, and dots say so.
    """
    tokens = text.split()
    if len(tokens) <= MAX_WORDS:
        return _EDGES.sub("", text.strip()) or text[:60]
    runs: list[list[str]] = [tokens, []]
    for token in tokens:
        if runs[-1] and token.lower().strip(",.") in _JOINING:
            runs.append([])
        runs[-1].append(token)
        if token[-1:] in ",;:.!?)":
            runs.append([])
    odd = negations(text) % 2
    kept, whole = max(
        ((_untailed(run[:MAX_WORDS]), run) for run in runs if run),
        key=lambda r: (
            len(r[0]) >= MIN_WORDS,
            negations(" ".join(r[0])) % 2 == odd,
            r[1][0].lower() not in _DEPENDENT,
            len(content_stems(" ".join(r[0]))),
        ),
    )
    found = polish(" ".join(kept))
    return f"{found}…" if found and len(kept) < len(whole) else found or text[:60]


_JOINING = frozenset(
    "and but or because since although though while if when where what that which who".split()
)


_DEPENDENT = _JOINING - {"and", "but", "or", "what"}


def _untailed(run: list[str]) -> list[str]:
    while len(run) > MIN_WORDS and run[-1].lower().strip(",;:.!?") in FUNCTION_WORDS:
        run = run[:-1]
    return run
