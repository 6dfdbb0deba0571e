"""Interactions: what a person does in the client, and the bot's answers under Discord's deadlines."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field

from tests.discord_bed import limits, payloads, permissions
from tests.discord_bed.calls import Answer, Call, Json
from tests.discord_bed.limits import ApiError
from tests.discord_bed.posting import Posting
from tests.discord_bed.world import EPHEMERAL, LOADING, Channel, Message, User

COMMAND, COMPONENT, TYPING, MODAL = 2, 3, 4, 5
PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, AUTOCOMPLETE, OPEN_MODAL = 1, 4, 5, 6, 7, 8, 9
ANSWER_WITHIN = 3.0  # seconds
TOKEN_LIVES = 15 * 60.0  # seconds


@dataclass(eq=False)
class Interaction:
    """One act of a person and what the bot answered."""

    id: int
    token: str
    kind: int
    user: User
    channel: Channel
    began: float
    data: Json
    source: Message | None = None
    answered: int | None = None
    original: Message | None = None
    modal: Json | None = None
    choices: list[Json] | None = None
    follow_ups: list[Message] = field(default_factory=list)
    failed: bool = False

    @property
    def shown(self) -> list[Message]:
        """List the messages that answer it and still exist."""
        made = [self.original, *self.follow_ups]
        return [m for m in made if m is not None and not m.deleted]

    @property
    def text(self) -> str:
        """What a person reads of the answer."""
        return "\n".join(message.text for message in self.shown)

    @property
    def finished(self) -> bool:
        """Whether something other than "thinking" is shown."""
        if self.answered in (OPEN_MODAL, AUTOCOMPLETE):
            return True
        return any(not m.flags & LOADING for m in self.shown)


class Interactions:
    """All interactions of a bed by token; late and double answers are refused as Discord does."""

    def __init__(self, posting: Posting, problems: list[str]) -> None:
        self.posting, self.problems = posting, problems
        self.world, self.gateway = posting.world, posting.gateway
        self.by_token: dict[str, Interaction] = {}
        self.expect_failures = False

    async def begin(
        self,
        kind: int,
        user: User,
        channel: Channel,
        data: Json,
        source: Message | None = None,
    ) -> Interaction:
        """Send an interaction to the bot and start its clock."""
        made = Interaction(
            self.world.ids.next(),
            secrets.token_urlsafe(24),
            kind,
            user,
            channel,
            self.world.clock.now(),
            data,
            source,
        )
        self.by_token[made.token] = made
        guild_id = channel.guild.id if channel.guild else None
        await self.gateway.emit("INTERACTION_CREATE", self._payload(made), guild_id=guild_id)
        asyncio.get_running_loop().call_later(ANSWER_WITHIN, self._expire, made)
        return made

    def _expire(self, interaction: Interaction) -> None:
        if interaction.answered is None:
            interaction.failed = True
            if not self.expect_failures:
                self.problems.append(
                    f"no answer within {ANSWER_WITHIN} s: {interaction.data.get('name')}"
                    f"{interaction.data.get('custom_id', '')}"
                )

    def _payload(self, one: Interaction) -> Json:
        channel, guild = one.channel, one.channel.guild
        made: Json = {
            "id": str(one.id),
            "application_id": str(self.world.application_id),
            "type": one.kind,
            "token": one.token,
            "version": 1,
            "data": one.data,
            "channel_id": str(channel.id),
            "channel": {
                **payloads.channel(channel),
                "permissions": str(permissions.in_channel(channel, one.user.id)),
            },
            "app_permissions": str(permissions.in_channel(channel, self.world.bot.id)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id) if guild else "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": limits.FILE_SIZE,
        }
        if guild is None:
            made["user"] = payloads.user(one.user)
            made["channel"]["recipients"] = [payloads.user(one.user)]
        else:
            made["guild_id"] = str(guild.id)
            made["guild"] = {"id": str(guild.id), "locale": "en-US", "features": []}
            made["guild_locale"] = "en-US"
            made["member"] = {
                **payloads.member(guild.members[one.user.id]),
                "user": payloads.user(one.user),
                "permissions": str(permissions.in_channel(channel, one.user.id)),
            }
        if one.source is not None:
            made["message"] = self.posting.shown(one.source, whole=True)
        return made

    # the bot's answers

    async def answer(self, call: Call) -> Answer:
        """Take the first answer: once, within three seconds."""
        one = self.by_token.get(call.part("token"))
        if one is None or one.failed or call.id("id") != one.id:
            raise ApiError(404, 10062, "Unknown interaction")
        if one.answered is not None:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        kind, data = call.body["type"], call.body.get("data") or {}
        await self._take(one, kind, data, call.files)
        one.answered = kind
        body: Json = {"interaction": {"id": str(one.id), "type": one.kind}}
        if one.original is not None:
            body["resource"] = {
                "type": kind,
                "message": self.posting.shown(one.original, whole=True),
            }
            body["interaction"] |= {
                "response_message_id": str(one.original.id),
                "response_message_loading": bool(one.original.flags & LOADING),
                "response_message_ephemeral": bool(one.original.flags & EPHEMERAL),
            }
        return body

    async def _take(
        self, one: Interaction, kind: int, data: Json, files: list[tuple[str, bytes]]
    ) -> None:
        if (kind == AUTOCOMPLETE) != (one.kind == TYPING):
            raise limits.refuse(f"an answer of type {kind} does not fit")
        if kind == AUTOCOMPLETE:
            limits.check_choices(data.get("choices") or [])
            one.choices = data.get("choices") or []
        elif kind == MESSAGE:
            limits.check_message(data, files)
            one.original = self._make(one, data, files)
            await self._show(one.original)
        elif kind == DEFERRED:
            if set(data) - {"flags"} or (data.get("flags") or 0) & ~EPHEMERAL:
                raise limits.refuse("a deferred answer takes the ephemeral flag alone")
            one.original = self._make(one, {"flags": (data.get("flags") or 0) | LOADING}, [])
            await self._show(one.original)
        elif kind == DEFERRED_UPDATE and one.kind in (COMPONENT, MODAL):
            one.original = one.source
        elif kind == UPDATE and one.kind in (COMPONENT, MODAL) and one.source is not None:
            limits.check_message(data, files, fresh=False)
            self.posting.fill(one.source, data, files)
            one.original = one.source
            await self._update(one.source)
        elif kind == OPEN_MODAL and one.kind != MODAL:
            limits.check_modal(data)
            one.modal = data
        else:
            raise limits.refuse(f"an answer of type {kind} does not fit")

    def _make(self, one: Interaction, body: Json, files: list[tuple[str, bytes]]) -> Message:
        made = self.posting.make(one.channel, body, files)
        made.kind = 20 if one.kind == COMMAND else 0
        made.metadata = {
            "id": str(one.id),
            "type": one.kind,
            "user": payloads.user(one.user),
            "authorizing_integration_owners": {},
        }
        if made.flags & EPHEMERAL:
            made.seen_by = one.user.id
            self.world.ephemeral[made.id] = made
        return made

    async def _show(self, message: Message) -> None:
        if message.seen_by is None:
            message.channel.messages[message.id] = message
            await self.gateway.emit_message("MESSAGE_CREATE", message)

    async def _update(self, message: Message) -> None:
        if message.seen_by is None:
            await self.gateway.emit_message("MESSAGE_UPDATE", message)

    def _live(self, call: Call) -> Interaction:
        one = self.by_token.get(call.part("token"))
        if one is None or call.id("app") != self.world.application_id:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self.world.clock.now() - one.began > TOKEN_LIVES:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if one.answered is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        return one

    async def follow_up(self, call: Call) -> Answer:
        """Send a further message; the first one after "thinking" takes its place."""
        one = self._live(call)
        limits.check_message(call.body, call.files)
        if one.original is not None and one.original.flags & LOADING:
            await self._replace(one.original, call.body, call.files)
            return self.posting.shown(one.original, whole=True)
        made = self._make(one, call.body, call.files)
        one.follow_ups.append(made)
        await self._show(made)
        return self.posting.shown(made, whole=True)

    async def _replace(self, message: Message, body: Json, files: list[tuple[str, bytes]]) -> None:
        kept = message.flags & EPHEMERAL
        self.posting.fill(message, body, files)
        message.flags = (message.flags & ~LOADING & ~EPHEMERAL) | kept
        message.edits += 1
        await self._update(message)

    def _message(self, call: Call) -> tuple[Interaction, Message]:
        one, name = self._live(call), call.part("message")
        every = [m for m in (one.original, *one.follow_ups) if m is not None and not m.deleted]
        if name == "@original":
            found = one.original if one.original in every else None
        else:
            found = next((m for m in every if str(m.id) == name), None)
        if found is None:
            raise ApiError(404, 10008, "Unknown Message")
        return one, found

    async def fetch(self, call: Call) -> Answer:
        """Give a message that answered an interaction."""
        return self.posting.shown(self._message(call)[1], whole=True)

    async def edit(self, call: Call) -> Answer:
        """Edit a message that answered an interaction."""
        limits.check_message(call.body, call.files, fresh=False)
        _, message = self._message(call)
        await self._replace(message, call.body, call.files)
        return self.posting.shown(message, whole=True)

    async def delete(self, call: Call) -> Answer:
        """Take away a message that answered an interaction."""
        _, message = self._message(call)
        message.deleted = True
        self.world.ephemeral.pop(message.id, None)
        if message.id in message.channel.messages:
            await self.posting.remove(message)
        return None
