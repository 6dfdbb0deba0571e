"""Texts to vectors: the one costly seam, with two real forms.

`OnnxEncoder` runs the shipped MiniLM-L6 (int8, 384 dimensions) with onnxruntime alone;
`SentenceTransformersEncoder` runs any model a user names in CRUX_ENCODER (needs the extra
`sentence-transformers`).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from nlp.errors import EncoderError
from nlp.weights import WEIGHTS

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

MAX_TOKENS = 128  # of one text; the longest unit of the gold maps has 96
BATCH_TOKENS = 2048  # padded tokens of one forward pass: keeps the peak of memory flat


class Encoder(Protocol):
    """What grouping and relating need of an encoder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit-length row per text, shape (len(texts), d), float32."""
        ...


class OnnxEncoder:
    """A sentence encoder exported by `nlp.training.encoder`."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = load_tokenizer(folder / "tokenizer.json", MAX_TOKENS)
        self._session = open_session(folder / "encoder.onnx")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit-length row per text, shape (len(texts), 384), float32."""
        encodings = self._tokenizer.encode_batch(list(texts))
        rows: list[Vectors] = [np.empty(0, np.float32)] * len(texts)
        for batch in batches_by_length([len(e.ids) for e in encodings]):
            width = max(len(encodings[i].ids) for i in batch)
            ids = np.zeros((len(batch), width), np.int64)
            mask = np.zeros((len(batch), width), np.int64)
            for row, i in enumerate(batch):
                ids[row, : len(encodings[i].ids)] = encodings[i].ids
                mask[row, : len(encodings[i].ids)] = 1
            (vectors,) = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
            for row, i in enumerate(batch):
                rows[i] = vectors[row]
        return np.stack(rows) if rows else np.empty((0, 384), np.float32)


class SentenceTransformersEncoder:
    """Any sentence-transformers model, by the name or folder its library knows."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise EncoderError(
                f"CRUX_ENCODER={name} needs sentence-transformers: "
                "pip install 'crux-map[sentence-transformers]', or unset CRUX_ENCODER."
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:  # no such folder, no such name, or no network
            raise EncoderError(
                f"CRUX_ENCODER={name} names no model that can be loaded here: give the folder of "
                "a sentence-transformers model, or unset CRUX_ENCODER."
            ) from error

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Give one unit-length row per text, shape (len(texts), d), float32."""
        rows = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(rows, np.float32)


@cache
def default_encoder() -> Encoder:
    """Give the encoder in use: the one CRUX_ENCODER names, else the shipped one; loaded once."""
    named = os.environ.get("CRUX_ENCODER", "").strip()
    return SentenceTransformersEncoder(named) if named else OnnxEncoder(WEIGHTS)


def agreement(encoder: Encoder, folder: Path = WEIGHTS) -> float:
    """Mean cosine of an encoder's rows to those that sentence-transformers gave at export."""
    with np.load(folder / "encoder_check.npz", allow_pickle=False) as kept:
        texts, rows = [str(t) for t in kept["texts"]], kept["rows"].astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return float(np.einsum("ij,ij->i", encoder.encode(texts), rows).mean())


def load_tokenizer(file: Path, max_tokens: int | None) -> Tokenizer:
    """Load a tokenizer; texts longer than `max_tokens` are cut there."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    if max_tokens is not None:
        tokenizer.enable_truncation(max_tokens)
    return tokenizer


def open_session(file: Path) -> InferenceSession:
    """Open an ONNX model on the CPU, with as many threads as there are cores in use (at most 2)."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = min(2, os.cpu_count() or 1)
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def batches_by_length(lengths: Sequence[int]) -> list[list[int]]:
    """Split indices into batches of similar length, at most BATCH_TOKENS padded tokens each.

    The order depends on the lengths alone, so the same texts always share the same batches: int8
    activations are scaled per batch, and the result must not change between two runs.
    """
    batches: list[list[int]] = []
    width = 0
    for i in sorted(range(len(lengths)), key=lambda i: (lengths[i], i)):
        width = max(width, lengths[i])
        if not batches or width * (len(batches[-1]) + 1) > BATCH_TOKENS:
            batches.append([])
            width = lengths[i]
        batches[-1].append(i)
    return batches
