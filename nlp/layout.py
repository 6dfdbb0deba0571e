"""Where a claim can be cut: its marks, joining words, clauses, and openings that claim nothing.

What stands between two marks, or before a joining word, is usually a whole thought whatever a
parser made of it. Here marks, tables of English function words and the tags of single words are
read, and the tree only to see what belongs to the word after it: so a tree that cannot be right
does little harm.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

MARKS = frozenset(',;:.!?()[]—–-/…|"“”') | {"...", "..", "--", "*", "=", "→", "->", "=>"}
# Marks that can stand inside a headline; the others end a thought.
INNER_MARKS = frozenset(",;:—–-=→") | {"--", "->", "=>"}
ARTICLES = frozenset({"a", "an", "the"})
COORDINATING = frozenset("and but or nor so yet plus".split())
# Joining words whose clause is claimed as well, and those whose clause is not.
REASONS = frozenset("because cause cuz bc since although though whereas that".split())
CONDITIONS = frozenset(
    "if unless whether when whenever until till while before after once as than like".split()
)
RELATIVES = frozenset("which who whom whose where".split())
JOINING = COORDINATING | REASONS | CONDITIONS | RELATIVES | {"then"}
POINTERS = frozenset("it this that they these those he she there".split())
NOMINATIVE = frozenset("i we they he she it you".split())
BE = frozenset("is are was were be 's 're am 'm’s ’re".split()) | {"’s", "’re"}
FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})
# Words that can go where a run is too long.
FILLERS = frozenset(
    """please just really actually basically literally simply honestly quite certainly definitely
    totally completely obviously clearly also then""".split()
)
TAILS = frozenset(
    """though tho lol lmao ffs hehe haha imo imho tbh btw anyway however etc period fwiw ngl yeah
    ok""".split()
)

_COMMANDING = frozenset("please pls dont don't let".split())


_ADVERB = r"(?:\s+(?:do|also|still|just|really|honestly|personally|actually|would|'d|tend\s+to))*"
# What opens a sentence and claims nothing. The second table needs a mark after it.
_OPENING = re.compile(
    rf"""(?:(?:and|but|so|also|because|cause|plus|hence|thus|therefore|however|besides)\b(?!-)
    (?!\s+(?:far|that|much|many|what|is|are|do|does|did|was|were)\b)
    |nah|idk|yeah|yea|yep|yup|nope|lol|lmao|ugh|hmm+|ok|okay|of\s+course|to\s+(?:be|put\s+it)\s+(?:perfectly\s+|quite\s+)?(?:fair|honest|clear|blunt(?:ly)?|frank)
    |let['’]?s\s+(?:just\s+)?(?:be|get)\s+(?:honest|real|clear|fair|frank|serious)
    |let\s+me\s+be\s+(?:honest|clear|frank)
    |in\s+my\s+(?:humble\s+|own\s+)?(?:opinion|view|experience|mind|book)|if\s+you\s+ask\s+me
    |i{_ADVERB}\s+(?:think|believe|feel|guess|suspect|suppose|reckon|mean|say|argue|bet|assume
      |agree|imagine)(?:\s+that(?!\s+(?:is|was|would|will|can|does|has|one|kind)\b))?
      (?!\s+(?:about|of|with|to|on|in|like|it|so|for|the\s+same)\b)
    |i['’]d{_ADVERB}\s+(?:say|argue|guess)(?:\s+that)?
    |i['’]?\s?a?m\s+(?:pretty\s+|quite\s+)?(?:sure|certain|convinced|afraid)(?:\s+that)?(?!\s+(?:of|about)\b)
    |(?:the|my)\s+(?:own\s+|whole\s+|only\s+)?(?:thing|truth|fact|reality|point|leaning|view|opinion
      |feeling|sense|guess|take|understanding)\s+is(?:\s*[,:]|\s+that\b)?(?!\s+(?:not|n))
    |it\s+(?:seems|appears|turns\s+out)(?:\s+to\s+me)?(?:\s+that)?(?!\s+(?:to|like|as|as\s+if)\b)
    |for\s+(?:example|instance)|first\s+of\s+all|in\s+(?:fact|short|general|other\s+words|any\s+case)
    |at\s+the\s+end\s+of\s+the\s+day|as\s+(?:far\s+as\s+i\s+(?:know|can\s+tell)|i\s+said|you\s+know)
    |(?:you\s+know|i\s+mean)\b(?:\s+what)?|(?:that|having)\s+(?:being\s+)?said(?:\s+that)?
    |on\s+the\s+other\s+hand|on\s+top\s+of\s+that|by\s+the\s+way|needless\s+to\s+say|guess\s+what
    |make\s+no\s+mistake|unpopular(?:\s+opinion)?\s*[,:]?\s*(?:but)?|(?:ok\s+)?serious\s+(?:q|question)
    |(?:which|that|this)(?:['’]?s|\s+is)\s+why|as\s+the\s+saying\s+goes
    |don['’]?t\s+get\s+me\s+wrong|imho|imo|tbh|tbf|fwiw|ngl|afaik|iirc)
    (?![\w'’])""",
    re.IGNORECASE | re.VERBOSE,
)
_MENTION = re.compile(r"@[\w.-]*\w[\s,:]+")  # who is spoken to
_CALLED = re.compile(
    r"""(?:(?:no|yes|yeah|yep|yup|nope|nah|sure|true|right|ok|okay|well|look|listen|oh|hey|man|dude
    |honestly|frankly|seriously|obviously|clearly|granted|admittedly|personally|basically|actually
    |again|anyway|exactly|agreed|fine|first|firstly|second|secondly|third|finally|lastly|also|then
    |if\s+anything|(?:at\s+the\s+very|at)\s+least|in\s+(?:theory|practice|the\s+end|this\s+case)|lol|wait|sorry|please)\b[\s,]*)+
    (?:[,:;.!?…—–]|-(?!\w))""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True)
class Layout:
    """Where a text can be cut, and what is known of its tokens; one entry a token, read once.

    `low` has plain apostrophes; `spaced` tells whether white space follows, `word` whether it has a
    letter or digit, `mark` whether it parts thoughts. `opening` holds the tokens that open the text
    and claim nothing; `atoms` are the smallest runs and `quoted` what stands in double quotes, as
    (start, end) of tokens.
    """

    text: tuple[str, ...]
    low: tuple[str, ...]
    spaced: tuple[bool, ...]
    pos: tuple[str, ...]
    tag: tuple[str, ...]
    dep: tuple[str, ...]
    head: tuple[int, ...]
    word: tuple[bool, ...]
    mark: tuple[bool, ...] = ()
    opening: frozenset[int] = frozenset()
    atoms: tuple[tuple[int, int], ...] = ()
    quoted: tuple[tuple[int, int], ...] = ()


def layout(doc: Doc) -> Layout:
    """Read where a parsed text can be cut."""
    rows = [(t.text, t.whitespace_, t.pos_, t.tag_, t.dep_, t.head.i) for t in doc]
    text, white, pos, tag, dep, head = zip(*rows, strict=True) if rows else ((),) * 6
    lay = Layout(
        text=text,
        low=tuple(t.lower().replace("’", "'") for t in text),
        spaced=tuple(map(bool, white)),
        pos=pos,
        tag=tag,
        dep=dep,
        head=head,
        word=tuple(any(ch.isalnum() for ch in t) for t in text),
    )
    lay = replace(lay, mark=tuple(_parts(lay, i) for i in range(len(text))), quoted=_quoted(lay))
    opening: set[int] = set()
    atoms: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        if lay.mark[start] or not lay.word[start]:
            start += 1
            continue
        opened = _opened(doc, start)
        if opened > start:
            opening.update(range(start, opened))
            start = opened
            continue
        end = start
        while end < len(text) and not lay.mark[end]:
            end += 1
        atoms.extend(_at_joints(lay, start, end))
        start = end
    says = any(lay.word[i] for a, b in atoms for i in range(a, b))
    return replace(lay, opening=frozenset(opening if says else ()), atoms=tuple(atoms))


def _quoted(lay: Layout) -> tuple[tuple[int, int], ...]:
    quotes = [i for i, text in enumerate(lay.text) if text in ('"', "“", "”", "``", "''")]
    return tuple((a + 1, b) for a, b in zip(quotes[::2], quotes[1::2], strict=False))


def _parts(lay: Layout, i: int) -> bool:
    """Whether a token is a mark between thoughts: no hyphen, slash or point inside a word."""
    text = lay.text[i]
    if text not in MARKS:
        return False
    if text in ("-", "/", "–", ".", ":", "*"):
        spaced = i > 0 and lay.spaced[i - 1]
        after = lay.spaced[i] or i + 1 == len(lay.text) or not lay.text[i + 1][:1].isalnum()
        return after and (spaced or text in ".:")
    return text not in '"“”*'


def _opened(doc: Doc, start: int) -> int:
    """Give the token after what opens a sentence there and claims nothing; `start` when nothing."""
    rest = doc.text[doc[start].idx :]
    found = _MENTION.match(rest) or _CALLED.match(rest) or _OPENING.match(rest)
    if not found or not any(ch.isalnum() for ch in rest[found.end() :]):
        return start
    stop, i = doc[start].idx + found.end(), start
    while i < len(doc) and doc[i].idx < stop:
        i += 1
    return i


def _at_joints(lay: Layout, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what stands between two marks before a joining word, if a clause stands either side."""
    begin = start
    for i in range(start + 2, end - 2):
        if (
            lay.low[i] not in JOINING
            or lay.low[i - 1] in JOINING
            or not is_clause(lay, range(begin, i))
        ):
            continue
        if lay.low[i] == "that" and lay.pos[i] not in ("SCONJ", "PRON"):
            continue
        if lay.low[i] in ("that", "than", "as", "like") or not is_clause(lay, range(i + 1, end)):
            continue
        yield begin, i
        begin = i
    yield begin, end


def is_clause(lay: Layout, tokens: Collection[int]) -> bool:
    """Whether a subject and a finite verb stand among the tokens, or a command opens them."""
    subject = relative = False
    opens = True
    for i in tokens:
        low, tag = lay.low[i], lay.tag[i]
        if opens and (tag == "VB" or low in _COMMANDING):
            return True
        opens = lay.text[i] in INNER_MARKS or (opens and low in FILLERS)
        if subject and tag in FINITE:
            if not relative:
                return True
            relative = False
        elif subject and low in ("that", "which", "who"):
            relative = True
        subject = subject or lay.pos[i] in NOMINAL or low in POINTERS or lay.dep[i] == "csubj"
    return False


def count_words(lay: Layout, tokens: Sequence[int]) -> int:
    """Count the words of a choice of tokens, as white space parts them."""
    count, before = 0, -1
    for i in tokens:
        if lay.word[i]:
            glued = before == i - 1 and before >= 0 and not lay.spaced[before]
            count += not (glued and not lay.mark[before])
        before = i
    return count
