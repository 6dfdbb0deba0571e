"""docs/quality.md from the figures that `benchmarks.quality_page` keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

HEAD = """# How good the judgements are

Written by `python -m benchmarks.quality_page`; do not edit. Figures are shares of 1, with the 95 %
interval by bootstrap over whole threads (1,000 draws for maps, 300 elsewhere, seeded) in brackets.
Every table has its baselines from the same run and the same data. *Held out* means that no weight
was fitted on those threads (`nlp/evaluation/dev_threads.txt`); thresholds were chosen on them, so
they flatter a little. Read the other parts as how well the weights know what they were fitted on.

Each part can be had alone, as JSON: `crux eval maps FOLDER [--given-units] [--baseline NAME]`,
`crux eval units FILE`, `crux eval relations FILE`, `crux eval keypoints FOLDER --split dev`,
`crux eval cmv FOLDER`, `crux eval syntax FILE`.
"""

TITLES = {
    "gold": "Threads written for this project",
    "maps": "Real threads: Wikipedia talk pages and debates",
    "chats": "Short chats",
    "left_out": "What is left out",
    "gold_labels": "How far a second labeller meets the gold maps",
    "labels": "How far two labellers agree",
    "units": "Kinds of single sentences",
    "pairs": "Support and attack of single pairs",
    "help": "Answers in help chats",
    "key_points": "Arguments and key points",
    "cmv": "Claims and premises in r/changemyview",
    "syntax": "Words, trees and names",
}
NOTES = {
    "gold": "Maps drawn of the text are scored against units, kinds and relations together; maps "
    "drawn of the gold units show relations, grouping and headlines by themselves. `sentences` "
    "makes every sentence a claim, `tfidf` groups by character n-grams, `replies` lets a reply "
    "attack what it answers, `structure` adds support by place in the post (both leave every claim "
    "alone, as all-singletons would), `stock` groups by the base encoder as it was published. A "
    "relation counts only with both ends and its type right.",
    "maps": "The same on threads that people really wrote, with gold maps made for this project. "
    "Relations are much harder to find in them: these figures are the ones to expect. Most of "
    "their points are said once, so that grouping by itself is easier.",
    "chats": "A few messages without a title, as people paste them: those of `data/marked` that "
    "are held out.",
    "left_out": "Real threads that are held out: of the passages that no map shows, by the reason "
    "given for it, the share that the gold map has as a claim or as evidence. *Too weak* should "
    "hold most of what is missed, *off topic* little.",
    "gold_labels": "Four of the held-out threads above, labelled a second time from the plain text "
    "by somebody who did not see their gold maps (`data/gold_twice`), scored as maps are. They are "
    "the first of under 20 posts in the order of sha256('crux twice ' + name). Nothing that reads "
    "threads by the same guide can be expected to meet the gold maps more often than a second "
    "labeller does.",
    "labels": "Threads of `data/marked` that were marked a second time by somebody who did not see "
    "the first marks (`data/marked_twice`), scored as maps are. They are few and short, and both "
    "labellers are of this project; still, where two of them meet no more often, nothing that "
    "learns from one of them can be expected to. Weights know the first marks, not the second.",
    "units": "Sentences labelled for this project, judged in their threads, spans given. The "
    "calibration error is the mean gap between confidence and share right, over ten bins.",
    "pairs": "Real replies from debates, each judged as a post and its answer and nothing else; a "
    "pair that the relation step does not tie counts as neutral. Most stand in debates that "
    "weights were fitted on.",
    "help": "Shares of the answers in ten hours of an IRC channel where people help each other, "
    "links given. Hardly any answer there attacks what it answers, so that the first two rows "
    "should be near nought; a few of these attacks are right (somebody calls a tool obsolete).",
    "key_points": "IBM's ArgKP, per topic and side. Matching by the scorer of the 2021 shared task "
    "as corrected on 2021-09-23. Grouping takes the arguments that match one key point, the number "
    "of groups unknown. All alone has a high V-measure where groups are small: adjusted Rand does "
    "not reward that.",
    "cmv": "Threads with spans marked by the makers of that corpus. They are measured on and "
    "nothing else: no weight was fitted and no threshold chosen on them.",
    "syntax": "Gold tokens and sentences.",
}


FOLDS = """## The recipes, in five folds

Figures of recipes, not of the weights that ship: `python -m benchmarks.folds` fits them five times,
each time without a fifth of the data, and judges that fifth by the int8 form of what never saw it.
In brackets the least and the greatest of the folds. How arguments are matched was chosen on these
folds, so that theirs flatter a little.
"""
FOLDED = {
    "kinds": "kinds of sentences (a shorter recipe than that of the weights)",
    "keypoints": "arguments and key points (fitted on ArgKP alone)",
}


def render(report: dict[str, Any], folds: dict[str, Any] | None = None) -> str:
    """Give the page; `folds` are the figures that `benchmarks.folds` keeps."""
    from benchmarks.quality_page import SECTIONS, weights_of

    parts = [HEAD]
    for name in SECTIONS:
        if name not in report:
            continue
        section = report[name]
        parts.append(f"## {TITLES[name]}\n\n{NOTES[name]}\n")
        parts.append(f"Measured {section['date']}{_of(section)}.")
        if section["weights"] != weights_of(name):
            parts[-1] += " **The weights have changed since: run it again.**"
        parts[-1] += "\n"
        parts += _tables(section)
    if folds:
        parts += [FOLDS, *_folds(folds)]
    errors = report.get("gold", {}).get("errors")
    if errors:
        parts += list(_errors(errors))
    return "\n".join(parts).rstrip() + "\n"


def _folds(folds: dict[str, Any]) -> Iterator[str]:
    for measure, title in FOLDED.items():
        found = folds.get(measure)
        if found is None:
            continue
        table = {
            name: {"crux": figure} for name, figure in found.items() if isinstance(figure, list)
        }
        yield _table(title, table)
        yield f"Measured {found['date']}, {found['left out']}.\n"


def _of(section: dict[str, Any]) -> str:
    for key, word in (
        ("threads", "threads"),
        ("pairs", "pairs"),
        ("answers", "answers"),
        ("sides", "topics and sides"),
    ):
        if key in section:
            return f", {section[key]} {word}"
    return ""


def _tables(section: dict[str, Any]) -> Iterator[str]:
    if "table" in section:
        yield _table("", section["table"])
    for title, table in section.get("tables", {}).items():
        yield _table(title, table)
    for title, part in section.get("parts", {}).items():
        yield f"### {part['threads']} threads, {title}\n"
        for form in ("of their text", "of their gold units"):
            yield _table(f"maps drawn {form}", part[form])


def _table(title: str, table: dict[str, dict[str, list[float | None]]]) -> str:
    makers = list(dict.fromkeys(maker for row in table.values() for maker in row))
    lines = [f"| {title} | {' | '.join(makers)} |", f"|---|{'---|' * len(makers)}"]
    for name, row in table.items():
        lines.append(f"| {name} | {' | '.join(cell(row.get(maker)) for maker in makers)} |")
    return "\n".join([*lines, ""])


def cell(figure: list[float | None] | None) -> str:
    """Give a figure as text: the value, and its interval where it has one."""
    if figure is None or figure[0] is None:
        return ""
    if figure[1] is None or figure[2] is None:
        return f"{figure[0]:.3f}"
    return f"{figure[0]:.2f} [{figure[1]:.2f}, {figure[2]:.2f}]"


def _errors(errors: dict[str, Any]) -> Iterator[str]:
    yield "## The worst errors of each kind\n"
    yield (
        "On the threads written for this project that are held out, at most four of one "
        "thread as long as others have some. "
        "*Worst* is the most confident where there is a confidence, else what most hangs on. What "
        "is told as common is of all errors of the kind, not of the twenty, and at least 1.3 times "
        "as frequent as among what is right.\n"
    )
    for name, kind in errors.items():
        yield f"### {name[0].upper()}{name[1:]}\n"
        yield f"{kind['wrong']} wrong, {kind['right']} right."
        if kind["in common"]:
            yield f"In common: {'; '.join(kind['in common'])}."
        yield ""
        for row in kind["worst"]:
            quotes = " → ".join(f"“{_safe(quote)}”" for quote in row["quotes"])
            yield f"- {quotes} ({_safe(row['said'])}; {row['thread']})"
        yield ""


def _safe(text: str) -> str:
    """Give people's words so that Markdown shows them as they are."""
    for mark in "\\`*_<>[]|~#":
        text = text.replace(mark, f"\\{mark}")
    return text
