"""Fit what a good headline is: `python -m nlp.training.headlines --data DIR --pasted FILE`.

Two fits. Fluency: headlines that people gave to claims against cuts made by rule, by logistic
regression over runs of words and tags. Worth: how the features of a cut weigh, by ridge regression
to the overlap (F1 of content stems) with the gold headline of its claim, on gold maps; there a cut
is as fluent as a judge finds it that was fitted on the other half of the threads. Figures are those
of the dev threads, on which nothing is fitted. Run after `nlp.training.unit_model` and
`nlp.training.language`. Writes `headlines.npz`.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression, Ridge

from nlp import language
from nlp.compression import cuts_of
from nlp.evaluation.corpus import read_all
from nlp.evaluation.given import gold_drafts, gold_units
from nlp.evaluation.labelled import LabelledThread
from nlp.fluency import Fluency, grams, sign
from nlp.headlines import FEATURES, candidates, parse
from nlp.thread_view import Draft
from nlp.units import UnitModel
from nlp.weights import WEIGHTS
from nlp.words import content_stems

LEAST_SEEN = 5  # a gram that is rarer says nothing
CUTS_A_CLAIM = 2  # shown as made by rule
TORN = 0.5  # from here on a judge of `nlp.edges` calls a cut torn
# Overlap sees neither grammar nor what a sentence is about: its main clause, and not "by doing so";
# nor that words which stand together in the text read best, and that a thought cut off, at either
# end or in the middle, cannot be read at all. Chosen by reading the headlines of the samples.
BONUS = {
    "fluency": 0.10,
    "is the main clause": 0.08,
    "is a clause": 0.09,
    "is the whole": 0.08,
    "stands between marks": 0.05,
    "gaps": -0.05,
    "begins badly": -0.2,
    "ends badly": -0.2,
    "broken gaps": -0.22,
    "articles missing": -0.05,
    "a negation elsewhere": -0.1,
    "begins with a pointer": -0.04,
}


@dataclass(frozen=True)
class Claim:
    """A claim with the headline that a person gave it."""

    thread: str
    draft: Draft
    headline: str


def claims_of(items: Iterable[LabelledThread], model: UnitModel | None) -> list[Claim]:
    """Give the claims that carry a headline, with what the unit model says of their words."""
    found = []
    for item in items:
        judged = model.judge(item.thread) if model else None
        for unit, draft in zip(gold_units(item), gold_drafts(item, judged), strict=True):
            if unit.kind == "claim" and unit.headline:
                found.append(Claim(item.name, draft, unit.headline))
    return found


def fit_fluency(
    people: Sequence[Sequence[str]], rules: Sequence[Sequence[str]], output: Path
) -> None:
    """Fit and write the judge of fluency on sequences of signs; its worth is written as zeros."""
    counts = Counter(gram for signs in (*people, *rules) for gram in set(grams(signs)))
    names = sorted(gram for gram, count in counts.items() if count >= LEAST_SEEN)
    place = {gram: k for k, gram in enumerate(names)}
    rows, columns = [], []
    for row, signs in enumerate((*people, *rules)):
        for gram in grams(signs):
            if gram in place:
                rows.append(row)
                columns.append(place[gram])
    matrix = csr_matrix(
        (np.ones(len(rows)), (rows, columns)), (len(people) + len(rules), len(names))
    )
    gold = np.array([1] * len(people) + [0] * len(rules))
    model = LogisticRegression(C=0.3, max_iter=400, class_weight="balanced").fit(matrix, gold)
    write(
        output,
        names,
        model.coef_[0],
        float(model.intercept_[0]),
        np.zeros(len(FEATURES)),
    )


def write(
    output: Path,
    names: Sequence[str],
    weights: NDArray[np.float64],
    bias: float,
    worth: NDArray[np.float64],
) -> None:
    """Write the file that `nlp.fluency` reads; grams that weigh next to nothing are left out."""
    kept = [k for k in range(len(names)) if abs(weights[k]) > 0.02]
    np.savez_compressed(
        output,
        grams=np.array([names[k] for k in kept]),
        weights=np.array([weights[k] for k in kept], np.float32),
        bias=np.array(bias),
        worth=np.asarray(worth, np.float64),
    )


def overlap(text: str, headline: str) -> float:
    """F1 of the content stems of two headlines."""
    a, b = set(content_stems(text)), set(content_stems(headline))
    return 2 * len(a & b) / max(1, len(a) + len(b))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pasted", type=Path, default=None)
    parser.add_argument("--output", type=Path, default=WEIGHTS / "headlines.npz")
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    rng = random.Random(given.seed)
    items = read_all(given.data, given.pasted)
    inner = claims_of([i for i in items if not i.held_out], None)
    rules = []
    for doc in parse(c.draft.text for c in inner):
        cuts = [cut.tokens for cut in cuts_of(doc, [1.0] * len(doc))]
        some = rng.sample(cuts, min(CUTS_A_CLAIM, len(cuts)))
        rules.append([[sign(doc[i]) for i in tokens] for tokens in some])
    maps = [i for i in items if not i.held_out and not i.name.startswith("marked/")]
    fitted = claims_of(maps, UnitModel())
    tables: list[Rated] = []
    for half in range(2):
        other = [k for k, c in enumerate(inner) if _half(c) != half]
        fluency = fluency_of([inner[k] for k in other], [rules[k] for k in other], given.output)
        tables += rate([c for c in fitted if _half(c) == half], fluency)
    worth = _worth(tables)
    print({name: round(float(w), 3) for name, w in zip(FEATURES, worth, strict=True)})
    fluency = fluency_of(inner, rules, given.output)
    report(rate(claims_of([i for i in items if i.held_out], UnitModel()), fluency), worth)
    weights = fluency.weights
    write(given.output, list(weights), np.array(list(weights.values())), fluency.bias, worth)


@dataclass(frozen=True)
class Rated:
    """The cuts of a claim: their features, shape (n, len(FEATURES)), and overlaps with its gold."""

    rows: NDArray[np.float64]
    gold: NDArray[np.float64]


def rate(claims: Sequence[Claim], fluency: Fluency) -> list[Rated]:
    """Give the cuts of claims with their overlaps; a claim without a cut is left out."""
    docs = parse(c.draft.text for c in claims)
    found = []
    for claim, doc in zip(claims, docs, strict=True):
        table = list(candidates(claim.draft, doc, fluency))
        if table:
            gold = np.array([overlap(cut.text, claim.headline) for cut in table])
            found.append(Rated(np.array([cut.features for cut in table]), gold))
    return found


def fluency_of(
    claims: Sequence[Claim], rules: Sequence[Sequence[Sequence[str]]], output: Path
) -> Fluency:
    """Fit the judge of fluency on headlines and rule-made cuts of claims, by way of `output`."""
    people = _signs({c.headline for c in claims})
    fit_fluency(people, [signs for cuts in rules for signs in cuts], output)
    return Fluency(output)


def report(held: Sequence[Rated], worth: NDArray[np.float64]) -> None:
    """Print how near the chosen headlines of the dev threads come, and how they are cut out."""
    picked = [int((one.rows @ worth).argmax()) for one in held]
    best = np.mean([one.gold.max() for one in held])
    mean = np.mean([one.gold[k] for one, k in zip(held, picked, strict=True)])
    print(f"dev, {len(held)} claims: overlap {mean:.3f}, {best:.3f} with the best cut of each")
    print(_cut_out([one.rows[k] for one, k in zip(held, picked, strict=True)]))


def _half(claim: Claim) -> int:
    return hashlib.sha256(claim.thread.encode()).digest()[2] % 2


def _cut_out(chosen: Sequence[NDArray[np.float64]]) -> str:
    """Tell how the chosen headlines are cut out: shares, by the rules of `nlp.edges`."""
    table = np.stack(chosen)
    shares = {
        "one unbroken run": table[:, FEATURES.index("gaps")] == 0,
        "begin inside a phrase": table[:, FEATURES.index("begins badly")] >= TORN,
        "end inside a phrase": table[:, FEATURES.index("ends badly")] >= TORN,
        "lack a word in the middle": table[:, FEATURES.index("broken gaps")] >= TORN,
    }
    return ", ".join(f"{name} {share.mean():.3f}" for name, share in shares.items())


def _signs(headlines: Iterable[str]) -> list[list[str]]:
    return [[sign(t) for t in doc] for doc in language.parse(sorted(headlines))]


def _worth(tables: Sequence[Rated]) -> NDArray[np.float64]:
    """Fit the weights; the means of a claim are taken off, so that all claims weigh alike."""
    x = np.concatenate([one.rows - one.rows.mean(0) for one in tables])
    y = np.concatenate([one.gold - one.gold.mean() for one in tables])
    worth = np.asarray(Ridge(alpha=5.0, fit_intercept=False).fit(x, y).coef_)
    for name, bonus in BONUS.items():
        worth[FEATURES.index(name)] += bonus
    return worth


if __name__ == "__main__":
    main()
