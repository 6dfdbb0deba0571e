"""How well a choice of a claim's words is cut out: at its beginning, its end, and in the middle.

Each judge gives 0.0 for a cut where a phrase begins or ends, and up to 1.0 (for each gap) where
words are torn from those that they lean on. How much that weighs against what a headline says is
set by `nlp.training.headlines`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from nlp.layout import (
    ARTICLES,
    BE,
    CONDITIONS,
    COORDINATING,
    FILLERS,
    FINITE,
    INNER_MARKS,
    JOINING,
    NOMINAL,
    NOMINATIVE,
    POINTERS,
    REASONS,
    RELATIVES,
    TAILS,
    Layout,
    is_clause,
)
from nlp.words import NEGATIONS

# Words that lean on what comes after them: nothing ends in one.
LEANING = (
    ARTICLES
    | COORDINATING
    | frozenset(
        """because if unless whether than of my your our their its every no my is are was were am be
        been has i'm it's they're you're we're very even such only then""".split()
    )
)
# Prepositions end a headline only where the text itself ends there ("what it is for").
LINKING = frozenset(
    """about above across after against along among around as at before behind below between by
    during for from in into like near of off on onto out over per since through to toward towards
    under until up upon via with within without""".split()
)
PARTICLES = frozenset("up out off down over in on around away back".split())


def loses_negation(lay: Layout, tokens: Sequence[int]) -> bool:
    """Whether a negation that is left out governs a choice of words.

    It stands right before them, over what is no clause, or in the verb whose subject they are.
    """
    start = tokens[0]
    if _is_subject_of_denial(lay, tokens) or _is_denied_whole(lay, start):
        return True
    if start == 0:
        return False
    i = start - 1
    while i >= 0 and (not lay.word[i] or lay.low[i] in ARTICLES or i in lay.opening):
        i -= 1
    if i >= 0 and negates(lay.low[i]):
        return True
    if i > 0 and lay.low[i] in JOINING and negates(lay.low[i - 1]):
        return True
    clause = is_clause(lay, tokens)
    for k in range(start - 1, -1, -1):
        if k in lay.opening or lay.text[k] in (".", "!", "?", ";", ":"):
            return False
        if clause and (
            lay.mark[k]
            or (lay.low[k] in _PARTING and k < start - 1)
            or (k == i and lay.low[k] in _PARTING)
        ):
            return False
        if negates(lay.low[k]):
            return True
    return False


def _is_denied_whole(lay: Layout, start: int) -> bool:
    """Whether words stand in what somebody denies or doubts: "it's not clear if ..., and ..."."""
    for k in range(start - 1, -1, -1):
        if lay.text[k] in (".", "!", "?", ";", ":"):
            return False
        if lay.low[k] in DOUBTING and (k + 1 == start or lay.low[k + 1] in ("if", "that")):
            return True
        if lay.low[k] in ("if", "whether", "that") and any(
            map(negates, lay.low[max(0, k - 3) : k])
        ):
            return True
    return False


def _is_subject_of_denial(lay: Layout, tokens: Sequence[int]) -> bool:
    """Whether words that are no clause stand before a negated verb."""
    n = tokens[-1] + 1
    while n + 1 < len(lay.low) and lay.pos[n] == "ADV" and not negates(lay.low[n]):
        n += 1
    denied = any(negates(low) for low in lay.low[n : n + 3])
    return denied and lay.tag[n] in FINITE and not is_clause(lay, tokens)


# After these a clause is claimed, or not, for itself.
_PARTING = (COORDINATING | REASONS | CONDITIONS) - {"that", "nor"}


# What follows them, with or without "that", is not claimed.
DOUBTING = frozenset(
    """doubt doubts doubted doubtful deny denies denied myth lie false untrue wrong nonsense pretend
    pretends pretending""".split()
)


def negates(low: str) -> bool:
    """Whether a word, in lower case, turns a statement into its opposite."""
    return low in NEGATIONS or low.endswith("n't")


def begins_badly(lay: Layout, tokens: Sequence[int], clause: bool) -> float:
    """Give how much a choice of words begins inside a phrase, from 0.0 to 1.0.

    `clause` tells whether a clause stands among the words (`nlp.layout.is_clause`).
    """
    first = tokens[0]
    low = lay.low[first]
    if first > 1 and lay.text[first - 1] in "-/" and not any(lay.spaced[first - 2 : first]):
        return 1.0  # inside a word
    before = _before(lay, first)
    clean = before < 0 or lay.mark[before] or before in lay.opening
    asks = clean and "?" in lay.low[first:]
    if low in CONDITIONS - {"once", "like", "as"} and not _concludes(lay, tokens):
        return 1.0
    if low == "that" and first + 1 < len(lay.low) and lay.low[first + 1] in BE:
        return 0.0 if clean else 0.4
    if low in RELATIVES | {"that", "than", "of"} and not asks:
        return 0.6 if clean and low != "than" else 1.0
    if low in ("nor", "or", "and"):
        return 1.0
    if lay.pos[first] == "AUX" and not (asks or (clean and low in BE)):
        return 0.5
    if not clean:
        return _torn(lay, before, first, clause)
    if lay.pos[first] == "ADP" and not clause and any(tag in FINITE for tag in lay.tag):
        return 0.6  # "in exchange for this": what happens?
    denies = low == "not" and before > 0 and lay.text[before] in INNER_MARKS
    return 0.8 if denies and not any(lay.mark[k] for k in tokens) else 0.0


def _before(lay: Layout, first: int) -> int:
    """Give the word or mark before a beginning, articles and modifiers of it aside; -1 for none."""
    i = first - 1
    while i >= 0 and (
        lay.low[i] in ARTICLES
        or (lay.pos[i] in ("ADJ", "ADV", "NUM", "INTJ") and lay.head[i] >= first)
    ):
        i -= 1
    if first > 1 and lay.low[first - 1] in ARTICLES and lay.pos[first - 2] == "ADV":
        return first - 2  # "twice a day" is one
    return i


def _concludes(lay: Layout, tokens: Sequence[int]) -> bool:
    """Whether a condition among the words is followed by what is claimed under it."""
    for n, k in enumerate(tokens):
        begins = n > 2 and lay.low[k] in NOMINATIVE
        if (begins or lay.mark[k] or lay.low[k] == "then") and is_clause(lay, tokens[1:n]):
            claimed = tokens[n:] if begins else tokens[n + 1 :]
            if is_clause(lay, claimed):
                return True
    return False


def _torn(lay: Layout, i: int, first: int, clause: bool) -> float:
    """Give how much words that begin at `first` lean on word `i` before them."""
    before, low = lay.low[i], lay.low[first]
    if before in CONDITIONS - {"before", "after", "as", "like"}:
        return 1.0
    if before in RELATIVES | {"that"} and lay.tag[first] in FINITE:
        return 1.0
    modifies = lay.pos[first] == "ADJ" or lay.tag[first] == "VBN"
    if before in COORDINATING and i > 0 and lay.pos[i - 1] == "ADJ" and modifies:
        return 0.2  # "an angry or tired driver": one of two modifiers
    if before in COORDINATING and clause:
        k = i - 1
        while k >= 0 and not lay.mark[k] and k not in lay.opening and lay.low[k] not in JOINING:
            k -= 1
        return 0.0 if i == k + 1 or is_clause(lay, range(k + 1, i)) else 0.7
    if before in COORDINATING | REASONS | RELATIVES:
        return 0.0 if clause else 0.7
    if before in BE and i > 0 and lay.low[i - 1] in POINTERS:
        return 1.0 if i > 1 and lay.low[i - 2] in CONDITIONS | {"since"} else 0.0
    if lay.pos[first] == "VERB" and lay.tag[first] != "VBG":
        return 0.8
    if clause and lay.pos[i] in ("VERB", "NOUN"):
        a_rate = i > 0 and lay.pos[i - 1] == "NUM"  # "20 minutes a ride"
        an_object = lay.pos[i] == "VERB" and low in ("it", "you")
        opens = low in POINTERS | NOMINATIVE or (lay.pos[first] == "DET" and not a_rate)
        opens = opens and not an_object
        return 0.3 if opens else 0.6
    return 1.0 if lay.pos[i] in ("ADP", "PART", "AUX", "SCONJ", "DET") else 0.6


def ends_badly(lay: Layout, tokens: Sequence[int]) -> float:
    """Give how much a choice of words ends inside a phrase, from 0.0 to 1.0."""
    last = tokens[-1]
    low, pos = lay.low[last], lay.pos[last]
    n = last + 1
    while n < len(lay.low) and not lay.word[n] and not lay.mark[n]:
        if not lay.spaced[n - 1] and not lay.spaced[n] and lay.text[n] in "-/":
            return 1.0
        n += 1
    clean = n >= len(lay.low) or lay.mark[n] or lay.low[n] in TAILS
    if low in LEANING and not (clean and low in ("is", "are", "was", "were", "then")):
        return 1.0
    if _begun(lay, tokens) or _waits(lay, tokens):
        return 0.8
    if n < len(lay.low) and lay.low[n] in ("if", "whether"):
        return 1.0  # "it is not clear", "nobody knows": of what?
    if n < len(lay.low) and lay.low[n] in ("where", "who", "whose", "whom") and not clean:
        return 0.8  # "in a reality", "the people": which?
    if low in ("why", "how", "what", "when") and not clean:
        return 1.0
    if clean:
        return 0.6 if low == "to" or low in RELATIVES else 0.0
    return 1.0 if pos == "AUX" else _cut_off(lay, last, n)


def _cut_off(lay: Layout, last: int, n: int) -> float:
    """Give how much the text's next word `n` is missed after word `last`."""
    low, pos, after = lay.low[last], lay.pos[last], lay.low[n]
    verb = n
    while verb + 1 < len(lay.low) and lay.pos[verb] == "ADV":
        verb += 1
    if pos in NOMINAL and lay.tag[verb] in FINITE:
        return 0.9
    particle = low in PARTICLES and (
        lay.tag[last] in ("RP", "RB") or lay.pos[n] in ("ADV", "ADP", "SCONJ")
    )
    is_verb = pos == "VERB" or particle
    if (low in LINKING or pos in ("DET", "PART", "SCONJ", "CCONJ")) and not particle:
        return 1.0
    if after == "than":
        return 0.5 if pos == "NOUN" else 1.0
    if after == "to":
        return 0.9 if is_verb or (pos == "ADJ" and low != "more") else 0.35
    if after in COORDINATING:
        clause = is_clause(lay, range(n + 1, len(lay.low)))
        if is_verb:
            return 0.3 if clause else 0.6
        return 0.15 if clause or pos in ("NOUN", "PROPN") else 0.5
    if after in REASONS | CONDITIONS | RELATIVES and after != "like":
        return 0.8 if is_verb and after in ("that", "as", "than", "whether", "if") else 0.25
    if lay.pos[n] == "ADP" or after in LINKING:
        return 0.7 if is_verb else 0.5 if after == "of" else 0.3
    if after in PARTICLES or after == "back":
        return 0.7
    if is_verb:
        return _manner_cut_off(lay, n)
    return 0.2 if lay.pos[n] in ("ADV", "INTJ") else 0.8


def _manner_cut_off(lay: Layout, n: int) -> float:
    """Give how much what comes after a verb is missed, adverbs first: "compares well with ..."."""
    while n < len(lay.low) and lay.pos[n] == "ADV" and lay.low[n] not in _BEGINNING:
        n += 1
    if n >= len(lay.low) or lay.mark[n] or lay.low[n] in TAILS | COORDINATING:
        return 0.3
    return 0.7 if lay.pos[n] == "ADP" else 1.0


def _begun(lay: Layout, tokens: Sequence[int]) -> bool:
    """Whether a clause is begun inside and its verb does not come ("a priority that somebody")."""
    for k in range(len(tokens) - 1, 0, -1):
        if lay.tag[tokens[k]] in FINITE:
            return False
        if lay.low[tokens[k]] in _BEGINNING and lay.pos[tokens[k]] in ("SCONJ", "PRON", "ADV"):
            return lay.low[tokens[k]] != "that" or lay.tag[tokens[k]] != "DT"
    return False


def _waits(lay: Layout, tokens: Sequence[int]) -> bool:
    """Whether a subject is named and its verb does not come ("some of the content that users")."""
    last = tokens[-1]
    for k in reversed(tokens):
        if lay.tag[k] in FINITE:
            return False
        if lay.dep[k].startswith("nsubj") and lay.head[k] > last:
            return True
    return False


_BEGINNING = frozenset(
    "that because if unless whether who which although where how why what".split()
)


_LONGEST_TITLE = 6  # words in quotes that stay together


def broken_gaps(lay: Layout, tokens: Sequence[int]) -> float:
    """Count the places where what was left out takes with it a word that what follows leans on."""
    kept, broken = set(tokens), 0.0
    for first, last in lay.quoted:
        inside = [i for i in range(first, last) if lay.word[i]]
        if 0 < sum(i in kept for i in inside) < len(inside) <= _LONGEST_TITLE:
            broken += 1.0
    return broken + sum(_broken(lay, a, b) for a, b in pairwise(tokens) if b > a + 1)


_LEANED_ON = frozenset("ADP AUX PART SCONJ CCONJ PRON VERB DET".split())


def _broken(lay: Layout, a: int, b: int) -> float:
    """Give how much what is left out between two words that were kept is missed."""
    left = [k for k in range(a + 1, b) if lay.word[k]]
    if not left:
        return 0.0
    if any(lay.head[j] == a and lay.dep[j] in ("obj", "compound:prt") for j in left):
        return 0.7
    k = b - 1
    while k > a and (
        lay.low[k] in ARTICLES | FILLERS
        or (lay.pos[k] in ("ADJ", "ADV", "NUM") and lay.head[k] >= b)
    ):
        k -= 1
    if k <= a or k in lay.opening:
        return 0.0
    relative = lay.low[b] in RELATIVES | {"that"} and lay.pos[k] in NOMINAL
    if lay.pos[k] in _LEANED_ON or relative:
        return 1.0
    if lay.pos[left[0]] in ("ADP", "SCONJ", "PRON") and lay.tag[b] in FINITE:
        return 0.0  # what follows the noun and comes before its verb
    if any(lay.tag[j] in FINITE for j in left) and not (lay.mark[a + 1] and lay.mark[b - 1]):
        return 0.7
    if lay.mark[k] != lay.mark[a + 1] and any(lay.mark[a + 1 : b]):
        return 0.5
    return 0.7 if lay.pos[a] in ("VERB", "AUX") and lay.pos[left[0]] not in ("ADV", "ADP") else 0.0


def articles_missing(lay: Layout, tokens: Sequence[int]) -> int:
    """Count the articles left out before words that were kept, the first word aside."""
    kept = set(tokens)
    return sum(article_of(lay, i, kept) is not None for i in tokens[1:])


def article_of(lay: Layout, i: int, kept: Collection[int]) -> int | None:
    """Give the place of the article left out before a word, modifiers left out aside."""
    k = i - 1
    while k >= 0 and k not in kept and lay.pos[k] in ("ADJ", "NUM", "ADV") and lay.head[k] == i:
        k -= 1
    return k if k >= 0 and k not in kept and lay.low[k] in ARTICLES else None
