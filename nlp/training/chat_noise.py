"""Annotated sentences as people type them in chats: case, marks, slips of the keys, emoji, spaces.

Each disturbance keeps the annotation right: a mark that is dropped is a leaf of its tree, an emoji
that is added hangs at the root of its sentence as the treebanks hang their emoticons.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc
from spacy.vocab import Vocab

# Chance of each disturbance in a document that is disturbed at all.
LOWER, UPPER, LOWER_STARTS = 0.35, 0.04, 0.15
NO_FINAL_MARKS, NO_COMMAS, NO_APOSTROPHES = 0.4, 0.2, 0.25
SLIPS, EMOJI, SPACES = 0.3, 0.2, 0.25
SLIP_OF_WORD = 0.08  # of a word of at least LEAST_SLIP letters, in a document with slips
LEAST_SLIP = 4

FACES = (
    "😂 🤣 😊 🙂 😅 😉 😍 🤔 🙄 😭 😡 👍 👎 🙏 🔥 💯 🎉 ❤️ 😬 🤷 👏 ✅ :) :D ;) :( xD <3 :P".split()
)
NEIGHBOURS = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnm",
        "wa qe wr et ry tu yi uo ip ol sq ad sf dg fh gj hk jl kp xa zc xv cb vn bm nj".split(),
        strict=True,
    )
)


@dataclass(frozen=True)
class Word:
    """One annotated token; `head` counts from the token, 0 for a root; `entity` is its IOB tag.

    `head` None says that the token has no tree, `entity` None that nobody knows its name.
    """

    text: str
    space: bool
    tag: str = ""
    pos: str = ""
    morph: str = ""
    lemma: str = ""
    head: int | None = None
    dep: str = ""
    entity: str | None = None


def words_of(doc: Doc, entities: Sequence[str | None] | None = None) -> list[Word]:
    """Give the annotated tokens of a document; `entities` are IOB tags, one a token."""
    return [
        Word(
            text=t.text,
            space=bool(t.whitespace_),
            tag=t.tag_,
            pos=t.pos_,
            morph=str(t.morph),
            lemma=t.lemma_,
            head=t.head.i - t.i,
            dep=t.dep_,
            entity=entities[t.i] if entities else None,
        )
        for t in doc
    ]


def document(vocab: Vocab, words: Sequence[Word]) -> Doc:
    """Give the document of annotated tokens; all of them have trees, or none has."""
    texts, spaces = [w.text for w in words], [w.space for w in words]
    entities = [w.entity if w.entity is not None else "" for w in words]
    if any(w.head is None for w in words):
        return Doc(vocab, words=texts, spaces=spaces, ents=entities)
    return Doc(
        vocab,
        words=texts,
        spaces=spaces,
        tags=[w.tag for w in words],
        pos=[w.pos for w in words],
        morphs=[w.morph for w in words],
        lemmas=[w.lemma for w in words],
        heads=[i + (w.head or 0) for i, w in enumerate(words)],
        deps=[w.dep for w in words],
        ents=entities,
    )


def disturbed(words: Sequence[Word], rng: random.Random) -> list[Word]:
    """Give the tokens as somebody in a hurry would have typed them."""
    found = list(words)
    if rng.random() < NO_FINAL_MARKS:
        found = _without(found, _final_marks(found))
    if rng.random() < NO_COMMAS:
        found = _without(found, [i for i, w in enumerate(found) if w.text == ","])
    if rng.random() < EMOJI:
        found = _with_face(found, rng)
    if rng.random() < NO_APOSTROPHES:
        found = [replace(w, text=w.text.replace("'", "").replace("’", "") or w.text) for w in found]
    if rng.random() < SLIPS:
        found = [_slipped(w, rng) for w in found]
    return _recased(found, rng)


def spaced(words: Sequence[Word], rng: random.Random) -> str:
    """Give the text of the tokens, now and then with more white space than there should be."""
    loose = rng.random() < SPACES
    gaps = (" ", "  ", "\n", " \n", "\n\n", "\t")
    return "".join(
        w.text + (rng.choice(gaps) if loose and rng.random() < 0.15 else " ") * w.space
        for w in words
    )


def _final_marks(words: Sequence[Word]) -> list[int]:
    """Give the places of the full stops that end a sentence (the next token's root is another)."""
    roots = _roots(words)
    last = [i for i in range(len(words)) if i + 1 == len(words) or roots[i] != roots[i + 1]]
    return [i for i in last if words[i].text in {".", "!", "?", "..."}]


def _roots(words: Sequence[Word]) -> list[int]:
    roots = []
    for i in range(len(words)):
        at = i
        while words[at].head:
            at += words[at].head or 0
        roots.append(at)
    return roots


def _without(words: Sequence[Word], places: Sequence[int]) -> list[Word]:
    """Drop those of the tokens on which no other hangs, and that stand in no name."""
    heads = {i + (w.head or 0) for i, w in enumerate(words) if w.head}
    gone = {
        i
        for i in places
        if i not in heads and words[i].head != 0 and words[i].entity in {None, "O"}
    }
    if len(gone) == len(words):
        return list(words)
    moved: dict[int, int] = {}
    for i in range(len(words)):
        if i not in gone:
            moved[i] = len(moved)
    kept = []
    for i, word in enumerate(words):
        if i in gone:
            continue
        head = None if word.head is None else moved[i + word.head] - moved[i]
        space = word.space or i + 1 in gone
        kept.append(replace(word, head=head, space=space))
    return kept


def _with_face(words: list[Word], rng: random.Random) -> list[Word]:
    """Put an emoji or emoticon at the end, hung at the root of the last sentence."""
    face = rng.choice(FACES)
    times = rng.choice((1, 1, 1, 2, 3))
    root = _roots(words)[-1]
    tree = words[-1].head is not None
    found = [*words[:-1], replace(words[-1], space=True)]
    for _ in range(times):
        head = root - len(found) if tree else None
        found.append(
            Word(face, True, "NFP", "SYM", "", face, head, "discourse", words[-1].entity and "O")
        )
    return found


def _slipped(word: Word, rng: random.Random) -> Word:
    """Mistype a word now and then: two letters swapped, one lost, doubled or hit beside."""
    text = word.text
    if len(text) < LEAST_SLIP or not text.isalpha() or rng.random() > SLIP_OF_WORD:
        return word
    at = rng.randrange(1, len(text) - 1)
    beside = NEIGHBOURS.get(text[at].lower(), text[at])
    forms = (
        text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        text[:at] + text[at + 1 :],
        text[:at] + text[at] + text[at:],
        text[:at] + rng.choice(beside) + text[at + 1 :],
        text + text[-1] * rng.randrange(1, 4),
    )
    return replace(word, text=rng.choice(forms))


def _recased(words: Sequence[Word], rng: random.Random) -> list[Word]:
    draw = rng.random()
    if draw < LOWER:
        return [replace(w, text=w.text.lower()) for w in words]
    if draw < LOWER + UPPER:
        return [replace(w, text=w.text.upper()) for w in words]
    if draw < LOWER + UPPER + LOWER_STARTS:
        roots = _roots(words)
        starts = {i for i in range(len(words)) if i == 0 or roots[i] != roots[i - 1]}
        return [
            replace(w, text=w.text.lower()) if i in starts and w.pos != "PROPN" else w
            for i, w in enumerate(words)
        ]
    return list(words)
