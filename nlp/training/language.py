"""Train the language pipeline: `python -m nlp.training.language --data DIR`.

A spaCy pipeline for English web text (tags, morphology, lemmas, dependencies, names) from UD
English EWT, the open genres of GUM and WNUT17, half of it disturbed as people type in chats
(`nlp.training.chat_noise`). Its shape stands in `language.cfg`. Tags, morphology and trees are
learned together; then lemmas from the vectors that these made, which stay as they are, and names
(`nlp.training.names`). Seeded; after every CHECKPOINT steps all is written to the work folder, and
the same command goes on from there.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config
from thinc.api import Optimizer, fix_random_seed

from nlp.evaluation.syntax import SyntaxScores, score_documents
from nlp.training.chat_noise import Word, disturbed, document, spaced
from nlp.training.names import EPOCHS, train_names
from nlp.training.slim import slim
from nlp.training.treebanks import Sentence, grouped, joined, read_dev, read_train
from nlp.training.word_vectors import add_word_vectors
from nlp.weights import WEIGHTS

DISTURBED = 0.5  # of the documents of an epoch
GOLD_TOKENS = 0.3  # of the documents: cut into the treebanks' tokens, not into spaCy's
BATCH_WORDS = 1500
WARM_UP = 200  # steps
PEAK, FLOOR = 0.0015, 0.00002  # learning rates
AGAIN = 0.6  # of PEAK: where the rate begins that falls a second time
DROPOUT = 0.12
CHECKPOINT = 250  # steps
LEMMATIZER = "trainable_lemmatizer"


@dataclass(frozen=True)
class Plan:
    """How long to train: `words` to the end of the first fall of the rate, `again` after it.

    Then `lemmas` words for the lemmatizer alone.
    """

    words: int
    again: int
    lemmas: int
    seed: int

    @property
    def together(self) -> int:
        """Number of words on which all but the lemmatizer are trained."""
        return self.words + self.again

    @property
    def total(self) -> int:
        """Number of words in all."""
        return self.together + self.lemmas


@dataclass(frozen=True)
class Reached:
    """Where training stands: batches of this epoch done, steps and words in all, seconds spent."""

    epoch: int = 0
    batch: int = 0
    steps: int = 0
    words: int = 0
    seconds: float = 0.0


def build(sources: Sequence[Sequence[Sentence]], plan: Plan) -> Language:
    """Give the pipeline before its first step, with labels read off the training sentences."""
    fix_random_seed(plan.seed)
    config = load_config(Path(__file__).with_name("language.cfg"))
    nlp = load_model_from_config(config, auto_fill=True)
    add_word_vectors(nlp.vocab, (w.text for source in sources for s in source for w in s))
    rng = random.Random(plan.seed)
    examples = [_example(nlp, joined(group), rng, 0.0) for group in grouped(sources, rng)]
    nlp.initialize(lambda: examples)
    return nlp


def batches(
    nlp: Language, sources: Sequence[Sequence[Sentence]], seed: int, epoch: int
) -> Iterator[list[Example]]:
    """Give the batches of an epoch, about BATCH_WORDS words each; the same for the same seed."""
    rng = random.Random(f"{seed} {epoch}")
    batch: list[Example] = []
    size = 0
    for group in grouped(sources, rng):
        example = _example(nlp, joined(group), rng, DISTURBED)
        batch.append(example)
        size += len(example.reference)
        if size >= BATCH_WORDS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _example(nlp: Language, words: list[Word], rng: random.Random, noise: float) -> Example:
    if rng.random() < noise:
        words = disturbed(words, rng)
        text = spaced(words, rng)
    else:
        text = "".join(w.text + " " * w.space for w in words)
    reference = document(nlp.vocab, words)
    if rng.random() < GOLD_TOKENS:
        shape = [w.text for w in words], [w.space for w in words]
        return Example(Doc(nlp.vocab, words=shape[0], spaces=shape[1]), reference)
    return Example(nlp.make_doc(text), reference)


def rate(words: int, steps: int, plan: Plan) -> float:
    """Give the learning rate: up over WARM_UP steps, down in a half cosine, and down again.

    The second fall begins lower, that of the lemmatizer as high as the first.
    """
    if words < plan.words:
        peak, share = PEAK, words / plan.words
    elif words < plan.together:
        peak, share = PEAK * AGAIN, (words - plan.words) / plan.again
    else:
        peak, share = PEAK, min(1.0, (words - plan.together) / max(1, plan.lemmas))
    down = FLOOR + (peak - FLOOR) * 0.5 * (1 + np.cos(np.pi * share))
    return float(down * min(1.0, (steps + 1) / WARM_UP))


def train(
    nlp: Language,
    sources: Sequence[Sequence[Sentence]],
    plan: Plan,
    work: Path,
    reached: Reached,
    *,
    until: int,
) -> Reached:
    """Train until `until` words are seen; write a checkpoint after every CHECKPOINT steps.

    Up to `plan.together` that is all but the lemmatizer, from there on the lemmatizer alone.
    """
    lemmas = reached.words >= plan.together
    frozen = [name for name in nlp.pipe_names if (name == LEMMATIZER) is not lemmas]
    told = ["tok2vec"] if lemmas else []  # frozen vectors, which a listener has to be told
    optimizer = Optimizer(PEAK, L2=0.01, grad_clip=1.0, L2_is_weight_decay=True)
    epoch, steps, words = reached.epoch, reached.steps, reached.words
    began = time.monotonic() - reached.seconds
    skip = reached.batch
    while words < until:
        losses: dict[str, float] = {}
        for place, batch in enumerate(batches(nlp, sources, plan.seed, epoch)):
            if place < skip:
                continue
            fix_random_seed(plan.seed + steps)  # so that dropout repeats when training goes on
            optimizer.learn_rate = rate(words, steps, plan)
            nlp.update(
                batch, sgd=optimizer, drop=DROPOUT, losses=losses, exclude=frozen, annotates=told
            )
            steps += 1
            words += sum(len(example.reference) for example in batch)
            if steps % CHECKPOINT == 0 or words >= until:
                reached = Reached(epoch, place + 1, steps, words, time.monotonic() - began)
                _save(nlp, reached, plan, work)
                shown = " ".join(f"{name} {loss:.0f}" for name, loss in losses.items())
                print(f"{words / plan.total:.0%} of {plan.total} words, {shown}", flush=True)
                losses.clear()
            if words >= until:
                break
        skip = 0
        epoch += 1
    return reached


def _save(nlp: Language, reached: Reached, plan: Plan, work: Path) -> None:
    """Write a checkpoint beside the last one, then put it in its place."""
    fresh = work / "fresh"
    nlp.to_disk(fresh)
    (fresh / "reached.json").write_text(json.dumps({"plan": asdict(plan), **asdict(reached)}))
    old = work / "checkpoint"
    if old.exists():
        old.rename(work / "old")
    fresh.rename(old)
    _remove(work / "old")


def _remove(folder: Path) -> None:
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def resume(work: Path, plan: Plan) -> tuple[Language, Reached] | None:
    """Give the pipeline and place of the last checkpoint of the same plan; None when none is."""
    state = work / "checkpoint" / "reached.json"
    if not state.exists():
        return None
    row = json.loads(state.read_text(encoding="utf-8"))
    if row.pop("plan") != asdict(plan):
        return None
    nlp = spacy.load(work / "checkpoint")
    lemmatizer = nlp.get_pipe(LEMMATIZER)
    # spaCy reads the labels back, but not which tree each stands for: it would learn nothing more
    lemmatizer.tree2label = {  # type: ignore[attr-defined]
        tree: label
        for label, tree in enumerate(lemmatizer.cfg["labels"])  # type: ignore[attr-defined]
    }
    return nlp, Reached(**row)


def ship(nlp: Language, sources: Sequence[Sequence[Sentence]], output: Path) -> None:
    """Write the pipeline in the place of the one that is there."""
    _remove(output)
    nlp.to_disk(output)
    slim(output, nlp, sources)


def dev_scores(nlp: Language, dev: dict[str, list[Sentence]]) -> dict[str, SyntaxScores]:
    """Score every part of dev with gold tokens and sentences."""
    return {
        part: score_documents(nlp, [document(nlp.vocab, words) for words in sentences])
        for part, sentences in dev.items()
    }


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--work", type=Path, default=Path(".training/language"))
    parser.add_argument("--output", type=Path, default=WEIGHTS / "language")
    parser.add_argument("--words", type=int, default=3_600_000, help="how many to train on")
    parser.add_argument("--again", type=int, default=3_000_000, help="how many more after that")
    parser.add_argument(
        "--lemmas", type=int, default=3_000_000, help="how many for the lemmas alone"
    )
    parser.add_argument("--name-epochs", type=int, default=EPOCHS)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    plan = Plan(given.words, given.again, given.lemmas, given.seed)
    given.work.mkdir(parents=True, exist_ok=True)
    sources = read_train(given.data, spacy.blank("en").vocab)
    nlp, reached = resume(given.work, plan) or (build(sources, plan), Reached())
    for until in (plan.together, plan.total):
        if reached.words < until:
            reached = train(nlp, sources, plan, given.work, reached, until=until)
            # read anew, or the lemmatizer would wait for vectors that are no longer made for it
            nlp, reached = resume(given.work, plan) or (nlp, reached)
    train_names(nlp, sources, epochs=given.name_epochs, seed=given.seed)
    ship(nlp, sources, given.output)
    shipped = spacy.load(given.output)
    for part, scores in dev_scores(shipped, read_dev(given.data, shipped.vocab)).items():
        print(part, json.dumps(asdict(scores)), flush=True)
    print(f"{reached.steps} steps, {reached.words} words, {reached.seconds / 60:.0f} minutes")


if __name__ == "__main__":
    main()
