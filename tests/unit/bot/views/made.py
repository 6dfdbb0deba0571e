"""Maps made for the tests of the views: any texts, any ties, invented people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.model import (
    ArgumentMap,
    Issue,
    KeyPoint,
    MadeBy,
    Post,
    Relation,
    RelationType,
    Residue,
    Span,
    Thread,
    Unit,
)

PEOPLE = (
    "marlowe",
    "דנה לוי",
    "محمد علي",
    "a_name_that_goes_on_and_on_and_on_and_on_until_nobody_reads_it",
    "🦊 fox",
    "山田太郎",
    "O'Brien <&>",
)
TEXTS = (
    "The bridge should stay closed to lorries until it has been mended.",
    "צריך לאסור את הרכב הפרטי במרכז העיר (עכשיו!) 100%",
    "هذا غير عادل للسائقين في المدينة 25 مرة",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft " * 3,
    "see https://example.org/" + "a" * 300,
    "I 💯 agree 👩‍👩‍👧‍👦 with this 🏳️‍🌈 ❤️ 👍🏽 1️⃣ 🇩🇪 and more 🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀",
    "漢字テスト 日本語 and English",
    "<script>alert('x')</script> & \"quotes\" ]]> <!-- --> {{ x }} ${y} `z`",
    "mixed עברית and English (with) brackets שלום 12 done",
    "x",
    "w" * 400,
    "Zalgo z̸̢̛͍̲̟̈́̿̊̕a̴̢̛l̵̨̛g̷o͝ text and a\u202eturned\u202c one\x07",
    "It is cheaper, it is faster, and nobody has yet said what is wrong with it. " * 8,
)

Tie = tuple[int, int, RelationType]


def made_map(
    texts: Sequence[str],
    ties: Iterable[Tie] = (),
    *,
    evidence: Iterable[Tie] = (),
    title: str | None = None,
    people: Sequence[str] = PEOPLE,
    crux: int | None = 0,
) -> ArgumentMap:
    """Give a map of one point a text; `evidence` ties (text, point, type) bring units of their own.

    Every post ends in a question, which is residue.
    """
    evidence = tuple(evidence)
    wanted = {number for number, _, _ in evidence}
    tail = " Is it?"
    posts = tuple(
        Post(
            id=str(n),
            text=text + tail,
            author=people[n % len(people)],
            reply_to=str(n - 1) if n else None,
        )
        for n, text in enumerate(texts)
    )
    units = tuple(
        Unit(
            id=f"u{n}",
            post=str(n),
            start=0,
            end=len(text),
            text=text,
            kind="evidence" if n in wanted else "claim",
            holder="reported" if n % 5 == 4 else "author",
            headline=text[:120],
            confidence=0.75,
        )
        for n, text in enumerate(texts)
    )
    points = tuple(
        KeyPoint(
            id=f"k{n}",
            headline=text[:120],
            units=(f"u{n}",),
            speakers=(people[n % len(people)],),
        )
        for n, text in enumerate(texts)
        if n not in wanted
    )
    relations = tuple(
        Relation(
            source=f"u{a}",
            target=f"u{b}",
            type=kind,
            confidence=0.5,
            cue=Span(post=str(a), start=0, end=1),
        )
        for a, b, kind in (*ties, *evidence)
    )
    keys = {point.id for point in points}
    return ArgumentMap(
        thread=Thread(id="made", posts=posts, title=title, platform="plain"),
        issue=Issue(text=title, post=None, start=0, end=len(title)) if title else None,
        units=units,
        key_points=points,
        relations=relations,
        crux=f"k{crux}" if crux is not None and f"k{crux}" in keys else None,
        residue=tuple(
            Residue(post=p.id, start=len(p.text) - len(tail), end=len(p.text), reason="question")
            for p in posts
        ),
        made_by=MadeBy(crux="0.0.0"),
    )
