"""Why a stretch of text is not on the map: one plain reason each."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.model import Residue, Thread
from nlp.segment import URL
from nlp.words import FUNCTION_WORDS, words

REASONS = (
    "agreement",
    "code",
    "deleted",
    "greeting",
    "joke or exclamation",
    "link only",
    "mark",
    "off topic",
    "question",
    "quote",
    "thanks",
    "too short",
    "too weak",
)

_DELETED = re.compile(
    r"\W*(?:deleted|removed|message deleted|this message was deleted|"
    r"(?:comment|post) (?:deleted|removed) by (?:user|moderator|author)|"
    r"removed by (?:reddit|moderator))\W*",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"\W*(?:hi|hello|hey|hiya|howdy|dear|good (?:morning|afternoon|evening|day)|greetings|welcome|"
    r"cheers|regards|best regards|kind regards|bye|goodbye|good night|see you|see ya|cya|sincerely|"
    r"happy (?:new year|holidays|monday|friday|weekend))\b[^.!?]{0,40}[.!,?]*\s*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\W*(?:(?:many |big |huge )?thanks|thank you|thx|ty|tysm|much appreciated|appreciate it|"
    r"congrats|congratulations|great (?:post|discussion|share|read|article|question|thread)|"
    r"nice (?:post|one|share)|love this|well done|good luck|sorry)\b",
    re.IGNORECASE,
)
_AGREEMENT = re.compile(
    r"\W*(?:\+1|this|so much this|same|exactly|agreed?|i agree|100 ?%|true|yes|yep|yeah|yup|"
    r"absolutely|indeed|correct|right|fair|fair enough|fair point|good point|seconded|precisely|"
    r"spot on|no|nope|nah|disagree|ok|okay)(?:\W+(?:this|exactly|that|you|totally|\w+)){0,2}\W*",
    re.IGNORECASE,
)
WEAK = 0.7  # confidence that a text is no point; below it, labellers take every second one for one
LONGEST_PLAIN = 60  # characters of an agreement that says nothing else
# Words that agree, and words that may stand beside them and say no more.
_AGREES = (
    r"(?:\+1|100 ?%|(?:so much )?this|same(?: here)?|exactly|agreed?|i (?:\w+ly )?agree|true|yes|"
    r"yep|yeah|yup|absolutely|totally|definitely|indeed|correct|right|fair(?: enough| point)?|"
    r"good point|seconded|precisely|spot on|well said)"
)
_PLAIN = re.compile(
    rf"\W*{_AGREES}(?:\W+(?:{_AGREES}|with|that|you|him|her|them|op|all|of|above))*\W*", re.I
)
# "+1 for the ban", "agree with ana", "what ben said": an agreement that says with what.
_NAMED = re.compile(
    r"\W*(?:(?:\+1|agreed?|i (?:\w+ly )?agree|yes|yep|yeah|seconded)\W+(?:for|to|on)\s+"
    r"(?:the\s+|an?\s+)?(?P<claim>[^.!?:;\n]+?)"
    rf"|{_AGREES}\W+(?:with\W+)?(?P<author>[^.!?:;\n]+?)"
    r"|what\W+(?P<speaker>[^.!?:;\n]+?)\s+(?:said|says|wrote))\W*",
    re.IGNORECASE,
)
_EXCLAMATION = re.compile(
    r"\W*(?:l+o+l+|lmao|rofl|ha(?:ha)+|he(?:he)+|wow|omg|wtf|ouch|oof|yikes|ugh|sigh|hmm+|oh|huh|"
    r"damn|nice|cool|great|awesome|yay)\b.{0,25}",
    re.IGNORECASE,
)


def agrees(text: str) -> bool:
    """Whether a text agrees with something, and says nothing else; "no" and "ok" do not."""
    return len(text) <= LONGEST_PLAIN and _PLAIN.fullmatch(text) is not None


def agreed_with(text: str) -> tuple[str, bool] | None:
    """Give what a text agrees with, and whether that is words of a claim ("for ...") or a name.

    Whether there is such a claim, or anybody of that name, is not known here. None where the text
    does not agree, or says more than that.
    """
    found = _NAMED.fullmatch(text) if len(text) <= LONGEST_PLAIN else None
    if found is None:
        return None
    named = found["claim"] or found["author"] or found["speaker"]
    return named.lstrip("@"), found["claim"] is not None


def leading_agreement(text: str) -> str:
    """Give the clause with which a text agrees with something named, before it goes on; or ""."""
    lead = re.match(r"[^,.;!?\n]+[,.;!]", text)
    return lead[0] if lead and agreed_with(lead[0]) else ""


def reason_for(text: str, kind: str, confidence: float) -> str:
    """Give the reason, one of REASONS, for text judged to be `other` or a `question`.

    Where nothing plainer can be said, `confidence` (0 to 1) tells what is off topic from what may
    have been a point but was "too weak" to be shown as one.
    """
    count = len(words(text))
    if URL.search(text) and count <= 1 + len(words(" ".join(URL.findall(text)))):
        return "link only"
    if _DELETED.fullmatch(text):
        return "deleted"
    if _THANKS.match(text) and count <= 14:
        return "thanks"
    if _GREETING.fullmatch(text):
        return "greeting"
    if kind == "question" or text.rstrip(" \"'”’)*_").endswith("?"):
        return "question"
    if _AGREEMENT.fullmatch(text):
        return "agreement"
    if _EXCLAMATION.fullmatch(text):
        return "joke or exclamation"
    if count <= 2 or all(w in FUNCTION_WORDS for w in words(text)):
        return "too short"
    return "too weak" if confidence < WEAK else "off topic"


def of(thread: Thread, dropped: Iterable[Residue]) -> tuple[Residue, ...]:
    """Join what the steps dropped with the furniture that the reader took off, in reading order."""
    order = {post.id: place for place, post in enumerate(thread.posts)}
    furniture = (
        Residue(post=f.post, start=f.at, end=f.at, reason=f.reason, text=f.text)
        for f in thread.furniture
    )
    return tuple(sorted((*dropped, *furniture), key=lambda r: (order[r.post], r.start, r.end)))
