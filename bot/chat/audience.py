"""Who may read what: the rights of a person, of the bot, and of everybody who reads a channel."""

from __future__ import annotations

from collections.abc import Iterable

import discord

Place = (
    discord.TextChannel
    | discord.Thread
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.ForumChannel
)

NAMES = {
    "view_channel": "View Channel",
    "read_message_history": "Read Message History",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
}


def missing(channel: Place, member: discord.Member, *names: str) -> list[str]:
    """Give those of the named permissions that a member lacks, as the client names them."""
    have = channel.permissions_for(member)
    if isinstance(channel, discord.Thread):
        names = tuple("send_messages_in_threads" if n == "send_messages" else n for n in names)
    return [NAMES[name] for name in names if not getattr(have, name)]


async def may_read(channel: Place, member: discord.Member) -> bool:
    """Tell whether a member may read a channel's past; private threads need membership."""
    have = channel.permissions_for(member)
    if not (have.view_channel and have.read_message_history):
        return False
    if isinstance(channel, discord.Thread) and channel.is_private():
        if have.manage_threads:
            return True
        try:
            await channel.fetch_member(member.id)
        except discord.NotFound:
            return False
    return True


def as_open(source: Place, target: Place) -> bool:
    """Tell whether everybody who can read `target` can read `source`; in doubt, no.

    Compared are what @everyone, each role and each person named in an overwrite may do. Roles add
    up, so a role that is kept out of the source and not of the target makes the source private.
    """
    if source.id == target.id:
        return True
    if isinstance(source, discord.Thread):
        if isinstance(target, discord.Thread) and source.parent_id == target.parent_id:
            return not source.is_private()
        if source.is_private() or source.parent is None:
            return False
        return as_open(source.parent, target)
    if source.guild.id != target.guild.id:
        return False
    above = target.parent if isinstance(target, discord.Thread) else target
    if above is None:
        return False
    return source.id == above.id or _covers(source, above)


def _covers(source: discord.abc.GuildChannel, target: discord.abc.GuildChannel) -> bool:
    for role in source.guild.roles:
        if target.permissions_for(role).view_channel and not _reads(source, role):
            return False
    for one in {*source.overwrites, *target.overwrites}:
        there, here = _overwrite(source, one), _overwrite(target, one)
        kept_out = there.view_channel is False or there.read_message_history is False
        if kept_out and here.view_channel is not False:
            return False
        if isinstance(one, discord.Role) or here.view_channel is not True:
            continue
        # a person who is let in by name; of one who is not cached only what everybody may is known
        known = one if isinstance(one, discord.Member) else source.guild.default_role
        if not _reads(source, known):
            return False
    return True


def _reads(channel: discord.abc.GuildChannel, one: discord.Role | discord.Member) -> bool:
    have = channel.permissions_for(one)
    return have.view_channel and have.read_message_history


def _overwrite(
    channel: discord.abc.GuildChannel, one: discord.abc.Snowflake
) -> discord.PermissionOverwrite:
    for key, over in channel.overwrites.items():
        if key.id == one.id:
            return over
    return discord.PermissionOverwrite()


def plain(names: Iterable[str]) -> str:
    """Join names of permissions for a sentence."""
    return ", ".join(f"**{name}**" for name in names)
