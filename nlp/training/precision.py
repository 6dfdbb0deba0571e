"""In which number format a network is fitted: the short one, where the machine is fast at it."""

from __future__ import annotations

import time
from functools import cache

import torch

SIZE, ROUNDS = 256, 4  # of the products that are timed


def mixed(device: torch.device) -> torch.autocast:
    """Give a context in which products run in bfloat16, if that is no slower on `device`.

    A GPU is always taken to be faster at it. Processors without instructions for it are up to four
    times as slow; there everything stays in single precision.
    """
    return torch.autocast(device.type, torch.bfloat16, enabled=_short_is_fast(device.type))


@cache
def _short_is_fast(device: str) -> bool:
    if device != "cpu":
        return True
    return _seconds(torch.bfloat16) <= _seconds(torch.float32)


def _seconds(kind: torch.dtype) -> float:
    """Time the product of two square matrices, the best of ROUNDS."""
    square = torch.ones(SIZE, SIZE, dtype=kind)
    taken = []
    for _ in range(ROUNDS + 1):
        began = time.perf_counter()
        square @ square
        taken.append(time.perf_counter() - began)
    return min(taken[1:])
