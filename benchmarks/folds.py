"""Measure recipes, not weights, in five folds: `python -m benchmarks.folds MEASURE --data DIR`.

What ships was fitted on most of the labelled data, so only its dev part measures it. Here the same
recipes are fitted five times, each time without a fifth of the data, and every fifth is judged by
the int8 form of the weights that never saw it.

keypoints: the encoder, fitted as `nlp.training.same_point` fits it but on ArgKP alone, folds by
topic of its train and dev parts; mAP as `crux eval keypoints` counts it.

kinds: the unit model, folds by document of units/annotated.jsonl; macro-F1 and claim F1 of all
sentences, each judged in its thread by the fold that left it out. The folds go on from one run on
everything that holds none of the documents, for two epochs without the marked threads, as the
recipe of the weights finishes.

Five whole runs of either would take four hours of two cores; these take about forty minutes of one
core each.

A fold that is done is kept in the work folder, and the same command goes on from there. Figures go
to `results/folds.json`, which `benchmarks.quality_page` shows. Runs on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from nlp.encoder import OnnxEncoder
from nlp.evaluation.classes import f1_of, macro_f1
from nlp.evaluation.corpus import read_all
from nlp.evaluation.keypoints import match_precision, read_sides, shipped_matcher
from nlp.evaluation.labelled import LabelledThread, read_annotated
from nlp.evaluation.units import thread_kinds
from nlp.units import UnitModel

RESULTS = Path(__file__).with_name("results") / "folds.json"
FOLDS = 5
SHARED_EPOCHS = 3  # of the run that all folds of the kinds go on from
OWN_EPOCHS = 2  # of each of them after it
SEED = 7
ARGUMENTS_ALONE = {"arguments": 1, "crowds": 0, "perspectives": 0, "others": 0}  # of a recipe

Row = dict[str, Any]


def folds_of(names: Sequence[str]) -> list[set[str]]:
    """Part names into FOLDS sets of about one size, the same for the same names."""
    order = sorted(names)
    random.Random(SEED).shuffle(order)
    return [set(order[place::FOLDS]) for place in range(FOLDS)]


def each_fold(
    work: Path, parts: Sequence[set[str]], run: Callable[[set[str], Path], Row]
) -> list[Row]:
    """Run every fold that is not yet done; give what each found, in order."""
    found = []
    for number, left_out in enumerate(parts, 1):
        folder = work / f"fold-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        done = folder / "done.json"
        if not done.exists():
            print(f"fold {number}/{len(parts)}: {len(left_out)} left out", flush=True)
            done.write_text(json.dumps(run(left_out, folder)), encoding="utf-8")
        found.append(json.loads(done.read_text(encoding="utf-8")))
    return found


def key_points(data: Path, pasted: Path | None, work: Path) -> Row:
    """Fit the encoder without a fifth of ArgKP's topics at a time; give the mean mAP."""
    from nlp.training import same_point
    from nlp.training.base import base_model
    from nlp.training.encoder import export_encoder

    file = data / "similarity" / "sim_argkp.jsonl"
    sides = [*read_sides(file, "train"), *read_sides(file, "dev")]
    threads = [t for t in read_all(data, pasted) if same_point.is_for_encoder(t)]
    recipe = same_point.Recipe(seed=SEED, **ARGUMENTS_ALONE)

    def run(left_out: set[str], folder: Path) -> Row:
        def wanted(row: Row) -> bool:
            return row["topic"] not in left_out

        draw = partial(same_point.sheets_of, data, threads, recipe, wanted=wanted)
        trainer = same_point.Trainer(base_model(), draw, recipe)
        trainer.run(folder)
        trainer.kept(base_model()).save(str(folder / "model"))
        export_encoder(folder / "model", folder)
        matcher = shipped_matcher(OnnxEncoder(folder))
        scores = [match_precision(s, matcher) for s in sides if s.topic in left_out]
        strict, relaxed = np.mean(scores, axis=0)
        print(f"strict {strict:.3f}, relaxed {relaxed:.3f}", flush=True)
        return {"strict": float(strict), "relaxed": float(relaxed), "sides": len(scores)}

    found = each_fold(work, folds_of(sorted({s.topic for s in sides})), run)
    return {
        "left out": f"{len({s.topic for s in sides})} topics of ArgKP, train and dev",
        "mAP strict": _spread([fold["strict"] for fold in found]),
        "mAP relaxed": _spread([fold["relaxed"] for fold in found]),
    }


def kinds(data: Path, pasted: Path | None, work: Path) -> Row:
    """Fit the unit model without a fifth of the annotated documents at a time; give their F1."""
    from nlp.training import unit_model
    from nlp.training.base import base_model

    annotated = list(read_annotated(data / "units" / "annotated.jsonl"))
    names = {_document(item) for item in annotated}
    known = [t for t in read_all(data, pasted) if not t.held_out or _document(t) in names]
    recipe = unit_model.Recipe(epochs=SHARED_EPOCHS, finishing=0, seed=SEED)
    fitted = unit_model.prepare(known, data, recipe)
    documents = {t.name: _document(t) for t in known}
    shared_folder = work / "shared"
    shared_folder.mkdir(parents=True, exist_ok=True)

    def trainer_without(
        left_out: set[str], recipe: unit_model.Recipe, folder: Path
    ) -> unit_model.Trainer:
        rest = [e for e in fitted.threads if documents[e.name] not in left_out]
        print(f"{len(rest)} threads fitted, {len(left_out)} documents left out", flush=True)
        transformer = unit_model.load_transformer(base_model())
        part = unit_model.Fitted(rest, fitted.pairs, fitted.sheets)
        return unit_model.Trainer(part, transformer, recipe, folder)

    shared = trainer_without(names, recipe, shared_folder)
    shared.run()

    def run(left_out: set[str], folder: Path) -> Row:
        own = unit_model.Recipe(epochs=OWN_EPOCHS, finishing=OWN_EPOCHS, seed=SEED)
        trainer = trainer_without(left_out, own, folder)
        trainer.begin_as(shared)
        trainer.run()
        trainer.write(folder)
        model = UnitModel(folder / "units.onnx")
        gold, found = [], []
        for item in annotated:
            if _document(item) in left_out:
                judged = thread_kinds(item, model)
                gold += [u.kind for u in item.units]
                found += [judged[u.id].kind for u in item.units]
        print(f"macro-F1 {macro_f1(gold, found):.3f}, claim {f1_of('claim', gold, found):.3f}")
        return {"gold": gold, "found": found}

    folds = each_fold(work, folds_of(sorted(names)), run)
    gold = [kind for fold in folds for kind in fold["gold"]]
    found = [kind for fold in folds for kind in fold["found"]]
    by_fold = [(f["gold"], f["found"]) for f in folds]
    return {
        "left out": f"{len(gold)} sentences of {len(names)} documents",
        "macro-F1": [round(macro_f1(gold, found), 3), *_ends([macro_f1(*f) for f in by_fold])],
        "claim F1": [
            round(f1_of("claim", gold, found), 3),
            *_ends([f1_of("claim", *f) for f in by_fold]),
        ],
    }


def _document(item: LabelledThread) -> str:
    """Name what a thread holds: a debate has one name among the maps, another as sentences."""
    return item.name.removeprefix("createdebate/")


def _spread(values: Sequence[float]) -> list[float]:
    """Give the mean, the least and the greatest of the folds."""
    return [round(float(np.mean(values)), 3), *_ends(values)]


def _ends(values: Sequence[float]) -> Iterator[float]:
    yield round(min(values), 3)
    yield round(max(values), 3)


MEASURES = {"keypoints": key_points, "kinds": kinds}


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("measure", choices=sorted(MEASURES))
    parser.add_argument("--data", type=Path, required=True, help="the datasets folder")
    parser.add_argument("--pasted", type=Path, default=None, help="JSONL from python -m bot.gold")
    parser.add_argument("--work", type=Path, default=Path(".training/folds"))
    given = parser.parse_args()
    figures = MEASURES[given.measure](given.data, given.pasted, given.work / given.measure)
    report = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    report[given.measure] = {"date": datetime.now(UTC).date().isoformat(), **figures}
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(report[given.measure], ensure_ascii=False))


if __name__ == "__main__":
    main()
