"""A digest as JSON, for programs."""

from __future__ import annotations

import json

from bot.digest.model import Digest, as_dict


def render(digest: Digest) -> str:
    """Give the digest as JSON text, UTF-8, two spaces of indent."""
    return json.dumps(as_dict(digest), ensure_ascii=False, indent=2) + "\n"
