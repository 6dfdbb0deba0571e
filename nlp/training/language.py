"""Train the language pipeline: `python -m nlp.training.language --data DIR --output DIR`.

A spaCy pipeline for English web text (tags, morphology, lemmas, dependencies) from UD English EWT
and the open genres of GUM, with casing, apostrophes and final points disturbed so that it holds on
chat. Architecture and schedule stand in `language.cfg`; seeded; the best step on dev is kept.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.cli.train import train
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

SENTENCES_A_DOC = 6  # documents of one sentence teach the parser nothing of boundaries


@spacy.registry.augmenters("crux.chat.v1")  # type: ignore[attr-defined, untyped-decorator]
def chat_augmenter(level: float) -> Callable[[Language, Example], Iterator[Example]]:
    """Give every example, and with probability `level` also a form of it as typed in chat."""
    rng = random.Random(7)

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        yield example
        if rng.random() < level:
            yield _as_in_chat(nlp, example, rng)

    return augment


def _as_in_chat(nlp: Language, example: Example, rng: random.Random) -> Example:
    drop_apostrophes = rng.random() < 0.4
    shout = rng.random() < 0.05
    words = []
    for token in example.reference:
        word = token.text.upper() if shout else token.text.lower()
        words.append(word.replace("'", "").replace("’", "") or word if drop_apostrophes else word)
    data = example.to_dict()
    data["token_annotation"]["ORTH"] = words
    return Example.from_dict(nlp.make_doc("".join(_spaced(words, example.reference))), data)


def _spaced(words: list[str], reference: Doc) -> Iterator[str]:
    for word, token in zip(words, reference, strict=True):
        yield word + token.whitespace_


def group_sentences(files: list[Path], output: Path) -> None:
    """Join neighbouring sentences to documents of SENTENCES_A_DOC."""
    vocab = spacy.blank("en").vocab
    out = DocBin(store_user_data=False)
    for file in files:
        docs = list(DocBin().from_disk(file).get_docs(vocab))
        for low in range(0, len(docs), SENTENCES_A_DOC):
            group = docs[low : low + SENTENCES_A_DOC]
            for doc in group[:-1]:
                doc[len(doc) - 1]  # an empty document would fail here, early
            out.add(Doc.from_docs(group, ensure_whitespace=True))
    out.to_disk(output)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=9000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    given.output.mkdir(parents=True, exist_ok=True)
    syntax = given.data / "syntax"
    parts: dict[str, Any] = {}
    for part in ("train", "dev"):
        parts[part] = given.output / f"{part}.spacy"
        files = [syntax / f"ewt-{part}.spacy", syntax / f"gum-open-{part}.spacy"]
        group_sentences(files, parts[part])
    train(
        Path(__file__).with_name("language.cfg"),
        given.output,
        overrides={
            "paths.train": str(parts["train"]),
            "paths.dev": str(parts["dev"]),
            "training.max_steps": given.steps,
            "system.seed": given.seed,
        },
    )


if __name__ == "__main__":
    main()
