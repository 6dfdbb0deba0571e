"""What can go wrong with a judge that the user chose."""

from __future__ import annotations


class EncoderError(RuntimeError):
    """The encoder that CRUX_ENCODER names cannot be had; the message names the way out."""
