"""Saved pages (HTML): Hacker News by its rows, LinkedIn and others by their text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sources.base import Document, Source
from bot.sources.records import Record, thread_of
from bot.sources.taking import Taking
from nlp.model import Thread

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


def sniff(document: Document) -> float:
    """Tell a saved page by its first tag."""
    return (
        0.99
        if re.match(
            r"\s*(?:<!doctype html|<html|<!--.*?-->\s*<html)", document.text[:2000], re.I | re.S
        )
        else 0.0
    )


def read(document: Document) -> Thread:
    """Read a saved Hacker News page by its structure, any other page by its visible text."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(document.text)
    if tree.css_first("tr.athing") is not None:
        return _hacker_news(tree)
    for node in tree.css("script, style, noscript, svg, template, head, button, code[style]"):
        node.decompose()
    blocks = _linkedin(tree)
    if blocks is not None:
        return blocks
    text = tree.body.text(separator="\n") if tree.body else ""
    from bot.sources.detect import detect

    inner = Document("\n".join(line.strip() for line in text.split("\n") if line.strip()))
    source = detect(inner)
    return source.read(inner) if source is not SOURCE else Taking("page").thread()


def _hacker_news(tree: LexborHTMLParser) -> Thread:
    records: list[Record] = []
    chain: list[str] = []
    head = tree.css_first("tr.athing:not(.comtr)")
    title = head.css_first(".titleline, .title a") if head is not None else None
    name = title.text().strip() if title is not None else None
    if head is not None and name:
        author = tree.css_first(".subtext .hnuser, .subtext a[href^='user']")
        body = tree.css_first(".toptext")
        words = "\n\n".join(
            t for t in (name, body.text(separator="\n").strip() if body is not None else "") if t
        )
        records.append(
            Record(
                key=head.id or "story",
                text=words,
                author=author.text() if author is not None else None,
            )
        )
        chain = [records[0].key]
    for row in tree.css("tr.athing.comtr, tr.athing"):
        body = row.css_first(".commtext, .comment")
        if body is None:
            continue
        for reply in body.css(".reply"):
            reply.decompose()
        indent = row.css_first("td.ind")
        image = (
            indent.css_first("img") if indent is not None else row.css_first("img[src*='s.gif']")
        )
        width = image.attributes.get("width") if image is not None else None
        depth = int(width) // 40 if width and width.isdigit() else 0
        author = row.css_first(".hnuser, .comhead a[href^='user']")
        paragraphs = "\n\n".join(
            t.strip() for t in body.text(separator="\n").split("\n") if t.strip()
        )
        key = row.id or str(len(records) + 1)
        base = 1 if records and chain else 0
        parent = chain[min(depth + base, len(chain)) - 1] if chain else None
        records.append(
            Record(
                key=key,
                text=paragraphs,
                author=author.text() if author is not None else None,
                parent=parent,
            )
        )
        chain[depth + base :] = [key]
    return thread_of("hackernews", name, records)


def _linkedin(tree: LexborHTMLParser) -> Thread | None:
    """Read LinkedIn's public page: the post's text, then each comment with its author."""
    post = tree.css_first(
        "[data-test-id='main-feed-activity-card__commentary'], .attributed-text-segment-list__content"
    )
    if post is None:
        return None
    author = tree.css_first(
        "[data-tracking-control-name*='feed-actor-name'], .base-main-feed-card__entity-lockup a"
    )
    records = [Record(key="1", text=post.text(separator=" ").strip(), author=_clean(author))]
    for section in tree.css("section.comment, .comment"):
        words = section.css_first(".comment__text, .attributed-text-segment-list__content")
        if words is not None and words.text().strip():
            name = section.css_first(".comment__author, [data-tracking-control-name*='actor-name']")
            records.append(
                Record(
                    key=str(len(records) + 1),
                    text=words.text(separator=" ").strip(),
                    author=_clean(name),
                    parent="1",
                )
            )
    return thread_of("linkedin", None, records)


def _clean(node) -> str | None:  # type: ignore[no-untyped-def]
    return " ".join(node.text().split()) or None if node is not None else None


SOURCE = Source(
    name="page",
    label="Saved pages (HTML)",
    how="Save the page of a thread from the browser.",
    sniff=sniff,
    read=read,
)
