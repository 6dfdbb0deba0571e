"""What exists on the loopback Discord: people, servers, channels, messages; plain mutable state."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.discord_bed import permissions

TEXT, DM, FORUM, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 15, 11, 12
EPOCH_MS = 1420070400000
EPHEMERAL, LOADING, HAS_THREAD = 64, 128, 32


class Clock:
    """Real time plus what a test moved it by."""

    def __init__(self) -> None:
        self.moved = 0.0

    def now(self) -> float:
        """Give seconds since 1970."""
        return time.time() + self.moved

    def stamp(self) -> datetime:
        """Give the time as Discord writes it."""
        return datetime.fromtimestamp(self.now(), UTC)


class Snowflakes:
    """Ids in the order of time, each once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self, at: datetime | None = None) -> int:
        """Give the next id, or one for a moment in the past."""
        seconds = self._clock.now() if at is None else at.timestamp()
        made = (int(seconds * 1000) - EPOCH_MS) << 22
        if at is None:
            made = max(made, self._last + 1)
            self._last = made
        return made


def time_of(snowflake: int) -> datetime:
    """Give the moment at which an id was made."""
    return datetime.fromtimestamp(((snowflake >> 22) + EPOCH_MS) / 1000, UTC)


@dataclass
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False

    @property
    def mention(self) -> str:
        """The text that mentions the user."""
        return f"<@{self.id}>"


@dataclass
class Role:
    """A role; the role with the guild's id is @everyone."""

    id: int
    name: str
    permissions: int


@dataclass
class Member:
    """A user in a guild."""

    user: User
    joined: datetime
    roles: list[int] = field(default_factory=list)


@dataclass
class Overwrite:
    """What a channel allows and denies to one role (kind 0) or member (kind 1)."""

    kind: int
    allow: int = 0
    deny: int = 0


@dataclass
class Attachment:
    """A file on a message."""

    id: int
    filename: str
    data: bytes
    content_type: str
    ephemeral: bool = False


@dataclass(eq=False)
class Message:
    """A message; `seen_by` is the one person who sees it when it is ephemeral."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    reply_to: int | None = None
    edited: datetime | None = None
    flags: int = 0
    kind: int = 0
    mentions: list[int] = field(default_factory=list)
    mention_everyone: bool = False
    webhook_id: int | None = None
    seen_by: int | None = None
    thread: Channel | None = None
    nonce: str | None = None
    deleted: bool = False
    metadata: dict[str, Any] | None = None
    edits: int = 0

    @property
    def jump_url(self) -> str:
        """The address that the client would give the message."""
        where = self.channel.guild.id if self.channel.guild else "@me"
        return f"https://discord.com/channels/{where}/{self.channel.id}/{self.id}"

    @property
    def text(self) -> str:
        """All that a person reads on the message: content, embeds, labels of components."""
        parts = [self.content]
        for embed in self.embeds:
            parts += [embed.get("title", ""), embed.get("description", "")]
            for each in embed.get("fields", []):
                parts += [each["name"], each["value"]]
            parts.append(embed.get("footer", {}).get("text", ""))
        return "\n".join(part for part in parts if part)

    def file(self, suffix: str) -> Attachment | None:
        """Give the first attached file whose name ends so."""
        return next((a for a in self.attachments if a.filename.endswith(suffix)), None)

    def custom_ids(self) -> list[str]:
        """List the custom ids of the components."""
        return [
            inner["custom_id"]
            for row in self.components
            for inner in row.get("components", [])
            if "custom_id" in inner
        ]


@dataclass(eq=False)
class Channel:
    """A text channel, a forum, a thread (of either), or a direct conversation."""

    id: int
    kind: int
    name: str
    guild: Guild | None = None
    parent: Channel | None = None
    owner_id: int = 0
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    recipients: list[int] = field(default_factory=list)
    members: set[int] = field(default_factory=set)
    archived: bool = False
    locked: bool = False

    @property
    def is_thread(self) -> bool:
        """Whether it is a thread or a forum post."""
        return self.kind in (PUBLIC_THREAD, PRIVATE_THREAD)

    def shown(self) -> list[Message]:
        """List the messages that everyone here sees, oldest first."""
        return [self.messages[i] for i in sorted(self.messages) if not self.messages[i].seen_by]


@dataclass(eq=False)
class Guild:
    """A server."""

    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    @property
    def everyone(self) -> Role:
        """The role that everyone has."""
        return self.roles[self.id]


class World:
    """All of it, with the look-ups that routes and tests need."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.ids = Snowflakes(self.clock)
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.files: dict[int, Attachment] = {}
        self.ephemeral: dict[int, Message] = {}
        self.bot = self.add_user("Crux", bot=True)
        self.application_id = self.bot.id

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Make a user."""
        user = User(self.ids.next(), name, bot)
        self.users[user.id] = user
        return user

    def add_guild(self, name: str) -> Guild:
        """Make a server with its owner, the bot in it with a role of its own."""
        owner = self.add_user(f"{name}-owner")
        guild = Guild(self.ids.next(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", permissions.USUAL)
        self.guilds[guild.id] = guild
        self.join(guild, owner)
        self.join(guild, self.bot)
        return guild

    def join(self, guild: Guild, user: User, roles: Iterable[Role] = ()) -> Member:
        """Let a user in."""
        member = Member(user, self.clock.stamp(), [role.id for role in roles])
        guild.members[user.id] = member
        return member

    def add_role(self, guild: Guild, name: str, names: tuple[str, ...]) -> Role:
        """Make a role that has the named permissions."""
        role = Role(self.ids.next(), name, permissions.bits(names))
        guild.roles[role.id] = role
        return role

    def add_channel(
        self,
        guild: Guild,
        name: str,
        kind: int = TEXT,
        parent: Channel | None = None,
        channel_id: int | None = None,
    ) -> Channel:
        """Make a channel or a thread."""
        channel = Channel(channel_id or self.ids.next(), kind, name, guild, parent)
        self.channels[channel.id] = guild.channels[channel.id] = channel
        return channel

    def direct(self, user: User) -> Channel:
        """Give the conversation of the bot with a user, made at need."""
        for channel in self.channels.values():
            if channel.kind == DM and user.id in channel.recipients:
                return channel
        channel = Channel(self.ids.next(), DM, user.name, recipients=[self.bot.id, user.id])
        self.channels[channel.id] = channel
        return channel

    def add_file(self, name: str, data: bytes, *, ephemeral: bool = False) -> Attachment:
        """Keep a file that the content server gives out."""
        import mimetypes

        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        made = Attachment(self.ids.next(), name, data, kind, ephemeral)
        self.files[made.id] = made
        return made

    def may(self, channel: Channel, user: User, *names: str) -> bool:
        """Tell whether a user has all of the named permissions in a channel."""
        wanted = permissions.bits(names)
        return permissions.in_channel(channel, user.id) & wanted == wanted

    def read_mentions(self, message: Message, *, ping_reply: bool = True) -> None:
        """Fill in whom a person's message mentions, as Discord does."""
        found = [int(i) for i in re.findall(r"<@!?(\d+)>", message.content)]
        if message.reply_to is not None and ping_reply:
            answered = message.channel.messages.get(message.reply_to)
            if answered is not None:
                found.append(answered.author.id)
        message.mentions = [i for i in dict.fromkeys(found) if i in self.users]
        calls = "@everyone" in message.content or "@here" in message.content
        message.mention_everyone = calls and self.may(
            message.channel, message.author, "mention_everyone"
        )
