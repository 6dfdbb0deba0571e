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
    "say|says|said|claim|claims|claimed|argue|argues|argued|think|thinks|believe|believes|"
    "estimate|estimates|estimated|suggest|suggests|suggested|insist|insists|insisted|"
    "maintain|maintains|reckon|reckons|reckoned|told|tell|tells|write|writes|wrote|predict|"
    "predicts|predicted|call|calls|called|warn|warns|warned|mention|mentions|mentioned|"
    "discusses|discussed|states|stated|announced|announces|report|reports|reported|swears|swore"
)
_OTHERS = (
    r"(?:(?i:he|she|they|people|some|others|many|critics|experts|everyone|someone|somebody|"
    r"(?:my|our|the|his|her|their)\s+(?:\w+[\s-]){0,2}?\w+)|[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){0,3})"
)
# "Emad estimates ...", "my boss says ...", "they claim that ..."
_REPORTED_AT_HEAD = re.compile(
    rf"^\W*(?:(?:but|and|so|also|similarly|well|then|now)\W+)?(?-i:{_OTHERS})\s*"
    rf"(?:(?:also|always|often|just|still|has|have|keep|keeps)\s+)?(?:{_SAYING})(?:\s+that|\s+me|"
    rf"\s+us|\s+it|\s*[,:\"“]|\s+(?!(?:i|we)\b)[\w\"“])",
    re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\b(?:according to|(?:by|in|on)\s+(?:his|her|their|its|[A-Z][\w.-]+['’]s)\s+(?:own\s+)?"
    r"(?:estimate|estimates|view|opinion|account|words|reading|telling|numbers)|"
    r"(?:argument|claim|idea|theory|view|perspective|line|notion|belief)\s+(?:is|was|goes|from|of)\b"
    r"(?!\s+(?:mine|my|me)))",
    re.IGNORECASE,
)
# An opinion the writer rejects as somebody's: "people who think that ...", "the idea that ...".
_IDIOM = re.compile(
    r"\b(?:that|having|this)(?: being)? said\W+|\bneedless to say\W*", re.IGNORECASE
)
_OWN = re.compile(r"(?:i|we|imo|imho)\b", re.IGNORECASE)
_FIRST_PERSON = re.compile(r"\b(?:i|we|my|our|me|us|imo|imho)\b", re.IGNORECASE)


def holder_of(unit: str, before: str = "") -> Holder:
    """Say whose claim a unit is: `reported` when the words give it to somebody who is not "I".

    `before` is the text of the same sentence that comes before the unit.
    """
    lead = f"{before}{unit}"
    lead = _IDIOM.sub("", lead)
    if _REPORTED_AT_HEAD.search(lead) and not _OWN.match(lead.lstrip()):
        return "reported"
    accorded = _ACCORDING.search(lead)
    if accorded and not _FIRST_PERSON.search(lead[: accorded.end()]):
        return "reported"
    return "author"
