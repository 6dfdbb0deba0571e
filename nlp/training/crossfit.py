"""Judge every labelled thread by a unit model that never saw it.

`python -m nlp.training.crossfit --data DIR --pasted FILE` fits one unit model a fold, judges the
threads left out of it, and keeps the judgements under `.training/judged`; the dev threads are
judged by the shipped model, which never saw them either. The trainers of relations and points read
them: judgements of threads that a model was fitted on look far surer than on new ones.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from nlp.evaluation.labelled import LabelledThread, read_all
from nlp.training.unit_model import INPUTS, OUTPUTS, examples_of, train
from nlp.units import Judgement, UnitModel
from nlp.weights import WEIGHTS

FOLDS = 3
FIELDS = ("starts", "ends", "kinds", "begin", "links", "salience")


def fold_of(name: str) -> int:
    """Give the fold of a thread, by a hash of its name."""
    return hashlib.sha256(f"crux fold {name}".encode()).digest()[0] % FOLDS


def save(judged: dict[str, Judgement], file: Path) -> None:
    """Write the judgements of one thread."""
    arrays = {
        f"{i}.{field}": getattr(judgement, field)
        for i, judgement in enumerate(judged.values())
        for field in FIELDS
    }
    np.savez_compressed(file, posts=np.array(json.dumps(list(judged))), **arrays)


def load(file: Path) -> dict[str, Judgement]:
    """Read the judgements of one thread."""
    with np.load(file, allow_pickle=False) as stored:
        posts = json.loads(str(stored["posts"]))
        return {
            post: Judgement(**{field: stored[f"{i}.{field}"] for field in FIELDS})
            for i, post in enumerate(posts)
        }


def file_of(name: str, folder: Path) -> Path:
    """Give the file that holds a thread's judgements."""
    return folder / f"{name.replace('/', '__')}.npz"


def load_all(items: Sequence[LabelledThread], folder: Path) -> dict[str, dict[str, Judgement]]:
    """Read the judgements of all threads, by name; raise FileNotFoundError for one not judged."""
    return {item.name: load(file_of(item.name, folder)) for item in items}


def main() -> None:
    """Run the command line."""
    from nlp.encoder import load_tokenizer
    from nlp.training.export import export_int8

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--work", type=Path, default=Path(".training"))
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    folder = given.work / "judged"
    folder.mkdir(parents=True, exist_ok=True)
    threads = read_all(given.data, given.pasted)
    tokenizer = load_tokenizer(WEIGHTS / "tokenizer.json", None)
    inner = [t for t in threads if not t.held_out]
    for fold in range(FOLDS):
        work = given.work / f"fold{fold}"
        work.mkdir(parents=True, exist_ok=True)
        model_file = work / "units.onnx"
        if not model_file.exists():
            fitted = [
                e for t in inner if fold_of(t.name) != fold for e in examples_of(t, tokenizer)
            ]
            model = train(
                fitted, epochs=given.epochs, seed=given.seed, folder=work, rate=given.rate
            )
            export_int8(model, INPUTS, OUTPUTS, model_file)
        _judge([t for t in inner if fold_of(t.name) == fold], UnitModel(model_file), folder)
        print(f"fold {fold + 1}/{FOLDS} judged", flush=True)
    _judge([t for t in threads if t.held_out], UnitModel(), folder)


def _judge(items: Sequence[LabelledThread], model: UnitModel, folder: Path) -> None:
    for item in items:
        save(model.judge(item.thread), file_of(item.name, folder))


if __name__ == "__main__":
    main()
