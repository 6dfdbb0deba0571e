"""The figures of docs/quality.md, each section with its baselines in the same run.

A figure is a list [value, low, high]: the bounds are of the 95 % interval by bootstrap over whole
threads (topics and sides for key points), or null where the parts are too few to draw again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality_errors import Read, errors_of
from bot.evaluate import score_thread
from bot.gold import GoldThread, match_posts, read_folder
from nlp import analyze
from nlp.encoder import Encoder, default_encoder
from nlp.evaluation.baselines import (
    BASELINES,
    GIVEN_BASELINES,
    SAME,
    SAME_STOCK,
    average_link,
    stock_encoder,
    tfidf_rows,
)
from nlp.evaluation.bootstrap import f1_interval, interval, mean_interval, precision_interval
from nlp.evaluation.classes import f1_of, macro_f1
from nlp.evaluation.given import map_given, matched_given
from nlp.evaluation.labelled import LabelledThread, dev_names, label
from nlp.evaluation.metrics import PAIRS, Tally, score_map
from nlp.model import ArgumentMap

Figure = list[float | None]
Table = dict[str, dict[str, Figure]]  # row -> maker -> figure

FOUND_ROWS = ("units: claim", "units: evidence", "relations: all")
GIVEN_ROWS = ("relations: all", "relations: support", "relations: attack")
RIGHT_PAIRS = "key points: pairs in one point that are one in gold"
GIVEN_MEANS = ("key points: B-cubed F1 of all gold claims", "headlines: stem F1", "crux hit")


def stock() -> Encoder | None:
    """Give the base encoder as it was published; None where the `train` extra is not installed."""
    try:
        return stock_encoder()
    except ImportError:
        return None


def maps(folder: Path, tell: Callable[[str], None], *, errors: bool) -> dict[str, Any]:
    """Score maps of a folder of gold threads, drawn of their text and of their gold units."""
    makers_found: dict[str, dict[str, Tally]] = {name: {} for name in ("crux", *BASELINES)}
    given = {k: v for k, v in GIVEN_BASELINES.items() if k != "stock" or stock() is not None}
    makers_given: dict[str, dict[str, Tally]] = {name: {} for name in ("crux", *given)}
    reads: list[Read] = []
    for item in read_folder(folder):
        tell(item.name)
        gold = labelled(item)
        found = analyze(item.thread)
        drawn = map_given(gold)
        reads.append(Read(gold, found, drawn))
        makers_found["crux"][item.name] = score_thread(item, _const(found))
        for name, baseline in BASELINES.items():
            makers_found[name][item.name] = score_thread(item, baseline)
        matched = matched_given(gold)
        makers_given["crux"][item.name] = score_map(drawn, gold, matched=matched)
        for name, mapper in given.items():
            makers_given[name][item.name] = score_map(mapper(gold), gold, matched=matched)
    held = [r for r in reads if r.gold.name in dev_names()]
    return {
        "parts": {
            title: {
                "threads": len(names),
                "of their text": _table(makers_found, names, FOUND_ROWS, ()),
                "of their gold units": {
                    **_table(makers_given, names, GIVEN_ROWS, GIVEN_MEANS),
                    RIGHT_PAIRS: _right_pairs(makers_given, names),
                },
            }
            for title, names in _parts([r.gold.name for r in reads])
            if names
        },
        **({"errors": errors_of(held or reads)} if errors else {}),
    }


def _right_pairs(makers: dict[str, dict[str, Tally]], names: Sequence[str]) -> dict[str, Figure]:
    """Give the share of the pairs in one point that are one in gold; none for who joins nothing."""
    return {
        maker: rounded(precision_interval([tallies[n] for n in names], PAIRS))
        if any(tallies[n].guessed[PAIRS] for n in names)
        else alone(None)
        for maker, tallies in makers.items()
    }


def _const(found: ArgumentMap) -> Callable[..., ArgumentMap]:
    return lambda _thread: found


def labelled(item: GoldThread) -> LabelledThread:
    """Join a gold thread with what its reader made of it."""
    posts = match_posts(item.thread, item.gold)
    return label(item.thread, item.gold, name=item.name, real=False, posts=posts)


def _parts(names: Sequence[str]) -> Iterable[tuple[str, list[str]]]:
    yield "held out: no weight was fitted on them", [n for n in names if n in dev_names()]
    yield "all, most of which weights were fitted on", list(names)
    crowds = [n for n in names if n.startswith("t7-")]
    held = sum(n in dev_names() for n in crowds)
    yield f"crowds, points said many times; {held} of them held out", crowds


def _table(
    makers: dict[str, dict[str, Tally]],
    names: Sequence[str],
    rows: Sequence[str],
    means: Sequence[str],
) -> Table:
    table: Table = {}
    for row in rows:
        table[row] = {
            maker: rounded(f1_interval([tallies[n] for n in names], row))
            for maker, tallies in makers.items()
        }
    for row in means:
        table[row] = {
            maker: rounded(mean_interval([tallies[n] for n in names], row))
            for maker, tallies in makers.items()
        }
    return table


def rounded(figure: Sequence[float]) -> Figure:
    """Give a figure and its bounds to three digits."""
    return [round(float(x), 3) for x in figure]


def alone(value: float | None) -> Figure:
    """Give a figure without an interval."""
    return [None if value is None else round(value, 4), None, None]


def syntax(data: Path) -> dict[str, Any]:
    """Score the language pipeline on dev, beside the commonest tag and lemma of each word."""
    from nlp.evaluation.syntax import evaluate_syntax

    table: Table = {}
    for name, file in (
        ("UD English EWT dev", "syntax/ewt-dev.conllu"),
        ("UD English GUM dev, open genres", "syntax/gum-open-dev.conllu"),
        ("UNER EWT dev, names", "ner/uner_ewt_dev.jsonl"),
        ("WNUT17 dev, names", "ner/wnut17_dev.jsonl"),
    ):
        scores = evaluate_syntax(data / file)
        for key in ("upos", "lemma", "uas", "las", "ner"):
            if scores[key] is not None:
                table[f"{name}: {key}"] = {"crux": alone(scores[key])}
    lexical = _commonest_tags(data / "syntax")
    table["UD English EWT dev: upos"]["commonest tag of the word"] = alone(lexical)
    return {"table": table}


def _commonest_tags(folder: Path) -> float:
    from collections import Counter

    def rows(name: str) -> Iterable[tuple[str, str]]:
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            cells = line.split("\t")
            if len(cells) > 3 and cells[0].isdigit():
                yield cells[1].lower(), cells[3]

    counts: dict[str, Counter[str]] = {}
    for word, tag in rows("ewt-train.conllu"):
        counts.setdefault(word, Counter())[tag] += 1
    best = {word: tags.most_common(1)[0][0] for word, tags in counts.items()}
    right = [best.get(word, "NOUN") == tag for word, tag in rows("ewt-dev.conllu")]
    return sum(right) / len(right)


def units(data: Path) -> dict[str, Any]:
    """Score the kinds of the annotated sentences, by document, beside two baselines."""
    from nlp.evaluation.isolated import SpanKind
    from nlp.evaluation.labelled import read_annotated
    from nlp.evaluation.units import calibration_error, thread_kinds

    def gap(part: Sequence[tuple[str, list[str], list[str], list[str]]]) -> float:
        return calibration_error(_flat(part, 1), [kind for d in part for kind in sure[d[0]]])

    docs = []
    sure: dict[str, list[SpanKind]] = {}
    for item in read_annotated(data / "units" / "annotated.jsonl"):
        gold = [u.kind for u in item.units]
        kinds = thread_kinds(item)
        marks = {u.id: item_text(item, u.post)[u.start : u.end] for u in item.units}
        lexical = [_kind_by_marks(marks[u.id]) for u in item.units]
        docs.append((item.name, gold, [kinds[u.id].kind for u in item.units], lexical))
        sure[item.name] = [kinds[u.id] for u in item.units]
    held = {*dev_names(), *(f"createdebate/{n}" for n in dev_names())}
    table: dict[str, Table] = {}
    for title, part in (
        ("held out", [d for d in docs if d[0] in held]),
        ("all, most of which weights were fitted on", docs),
    ):
        rows: Table = {}
        for name, score in (("macro-F1", macro_f1), ("claim F1", _claim_f1)):
            rows[name] = {
                "crux": rounded(interval(part, lambda ds, f=score: f(_flat(ds, 1), _flat(ds, 2)))),
                "majority (claim)": rounded(
                    interval(
                        part, lambda ds, f=score: f(_flat(ds, 1), ["claim"] * len(_flat(ds, 1)))
                    )
                ),
                "lexical (? asks, figures and experience are evidence)": rounded(
                    interval(part, lambda ds, f=score: f(_flat(ds, 1), _flat(ds, 3)))
                ),
            }
        rows["calibration error (the less, the better)"] = {"crux": rounded(interval(part, gap))}
        table[f"{title} ({len(part)} documents)"] = rows
    return {"tables": table}


def item_text(item: LabelledThread, post: str) -> str:
    """Give the text of a post of a labelled thread."""
    return next(p.text for p in item.thread.posts if p.id == post)


def _kind_by_marks(text: str) -> str:
    from nlp import cues

    if text.rstrip().endswith("?"):
        return "question"
    if cues.EXPERIENCE.search(text) or cues.FIGURE.search(text):
        return "evidence"
    return "claim" if len(text.split()) > 4 else "other"


def _flat(docs: Sequence[tuple[str, list[str], list[str], list[str]]], at: int) -> list[str]:
    return [value for doc in docs for value in doc[at]]


def _claim_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    return f1_of("claim", gold, found)


def key_points(place: Path, split: str) -> dict[str, Any]:
    """Score matching and grouping of arguments, beside lexical, stock and all-alone baselines."""
    from nlp.evaluation.isolated import group_texts
    from nlp.evaluation.keypoints import (
        Grouper,
        Matcher,
        cosine_matcher,
        grouping_figures,
        match_precision,
        read_sides,
        shipped_matcher,
    )

    sides = read_sides(place, split)
    matchers: dict[str, Matcher] = {
        "crux": shipped_matcher(default_encoder()),
        "character n-grams": _lexical_match,
    }
    groupers: dict[str, Grouper] = {
        "crux": group_texts,
        "all alone": lambda texts: [[i] for i in range(len(texts))],
        "character n-grams": lambda texts: average_link(tfidf_rows(texts), SAME),
    }
    base = stock()
    if base is not None:
        matchers["stock encoder"] = cosine_matcher(base)
        groupers["stock encoder"] = lambda texts: average_link(base.encode(texts), SAME_STOCK)
    table: Table = {"mAP strict": {}, "mAP relaxed": {}, "V-measure": {}, "adjusted Rand": {}}
    for name, matcher in matchers.items():
        pairs = [match_precision(side, matcher) for side in sides]
        for at, row in enumerate(("mAP strict", "mAP relaxed")):
            table[row][name] = rounded(interval([p[at] for p in pairs], _mean))
    for name, grouper in groupers.items():
        figures = [f for side in sides if (f := grouping_figures(side, grouper))]
        for row in ("V-measure", "adjusted Rand"):
            table[row][name] = rounded(interval([f[row] for f in figures], _mean))
    return {"split": split, "sides": len(sides), "table": table}


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


def _lexical_match(arguments: Sequence[str], points: Sequence[str]) -> np.ndarray:
    rows = tfidf_rows([*arguments, *points])
    return np.asarray(rows[: len(arguments)] @ rows[len(arguments) :].T)


def pairs(file: Path) -> dict[str, Any]:
    """Score single pairs, by topic, beside "every reply attacks" and the commonest label."""
    from collections import Counter

    from nlp.evaluation.pairs import LABELS, relations_of_rows
    from nlp.evaluation.rows import read_rows

    topics: dict[str, list[tuple[str, str]]] = {}
    rows = read_rows(file, ("a", "b"), {"label": LABELS})
    for row, said in zip(rows, relations_of_rows(rows), strict=True):
        topics.setdefault(str(row.get("topic")), []).append((row["label"], said))
    parts = list(topics.values())
    common = Counter(gold for part in parts for gold, _ in part).most_common(1)[0][0]

    def figure(found: Callable[[str], str] | None) -> Figure:
        def score(drawn: Sequence[list[tuple[str, str]]]) -> float:
            flat = [pair for part in drawn for pair in part]
            gold = [g for g, _ in flat]
            return macro_f1(gold, [found(f) if found else f for _, f in flat])

        return rounded(interval(parts, score))

    makers = {
        "crux": figure(None),
        "every reply attacks": figure(lambda _: "attack"),
        f"majority ({common})": figure(lambda _: common),
    }
    return {"file": file.name, "pairs": sum(map(len, parts)), "table": {"macro-F1": makers}}


def cmv(folder: Path) -> dict[str, Any]:
    """Score claim or premise against the rest, on threads that are measured on and nothing else."""
    from nlp.evaluation.cmv import ARGUES, judged_branches

    branches = list(judged_branches(folder))
    table: Table = {}
    for row in ("sentences", "words"):

        def score(drawn: Sequence[Any], row: str = row, everything: bool = False) -> float:
            gold = [g for branch in drawn for g, _ in branch[row]]
            found = [ARGUES if everything else f for branch in drawn for _, f in branch[row]]
            return f1_of(ARGUES, gold, found)

        table[f"F1 of claim or premise, {row}"] = {
            "crux": rounded(interval(branches, score)),
            "everything argues": rounded(
                interval(branches, lambda d, s=score: s(d, everything=True))
            ),
        }
    return {"threads": len(branches), "table": table}


def help_chats(folder: Path) -> dict[str, Any]:
    """Give the share of answers in help chats that are called attacks: the less, the better."""
    from nlp.evaluation.help_chats import Answers, judged_logs

    makers = {"crux": analyze, "every reply attacks": BASELINES["sentences"]}
    judged = {name: list(judged_logs(folder, draw)) for name, draw in makers.items()}

    def share(drawn: Sequence[Answers], counted: str) -> float:
        return float(sum(getattr(a, counted) for a in drawn) / sum(a.answers for a in drawn))

    table: Table = {}
    for row, counted in (
        ("said to attack any message", "attacks"),
        ("said to attack the message answered", "direct"),
        ("said to support one", "supports"),
    ):
        table[row] = {
            name: rounded(interval(logs, lambda d, c=counted: share(d, c)))
            for name, logs in judged.items()
        }
    return {"answers": sum(a.answers for a in judged["crux"]), "table": table}


def labels(folder: Path) -> dict[str, Any]:
    """Score second labels of marked threads, and maps, against the first labels; and kappa."""
    from nlp.evaluation.corpus import MARKED
    from nlp.evaluation.double_labels import read_pairs

    return _labelled_twice(read_pairs(MARKED, folder), "crux, by the first (fitted on)")


def gold_labels(gold: Path, folder: Path) -> dict[str, Any]:
    """Score second labels of held-out gold threads, and maps, against the gold maps; and kappa."""
    from nlp.evaluation.double_labels import pair_up

    known = {f"marked/{item.name}": labelled(item) for item in read_folder(gold)}
    return _labelled_twice(pair_up(known, folder, str(gold)), "crux, by the first (held out)")


def _labelled_twice(
    pairs: Sequence[tuple[LabelledThread, LabelledThread]], by_first: str
) -> dict[str, Any]:
    from nlp.evaluation.double_labels import ROWS, kappa, map_of, word_kinds

    maps_of = [analyze(first.thread) for first, _ in pairs]
    makers = {
        "the second labeller, by the first": [score_map(map_of(b), a) for a, b in pairs],
        "crux, by the second": [score_map(m, b) for m, (_, b) in zip(maps_of, pairs, strict=True)],
        by_first: [score_map(m, a) for m, (a, _) in zip(maps_of, pairs, strict=True)],
    }
    table: Table = {
        row: {name: rounded(f1_interval(tallies, row)) for name, tallies in makers.items()}
        for row in ROWS
    }
    words = interval(
        [(word_kinds(a), word_kinds(b)) for a, b in pairs],
        lambda ds: kappa([k for a, _ in ds for k in a], [k for _, b in ds for k in b]),
    )
    table["kappa of words (claim, evidence, none)"] = {
        "the second labeller, by the first": rounded(words)
    }
    return {"threads": len(pairs), "table": table}


def chats(folder: Path) -> dict[str, Any]:
    """Score maps of the short chats of a folder of marked threads that are held out."""
    from nlp.evaluation.marked import read_marked

    items = [i for i in read_marked(folder) if i.held_out]
    makers = {"crux": analyze, **{name: BASELINES[name] for name in ("sentences",)}}
    tallies = {name: [score_map(draw(i.thread), i) for i in items] for name, draw in makers.items()}
    table: Table = {
        row: {name: rounded(f1_interval(drawn, row)) for name, drawn in tallies.items()}
        for row in FOUND_ROWS
    }
    return {"threads": len(items), "table": table}


def left_out(data: Path) -> dict[str, Any]:
    """Give for each reason the share of passages left out that the gold map has as points."""
    from nlp.evaluation.labelled import read_gold_maps
    from nlp.evaluation.left_out import LeftOut
    from nlp.evaluation.left_out import left_out as passages_of

    held = [item for item in read_gold_maps(data / "maps") if item.held_out]
    rows = [passages_of(analyze(item.thread), item) for item in held]

    def share(drawn: Sequence[list[LeftOut]], reason: str) -> float:
        some = [row.point for passages in drawn for row in passages if row.reason == reason]
        return sum(some) / max(1, len(some))

    table: Table = {}
    for reason in ("off topic", "too weak", "question"):
        count = sum(row.reason == reason for passages in rows for row in passages)
        found = rounded(interval(rows, lambda d, r=reason: share(d, r)))
        table[f"{reason} ({count} passages)"] = {"points to the labellers": found}
    return {"threads": len(held), "table": table}
