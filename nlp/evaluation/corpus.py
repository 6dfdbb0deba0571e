"""All labelled threads that the trainers take, from the places where they are kept."""

from __future__ import annotations

from pathlib import Path

from nlp.evaluation.labelled import LabelledThread, read_annotated, read_gold_maps, read_jsonl
from nlp.evaluation.marked import read_marked

MARKED = Path(__file__).resolve().parents[2] / "data" / "marked"


def read_all(data: Path, pasted: Path | None = None) -> list[LabelledThread]:
    """Read `data/maps`, `data/units/annotated.jsonl`, `pasted`, and the marked threads of the tree.

    A thread that stands in two of them is taken once.
    """
    maps = list(read_gold_maps(data / "maps"))
    annotated = read_annotated(
        data / "units" / "annotated.jsonl", without=[item.name for item in maps]
    )
    own = list(read_jsonl(pasted)) if pasted else []
    return [*maps, *annotated, *own, *read_marked(MARKED)]
