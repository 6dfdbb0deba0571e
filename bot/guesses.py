"""Write what readers guess of gold threads, with the truth: `python -m bot.guesses FOLDER... FILE`.

One thread a line: its posts, and for each post that had to be guessed what it really answers. The
form is what `nlp.training.turns` reads.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.gold import match_posts
from bot.sources.base import Document
from bot.sources.detect import detect
from bot.sources.taking import answer_by_turns
from nlp.model import Thread
from nlp.turns import speakers


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Give a row for each gold thread of a folder in which links had to be guessed.

    Exports show all their links: they are taken as if the form had hidden them.
    """
    for file in sorted(folder.glob("*.gold.json")):
        gold = json.loads(file.read_text(encoding="utf-8"))
        document = Document((folder / gold["file"]).read_text(encoding="utf-8"), gold["file"])
        source = detect(document)
        if source.chat:
            continue
        thread = source.read(document)
        if document.json is not None:
            thread = hidden(thread)
        if any(post.reply_inferred for post in thread.posts):
            yield _row(file.name.removesuffix(".gold.json"), thread, gold)


def hidden(thread: Thread) -> Thread:
    """Take the links of a thread away and guess them by turns of talk."""
    guesses = answer_by_turns([post.author for post in thread.posts])
    posts = []
    for post, guess in zip(thread.posts, guesses, strict=True):
        target = None if guess is None else thread.posts[guess].id
        posts.append(replace(post, reply_to=target, reply_inferred=target is not None))
    return replace(thread, posts=tuple(posts))


def _row(name: str, thread: Thread, gold: dict[str, Any]) -> dict[str, Any]:
    posts = match_posts(thread, gold)
    number = {post.id: n for n, post in posts.items()}
    answers = {row["n"]: row["reply_to"] for row in gold["posts"]}
    truth = []
    for post in thread.posts:
        target = posts.get(answers.get(number.get(post.id, -1), -1) or -1)
        truth.append(target.id if target is not None else None)
    names = speakers(thread)
    return {
        "name": name,
        "platform": thread.platform,
        "posts": [
            {
                "id": p.id,
                "author": who,
                "text": p.text,
                "reply_to": p.reply_to,
                "guessed": p.reply_inferred,
            }
            for p, who in zip(thread.posts, names, strict=True)
        ],
        "answers": truth,
    }  # fmt: skip


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("output", type=Path)
    given = parser.parse_args()
    with given.output.open("w", encoding="utf-8") as stream:
        for folder in given.folder:
            for row in rows(folder):
                stream.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
