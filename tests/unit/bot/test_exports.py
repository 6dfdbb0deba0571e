"""Exports: whatever is wrong in them, they are read or refused in one line, and lose no words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import InputError
from bot.sources import read_text
from tests.unit.bot.test_golden_threads import FOLDER

EXPORTS = sorted(p for p in FOLDER.glob("*.json") if not p.name.endswith(".thread.json"))
SAID = ("content", "text", "body", "comment", "comment_plain", "selftext", "cooked")

VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 2**70), st.floats(), st.text(max_size=20),
    st.just([]), st.just({}), st.just([None, 3, {"x": 1}]), st.just({"children": 3, "data": [1]}),
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of every value inside a JSON value."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(p for key, v in inner for p in places(v, (*path, key)))]


def changed(value: Any, path: tuple[Any, ...], new: Any, *, remove: bool) -> Any:
    """Give a copy of a JSON value with one place changed or taken out."""
    copy = json.loads(json.dumps(value))
    if not path:
        return new
    at = copy
    for key in path[:-1]:
        at = at[key]
    if remove:
        del at[path[-1]]
    else:
        at[path[-1]] = new
    return copy


@pytest.mark.parametrize("fixture", EXPORTS, ids=lambda p: p.stem)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_export_is_read_or_refused(fixture, data) -> None:  # type: ignore[no-untyped-def]
    """Any value may be missing or of another kind: a thread, or one clear line."""
    value = json.loads(fixture.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(value)))
        value = changed(value, path, data.draw(VALUES), remove=data.draw(st.booleans()))
    text = json.dumps(value)
    for lenient in (False, True):
        try:
            thread = read_text(text, fixture.name, lenient=lenient)
        except InputError as refusal:
            assert "\n" not in str(refusal)  # noqa: PT017 - reading or refusing are both right
        else:
            assert all(post.text.strip() for post in thread.posts)


@pytest.mark.parametrize("fixture", EXPORTS, ids=lambda p: p.stem)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_cut_export_gives_what_stands_before_the_cut(fixture, data) -> None:  # type: ignore[no-untyped-def]
    """Cut anywhere, an export is refused by the place of the cut; leniently its start is read."""
    text = fixture.read_text(encoding="utf-8").rstrip()
    cut = text[: data.draw(st.integers(2, len(text) - 1))]
    with pytest.raises(InputError):
        read_text(cut, fixture.name)
    try:
        thread = read_text(cut, fixture.name, lenient=True)
    except InputError:
        return
    whole = {p.text for p in read_text(text, fixture.name).posts}
    assert all(post.text in whole or post is thread.posts[-1] for post in thread.posts)


@pytest.mark.parametrize("fixture", EXPORTS, ids=lambda p: p.stem)
def test_no_words_of_an_export_are_lost(fixture) -> None:  # type: ignore[no-untyped-def]
    """Each word of each message is in a post, or in the furniture with its reason."""
    import re

    value = json.loads(fixture.read_text(encoding="utf-8"))
    thread = read_text(json.dumps(value), fixture.name)
    kept = " ".join(
        [*(p.text for p in thread.posts), *(f.text for f in thread.furniture), thread.title or ""]
    )
    words = set(re.findall(r"[A-Za-z]{2,}", kept))
    for path in places(value):
        at = value
        for key in path:
            at = at[key]
        if path and path[-1] in SAID and isinstance(at, str):
            # an address may be cut short in the words of its own link
            bare = re.sub(r"<a [^>]*>[^<]*\.\.\.</a>|<[@#!]\w+|<[^>|]*>|&\w+;|&#x?\w+;", " ", at)
            assert set(re.findall(r"[A-Za-z]{2,}", bare)) <= words, at
