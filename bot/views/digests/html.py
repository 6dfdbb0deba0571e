"""A digest as one page that needs nothing beside it: no script, no outside file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from bot.digest.model import Digest
from bot.views.digests.telling import Item, Quoted, tell
from bot.views.text import one_line

_STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 42rem; margin: 2.5rem auto; padding: 0 1rem;
  color: #1d2430; background: #fbfaf7; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .3rem; }
h2 { font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; color: #7a5a12;
  margin: 2.2rem 0 .4rem; }
p.sum, .note, footer { color: #5b6472; }
article { margin: 0 0 1.1rem; } h3 { font-size: 1.05rem; margin: 0; } .note { font-size: .9rem; }
blockquote { margin: .35rem 0 0; padding: .1rem 0 .1rem .8rem; border-left: 3px solid #c9c2b2; }
blockquote.for { border-color: #3f7d58; } blockquote.against { border-color: #a8483f; }
cite { font-style: normal; color: #5b6472; font-size: .9rem; } a { color: inherit; }
footer { border-top: 1px solid #d9d4c7; margin-top: 2.5rem; padding-top: .6rem; font-size: .9rem; }
@media (prefers-color-scheme: dark) { body { color: #e4e2dc; background: #191b1f; }
  h2 { color: #d9b25c; } p.sum, .note, footer, cite { color: #a2a8b3; } }
"""


def render(digest: Digest) -> str:
    """Give the digest as an HTML document."""
    told = tell(digest, short=False)
    body = [f"<h1>{_text(told.title)}</h1>", f'<p class="sum">{_text(told.summary)}</p>']
    for section in told.sections:
        body.append(f"<section><h2>{_text(section.title)}</h2>")
        for item in section.items:
            body += ["<article>", *_item(item), "</article>"]
        body.append("</section>")
    if told.left_out:
        body += ["<footer>", *(f"<p>{_text(line)}</p>" for line in told.left_out), "</footer>"]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{_text(told.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _item(item: Item) -> Iterator[str]:
    if item.headline is not None:
        yield f"<h3>{_text(item.headline)}</h3>"
    if item.note:
        yield f'<div class="note">{_text(item.note)}</div>'
    for quote in item.quotes:
        yield _quote(quote)


def _quote(quote: Quoted) -> str:
    words = f"“{_text(quote.text)}”" if quote.text else "<i>words no longer kept</i>"
    who = _text(quote.speaker)
    if quote.url and quote.url.startswith("https://"):
        who = f'<a rel="noopener noreferrer" href="{escape(quote.url, quote=True)}">{who}</a>'
    side = f' class="{quote.label}"' if quote.label in ("for", "against") else ""
    return f"<blockquote{side}>{words} <cite>{who}</cite></blockquote>"


def _text(words: str) -> str:
    return escape(one_line(words))
