"""Longer texts that the bot says of itself."""

from __future__ import annotations

HELP = """\
I read a discussion and draw the map of its argument: the points, in whose words, what supports \
and attacks what, and where people really divide.

**Mention me**
- in a thread or forum post: I map it
- in reply to a message: I map the replies around it
- with `last 200` or `since 2d`: I map that much of the channel
- with pasted text, or a .txt .json .md .html .csv file: I map that

**Commands** `/map` · `/paste` · `/digest setup` · `/crux settings` · `/crux privacy` · \
`/crux status`
**On any message** Apps → *Map this thread*

Every quote is word for word, with a link to where it was said. I do not say who is right."""

UNCLEAR = (
    "I map discussions. Mention me in a thread, in reply to a message, with `last 200`, "
    "`since 2d`, or with pasted text or a file; `/crux help` has the rest."
)

UNSAID_DIRECT = (
    "Here I can map what you give me: paste the discussion as a message, attach a .txt, .json, "
    ".md, .html or .csv file, or use `/paste`."
)

PRIVACY = """\
**What I keep** Of a map: the messages it rests on and their writers' names, who asked, and \
where the map is shown, so that its buttons work. Of a weekly digest, if this server has one: \
the messages of its sources, the points made in them, and who made them. Words go after {days} \
days here, points after a year without being made again. A map goes at once with its Delete \
button.
**What I do not** Nothing is sent to another service: the analysis runs on the machine of \
whoever hosts me. Nothing is used to train a model. My logs hold no message text.
**What follows your messages** What you delete or edit is forgotten, and the maps and digests \
that show it are edited. I ping nobody.
**Yours** `/crux privacy action:` gives you what I hold of you (export), erases it, and leaves you \
you out from now on (erase and opt out)."""
