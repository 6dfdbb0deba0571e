"""The page as text: its policy holds for what is in it, every post is whole, words stay words."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from bot.views import page
from bot.views.page.passages import passages
from nlp.model import ArgumentMap
from tests.unit.bot.views.made import TEXTS, made_map

FOUND = made_map(
    TEXTS,
    [(1, 0, "attack"), (2, 0, "support")],
    evidence=[(3, 0, "support")],
    title="</title><script>alert(1)</script>",
    people=["<i>ann</i>", '" onclick="x', "bo"],
)


def parsed(found: ArgumentMap = FOUND) -> LexborHTMLParser:
    return LexborHTMLParser(page.render(found))


def test_the_policy_allows_the_script_and_the_style_that_are_there_and_no_request() -> None:
    """Digests of the very texts; nothing else may load, run, or be sent."""
    tree = parsed()
    metas = [m for m in tree.css("meta") if m.attributes.get("http-equiv")]
    policy = metas[0].attributes["content"] or ""
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "http" not in policy
    for tag in ("script", "style"):
        (node,) = tree.css(tag)
        digest = base64.b64encode(hashlib.sha256(node.text().encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_no_word_of_a_thread_is_mark_up() -> None:
    """One script, no attribute that runs, no style in the mark-up, no address to fetch."""
    tree = parsed()
    assert len(tree.css("script")) == 1
    assert not tree.css("img, iframe, object, embed, link, base, i")
    for node in tree.css("*"):
        for name, value in node.attributes.items():
            assert not name.startswith("on"), (node.tag, name)
            assert name != "style"
            assert not (value or "").startswith("javascript:")
    assert not re.findall(r"url\((?!data:|#)", page.render(FOUND))


def test_addresses_of_posts_are_links_only_on_the_web() -> None:
    """A post's own address is a link when it begins with http, else it is left out."""
    from dataclasses import replace

    posts = FOUND.thread.posts
    urls = ("javascript:alert(1)", "https://example.org/1")
    changed = tuple(replace(p, url=u) for p, u in zip(posts, urls, strict=False))
    found = replace(FOUND, thread=replace(FOUND.thread, posts=(*changed, *posts[2:])))
    hrefs = [a.attributes["href"] for a in parsed(found).css("a.source, .by a[rel]")]
    assert hrefs == ["https://example.org/1"]


def test_the_passages_of_a_post_are_the_post() -> None:
    """Joined, they give back every character; units and what is left out are told apart."""
    cut = passages(FOUND)
    for post in FOUND.thread.posts:
        assert "".join(p.text for p in cut[post.id] if p.kind != "furniture") == post.text
        assert [p.reason for p in cut[post.id] if p.kind == "left"] == ["question"]
    marked = {p.unit: p.points for row in cut.values() for p in row if p.unit}
    assert marked.keys() == {u.id for u in FOUND.units}
    assert marked["u3"] == '["k0"]', "evidence leads to the point that it bears on"


def test_every_link_inside_the_page_leads_somewhere() -> None:
    """Each "#..." is the id of something on the page, whatever the ids look like."""
    tree = parsed()
    from urllib.parse import unquote

    ids = {node.attributes["id"] for node in tree.css("[id]")}
    for node in tree.css("a[href^='#']"):
        assert unquote((node.attributes["href"] or "")[1:]) in ids


@pytest.mark.parametrize("found", [FOUND, made_map([])], ids=["map", "no argument"])
def test_the_page_is_the_same_each_time(found: ArgumentMap) -> None:
    """Same map, same bytes; a map without points says so."""
    assert page.render(found) == page.render(found)
    assert ("No argument here" in page.render(found)) == (not found.key_points)
