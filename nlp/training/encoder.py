"""Export the sentence encoder: `python -m nlp.training.encoder [--model FOLDER]`.

FOLDER is a sentence-transformers model of the MiniLM-L6 family; without it the base model is
exported as it is. The tokenizer is written beside it, once for all models that share it, and
`encoder_check.npz`: what sentence-transformers makes of the claims of a few marked threads, so that
a test, and `crux doctor`, can see on any machine that the shipped form agrees with it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from nlp.evaluation.corpus import MARKED
from nlp.evaluation.marked import read_marked

WEIGHTS = Path(__file__).resolve().parents[1] / "weights"


def export_encoder(model: Path, output: Path) -> None:
    """Write `encoder.onnx` and `tokenizer.json` to `output` from a sentence-transformers folder."""
    from transformers import AutoModel

    from nlp.training.export import SentenceVector, export_int8

    output.mkdir(parents=True, exist_ok=True)
    transformer = AutoModel.from_pretrained(model, attn_implementation="eager")
    export_int8(
        SentenceVector(transformer),
        ("input_ids", "attention_mask"),
        ("vectors",),
        output / "encoder.onnx",
    )
    tokenizer = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    (output / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, indent=0), encoding="utf-8"
    )


CHECKED = 60  # texts


def write_check(model: Path, output: Path) -> None:
    """Write `encoder_check.npz`: texts, and their rows by sentence-transformers, (n, d) float16."""
    from sentence_transformers import SentenceTransformer

    texts = [
        post[unit.post][unit.start : unit.end]
        for thread in list(read_marked(MARKED))[::40]
        for post in [{p.id: p.text for p in thread.thread.posts}]
        for unit in thread.units[:8]
    ][:CHECKED]
    rows = SentenceTransformer(str(model), device="cpu").encode(texts, normalize_embeddings=True)
    np.savez_compressed(
        output / "encoder_check.npz", texts=np.array(texts), rows=rows.astype(np.float16)
    )


def main() -> None:
    """Run the command line."""
    from nlp.training.base import base_model

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    export_encoder(given.model or base_model(), given.output)
    write_check(given.model or base_model(), given.output)


if __name__ == "__main__":
    main()
