"""Weights, cards and figures in the tree belong together."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import numpy as np

from benchmarks.cards import CARDS, MANIFEST, manifest, render
from benchmarks.quality_page import PAGE, RESULTS, kept_folds, weights_of
from benchmarks.quality_render import render as render_page
from nlp.encoder import OnnxEncoder
from nlp.weights import WEIGHTS, fingerprints

AGAIN = "run python -m benchmarks.cards"
SIZES = {"language": 20, "encoder.onnx": 25, "units.onnx": 25}  # MB at most


def test_every_weight_file_has_one_card_with_its_sha256() -> None:
    """No file without a card, no card without its file, each with the sum of what ships."""
    kept = json.loads(MANIFEST.read_text(encoding="utf-8"))
    rows = [row for card in kept["cards"].values() for row in card["files"].items()]
    assert sorted(rows) == sorted(fingerprints()), AGAIN


def test_cards_and_manifest_are_of_these_weights_and_their_last_figures() -> None:
    """What the command would write now is what is there."""
    found = manifest()
    assert json.loads(MANIFEST.read_text(encoding="utf-8")) == found, AGAIN
    assert CARDS.read_text(encoding="utf-8") == render(found), AGAIN


def test_figures_on_cards_were_measured_on_the_weights_that_ship() -> None:
    """A figure of other weights is on no card."""
    for card in json.loads(MANIFEST.read_text(encoding="utf-8"))["cards"].values():
        for section, figures in card["figures"].items():
            assert figures is not None, f"{section}: run python -m benchmarks.quality_page"
            assert figures["weights"] == weights_of(section), AGAIN


def test_every_card_says_what_it_must() -> None:
    """Sources with licences, a command, a date, what it is bad at; nothing of users is trained on."""
    for card in json.loads(MANIFEST.read_text(encoding="utf-8"))["cards"].values():
        assert all(source["what"] and source["licence"] for source in card["sources"])
        assert card["sources"]
        assert card["command"].startswith("python -m nlp.training.")
        assert len(card["bad_at"]) > 20
        assert card["made"] <= datetime.now(UTC).date().isoformat()
    assert "Nothing that users of Crux post is ever trained on" in CARDS.read_text(encoding="utf-8")


def test_the_quality_page_shows_the_kept_figures() -> None:
    """docs/quality.md is what its command writes from its results."""
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert PAGE.read_text(encoding="utf-8") == render_page(report, kept_folds()), (
        "run python -m benchmarks.quality_page"
    )


def test_weights_are_no_larger_than_they_may_be() -> None:
    """20 MB for the language pipeline, 25 MB for a model."""
    for name, most in SIZES.items():
        place = WEIGHTS / name
        files = [place] if place.is_file() else [f for f in place.rglob("*") if f.is_file()]
        assert sum(f.stat().st_size for f in files) <= most * 1_000_000, name


def test_the_shipped_encoder_agrees_with_the_sentence_transformers_form() -> None:
    """Cosine to what sentence-transformers gave at export, and which of two pairs is nearer."""
    with np.load(WEIGHTS / "encoder_check.npz", allow_pickle=False) as kept:
        texts, theirs = [str(t) for t in kept["texts"]], kept["rows"].astype(np.float32)
    mine = OnnxEncoder(WEIGHTS).encode(texts)
    cosines = np.einsum("ij,ij->i", mine, theirs) / np.linalg.norm(theirs, axis=1)
    assert len(texts) >= 40
    assert cosines.mean() > 0.985
    assert cosines.min() > 0.95
    above = np.triu_indices(len(texts), 1)
    near, theirs_near = (mine @ mine.T)[above], (theirs @ theirs.T)[above]
    assert np.abs(near - theirs_near).mean() < 0.03
    assert np.corrcoef(near, theirs_near)[0, 1] > 0.98
