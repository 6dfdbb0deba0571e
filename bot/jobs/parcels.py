"""What goes between processes through the store, as bytes."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np

from bot.digest import model
from bot.digest.model import Digest
from bot.jobs.clerk import Window, Written
from bot.store.vectors import Rows
from bot.views.json import as_dict, from_dict
from nlp.model import ArgumentMap, Furniture, Thread


def pack_thread(thread: Thread) -> bytes:
    """Give a thread as bytes, its platform's furniture included."""
    return _pack(
        {
            "map": as_dict(ArgumentMap(thread=thread)),
            "furniture": [asdict(one) for one in thread.furniture],
        }
    )


def unpack_thread(packed: bytes) -> Thread:
    """Give the thread of `pack_thread` back."""
    row = _unpack(packed)
    thread = from_dict(row["map"]).thread
    return Thread(
        id=thread.id,
        posts=thread.posts,
        title=thread.title,
        platform=thread.platform,
        furniture=tuple(Furniture(**one) for one in row["furniture"]),
    )


def pack_order(wanted: Window | Digest | tuple[str, ...]) -> bytes:
    """Give what a clerk is asked for as bytes: a window, a digest, or texts to be encoded."""
    if isinstance(wanted, Digest):
        return _pack({"digest": _text(model.pack(wanted))})
    if isinstance(wanted, Window):
        return _pack({"window": json.loads(json.dumps(asdict(wanted), default=_iso))})
    return _pack({"texts": list(wanted)})


def unpack_order(packed: bytes) -> Window | Digest | tuple[str, ...]:
    """Give what `pack_order` took back."""
    row = _unpack(packed)
    if "digest" in row:
        return model.unpack(_bytes(row["digest"]))
    if "texts" in row:
        return tuple(row["texts"])
    window = row["window"]
    times = {name: datetime.fromisoformat(window[name]) for name in ("start", "end")}
    return Window(**{**window, **times, "left_out": tuple(window["left_out"])})


def pack_written(written: Written) -> bytes:
    """Give a digest and its files as bytes."""
    files = {form: _text(data) for form, data in written.files.items()}
    return _pack({"digest": _text(model.pack(written.digest)), "files": files})


def unpack_written(packed: bytes) -> Written:
    """Give the digest and the files of `pack_written` back."""
    row = _unpack(packed)
    files = {form: _bytes(data) for form, data in row["files"].items()}
    return Written(digest=model.unpack(_bytes(row["digest"])), files=files)


def pack_rows(rows: Rows) -> bytes:
    """Give vectors as bytes, at their full precision."""
    return _pack({"shape": list(rows.shape), "rows": _text(np.asarray(rows, "<f4").tobytes())})


def unpack_rows(packed: bytes) -> Rows:
    """Give the vectors of `pack_rows` back."""
    row = _unpack(packed)
    rows = np.frombuffer(_bytes(row["rows"]), "<f4").reshape(row["shape"])
    return rows.astype(np.float32)


def _pack(row: Any) -> bytes:
    return zlib.compress(json.dumps(row, ensure_ascii=False).encode(), 1)


def _unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def _text(data: bytes) -> str:
    return base64.b85encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b85decode(text)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
