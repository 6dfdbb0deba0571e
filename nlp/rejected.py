"""What a claim calls wrong: "banning it is nonsense" and "ban it" are opposites without a "not".

Two claims are opposed only where one asks for what the other calls wrong: who merely speaks of a
ban may well be against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.words import FUNCTION_WORDS, WORD, negations, stem

_JUDGED = (
    r"nonsens\w*|sill\w+|stupid\w*|dumb\w*|idiot\w*|ridiculous\w*|absurd\w*|pointless|useless"
    r"|needless|unnecessary|overkill|wrong|foolish|insane|ludicrous|laughable|unfair|a\s+mistake"
    r"|(?:an?\s+)?(?:\w+\s+)?(?:bad|terrible|awful|dumb|stupid|daft)\s+idea"
)
# what is judged: up to twelve words before the verb, none of them across a mark of punctuation
_REJECTION = re.compile(
    r"(?P<what>(?:[\w’'-]+[ \t]+){0,11}[\w’'-]+?)"
    r"(?:[ \t]+(?:is|are|was|were|seems?|sounds?|(?:would|will)[ \t]+be)|[’']s)[ \t]+"
    r"(?:(?:just|so|simply|plain|really|totally|completely|utterly|always|a|an|the|bit)[ \t]+){0,3}"
    rf"(?:{_JUDGED})\b",
    re.IGNORECASE,
)
_JUDGEMENT = re.compile(rf"\b(?:{_JUDGED})\b", re.IGNORECASE)
_CALL = re.compile(
    r"\b(?:should|must|ought|please|pls|needs?\s+to|ha(?:s|ve)\s+to|let[’']?s|(?:time|ready)\s+to"
    r"|in\s+favou?r|all\s+for)\b",
    re.IGNORECASE,
)
_LONGEST = 600  # characters of a claim that are looked at
# Words that bring an opinion, and are not what it is about.
_OPINION = frozenset(
    "think thought believ feel felt guess say said says find found know opinion".split()
)
# Verbs and nouns by which people forbid; one measure in other words.
_FORBID = frozenset("ban bann forbid forbidd prohib outlaw illegal".split())


def measures(text: str) -> frozenset[str]:
    """Give the stems of a text's content words, all ways to forbid being one of them."""
    stems = (stem(m.group()) for m in WORD.finditer(text) if not _function(m.group()))
    return frozenset("ban" if s in _FORBID else s for s in stems)


def rejected(text: str) -> frozenset[str]:
    """Give the stems of what a text calls wrong; none where a negation turns that round."""
    found: set[str] = set()
    for match in _REJECTION.finditer(text[:_LONGEST]):
        if not negations(match.group()):
            found |= measures(match["what"]) - _OPINION
    return frozenset(found)


@dataclass(frozen=True)
class Side:
    """What one claim calls wrong, and what it may ask for (empty where it asks for nothing)."""

    wrong: frozenset[str]
    asked: frozenset[str]


def side_of(text: str) -> Side:
    """Read one claim; who negates or calls something wrong is not taken to ask for anything."""
    text = text[:_LONGEST]
    wrong = rejected(text)
    if wrong or negations(text) or _JUDGEMENT.search(text):
        return Side(wrong, frozenset())
    if _CALL.search(text):
        return Side(wrong, measures(text))
    first = WORD.search(text)  # an imperative: "ban it"
    return Side(wrong, measures(first[0]) if first else frozenset())


def opposed(first: Side, second: Side) -> bool:
    """Say whether one asks for what the other calls wrong."""
    return bool(first.wrong & second.asked or second.wrong & first.asked)


def _function(word: str) -> bool:
    return word.lower().replace("’", "'") in FUNCTION_WORDS
