"""Four weeks of a town, and every line of its digests, word for word."""

from __future__ import annotations

from datetime import timedelta

from tests.digest.conftest import MONDAY, WEEK, Life, Row, tick
from tests.discord_bed import Message

FIRST: list[Row] = [
    ("ada", "We should close the old bridge to cars.", None),
    ("bob", "No, we must keep the bridge open for the bakers.", 0),
    ("cyd", "Cars should leave the bridge because two beams are cracked.", 0),
    ("dan", "morning all", None),
    ("eve", "Who paid for the last repair of the bridge?", None),
]
SECOND: list[Row] = [
    ("dan", "We should close the old bridge to cars.", None),
    ("ada", "No, the town must repair it instead.", 0),
    ("gus", "The ferry should run at night, too.", None),
    ("hal", "A night ferry should cost double.", 2),
    ("eve", "Which ferry runs on Sundays?", None),
    ("gus", "The small one, until five.", 4),
]
FOURTH: list[Row] = [
    ("eve", "The town should plant lime trees.", None),
    ("bob", "fair point, I was wrong about the limes.", 0),
    ("ivy", "No, elms should be planted because 40 of them were felled.", 0),
]
ELSEWHERE: list[Row] = [
    ("jon", "The town should plant lime trees.", None),
    ("ada", "We should close the old bridge to cars.", None),
]


def arrow(said: Message) -> str:
    """Give the link to a message as a digest shows it."""
    return f"[→]({said.jump_url})"


async def test_four_weeks_word_for_word(life: Life) -> None:
    """New, disputed, back again, changed sides, gave way, asked in vain; one week of nothing."""
    green = life.bed.channel(life.guild, "green")
    one = life.talk(FIRST, MONDAY + timedelta(days=1))
    two = life.talk(SECOND, MONDAY + WEEK + timedelta(days=2))
    four = life.talk(FOURTH, MONDAY + 3 * WEEK + timedelta(days=3))
    away = life.talk(ELSEWHERE, MONDAY + 3 * WEEK + timedelta(days=4), green)
    marks = []
    async with life.running() as bot:
        await life.set_up(bot.desk.store, when_empty="line")
        for week in (1, 2, 3, 4):
            life.now = MONDAY + week * WEEK
            assert await tick(bot) == 1
            kept = (await bot.desk.store.digests.history(life.guild.id))[0]
            marks.append(kept.nonce[:10])
    shown = [message.text.split("\n") for message in life.digests()]
    footers = [f"Crux digest · the whole of it is in the attached file · {m}" for m in marks]
    assert shown[0] == [
        "What was argued, 23 February – 9 March 2026",
        "5 messages by 5 people in 1 thread: 3 new points.",
        "Where people divided",
        "**We should close the old bridge to** · for: ada, cyd · against: bob",
        f"> for: “We should close the old bridge to cars.” — ada {arrow(one[0])}",
        f"> against: “No, we must keep the bridge open for the bakers.” — bob {arrow(one[1])}",
        "New points",
        "**Cars should leave the bridge because two** · cyd",
        f"> “Cars should leave the bridge because two beams are cracked.” — cyd {arrow(one[2])}",
        # its words stand above already: it is last
        "**No, we must keep the bridge open** · bob",
        f"> “No, we must keep the bridge open for the bakers.” — bob {arrow(one[1])}",
        "Nobody answered",
        f"> “Who paid for the last repair of the bridge?” — eve {arrow(one[4])}",
        footers[0],
    ]
    assert shown[1] == [
        "What was argued, 9–16 March 2026",
        "6 messages by 5 people in 1 thread: 3 new points, 1 that came back.",
        "Where people divided",
        (
            "**We should close the old bridge to** · for: dan · against: ada · said 1 time before, "
            "first by ada on 3 March 2026"
        ),
        f"> for: “We should close the old bridge to cars.” — dan {arrow(two[0])}",
        f"> against: “No, the town must repair it instead.” — ada {arrow(two[1])}",
        "New points",
        "**The ferry should run at night, too.** · gus, hal · 1 support",
        f"> “The ferry should run at night, too.” — gus {arrow(two[2])}",
        "**A night ferry should cost double.** · hal",
        f"> “A night ferry should cost double.” — hal {arrow(two[3])}",
        "**No, the town must repair it instead.** · ada",
        f"> “No, the town must repair it instead.” — ada {arrow(two[1])}",
        "What moved",
        "**We should close the old bridge to** · ada changed sides",
        f"> “No, the town must repair it instead.” — ada {arrow(two[1])}",
        footers[1],  # the question about the ferry was answered
    ]
    assert shown[2] == [
        (
            "Nothing worth a digest: nobody made a point that others could dispute. "
            "Read: 0 messages by 0 people in 0 threads."
        ),
        f"-# {marks[2]}",
    ]
    assert shown[3] == [
        "What was argued, 23–30 March 2026",
        "5 messages by 5 people in 2 threads: 2 new points, 1 that came back.",
        "Where people divided",
        "**The town should plant lime trees.** · for: eve, jon · against: ivy",
        f"> for: “The town should plant lime trees.” — eve {arrow(four[0])}",
        (
            "> against: “No, elms should be planted because 40 of them were felled.” — ivy "
            f"{arrow(four[2])}"
        ),
        "New points",
        "**No, elms should be planted because 40** · ivy",
        f"> “No, elms should be planted because 40 of them were felled.” — ivy {arrow(four[2])}",
        "Back again",
        (
            "**We should close the old bridge to** · ada · said 2 times before, first by ada on "
            "3 March 2026"
        ),
        f"> “We should close the old bridge to cars.” — ada {arrow(away[1])}",
        "What moved",
        "**The town should plant lime trees.** · bob gave way",
        f"> “fair point, I was wrong about the limes.” — bob {arrow(four[1])}",
        footers[3],
    ]
    for message in (life.digests()[i] for i in (0, 1, 3)):
        assert message.embeds[0]["image"]["url"] == f"attachment://{message.file('.png').filename}"
        assert message.flags & 1 << 12  # silent: pings nobody
    whole = life.digests()[3].file(".md").data.decode().split("\n")
    assert whole == [
        "# What was argued, 23–30 March 2026",
        "",
        "5 messages by 5 people in 2 threads: 2 new points, 1 that came back.",
        "",
        "## Where people divided",
        "",
        "- **The town should plant lime trees.** (for: eve, jon · against: ivy)",
        f"  for: “The town should plant lime trees.” — eve {arrow(four[0])}",
        (
            "  against: “No, elms should be planted because 40 of them were felled.” — ivy "
            f"{arrow(four[2])}"
        ),
        "",
        "## New points",
        "",
        "- **No, elms should be planted because 40** (ivy)",
        f"  “No, elms should be planted because 40 of them were felled.” — ivy {arrow(four[2])}",
        "",
        "## Back again",
        "",
        (
            "- **We should close the old bridge to** (ada · said 2 times before, first by ada on "
            "3 March 2026)"
        ),
        f"  “We should close the old bridge to cars.” — ada {arrow(away[1])}",
        "",
        "## What moved",
        "",
        "- **The town should plant lime trees.** (bob gave way)",
        f"  “fair point, I was wrong about the limes.” — bob {arrow(four[1])}",
        "",
    ]
