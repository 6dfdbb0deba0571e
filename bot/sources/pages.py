"""Saved pages (HTML): Hacker News and LinkedIn by their structure, others by their visible text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sources.base import Document, Source
from bot.sources.records import Record, thread_of
from bot.sources.taking import Taking
from nlp.model import Thread

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_UNSEEN = "script, style, noscript, svg, template, head, code[style], [hidden]"
_BLOCKS = "p, div, li, br, tr, section, article, h1, h2, h3, h4, blockquote, pre, ul, ol, table"
_COMMENT = "section.comment, div.comment, article.comment"


def sniff(document: Document) -> float:
    """Tell a saved page by its first tag."""
    head = document.text[:4000]
    page = re.match(
        r"\s*(?:<\?xml.*?\?>\s*)?(?:<!doctype html|<html|<!--.*?-->\s*<html)", head, re.I | re.S
    )
    return 0.99 if page else 0.0


def read(document: Document) -> Thread:
    """Read a page by its structure where it is known, else its visible text as a paste."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(document.text)
    for node in tree.css(_UNSEEN):
        node.decompose()
    rows = tree.css("tr.athing.comtr") or [
        row for cell in tree.css("td.default") if (row := cell.parent) is not None
    ]
    if rows:
        return _hacker_news(tree, rows, keep_bots=document.keep_bots)
    post = tree.css_first(
        "[data-test-id='main-feed-activity-card__commentary'], .attributed-text-segment-list__content"
    )
    if post is not None:
        return _linkedin(tree, post, keep_bots=document.keep_bots)
    from bot.sources.detect import detect

    inner = Document("\n".join(_lines(tree)), None, document.keep_bots, document.lenient)
    source = detect(inner)
    return source.read(inner) if source is not SOURCE else Taking("page").thread()


def _lines(tree: LexborHTMLParser) -> list[str]:
    """Give the visible text by lines, a line for each block."""
    if tree.body is None:
        return []
    for node in tree.css(_BLOCKS):
        node.insert_after("\n")
    for node in tree.css("a, button, span"):
        node.insert_after(" ")
    return [" ".join(line.split()) for line in tree.body.text().split("\n") if line.strip()]


def _words(node: LexborNode | None) -> str:
    """Give the text of a post: its paragraphs with a blank line between, lines otherwise kept."""
    if node is None:
        return ""
    for paragraph in node.css("p"):
        paragraph.insert_before("\n\n")
    for line in node.css("br"):
        line.insert_before("\n")
    lines = [" ".join(line.split()) for line in node.text().split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _name(node: LexborNode | None) -> str | None:
    return (" ".join(node.text().split()) or None) if node is not None else None


def _rest(tree: LexborHTMLParser, used: list[LexborNode]) -> Record:
    """Give what else the page shows, as furniture."""
    for node in used:
        node.decompose()
    return Record(key="", text="", extras=tuple((line, "navigation") for line in _lines(tree)))


def _hacker_news(tree: LexborHTMLParser, rows: list[LexborNode], *, keep_bots: bool) -> Thread:
    records: list[Record] = []
    chain: list[str] = []
    used: list[LexborNode] = []
    head = tree.css_first("tr.athing:not(.comtr)")
    name = _name(tree.css_first(".titleline a, td.title a"))
    subtext = tree.css_first(".subtext")
    if name:
        author = _name(subtext.css_first("a[href^='user']")) if subtext is not None else None
        body = tree.css_first(".toptext") or _below(subtext)
        words = "\n\n".join(t for t in (name, _words(body)) if t)
        key = head.id if head is not None else None
        records.append(Record(key=key or "story", text=words, author=author))
        used += [node for node in (body,) if node is not None]
        chain = [records[0].key]
    base = len(chain)
    for number, row in enumerate(rows, 1):
        body = row.css_first(".commtext, span.comment")
        if body is None:
            continue
        for reply in body.css(".reply"):
            reply.decompose()
        image = row.css_first("td.ind img, img[src*='s.gif']")
        width = image.attributes.get("width") if image is not None else None
        depth = int(width) // 40 if width and width.isdigit() else 0
        key = row.id or _id_of(row) or f"comment-{number}"
        parent = chain[min(depth + base, len(chain)) - 1] if chain else None
        author = _name(row.css_first(".hnuser, .comhead a[href^='user']"))
        records.append(Record(key=key, text=_words(body), author=author, parent=parent))
        used.append(body)
        chain[depth + base :] = [key]
    records.append(_rest(tree, used))
    return thread_of("hackernews", name, records, keep_bots=keep_bots)


def _id_of(row: LexborNode) -> str | None:
    link = row.css_first(".comhead a[href^='item?id=']")
    found = re.search(r"\d+", (link.attributes.get("href") or "") if link is not None else "")
    return found.group() if found else None


def _below(subtext: LexborNode | None) -> LexborNode | None:
    """Find the text of a story in pages of old: the cell of a row under the one of its author."""
    row = subtext.parent if subtext is not None else None
    for _ in range(3):
        row = row.next if row is not None else None
        cells = (
            row.css("td:not([class]):not([colspan])") if row is not None and row.tag == "tr" else []
        )
        if cells and cells[-1].text().strip() and cells[-1].css_first("form, textarea") is None:
            return cells[-1]
    return None


def _linkedin(tree: LexborHTMLParser, post: LexborNode, *, keep_bots: bool) -> Thread:
    """Read LinkedIn's public page: what is shared, the post, each comment with its author."""
    actor = tree.css_first("[data-tracking-control-name$='feed-actor-name']")
    if actor is None:
        links = tree.css(".base-main-feed-card__entity-lockup a")
        actor = next((link for link in links if link.text().strip()), None)
    used, records, parent = [post], [], None
    shared = tree.css_first("[data-test-id='feed-reshare-content__commentary']")
    if shared is not None:
        sharer = tree.css_first("[data-tracking-control-name$='reshare_feed-actor-name']")
        records.append(Record(key="shared", text=_words(shared), author=_name(sharer)))
        used.append(shared)
        parent = "shared"
    records.append(Record(key="1", text=_words(post), author=_name(actor), parent=parent))
    last = "1"
    for section in tree.css(_COMMENT):
        words = section.css_first(".comment__text, .attributed-text-segment-list__content")
        if words is None or not words.text().strip():
            continue
        name = section.css_first(".comment__author, [data-tracking-control-name*='actor-name']")
        nested = "reply" in (section.attributes.get("class") or "")
        key = str(len(records) + 1)
        records.append(
            Record(key=key, text=_words(words), author=_name(name), parent=last if nested else "1")
        )
        last = last if nested else key
        used.append(words)
    records.append(_rest(tree, used))
    return thread_of("linkedin", None, records, keep_bots=keep_bots)


SOURCE = Source(
    name="page",
    label="Saved pages (HTML)",
    how="Save the page of a thread from the browser.",
    sniff=sniff,
    read=read,
)
