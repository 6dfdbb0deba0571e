"""Which language a discussion is in: by its letters, then by its small words.

Crux maps English. This tells other languages plainly enough to say so; it is no judge of short
texts, which count as English.
"""

from __future__ import annotations

import unicodedata
from collections import Counter

from nlp.model import Thread
from nlp.words import words

ENOUGH = 25  # words, or letters of another script, below which nothing is said
LOOK_AT = 40_000  # characters of the thread
CLEAR = 1.4  # times as many small words as English has
LEAST = 0.12  # share of a language's small words in running text of it; usual is 0.3 to 0.5

# The commonest small words of each language that English does not share.
_SMALL: dict[str, frozenset[str]] = {
    "en": frozenset(
        """the of and to in is that it was for on are with they be at have this from or had
        by but not what all were we when your can there an which their if will each
        about how up out them she many some so would has more i you my he his""".split()
    ),
    "de": frozenset(
        """der die das und ist nicht ich es ein eine zu den mit sich auf für auch von dem
        des dass wie sie wir aber wenn nur noch schon kann oder aus bei einen sind wird
        hat haben mehr um über nach ja man was wer doch mal""".split()
    ),
    "es": frozenset(
        """el la los las de que y en un una es no por con para se lo como más pero sus le
        ya este sí porque esta entre cuando muy sin sobre también me hasta hay donde
        quien todo nos si al del son eso ni""".split()
    ),
    "fr": frozenset(
        """le la les de des et est un une que qui dans en du pour pas ce il au sur ne se
        plus par je avec tout faire sont mais nous comme ou si leur y elle c'est c cette
        vous on d l qu n'est été aux ça même""".split()
    ),
    "pt": frozenset(
        """o a os as de que e do da em um uma é não para com no na por mais dos como mas
        foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só
        pelo pela até isso ela entre você se são""".split()
    ),
    "it": frozenset(
        """il lo la gli le di che e è un una non per con del della in si sono come ma più
        anche se ci questo quella nel alla al dei delle ha hanno io mi perché cosa solo
        da""".split()
    ),
    "nl": frozenset(
        """de het een en van ik is dat niet je te zijn op met voor er maar die als ook bij
        dan nog wel om naar wat heeft hebben kan geen door uit aan over zo deze""".split()
    ),
}
_NAMES = {
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "it": "Italian",
    "nl": "Dutch",
    "ja": "Japanese",
    "zh": "Chinese",
    "ko": "Korean",
    "ru": "a language in Cyrillic letters",
    "el": "Greek",
    "ar": "a language in Arabic letters",
    "he": "Hebrew",
    "hi": "a language in Devanagari letters",
    "th": "Thai",
}
# The first word of a letter's Unicode name tells its script.
_SCRIPTS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "CJK": "zh",
    "HANGUL": "ko",
    "CYRILLIC": "ru",
    "GREEK": "el",
    "ARABIC": "ar",
    "HEBREW": "he",
    "DEVANAGARI": "hi",
    "THAI": "th",
}


def tongue_of(thread: Thread) -> str:
    """Give the language of most of a thread's text by its ISO 639-1 code; "en" where unsure."""
    text, room = [], LOOK_AT
    for post in thread.posts:
        if room <= 0:
            break
        text.append(post.text[:room])
        room -= len(post.text)
    return tongue("\n".join(text))


def tongue(text: str) -> str:
    """Give the language of a text by its ISO 639-1 code; "en" where unsure."""
    letters = [c for c in text if c.isalpha()]
    scripts = Counter(
        _SCRIPTS.get(unicodedata.name(c, "").split(" ", 1)[0].split("-", 1)[0], "latin")
        for c in letters
    )
    if scripts["ja"]:
        scripts["ja"] += scripts.pop("zh", 0)  # Japanese is written in both
    if scripts:
        code, count = max(scripts.items(), key=lambda item: (item[1], item[0]))
        if code != "latin" and count >= ENOUGH:
            return code
    found = words(text)
    if len(found) < ENOUGH:
        return "en"
    counts = Counter(found)
    share = {code: sum(counts[w] for w in small) / len(found) for code, small in _SMALL.items()}
    best = max(share, key=lambda code: (share[code], code == "en"))
    return best if share[best] >= max(LEAST, CLEAR * share["en"]) else "en"


def name_of(code: str) -> str:
    """Give the English name of a language's code."""
    return _NAMES.get(code, code)
