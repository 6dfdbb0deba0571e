"""Sentences cut down along their dependency tree (Universal Dependencies) to a few words.

For every predicate that could stand alone, the best subset of its subtree is found exactly, by a
knapsack over the tree: each word kept costs one of MAX_WORDS and brings its worth; a child can be
kept only with its head, and some children must be (subjects, objects, negations, particles).
Source of the idea: sentence compression by pruning dependency trees (Filippova and Strube, 2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.words import NEGATIONS

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

MIN_WORDS, MAX_WORDS = 2, 8

# Children without which their head says something else, or nothing.
KEPT = frozenset(
    """nsubj nsubj:pass csubj csubj:pass obj iobj ccomp xcomp cop aux aux:pass case compound
    compound:prt fixed flat nummod expl nmod:poss goeswith mark advmod:neg obl:agent
    obl:arg""".split()
)
# Children that never belong in a headline.
DROPPED = frozenset(
    "discourse vocative punct reparandum parataxis list orphan dep cc:preconj".split()
)
# What a branch costs beside its words: clauses and asides cost more than plain modifiers.
PRICE = {
    "advcl": 0.55,
    "acl:relcl": 0.45,
    "acl": 0.25,
    "conj": 0.25,
    "appos": 0.5,
    "obl": 0.0,
    "nmod": 0.0,
    "advmod": 0.1,
    "det": 0.0,
    "amod": 0.0,
    "obl:tmod": 0.2,
    "obl:unmarked": 0.2,
    "cc": 0.0,
}
# What a word kept for grammar alone brings, so that articles stay where there is room.
PLAIN_WORTH = {"det": 0.06, "cc": 0.3, "mark": 0.0, "case": 0.0}
# Adverbs and determiners that set how much is claimed: to drop them is to lie.
MEASURES = frozenset(
    """only even never no not hardly barely rarely seldom always all every none most few little less
    more least almost nearly too enough without just any both neither either mostly often sometimes
    usually already still longer best worst first last""".split()
)
# Verbs that only introduce what is claimed: the clause under them can stand alone.
INTRODUCING = frozenset(
    """think believe say know mean guess suppose feel reckon argue claim find see hope assume agree
    suspect bet doubt understand seem appear be tell suggest note add imagine wonder realize
    realise remember notice admit""".split()
)
PREDICATES = frozenset({"VERB", "AUX", "ADJ", "NOUN", "PROPN", "ADV", "NUM", "PRON"})


@dataclass(frozen=True)
class Cut:
    """Token indices kept, in order, and what is known of them."""

    tokens: tuple[int, ...]
    has_subject: bool
    has_verb: bool
    kept_salience: float
    negations: int
    forced: int


def cuts_of(doc: Doc, salience: Sequence[float]) -> Iterator[Cut]:
    """Give the best cut under each predicate of a parse that could stand alone."""
    total = sum(salience) or 1.0
    for token in doc:
        if token.pos_ in PREDICATES and _stands_alone(token):
            cut = _best_cut(token, salience, total)
            if cut is not None:
                yield cut


def _stands_alone(token: Token) -> bool:
    """Whether the subtree of a token can be read by itself."""
    dep = token.dep_
    if dep in ("ROOT", "root"):
        return True
    head = token.head
    if dep == "ccomp":
        return head.lemma_.lower() in INTRODUCING and not _negated(head)
    if dep in ("parataxis", "conj"):
        return _has_subject(token)
    if dep in ("advcl", "acl") and token.pos_ == "VERB":
        return token.text.lower().endswith("ing") and _has_object(token)
    return dep == "xcomp" and token.text.lower().endswith("ing") and _has_object(token)


def _has_subject(token: Token) -> bool:
    return any(c.dep_.startswith(("nsubj", "csubj", "expl")) for c in token.children)


def _has_object(token: Token) -> bool:
    return any(c.dep_ in ("obj", "xcomp", "ccomp") for c in token.children)


def _negated(token: Token) -> bool:
    return any(_is_negation(c) for c in token.children)


def _is_negation(token: Token) -> bool:
    word = token.text.lower().replace("’", "'")
    return word in NEGATIONS or word.endswith("n't")


def _words_of(token: Token) -> int:
    """1 for a token that begins a word, 0 for one glued to the token before it ("do" + "n't")."""
    if not any(ch.isalnum() for ch in token.text):
        return 0
    glued = token.i > 0 and not token.doc[token.i - 1].whitespace_
    return 0 if glued and token.doc[token.i - 1].text[-1:].isalnum() else 1


def _must_keep(child: Token) -> bool:
    if child.dep_ in DROPPED:
        return False
    if child.dep_ in KEPT or _is_negation(child):
        return True
    if child.text.lower() in MEASURES:
        return True
    glued = child.i > 0 and not child.doc[child.i - 1].whitespace_ and _words_of(child) == 0
    return glued and child.dep_ != "punct"


Table = dict[int, tuple[float, tuple[int, ...]]]  # words spent -> (worth, tokens)


def _best_cut(root: Token, salience: Sequence[float], total: float) -> Cut | None:
    skipped = {"mark", "cc"} | ({"advmod"} if root.dep_ in ("conj", "ccomp", "advcl") else set())
    table = _table(root, salience, skipped)
    best: tuple[float, tuple[int, ...]] | None = None
    for count, (worth, tokens) in table.items():
        if MIN_WORDS <= count <= MAX_WORDS and (best is None or worth > best[0]):
            best = worth, tokens
    if best is None:
        return None
    kept = tuple(sorted(best[1]))
    doc = root.doc
    return Cut(
        tokens=kept,
        has_subject=any(
            doc[i].head == root and doc[i].dep_[:5] in ("nsubj", "csubj") for i in kept
        ),
        has_verb=any(doc[i].pos_ in ("VERB", "AUX") for i in kept),
        kept_salience=sum(salience[i] for i in kept) / total,
        negations=sum(_is_negation(doc[i]) for i in kept),
        forced=0,
    )


def _table(token: Token, salience: Sequence[float], skipped: set[str]) -> Table:
    """Knapsack of one subtree, its top kept: for each number of words the best choice of tokens."""
    own = _words_of(token)
    worth = salience[token.i] + PLAIN_WORTH.get(token.dep_, 0.0)
    table: Table = {own: (worth, (token.i,))}
    for child in token.children:
        measures = _is_negation(child) or child.text.lower() in MEASURES
        if child.dep_ in skipped and not measures:
            continue
        if child.dep_ in DROPPED and not _is_hyphen(child):
            continue
        below = _table(child, salience, set())
        price = PRICE.get(child.dep_, 0.1)
        merged: Table = {} if _must_keep(child) else dict(table)
        for spent, (value, tokens) in table.items():
            for more, (extra, others) in below.items():
                count = spent + more
                if count > MAX_WORDS:
                    continue
                new = value + extra - (0.0 if _must_keep(child) else price)
                if count not in merged or new > merged[count][0]:
                    merged[count] = new, tokens + others
        table = merged
        if not table:
            return {}
    return table


def _is_hyphen(token: Token) -> bool:
    """Whether a mark stands inside a word ("open-source") or is a sign that carries meaning."""
    return token.text in "-/'’&%" and token.i > 0 and not token.doc[token.i - 1].whitespace_
