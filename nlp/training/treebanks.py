"""Annotated sentences for the language pipeline: treebanks with names, and tweets with names only.

Three kinds of name: PER, LOC, ORG. Where nobody said whether a word belongs to a name it is left
unknown, so that nothing is learned from it: the capitalised names of GUM that have no article in
Wikipedia, products and works in tweets, and the whole of EWT's training part.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from spacy.tokens import DocBin
from spacy.vocab import Vocab

from nlp.training.chat_noise import Word, words_of

Sentence = list[Word]

NAMES = {
    "PER": "PER",
    "LOC": "LOC",
    "ORG": "ORG",
    "person": "PER",
    "location": "LOC",
    "corporation": "ORG",
    "group": "ORG",
    "product": None,
    "creative-work": None,
}
LONGEST_GROUP = 5  # sentences of one document: one alone teaches the parser nothing of boundaries
_NO_SPACE_BEFORE = frozenset(". , ! ? ; : ) ] } % … 's n't 're 've 'll 'd 'm ’s n’t".split())
_NO_SPACE_AFTER = frozenset("( [ { $ # @".split())


def read_train(data: Path, vocab: Vocab) -> list[list[Sentence]]:
    """Give the training sentences of every source, neighbours beside each other."""
    syntax, names = data / "syntax", data / "ner"
    gum = [tags for _, tags in _tagged(names / "gum_open_named_train.jsonl")]
    return [
        list(_sentences(syntax / "ewt-train.spacy", vocab)),
        [
            _doubted(s, tags)
            for s, tags in zip(_sentences(syntax / "gum-open-train.spacy", vocab), gum, strict=True)
        ],
        list(read_tweets(names / "wnut17_train.jsonl")),
    ]


def read_dev(data: Path, vocab: Vocab) -> dict[str, list[Sentence]]:
    """Give the sentences on which choices are made, by source; none is ever fitted on."""
    syntax, names = data / "syntax", data / "ner"
    tagged = dict(_tagged(names / "uner_ewt_dev.jsonl"))
    ewt = list(_sentences(syntax / "ewt-dev.spacy", vocab))
    return {
        "ewt": [_named(s, tagged.get(tuple(w.text for w in s), [None] * len(s))) for s in ewt],
        "gum": list(_sentences(syntax / "gum-open-dev.spacy", vocab)),
        "tweets": list(read_tweets(names / "wnut17_dev.jsonl")),
    }


def read_tweets(file: Path) -> Iterator[Sentence]:
    """Give sentences with names and no trees; the space between two tokens is guessed."""
    for tokens, names in _tagged(file):
        yield [
            Word(text=token, space=_parted(token, after), entity=name)
            for token, after, name in zip(tokens, [*tokens[1:], ""], names, strict=True)
        ]


def grouped(
    sources: Sequence[Sequence[Sentence]], rng: random.Random
) -> list[tuple[Sentence, ...]]:
    """Join neighbouring sentences to documents of 1 to LONGEST_GROUP, in random order."""
    groups: list[tuple[Sentence, ...]] = []
    for sentences in sources:
        at = 0
        while at < len(sentences):
            size = rng.randint(1, LONGEST_GROUP)
            groups.append(tuple(sentences[at : at + size]))
            at += size
    rng.shuffle(groups)
    return groups


def joined(group: Sequence[Sentence]) -> Sentence:
    """Give the tokens of several sentences as those of one document."""
    words: Sentence = []
    for sentence in group:
        if words and not words[-1].space:
            last = words[-1]
            words[-1] = Word(**{**last.__dict__, "space": True})
        words += sentence
    return words


def _sentences(file: Path, vocab: Vocab) -> Iterator[Sentence]:
    for doc in DocBin().from_disk(file).get_docs(vocab):
        for sentence in doc.sents:
            yield words_of(sentence.as_doc())


def _tagged(file: Path) -> Iterator[tuple[tuple[str, ...], list[str | None]]]:
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield tuple(row["tokens"]), [_name(tag) for tag in row["tags"]]


def _name(tag: str) -> str | None:
    """Give a tag in the three kinds of name; None for a kind that is not among them."""
    if tag == "O":
        return tag
    kind = NAMES[tag[2:]]
    return f"{tag[:2]}{kind}" if kind else None


def _named(words: Sentence, tags: Sequence[str | None]) -> Sentence:
    return [Word(**{**w.__dict__, "entity": t}) for w, t in zip(words, tags, strict=True)]


def _doubted(words: Sentence, tags: Sequence[str | None]) -> Sentence:
    """Take names that only Wikipedia's readers marked: a proper noun without a mark is unknown."""
    doubted = [
        None if tag == "O" and word.pos == "PROPN" else tag
        for word, tag in zip(words, tags, strict=True)
    ]
    return _named(words, doubted)


def _parted(token: str, after: str) -> bool:
    return token not in _NO_SPACE_AFTER and after.lower() not in _NO_SPACE_BEFORE
