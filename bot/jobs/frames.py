"""Values between two processes of Crux: frames of a length and a pickle, over a pipe they share.

Both ends are this program on this machine; nothing from outside is ever unpickled.
"""

from __future__ import annotations

import asyncio
import pickle
import struct
from typing import Any, BinaryIO

_HEAD = struct.Struct(">I")


def pack(value: Any) -> bytes:
    """Give a value as a frame."""
    body = pickle.dumps(value, protocol=5)
    return _HEAD.pack(len(body)) + body


def read(stream: BinaryIO) -> Any:
    """Wait for a frame and give its value. Raises EOFError when the other end is gone."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    body = stream.read(_HEAD.unpack(head)[0])
    return pickle.loads(body)


async def receive(stream: asyncio.StreamReader) -> Any:
    """Give the next frame's value, taken apart in a thread of its own: a large one takes long.

    Raises IncompleteReadError when the other end is gone.
    """
    (length,) = _HEAD.unpack(await stream.readexactly(_HEAD.size))
    body = await stream.readexactly(length)
    if length < 10_000:
        return pickle.loads(body)
    return await asyncio.to_thread(pickle.loads, body)
