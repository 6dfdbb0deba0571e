"""What of an error is written to the log."""

from __future__ import annotations

from bot.errors import places_of


def test_the_log_gets_kinds_and_places_but_no_message() -> None:
    """An error's message may quote what somebody wrote; its causes may too."""
    try:
        try:
            raise ValueError("a secret that somebody wrote")
        except ValueError as cause:
            raise RuntimeError("another secret") from cause
    except RuntimeError as error:
        line = places_of(error)
    assert "secret" not in line
    assert "RuntimeError at " in line
    assert "ValueError at " in line
    assert "test_errors.py:" in line
