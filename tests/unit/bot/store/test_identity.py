"""What decides whether a point has been heard before."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot import doctor
from bot.store import identity
from bot.store.identity import FLOOR, RIVALS, certainty, likely
from bot.store.nearest import products
from bot.store.vectors import Matrix, Rows
from nlp.weights import fingerprints


def test_the_bar_belongs_to_the_shipped_encoder() -> None:
    """Vectors of two encoders are not alike to the same degree: a new one needs a new bar."""
    shipped = dict(fingerprints())["encoder.onnx"]
    assert identity.chosen_for() == shipped, (
        "bot/store/identity.json is of another encoder: python -m benchmarks.identity "
        "--data ../shared --write"
    )


def naive(rows: Rows, known: Matrix, least: float) -> dict[tuple[int, int], float]:
    """Give all pairs of at least a certainty, from the full product and the formula as it reads."""
    found = {}
    for i, row in enumerate(rows):
        cosines = products(known.nearest.rows, row)
        for j in np.nonzero(cosines >= FLOOR)[0].tolist():
            cosine = float(cosines[j])
            others = np.sort(np.maximum(np.delete(cosines, j), FLOOR))[::-1][:RIVALS].tolist()
            others += [FLOOR] * (RIVALS - len(others))
            certain = cosine + (cosine - sum(others) / RIVALS)
            if certain >= least:
                found[i, j] = certain
    return found


@pytest.mark.parametrize("count", [1, 3, 400, 2500])
def test_certain_pairs_are_those_of_the_full_product(count: int) -> None:
    """Looked up in two steps, and yet the same, among few points and among many."""
    rng = np.random.default_rng(count)
    points = (
        rng.standard_normal((count, 96))
        + 2 * rng.standard_normal((40, 96))[rng.integers(0, 40, count)]
    )
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    known = Matrix().merged(
        1, range(count), points.astype(np.float16), [f"Point {i}" for i in range(count)]
    )
    new = points[rng.integers(0, count, 12)] + 0.06 * rng.standard_normal((12, 96))
    new = (new / np.linalg.norm(new, axis=1, keepdims=True)).astype(np.float32)
    seen = 0
    for least in (0.5, 0.74, 1.0):
        places, points_found, certain = likely(new, known, least)
        found = dict(
            zip(zip(places.tolist(), points_found.tolist(), strict=True), certain, strict=True)
        )
        right = naive(new, known, least)
        assert found.keys() == right.keys()
        assert all(abs(found[pair] - right[pair]) < 1e-9 for pair in right)
        seen += len(right)
    assert seen > 0


def test_a_point_among_many_alike_must_be_more_alike_itself() -> None:
    """The same cosine is enough where nothing else is near, and not enough in a crowd."""
    alone = certainty(np.array([0.7]))
    crowd = certainty(np.array([0.7, 0.68, 0.69, 0.66, 0.41]))
    assert alone[0] == pytest.approx(1.0)
    assert crowd[0] == pytest.approx(0.7 + 0.7 - (0.69 + 0.68 + 0.66) / 3)
    assert crowd[4] == pytest.approx(0.41 + 0.41 - (0.7 + 0.69 + 0.68) / 3)


def test_the_doctor_says_when_they_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that mends it."""
    row = json.loads(identity.CHOSEN.read_text(encoding="utf-8"))
    other = tmp_path / "identity.json"
    other.write_text(json.dumps({**row, "encoder": "f" * 64}), encoding="utf-8")
    assert "chosen for this encoder" in doctor._returning_points()
    monkeypatch.setattr(identity, "CHOSEN", other)
    with pytest.raises(LookupError, match=r"another encoder .* benchmarks.identity --write"):
        doctor._returning_points()
