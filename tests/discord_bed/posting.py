"""Messages of the bot: how a body becomes one, whom it pings, how it goes away."""

from __future__ import annotations

import re
from typing import Any

from tests.discord_bed import payloads
from tests.discord_bed.gateway import Gateway
from tests.discord_bed.world import Attachment, Channel, Message, World

Json = dict[str, Any]


class Posting:
    """Makes, fills and removes messages in a world, and tells the gateway."""

    def __init__(self, world: World, gateway: Gateway) -> None:
        self.world, self.gateway = world, gateway

    def shown(self, message: Message, *, whole: bool = False) -> Json:
        """Give a message's JSON as the REST interface shows it to the bot."""
        intent = self.gateway.message_content
        return payloads.message(
            self.world, message, self.gateway.base(), intent=intent, whole=whole
        )

    def make(
        self,
        channel: Channel,
        body: Json,
        files: list[tuple[str, bytes]],
        *,
        reply_to: int | None = None,
    ) -> Message:
        """Make a message of the bot's, with whom it pings by its allowed mentions."""
        made = Message(
            self.world.ids.next(),
            channel,
            self.world.bot,
            reply_to=reply_to,
            kind=19 if reply_to else 0,
        )
        self.fill(made, body, files)
        return made

    def fill(self, message: Message, body: Json, files: list[tuple[str, bytes]]) -> None:
        """Put a body on a message: what it lacks stays; `attachments` says which files are kept."""
        if body.get("content") is not None or "content" in body:
            message.content = (body.get("content") or "").strip()
        if "embeds" in body:
            message.embeds = [{"type": "rich", **e} for e in body["embeds"] or []]
        if "components" in body:
            message.components = _numbered(body["components"] or [])
        if "flags" in body:
            message.flags = (message.flags & ~4) | (body["flags"] or 0)
        if not self.world.may(message.channel, self.world.bot, "embed_links"):
            message.embeds = []  # Discord leaves them out without a word
        if "attachments" in body or files:
            named = body.get("attachments")
            kept = [a for a in message.attachments if named is None or _names(named, a)]
            message.attachments = kept + [self.world.add_file(n, d) for n, d in files]
        allowed = body.get("allowed_mentions")
        parse = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
        found = [int(i) for i in re.findall(r"<@!?(\d+)>", message.content)]
        named_users = {int(u) for u in (allowed or {}).get("users", [])}
        pings = [u for u in found if "users" in parse or u in named_users]
        message.mention_everyone = "everyone" in parse and bool(
            re.search(r"@(everyone|here)\b", message.content)
        )
        if message.reply_to and (allowed or {}).get("replied_user", allowed is None):
            pings.append(message.channel.messages[message.reply_to].author.id)
        message.mentions = [u for u in dict.fromkeys(pings) if u in self.world.users]

    async def remove(self, message: Message) -> None:
        """Take a message away and tell the clients."""
        message.deleted = True
        message.channel.messages.pop(message.id, None)
        data: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
        if message.channel.guild:
            data["guild_id"] = str(message.channel.guild.id)
        await self.gateway.emit_in(message.channel, "MESSAGE_DELETE", data)


def _numbered(rows: list[Json]) -> list[Json]:
    """Give components the ids that Discord adds."""
    counter = iter(range(1, 1000))
    return [
        {**row, "id": next(counter)}
        | (
            {"components": [{**c, "id": next(counter)} for c in row["components"]]}
            if "components" in row
            else {}
        )
        for row in rows
    ]


def _names(named: list[Json], kept: Attachment) -> bool:
    return any(str(entry.get("id")) == str(kept.id) for entry in named)
