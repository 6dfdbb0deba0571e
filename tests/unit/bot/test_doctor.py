"""`crux doctor` looks at every part, and goes on after one that fails."""

from __future__ import annotations

from typing import Any

import pytest

from bot import doctor


def _by_name() -> dict[str, doctor.Finding]:
    return {found.name: found for found in doctor.examine()}


@pytest.fixture(autouse=True)
def _no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """No settings of the machine that runs the tests, and a store that is not there."""
    for name in ("CRUX_DISCORD_TOKEN", "CRUX_DISCORD_TOKEN_FILE", "CRUX_ENCODER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CRUX_STORE", str(tmp_path / "crux.db"))
    monkeypatch.chdir(tmp_path)


def test_all_is_well_where_nothing_is_missing() -> None:
    """The parts that ship are found and work together; a token is not needed for maps."""
    found = _by_name()
    assert [f.line for f in found.values() if not f.well] == []
    assert "none is set" in found["Discord token"].line


def test_one_part_that_fails_does_not_hide_the_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """The line says what failed and the way out; the parts after it are still looked at."""
    monkeypatch.setattr(doctor, "WEIGHTS", tmp_path)
    found = _by_name()
    assert not found["weights"].well
    assert "install again" in found["weights"].line
    assert found["a small map"].well
    assert found["store"].well


def test_an_encoder_that_gives_other_vectors_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another onnxruntime can round otherwise: the maps would be other ones than were measured."""
    monkeypatch.setattr("nlp.encoder.agreement", lambda _: 0.6)
    found = _by_name()["encoder"]
    assert not found.well
    assert "constraints.txt" in found.line
