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
    """nsubj nsubj:pass nsubj:outer csubj csubj:pass obj iobj ccomp xcomp cop aux aux:pass case
    compound compound:prt fixed flat nummod expl nmod:poss goeswith mark advmod:neg obl:agent
    obl:arg""".split()
)
# Children that never belong in a headline.
DROPPED = frozenset(
    "discourse vocative punct reparandum parataxis list orphan dep cc:preconj".split()
)
# What a branch costs beside its words: clauses and asides cost more than plain modifiers.
PRICE = {
    "advcl": 0.5,
    "acl:relcl": 0.4,
    "acl": 0.25,
    "conj": 0.2,
    "appos": 0.5,
    "obl": 0.05,
    "nmod": 0.0,
    "advmod": 0.12,
    "det": 0.0,
    "amod": 0.0,
    "obl:tmod": 0.2,
    "obl:unmarked": 0.2,
    "cc": 0.0,
}
# What a word kept for grammar or for precision alone brings, so that it stays where there is room.
PLAIN_WORTH = {"det": 0.1, "cc": 0.2, "mark": 0.0, "case": 0.0, "amod": 0.15}
QUESTION_WORDS = frozenset("how why what whatever when where which who whom whose".split())
# What only points at something said before: a headline reads better without it.
POINTING = frozenset("it this that they these those he she there which".split())
# Adverbs and determiners that set how much is claimed: to drop them is to lie.
MEASURES = frozenset(
    """only even never no not hardly barely rarely seldom always all every none most few little less
    more least almost nearly too enough without just any both neither either mostly often sometimes
    usually already still longer best worst first last next previous same other another different
    fewer half""".split()
)
# Verbs that only introduce what is claimed: the clause under them can stand alone.
INTRODUCING = frozenset(
    """think believe say know mean guess suppose feel reckon argue claim find see hope assume agree
    suspect bet doubt understand seem appear be tell suggest note add imagine wonder realize
    realise remember notice admit""".split()
)
RELATIVE = ("acl:relcl", "advcl:relcl")
PLACES = ("where", "when", "whereby")
DEEPEST = 64  # levels of a parse under the top of a headline; those of real sentences are below 30
PREDICATES = frozenset({"VERB", "AUX", "ADJ", "NOUN", "PROPN", "ADV", "NUM", "PRON"})


@dataclass(frozen=True)
class Cut:
    """Token indices kept, in order, and whether their top is its sentence's own predicate."""

    tokens: tuple[int, ...]
    is_main: bool


def cuts_of(doc: Doc, salience: Sequence[float]) -> Iterator[Cut]:
    """Give the cuts under each predicate of a parse that could stand alone."""
    word_of = _word_numbers(doc)
    for token in doc:
        if token.pos_ not in PREDICATES or not _stands_alone(token):
            continue
        for left_out in _openings(token):
            table = _table(token, salience, word_of, left_out)
            for tokens in dict.fromkeys(kept for _, kept in table.values()):
                cut = _cut(token, tokens, word_of)
                if cut is not None:
                    yield cut


def text_of(doc: Doc, tokens: Sequence[int]) -> str:
    """Give the words of a choice: those that stood together still do, the others get a space."""
    parts: list[str] = []
    for before, i in zip((-2, *tokens), tokens, strict=False):
        glued = i == before + 1 and not doc[before].whitespace_
        parts.append(doc[i].text if glued or not parts else f" {doc[i].text}")
    return "".join(parts)


def _openings(root: Token) -> Iterator[frozenset[int]]:
    """Give the sets of children to leave out: the marks of the clause; also a pointing subject.

    "they are commoditizing their complement" gives "commoditizing their complement", "it's a
    founder's culture" gives "a founder's culture".
    """
    marks = {c.i for c in root.children if c.dep_ in ("mark", "cc") and not _is_negation(c)}
    if root.dep_ in RELATIVE:
        marks |= {c.i for c in root.children if c.text.lower() in PLACES}
    if root.dep_ in ("conj", "ccomp", "advcl", "parataxis"):
        marks |= {c.i for c in root.children if c.dep_ == "advmod" and c.i == root.left_edge.i}
    yield frozenset(marks)
    subjects = [c for c in root.children if c.dep_[:5] in ("nsubj", "expl")]
    if subjects and all(c.text.lower() in POINTING for c in subjects):
        verbs = [c for c in root.children if c.dep_ in ("cop", "aux") and not _is_negation(c)]
        nominal = any(c.dep_ == "cop" for c in verbs)
        gerund = root.text.lower().endswith("ing") and any(c.lemma_ == "be" for c in verbs)
        bare = {c.i for c in verbs} if nominal or gerund else set()
        if bare:
            yield frozenset(marks | {c.i for c in subjects} | bare)


def _word_numbers(doc: Doc) -> list[int]:
    """Give each token the number of the word, parted by white space, in which it stands."""
    numbers, number = [], 0
    for token in doc:
        numbers.append(number)
        number += bool(token.whitespace_) or token.text in "—–()" or token.text == "..."
    return numbers


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
    if dep in RELATIVE:
        return _says_where(token) and _has_subject(token)
    if dep in ("advcl", "acl") and token.pos_ == "VERB":
        return token.text.lower().endswith("ing") and _has_object(token)
    return dep == "xcomp" and token.text.lower().endswith("ing") and _has_object(token)


def _says_where(token: Token) -> bool:
    """Whether a relative clause is whole without its opening "where"."""
    return any(c.text.lower() in PLACES and c.i == token.left_edge.i for c in token.children)


def _has_subject(token: Token) -> bool:
    return any(c.dep_.startswith(("nsubj", "csubj", "expl")) for c in token.children)


def _has_object(token: Token) -> bool:
    return any(c.dep_ in ("obj", "xcomp", "ccomp") for c in token.children)


def _negated(token: Token) -> bool:
    return any(_is_negation(c) for c in token.children)


def _is_negation(token: Token) -> bool:
    word = token.text.lower().replace("’", "'")
    return word in NEGATIONS or word.endswith("n't")


def _must_keep(child: Token, word_of: Sequence[int]) -> bool:
    if word_of[child.i] == word_of[child.head.i] and child.dep_ != "punct":
        return True
    if child.dep_ in DROPPED:
        # "SOC 2 says": what is called out without a comma is part of the name that follows
        after = child.i + 1
        return child.dep_ == "vocative" and after < len(child.doc) and not child.doc[after].is_punct
    low = child.text.lower()
    if child.dep_ == "mark" and low == "that":
        return False
    if child.dep_ == "cc" and child.head.dep_ == "conj":
        return True
    if child.dep_ == "acl:relcl" and child.head.text.lower() in QUESTION_WORDS:
        return True
    if child.dep_ == "amod" and _compares(child):
        return True
    return child.dep_ in KEPT or low in MEASURES or low in QUESTION_WORDS or _is_negation(child)


def _compares(token: Token) -> bool:
    """Whether an adjective says how far a thing holds: "most common cause" is not "cause"."""
    return token.tag_ in ("JJR", "JJS") or any(c.tag_ in ("RBR", "RBS") for c in token.children)


Table = dict[int, tuple[float, tuple[int, ...]]]  # words spent -> (worth, tokens)


def _cut(root: Token, tokens: tuple[int, ...], word_of: Sequence[int]) -> Cut | None:
    """Complete the words of a choice of tokens; None when it is too long or too short."""
    doc = root.doc
    words = {word_of[i] for i in tokens if _is_word(doc[i])}
    if not MIN_WORDS <= len(words) <= MAX_WORDS:
        return None
    inside = [i for i in range(len(doc)) if word_of[i] in words]
    kept = tuple(i for i in inside if _is_word(doc[i]) or _is_inner_mark(doc[i], word_of))
    return Cut(tokens=kept, is_main=_is_main(root))


def _is_main(token: Token) -> bool:
    """Whether a predicate is its sentence's own: the root, or what a bare participle leans on.

    "By giving it away they win": parsers often take the first verb for the root.
    """
    if token.dep_ in ("ROOT", "root"):
        return not leans(token)
    return token.dep_ == "advcl" and _has_subject(token) and leans(token.head)


def leans(token: Token) -> bool:
    """Whether a root is a bare participle beside a clause that has a subject."""
    if token.dep_ not in ("ROOT", "root") or not token.text.lower().endswith("ing"):
        return False
    if any(c.dep_[:5] in ("nsubj", "aux", "cop") for c in token.children):
        return False
    return any(c.dep_ == "advcl" and _has_subject(c) for c in token.children)


def _is_word(token: Token) -> bool:
    return any(ch.isalnum() for ch in token.text)


def _is_inner_mark(token: Token, word_of: Sequence[int]) -> bool:
    """Whether a mark stands inside a word ("open-source") or is a sign that carries meaning."""
    if token.text in "%€$£#@+":
        return True
    number, doc = word_of[token.i], token.doc
    before = token.i > 0 and word_of[token.i - 1] == number
    after = token.i + 1 < len(doc) and word_of[token.i + 1] == number
    return before and after and token.text in "-/'’&.:–"


def _table(
    token: Token,
    salience: Sequence[float],
    word_of: Sequence[int],
    left_out: frozenset[int],
    levels: int = DEEPEST,
) -> Table:
    """Knapsack of one subtree, its top kept: for each number of words the best choice of tokens.

    A token that shares its word with its head costs nothing more. Nothing is kept that stands
    more than a number of levels down: the words on the way to it would be too many already.
    """
    if not levels:
        return {}
    shares = token.head.i != token.i and word_of[token.head.i] == word_of[token.i]
    worth = salience[token.i] + PLAIN_WORTH.get(token.dep_, 0.0)
    table: Table = {int(_is_word(token) and not shares): (worth, (token.i,))}
    for child in token.children:
        if child.i in left_out and word_of[child.i] != word_of[token.i]:
            continue
        kept = _must_keep(child, word_of)
        if child.dep_ in DROPPED and not kept:
            continue
        below = _table(child, salience, word_of, frozenset(), levels - 1)
        price = 0.0 if kept else PRICE.get(child.dep_, 0.1)
        merged: Table = {} if kept else dict(table)
        for spent, (value, tokens) in table.items():
            for more, (extra, others) in below.items():
                count = spent + more
                new = value + extra - price
                if count <= MAX_WORDS and (count not in merged or new > merged[count][0]):
                    merged[count] = new, tokens + others
        table = merged
        if not table:
            return {}
    return table
