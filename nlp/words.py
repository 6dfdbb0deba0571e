"""Words: the tables of English function words that several steps share, and crude stems."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")

# Closed classes of English: pronouns, determiners, prepositions, auxiliaries, conjunctions, and
# adverbs of degree that carry no topic.
FUNCTION_WORDS = frozenset(
    """a about above after again against all also although always am among an and another any
    anybody anyone anything are aren't around as at back be because been before being below between
    both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during
    each either else even ever every everybody everyone everything few for from further get gets
    getting go goes going gonna got had hadn't has hasn't have haven't having he he'd he's her here
    here's hers herself him himself his how i i'd i'll i'm i've if in into is isn't it it'd it'll
    it's its itself just kind let let's like lot lots many may maybe me might mine more most much
    must my myself no nobody none nor not nothing now of off oh ok okay on once one ones only onto
    or other others ought our ours ourselves out over own per perhaps please quite rather really
    same shall she she'd she's should shouldn't since so some somebody someone something sort still
    such than that that'd that's the their theirs them themselves then there there's these they
    they'd they'll they're they've thing things this those though through thus to too under until
    up upon us very was wasn't we we'd we'll we're we've well were weren't what what's when where
    whether which while who who's whom whose why will with within without won't would wouldn't
    yeah yes yet you you'd you'll you're you've your yours yourself im dont cant wont isnt thats
    didnt doesnt ive youre theyre id ill lol imo imho btw tbh actually basically honestly literally
    simply""".split()
)

# Words that turn a statement into its opposite.
NEGATIONS = frozenset(
    """no not never none nobody nothing nor neither nowhere cannot without hardly barely scarcely
    can't don't doesn't didn't won't wouldn't shouldn't couldn't isn't aren't wasn't weren't hasn't
    haven't hadn't mustn't ain't cant dont doesnt didnt wont wouldnt shouldnt couldnt isnt arent
    wasnt werent hasnt havent hadnt aint n't nt seldom rarely lacks lack fails fail""".split()
)


def words(text: str) -> list[str]:
    """Give the words of a text, in lower case, with plain apostrophes."""
    return [m.group().lower().replace("’", "'") for m in WORD.finditer(text)]


def stem(word: str) -> str:
    """Give a crude stem: no accents, no common ending; equal for most forms of one word."""
    plain = unicodedata.normalize("NFKD", word.lower()).encode("ascii", "ignore").decode() or word
    plain = plain.removesuffix("'s")
    for ending in ("ingly", "edly", "ies", "ing", "ed", "es", "ly", "s", "e"):
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            plain = plain[: -len(ending)]
            break
    return plain[:7]


def content_stems(text: str) -> list[str]:
    """Give the stems of the words of a text that are no function words, in order."""
    return [stem(w) for w in words(text) if w not in FUNCTION_WORDS]


def negations(text: str) -> int:
    """Count the words of a text that negate."""
    return sum(w in NEGATIONS or w.endswith("n't") for w in words(text))
