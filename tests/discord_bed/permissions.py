"""Permission bits of Discord, and who may do what where: computed here, not by the client's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.discord_bed.world import Channel, Guild

VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
ALL = (1 << 50) - 1

BY_NAME: dict[str, int] = {
    name.lower(): value
    for name, value in list(globals().items())
    if name.isupper() and isinstance(value, int) and name != "ALL"
}

# What @everyone has in a fresh server, as far as a bot meets it.
USUAL = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | ADD_REACTIONS
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
)


def bits(names: tuple[str, ...]) -> int:
    """Give the sum of named permissions."""
    total = 0
    for name in names:
        total |= BY_NAME[name]
    return total


def in_guild(guild: Guild, user_id: int) -> int:
    """Give the permissions of a member before any channel's overwrites; 0 for a stranger."""
    member = guild.members.get(user_id)
    if member is None:
        return 0
    if user_id == guild.owner_id:
        return ALL
    total = guild.roles[guild.id].permissions
    for role_id in member.roles:
        total |= guild.roles[role_id].permissions
    return ALL if total & ADMINISTRATOR else total


def in_channel(channel: Channel, user_id: int) -> int:
    """Give the permissions of a user in a channel, a thread or a direct conversation."""
    if channel.guild is None:
        return ALL if user_id in channel.recipients else 0
    guild = channel.guild
    total = in_guild(guild, user_id)
    if total in (0, ALL):
        return total
    place = channel.parent if channel.is_thread and channel.parent else channel
    over = place.overwrites
    if guild.id in over:
        total = (total & ~over[guild.id].deny) | over[guild.id].allow
    roles = [over[r] for r in guild.members[user_id].roles if r in over]
    for each in roles:
        total &= ~each.deny
    for each in roles:
        total |= each.allow
    if user_id in over:
        total = (total & ~over[user_id].deny) | over[user_id].allow
    if not total & VIEW_CHANNEL:
        return 0
    if channel.kind == 12 and user_id not in channel.members and not total & MANAGE_THREADS:
        return 0
    if channel.is_thread:  # sending in a thread hangs on its own bit
        sends = bool(total & SEND_MESSAGES_IN_THREADS)
        total = total | SEND_MESSAGES if sends else total & ~SEND_MESSAGES
    return total
