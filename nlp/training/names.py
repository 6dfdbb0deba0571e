"""Teach the language pipeline names: `python -m nlp.training.names --data DIR`.

The last step of `nlp.training.language`, which can also be run by itself on the pipeline that
ships: it adds the component `ner` (people, places, organisations) and leaves every other one as it
is. It learns from the sentences of GUM and the tweets of WNUT17 that hold a name and from as many
that hold none, half of them disturbed as people type in chats. Seeded.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_config
from thinc.api import Optimizer, fix_random_seed

from nlp.evaluation.syntax import score_documents
from nlp.training.chat_noise import disturbed, document, spaced
from nlp.training.treebanks import Sentence, read_dev, read_train
from nlp.training.word_vectors import add_word_vectors
from nlp.weights import WEIGHTS

DISTURBED = 0.4  # of the sentences of an epoch
BATCH_WORDS = 800
PEAK, FLOOR = 0.002, 0.0001  # learning rates, falling evenly
DROPOUT = 0.2
LABELS = ("PER", "LOC", "ORG")
EPOCHS = 18


def named_sentences(sources: Sequence[Sequence[Sentence]], seed: int) -> list[Sentence]:
    """Give the sentences with a name, and as many without; those that nobody marked are left out.

    A sentence whose every capitalised name is of unknown standing teaches nothing either way.
    """
    marked = [s for source in sources for s in source if any(w.entity is not None for w in s)]
    holding = [s for s in marked if any(w.entity not in {None, "O"} for w in s)]
    bare = [s for s in marked if all(w.entity == "O" for w in s)]
    random.Random(seed).shuffle(bare)
    return [*holding, *bare[: len(holding)]]


def train_names(
    nlp: Language, sources: Sequence[Sequence[Sentence]], *, epochs: int, seed: int
) -> None:
    """Add the component `ner` to the pipeline, or replace it, and train it alone."""
    fix_random_seed(seed)
    if "ner" in nlp.pipe_names:
        nlp.remove_pipe("ner")
    if not len(nlp.vocab.vectors):
        add_word_vectors(nlp.vocab, (w.text for source in sources for s in source for w in s))
    model = load_config(Path(__file__).with_name("names.cfg"))["model"]
    ner = nlp.add_pipe("ner", config={"model": model})
    for label in LABELS:
        ner.add_label(label)  # type: ignore[attr-defined]
    sentences = named_sentences(sources, seed)
    total = epochs * sum(len(s) for s in sentences)
    done = 0
    began = time.monotonic()
    with nlp.select_pipes(enable="ner"):
        first = [_example(nlp, s, random.Random(seed)) for s in sentences[:200]]
        ner.initialize(lambda: first, nlp=nlp)  # type: ignore[attr-defined]
        optimizer = Optimizer(PEAK, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True)
        for epoch in range(epochs):
            rng = random.Random(f"{seed} {epoch}")
            order = list(sentences)
            rng.shuffle(order)
            losses: dict[str, float] = {}
            batch: list[Example] = []
            for place, sentence in enumerate(order):
                batch.append(_example(nlp, sentence, rng))
                size = sum(len(e.reference) for e in batch)
                if size >= BATCH_WORDS or place + 1 == len(order):
                    optimizer.learn_rate = FLOOR + (PEAK - FLOOR) * (1 - done / total)
                    nlp.update(batch, sgd=optimizer, drop=DROPOUT, losses=losses)
                    done += size
                    batch = []
            spent = time.monotonic() - began
            print(f"epoch {epoch + 1}: loss {losses['ner']:.0f}, {spent:.0f} s", flush=True)


def _example(nlp: Language, sentence: Sentence, rng: random.Random) -> Example:
    words = disturbed(sentence, rng) if rng.random() < DISTURBED else list(sentence)
    return Example(nlp.make_doc(spaced(words, rng)), document(nlp.vocab, words))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--pipeline", type=Path, default=WEIGHTS / "language")
    parser.add_argument("--output", type=Path, default=WEIGHTS / "language")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    from nlp.training.language import ship

    nlp = spacy.load(given.pipeline)
    sources = read_train(given.data, nlp.vocab)
    train_names(nlp, sources, epochs=given.epochs, seed=given.seed)
    ship(nlp, sources, given.output)
    shipped = spacy.load(given.output)
    dev = read_dev(given.data, shipped.vocab)
    for part in ("ewt", "tweets"):
        docs = [document(shipped.vocab, words) for words in dev[part]]
        print(part, json.dumps(asdict(score_documents(shipped, docs))), flush=True)


if __name__ == "__main__":
    main()
