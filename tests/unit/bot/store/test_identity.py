"""What decides whether a point has been heard before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot import doctor
from bot.store import identity
from nlp.weights import fingerprints


def test_the_bar_belongs_to_the_shipped_encoder() -> None:
    """Vectors of two encoders are not alike to the same degree: a new one needs a new bar."""
    shipped = dict(fingerprints())["encoder.onnx"]
    assert identity.chosen_for() == shipped, (
        "bot/store/identity.json is of another encoder: python -m benchmarks.identity "
        "--data ../shared --write"
    )


def test_the_doctor_says_when_they_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that mends it."""
    row = json.loads(identity.CHOSEN.read_text(encoding="utf-8"))
    other = tmp_path / "identity.json"
    other.write_text(json.dumps({**row, "encoder": "f" * 64}), encoding="utf-8")
    assert "chosen for this encoder" in doctor._returning_points()
    monkeypatch.setattr(identity, "CHOSEN", other)
    with pytest.raises(LookupError, match=r"another encoder .* benchmarks.identity --write"):
        doctor._returning_points()
