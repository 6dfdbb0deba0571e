"""How a post is divided into units, on judgements that are made up."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from nlp.model import Post, Thread
from nlp.segment import segment
from nlp.thread_view import BEARING, POINT
from nlp.units import Decoding, Judgement, divide, draft
from nlp.windows import KINDS

PLAIN = Decoding(begin_weight=1.0, begin_bias=0.0, claim_bias=0.0, evidence_bias=0.0, doubted=1.01)
DOUBTING = replace(PLAIN, doubted=0.3)


def _judged(text: str, evidence: float, of_links: float) -> Judgement:
    """Each word is a token; the rest of its chance goes to "other"."""
    spans = [m.span() for m in re.finditer(r"\S+", text)]
    chances = np.full((len(spans), len(KINDS)), 0.001)
    for row, (start, _) in enumerate(spans):
        share = of_links if text[start:].startswith("https:") else evidence
        chances[row, KINDS.index("evidence")] = share
        chances[row, KINDS.index("other")] = 1.0 - share
    n = len(spans)
    return Judgement(
        starts=np.array([a for a, _ in spans]),
        ends=np.array([b for _, b in spans]),
        kinds=np.log(chances).astype(np.float32),
        begin=np.zeros(n, np.float32),
        salience=np.zeros(n, np.float32),
        bearing=np.zeros((n, BEARING), np.float32),
        point=np.zeros((n, POINT), np.float32),
    )


def _kinds(text: str, evidence: float, of_links: float) -> list[str]:
    sentences, barred = segment(Post(id="1", text=text))
    links = [(row.start, row.end) for row in barred if row.reason == "link only"]
    assert links
    return [s.kind for s in divide(sentences, _judged(text, evidence, of_links), PLAIN, links)]


def test_words_that_bring_a_link_are_judged_with_it() -> None:
    """Unsure words are evidence where the link is, and none where the link is a mere signature."""
    text = "more proof here: https://example.org/a"
    assert _kinds(text, evidence=0.45, of_links=0.8) == ["evidence"]
    assert _kinds(text, evidence=0.45, of_links=0.3) == ["other"]


def test_a_link_far_off_says_nothing_of_the_words() -> None:
    """Only what stands right before it."""
    text = "more proof here.\n\nhttps://example.org/a"
    far = "more proof here.\n\n\n\n\n\nhttps://example.org/a"
    assert _kinds(text, evidence=0.45, of_links=0.8) == ["evidence"]
    assert _kinds(far, evidence=0.45, of_links=0.8) == ["other"]


def _drafted(text: str, evidence: float, decoding: Decoding) -> tuple[list[str], list[str]]:
    """Give the kinds of the units of a one-sentence post, and the reasons of what is left out."""
    post = Post(id="1", text=text)
    judged = {"1": _judged(text, evidence, of_links=evidence)}
    thread = Thread(id="t", posts=(post,))
    drafts, dropped = draft(thread, {"1": segment(post)}, judged, decoding)
    return [d.kind for d in drafts], [d.reason for d in dropped]


def test_a_likely_unit_is_one_though_more_speaks_for_none() -> None:
    """From the likelihood on that the decoding names, not below it."""
    text = "we lost two cats that way"
    assert _drafted(text, 0.35, PLAIN) == ([], ["too weak"])
    assert _drafted(text, 0.35, DOUBTING) == (["evidence"], [])
    assert _drafted(text, 0.29, DOUBTING) == ([], ["off topic"])


def test_what_stops_short_or_has_a_plain_reason_is_no_unit() -> None:
    """A lead-in, thanks and two words stay out, however likely."""
    assert _drafted("what nobody mentions here:", 0.45, DOUBTING) == ([], ["too weak"])
    assert _drafted("thanks for the two cats", 0.45, DOUBTING) == ([], ["thanks"])
    assert _drafted("two cats", 0.45, DOUBTING) == ([], ["too short"])


def test_no_endless_words_are_a_unit_in_doubt() -> None:
    """However likely they are."""
    assert _drafted("cats " * 80, 0.45, DOUBTING)[0]
    assert not _drafted("cats " * 81, 0.45, DOUBTING)[0]
