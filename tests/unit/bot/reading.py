"""What the tests of the readers share: lines that platforms write, and what a reading lost."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st

from nlp.model import Thread

# Lines as each platform copies or exports them, with invented names; a test shuffles them.
LINES: dict[str, list[str]] = {
    "linkedin": [
        "mossyanchor • 3rd+", "View tidyotter’s profile", "tidyotter", "Head of Data @ Pelican Freight", "7mo", "2w (edited) •",
        "7mo(edited)Did exactly this", "copperquay • 1stHead of DataAuthor1wtidyotter we can't", "LikeReply41 Reactions", "Like", "Reply",
        "2 replies", "…more", "Gefällt mir", "Antworten", "Vor 3 Tagen", "vor 2 Wochen", "Responder", "hace 3 días", "il y a 2 sem.", "いいね", "3か月前",
        "Feed post", "To view or add a comment, sign in", "Author", "#hiring https://lnkd.in/ePelican7",
    ],
    "reddit": [
        "r/IndoorCats", "u/brinemarten avatar", "brinemarten", "OP", "•", "1d ago", "Upvote", "402", "Downvote", "Share", "Top 1% Commenter",
        "[–]fstopfelixMod 96 points 14 hours ago", "[–]tarn_pike[S] 3 points 2 hours ago*", "[–][deleted] 1 day ago", "permalinkembedsaveparentreportreply",
        "submitted 15 hours ago by slowshutterr", "Stickied comment", "AutoModerator", "4 more replies", "sorted by: best", "[deleted]",
        "level 1", "level 2", "·", "3 yr. ago", "12 points", "Posted by", "u/slowshutterr", "Posted by u/slowshutterr 3 years ago", "88% Upvoted", "Reply", "Report", "123 Comments",
    ],
    "hackernews": [
        "Hacker Newsnew | past | comments | ask", "Ask HN: kettles? | Hacker News", "259 points by quillmoss 3 days ago | 12 comments",
        "tarnfen 3 hours ago | parent | next [–]", "ohmbrewer 2 hours ago | root | parent | prev | next [2 more]", "auditowl 5 minutes ago ", "kelp 44 minutes", "ago",
        "reply", "-----", "guidelines | faq | lists | api",
    ],
    "x": [
        "wexford_gull", "@wexford_gull", "·", "Mar 15", "10:47 PM · Mar 15, 2025", "1.2M", " Views", "Show this thread", "Show replies", "Ad", "Quote",
        "From betpony.example", "Read 611 replies", "Replying to @tapin_tina", "@tapin_tina no",
    ],
    "youtube": ["@yellow.paint", "2 weeks ago (edited)", "312", "Reply", "4 replies", "Pinned by @gamelamp", "Read more", "@yellow.paint exactly", "Skip navigation"],
    "facebook": [
        "Private group · 4.1K members", "Fern Hollow", "Admin", "All reactions:", "18", "Like", "Reply", "3d", "Comment", "Most relevant",
        "Top contributor", "March 4 at 7:02 PM", "Fern Hollow yes please", "View 3 replies", "Edited",
    ],
    "discord": [
        "brinecart — Today at 14:03", "ModLantern MOD — Yesterday at 7:31 PM", "Carbonbot", "APP", " — Yesterday at 18:06", "[HOOK]", "[8:44 PM]", "[8:44 PM] and more",
        "@brinecart so 0.9 notes are up…", "💯", "5", "Image", "notes.pdf", "NEW", "12 June 2025", "tail words (edited)", "Pinned a message.",
        "[2026-01-21T18:02:11+00:00] trolleywick (id=1463000000000010401)", "    [reply to trolleywick msg=1463000000000010401]", "    [attachment] a.png https://cdn.example/a.png",
        "    four spaces", "[11/18/2025 7:02 PM] chalkdust_77", "[11/18/2025 7:02 PM] chalkdust_77 (pinned)", "{Reactions}", "😭 (7) 💀 (2)", "{Embed}", "Guild: Staffroom",
        "Channel: Text / assessment", "==============", "Exported 31 message(s)", "```", "print(1)",
    ],
    "slack": ["tinroof", "  9:41 AM", "9:45", "tinroof  9:47 AM", "Thread", "27 replies", ":eyes:", "6", "Slackbot", "Only visible to you", "on-call.pdf", "Also sent to the channel", "```", "joined #ops."],
    "whatsapp": [
        "12/06/2025, 18:04 - Coach Tern: Evening all.", "[12.06.25, 18:04:09] ~ Wing Mum: ja", "6/12/25, 6:04 PM - GoalieDad: no way", "2025/06/12 18:04 - tamaki: はい",
        "12/06/2025, 18:02 - You were added", "\u200e[12/06/2025, 18:04:09] wing: \u200eimage omitted", "12/06/2025, 18:05 - orangeslice: <Media omitted>",
        "12/06/2025, 18:06 - orangeslice: Diese Nachricht wurde gelöscht.", "and a second line", "12/06/2025, 18:07 - wing: hola <Se editó este mensaje.>",
    ],
    "irc": [
        "--- Log opened Sat Jun 14 14:02:11 2025", "14:03 < dustytoggle> hi all", "14:04 <@capgun> dustytoggle: yes", "14:15  * capgun hides", "[10:03] <clayg> fokuslee, how?",
        "=== jsoto [n=jsoto@host] has joined #ubuntu", "2025-06-14 14:09:00\t@capgun\tno", "14:02 -!- Topic for #x: y",
    ],
    "forum": [
        "#1 cadencecrow", "#2 splitshin Disputed #1", "#3 splitshin re: #2", "Senior Member", "Posts: 1,204", "02-14-2026, 07:12 PM", "Quote:", "Originally Posted by splitshin",
        "pe_whistle wrote: ↑", "Post by chalkmoth » Tue Mar 03, 2026 8:14 pm", "__________________", "Reply With Quote", "heddlehum", "Mar 3", "selvedge_sam Regular", "heddlehum:", "1 Reply",
        "From: Ann Reed <ann at reed.example>", "Date: Mon, 2 Mar 2026 10:11:12 +0100", "Subject: [list] Re: kettles", "Message-ID: <a@b>", "In-Reply-To: <a@b>", "> quoted words", "-- ", "created",
        "via quillmoss 3 hours ago | 2 comments", "[-] tarnfen 2 hours ago | link | reply", "Kettles in Rust kettle.example", "▲",
        "On Mon, 2 Mar 2026, Ann Reed wrote:",
    ],
    "telegram": ["Birte, [02.01.2026 10:01]", "Onno Fen, [1/2/26, 10:02 PM]", "[ Photo ]", "In reply to Birte", "Forwarded from Nachbarn"],
    "github": [
        "octo-ann opened this issue 2 weeks ago · 5 comments", "@bob-dev", "bob-dev", "bob-dev commented 2 weeks ago", "commented", "on Mar 3, 2025", "opened", "Member", "More actions",
        "bob-dev commented", "octo-ann added the bug label on Mar 4, 2025", "added", "bug", "Drop it #1234", "#1234", "Open", "👍", "5", "Activity", "cat-m closed this as completed on May 1", "dependabot[bot] commented last week",
    ],
    "transcript": [
        "Ann: I think so.", "Bo Reed: no", "Ann: yes", "**Ann** (2h ago): well", "**Bo:**", "u/ann_k · 3h", "/u/bo (12 points)", "  - Ann -> Bo: no", "> u/bo: yes",
        "[Ann] so", "Ann> so", "Ann — so", "@ann_k so", "@ann_k", "Bo Reed", "### Ann", "Comment 3 by Ann:", "Post 1 (Bo): no", "Author: Ann", "Text: so", "level 2", "---", "Title: Tabs",
        "r/Tabs", "[10:42] Ann: no", "Ann (replying to Bo): no", "Bo wrote:", "1. Ann: no",
    ],
    "plain": [],
}  # fmt: skip

WORDS = st.sampled_from(
    ["Tabs are better because they are smaller.", "That's wrong!", "no", "🙂", "", "https://example.org/a?b=c", "• item", "> quoted", "x = 1", "5", "Like"]
)  # fmt: skip


def pastes(platform: str) -> st.SearchStrategy[str]:
    """Make pastes of a platform: its lines in any order, people's words and any text between."""
    lines = st.sampled_from(LINES[platform] or ["words"])
    return st.lists(st.one_of(lines, WORDS, st.text(max_size=30)), min_size=1, max_size=30).map(
        "\n".join
    )


def lost(text: str, thread: Thread) -> str:
    """Give the characters of a text that are in no post, no furniture, no title and no author.

    White space is not counted; a character counts as often as it stands there.
    """
    kept = Counter("".join(p.text for p in thread.posts))
    for words in (
        *(f.text for f in thread.furniture), *(p.author or "" for p in thread.posts), thread.title or "",
    ):  # fmt: skip
        kept += Counter(words)
    missing = Counter(c for c in text if not c.isspace() and c.isprintable()) - kept
    return "".join(sorted(missing.elements()))
