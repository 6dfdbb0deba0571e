"""Words that show how one thing said bears on another: contrast, reason, agreement, reporting.

The tables list connectives of English by what they signal (the usual inventory of discourse
connectives), with their forms in chat. None is about any topic.
"""

from __future__ import annotations

import re

from nlp.model import Holder


def _phrases(table: str, *, at_head: bool = False) -> re.Pattern[str]:
    """Compile a table of phrases, parted by bars; longest first, any white space and apostrophe."""
    phrases = sorted((" ".join(p.split()) for p in table.split("|")), key=len, reverse=True)
    body = "|".join(re.escape(p).replace(r"\ ", r"\s+").replace("'", "['’]?") for p in phrases)
    lead = (
        r"\W{0,3}(?:(?:and|well|ok|okay|yeah|yes|so|lol|haha|hmm?|oh|ah|um|i mean|to be fair)"
        r"\W+){0,2}"
        if at_head
        else ""
    )
    return re.compile(rf"{lead}(?<!\w)(?P<cue>{body})(?!\w)", re.IGNORECASE)


# At the head of a turn or a sentence: what was said before does not hold.
REJECTION = _phrases(
    """no | nope | nah | wrong | false | disagree | i disagree | not true | not really | not at all
    | not necessarily | not quite | not exactly | that's not | that isn't | that is not | it isn't
    | it's not | this isn't | you're wrong | you are wrong | hardly | nonsense | bullshit | rubbish
    | bs | on the contrary | quite the opposite | except | unless | only if | counterpoint
    | actually | i doubt | i don't think | i don't agree | i don't buy | i wouldn't | hard disagree
    | strong disagree | come on | says who | since when | citation needed | so what | or maybe
    | in theory | you're missing | you are missing | that misses | oppose | strongly oppose
    | doesn't mean | does not follow | doesn't follow | that said | but | however | yet | still
    | though | although | then again | on the other hand | instead | rather""",
    at_head=True,
)
# Anywhere: a turn against something.
CONTRAST = _phrases(
    """but | however | yet | though | although | even though | despite | in spite of | whereas
    | nevertheless | nonetheless | on the other hand | instead of | rather than | not true
    | that said | except that | the problem is | the trouble is | only if"""
)
# At the head: what was said before holds.
AGREEMENT = _phrases(
    """agree | agreed | i agree | totally agree | strongly agree | exactly | this | so much this
    | +1 | true | correct | yes | yep | yeah | yup | right | you're right | you are right
    | that's right | good point | great point | fair point | fair enough | fair | same | same here
    | seconded | indeed | absolutely | definitely | of course | also | likewise | support
    | strongly support | precisely | spot on | well said | came here to say | plus | even worse
    | not only that | on top of that | to add | adding to that""",
    at_head=True,
)
# At the head: the other side is granted something.
CONCESSION = _phrases(
    """true | fair | fair point | fair enough | granted | i'll concede | i concede | conceded
    | i'll give you that | i'll grant | admittedly | sure | i stand corrected | i take it back
    | i take that back | good point | touche | you're right | you changed my mind | that's fair
    | i was wrong | my mistake | you have a point | okay that is | ok that is | ok fair""",
    at_head=True,
)
# Anywhere: a reason or an example follows.
REASON = _phrases(
    """because | since | as | due to | given that | the reason is | for example | for instance
    | e.g. | e.g | such as | that's why | which is why | after all | otherwise | in fact
    | the fact that | as shown by | according to | case in point | consider | see"""
)
# Anywhere: a conclusion follows.
CONCLUSION = _phrases(
    """so | therefore | hence | thus | as a result | consequently | which means | that means
    | this means
    | that's why | which is why | in short | the point is | my point is | bottom line"""
)
# Marks of something told as fact: figures, personal experience, sources.
FIGURE = re.compile(
    r"\d|%|\b(?:percent|half|third|quarter|dozen|hundred|thousand|million)s?\b", re.I
)
EXPERIENCE = re.compile(
    r"\b(?:i|we|my|our)\b.{0,40}?\b(?:was|were|had|did|got|went|used|tried|saw|worked|ran|paid|"
    r"bought|lost|spent|left|made|stopped|started|last|ago|year|week|month)\b",
    re.IGNORECASE,
)
SECOND_PERSON = re.compile(r"\b(?:you|your|you're|youre|u|ur)\b", re.IGNORECASE)
BACK_REFERENCE = re.compile(r"\b(?:that|this|it|that's|thats|those|these|which)\b", re.IGNORECASE)

_SAYING = (
    r"(?:says?|said|saying|claim(?:s|ed|ing)?|argue[sd]?|arguing|insist(?:s|ed)?|maintain(?:s|ed)|"
    r"reckon(?:s|ed)?|thinks?|thought|believe[sd]?|estimate[sd]?|suggest(?:s|ed)|predict(?:s|ed)|"
    r"warn(?:s|ed)|announce[sd]|report(?:s|ed)|admit(?:s|ted)|swears|swore|"
    r"told (?:me|us|them|\w+)(?: (?:last|this) \w+)?|"
    r"(?:point(?:s|ed) out)|add(?:s|ed)|mention(?:s|ed)|wr(?:ote|ites)|states|stated)"
)
# Who reports, and is neither the writer, nor who is spoken to, nor nobody.
_NO_OTHER = (
    r"(?:i|we|you|it|this|that|which|who|what|nobody|none|one|there|please|to|if|not|"
    r"still|also|just|always|really|honestly|personally|and|but|or|so|however|now|then|as|let|me|"
    r"all|never)\b"
)
_SOMEBODY = (
    rf"(?:\b(?!{_NO_OTHER})(?:(?:my|our|the|his|her|their|an?|some|many|most|one of the)\s+)?"
    rf"(?:(?!{_NO_OTHER})[\w’'-]+\s+){{0,3}}?(?!{_NO_OTHER})[\w’'-]+)"
)
_OFTEN = r"(?:(?:also|always|often|just|still|now|then|has|have|had|would|will|keeps?)\s+)*"
# "My boss says ...", "a friend at a big lab said that ...", "some would argue: ..."
_REPORTED_AT_HEAD = re.compile(
    rf"^\W*(?:(?:but|and|so|also|well|then|now|because|as|though)\W+)?"
    rf"(?P<who>(?!{_NO_OTHER})(?:he|she|they|people|everyone|someone|somebody|others|critics|experts|"
    r"(?:my|our|the|his|her|their|a|an|some|many|most)\s+(?:[\w’'-]+\s+){0,5}?[\w’'-]+|"
    rf"(?-i:[A-Z][\w.’'-]+(?:\s+[A-Z][\w.’'-]+){{0,2}}|some|many)))\s+{_OFTEN}{_SAYING}"
    r"(?:\s+that\s+\w|\s*[,:\"“]|\s+(?!(?:i|we|to|for|about|on|in|something|anything|so|it(?!['’])|of|at|that)\b)"
    r"[\w\"“'’])",
    re.IGNORECASE,
)
# "... the fire officer who did our drill said |", "CFO said |", "legal says (not me) that |"
_REPORTED_BEFORE = re.compile(
    rf"(?P<who>{_SOMEBODY})\s+{_OFTEN}{_SAYING}\s*(?:\([^()]{{1,30}}\)\s*)?(?:that\b)?\s*[:,]?\s*[\"“]?\s*$",
    re.IGNORECASE,
)
# "... are fine, says the sales guy", "..., experts said"
_REPORTED_AFTER = re.compile(
    rf"[,\"”]\s+(?:(?:says?|said|claims|claimed|argues|writes|wrote)\s+(?!(?:i|we|you)\b)[\w’'-]+(?:\s+[\w’'-]+){{0,4}}|"
    rf"(?!{_NO_OTHER})(?:[\w’'-]+\s+){{1,4}}(?:says?|said|claims|claimed))\W*$",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\baccording to (?!me\b|my\b|our\b)|\b(?:supposedly|allegedly|reportedly|rumou?rs?|whispers|"
    r"(?:is|are|was|were) (?:said|rumou?red|reported|believed) to\b)|"
    r"\bthere (?:is|has been) (?:some )?talk\b|"
    r"\bi(?:['’]ve| have)? (?:heard|read) (?:somewhere )?that\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:i|we|imo|imho)\s+(?:\w+\s+)?$", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…]+[\"”’)\]]*\s+|\n")


def holder_of(unit: str, before: str = "") -> Holder:
    """Say whose claim a unit is: `reported` when the words give it to somebody who is not "I".

    `before` is the text before the unit; what stands in the same sentence is read, and no more.
    """
    same = _SENTENCE_END.split(before)[-1]
    head = _REPORTED_AT_HEAD.search(f"{same}{unit}" if len(same.split()) < 3 else unit)
    told = _REPORTED_BEFORE.search(same)
    if head or (told and not _FIRST_PERSON.search(same[: told.start("who")])):
        return "reported"
    if _REPORTED_AFTER.search(unit) or _ACCORDING.search(f"{same}{unit}"):
        return "reported"
    return "author"
