"""What is set up, what is missing, and how to mend it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.errors import CruxError, StoreError
from nlp.weights import WEIGHTS


@dataclass(frozen=True)
class Finding:
    """One thing looked at: whether it is well, and what was seen or how to mend it."""

    name: str
    well: bool
    line: str


def examine() -> Iterator[Finding]:
    """Look at the parts one by one; after one that fails the others are still looked at."""
    for name, look in _CHECKS.items():
        try:
            yield Finding(name, True, look())
        except Exception as error:
            yield Finding(name, False, f"{type(error).__name__}: {str(error)[:200]}")
    yield from _chat()


def _chat() -> Iterator[Finding]:
    """Look at what `crux bot` needs: settings, the token's form, and Discord's side with it."""
    from bot.settings import load

    try:
        settings = load()
        if settings.discord_token is None and settings.discord_token_file is None:
            yield Finding(
                "Discord token",
                True,
                "none is set: crux bot alone needs one (CRUX_DISCORD_TOKEN or _TOKEN_FILE)",
            )
            return
        token = settings.token()
    except CruxError as error:
        yield Finding("Discord token", False, str(error))
        return
    yield Finding("Discord token", True, "has the form of one")
    import asyncio

    async def ask() -> list[Finding]:
        from bot.chat.checkup import examine as look

        return [Finding(*found) async for found in look(token)]

    try:
        yield from asyncio.run(ask())
    except Exception as error:
        yield Finding("Discord", False, f"{type(error).__name__}: {str(error)[:200]}")


LEAST_AGREEMENT = 0.97  # mean cosine of the quantised encoder to the form it was made from


def _python() -> str:
    return f"{sys.version.split()[0]} (3.11 or newer is needed)"


def _weights() -> str:
    wanted = ("encoder.onnx", "units.onnx", "tokenizer.json", "relations.npz", "points.npz")
    missing = [name for name in (*wanted, "language/config.cfg") if not (WEIGHTS / name).exists()]
    if missing:
        raise FileNotFoundError(
            f"{', '.join(missing)} not in {WEIGHTS}: install again, or run git checkout"
        )
    size = sum(f.stat().st_size for f in WEIGHTS.rglob("*") if f.is_file())
    return f"{size / 1e6:.0f} MB in {WEIGHTS}"


def _encoder() -> str:
    from nlp.encoder import agreement, default_encoder

    named = os.environ.get("CRUX_ENCODER", "").strip()
    if named:
        rows = default_encoder().encode(["open source wins", "closed source loses"])
        return f"{named}, vectors of {rows.shape[1]}"
    found = agreement(default_encoder())
    if found < LEAST_AGREEMENT:
        raise ValueError(
            f"the encoder gives other vectors here than where it was made (cosine {found:.3f}): "
            "install the onnxruntime that constraints.txt names"
        )
    return f"shipped MiniLM-L6, as it was made (cosine {found:.3f} to the unquantised form)"


def _map() -> str:
    from nlp import Post, Thread, analyze

    posts = (
        Post(id="1", text="We should cancel the release because the tests fail."),
        Post(id="2", text="I disagree, the tests are simply flaky.", reply_to="1"),
    )
    found = analyze(Thread(id="doctor", posts=posts))
    return f"two posts give {len(found.units)} units and {len(found.relations)} relations"


def _returning_points() -> str:
    from bot.store.identity import bar, chosen_for
    from bot.store.store import encoder_name

    if chosen_for() != encoder_name():
        raise LookupError(
            f"the bar ({bar():.2f}) was chosen for another encoder ({chosen_for()[:16]}): points "
            "that return may be missed or mixed up; python -m benchmarks.identity --write mends it"
        )
    return f"known again from a certainty of {bar():.2f}, chosen for this encoder"


def _store() -> str:
    from bot.store import migrate, url

    where = url.parse()
    found = migrate.look(where)
    if found.startswith(("up to date", "not there", "empty")):
        return f"{url.named(where)}: {found}"
    raise StoreError(found)


_CHECKS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "weights": _weights,
    "encoder": _encoder,
    "a small map": _map,
    "returning points": _returning_points,
    "store": _store,
}
