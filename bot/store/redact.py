"""A map without some of its posts: what people deleted is on no map."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from nlp.model import ArgumentMap, KeyPoint, Post, Unit


def without_posts(found: ArgumentMap, gone: Collection[str]) -> ArgumentMap:
    """Give the map without the posts named by id: their units, and what rests on them, go too.

    Answers to a post that goes hang on the post that it answered. A point that keeps a claim stays,
    under a headline from the words of those who are left. The map still verifies.
    """
    gone = {post.id for post in found.thread.posts} & set(gone)
    if not gone:
        return found
    posts = tuple(_rehung(found.thread.posts, gone))
    units = tuple(u for u in found.units if u.post not in gone)
    kept = {u.id: u for u in units}
    points = tuple(_points(found, kept, {p.id: p for p in posts}))
    issue = found.issue
    quoted = {p.text for p in found.thread.posts if p.id in gone}
    title = found.thread.title
    if title and any(title.strip(" .…") in text for text in quoted):
        title = None  # a title made of the first post's words
        issue = issue if issue and issue.post is not None else None
    return replace(
        found,
        thread=replace(found.thread, posts=posts, title=title, furniture=()),
        issue=None if issue and issue.post in gone else issue,
        units=units,
        key_points=points,
        relations=tuple(r for r in found.relations if r.source in kept and r.target in kept),
        crux=found.crux if any(p.id == found.crux for p in points) else None,
        residue=tuple(r for r in found.residue if r.post not in gone),
    )


def _rehung(posts: Iterable[Post], gone: Collection[str]) -> Iterable[Post]:
    posts = tuple(posts)
    parent = {post.id: post.reply_to for post in posts}
    for post in posts:
        if post.id in gone:
            continue
        above = post.reply_to
        while above is not None and above in gone:
            above = parent[above]
        yield replace(post, reply_to=above)


def _points(
    found: ArgumentMap, kept: Mapping[str, Unit], posts: Mapping[str, Post]
) -> Iterable[KeyPoint]:
    for point in found.key_points:
        members = tuple(u for u in point.units if u in kept)
        if members == point.units:
            yield point
        elif members:
            writers = (posts[kept[u].post] for u in members)
            yield replace(
                point,
                units=members,
                headline=headline_of(point.headline, [kept[u].headline for u in members]),
                speakers=tuple(dict.fromkeys(p.speaker for p in writers)),
            )


def headline_of(now: str, left: Iterable[str]) -> str:
    """Give the headline of a point that lost a claim: the same if it is from what is left."""
    names = list(left)
    return now if now in names else names[0]
