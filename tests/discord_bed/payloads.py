"""The JSON of Discord's objects, as the gateway and the REST interface send them (v10)."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from tests.discord_bed import permissions
from tests.discord_bed.world import (
    DM,
    FORUM,
    Attachment,
    Channel,
    Guild,
    Member,
    Message,
    Role,
    User,
    World,
    time_of,
)

Json = dict[str, Any]


def user(one: User) -> Json:
    """Give a user."""
    return {
        "id": str(one.id),
        "username": one.name,
        "global_name": None if one.bot else one.name,
        "discriminator": "0",
        "avatar": None,
        "bot": one.bot,
        "public_flags": 0,
    }


def member(one: Member) -> Json:
    """Give a member, without the user (messages and interactions add it)."""
    return {
        "roles": [str(r) for r in one.roles],
        "joined_at": one.joined.isoformat(),
        "deaf": False,
        "mute": False,
        "nick": None,
        "avatar": None,
        "premium_since": None,
        "flags": 0,
        "pending": False,
    }


def role(one: Role) -> Json:
    """Give a role."""
    return {
        "id": str(one.id),
        "name": one.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "position": 0 if one.name == "@everyone" else 1,
        "permissions": str(one.permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel(one: Channel) -> Json:
    """Give a channel of any kind."""
    last = max(one.messages, default=None)
    made: Json = {
        "id": str(one.id),
        "type": one.kind,
        "last_message_id": None if last is None else str(last),
        "flags": 0,
    }
    if one.kind == DM:
        return made
    assert one.guild is not None
    made |= {
        "name": one.name,
        "guild_id": str(one.guild.id),
        "parent_id": str(one.parent.id) if one.parent else None,
        "rate_limit_per_user": 0,
        "nsfw": False,
    }
    if one.is_thread:
        return made | _thread(one)
    made |= {
        "position": 0,
        "topic": None,
        "permission_overwrites": [
            {"id": str(i), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)}
            for i, o in one.overwrites.items()
        ],
    }
    if one.kind == FORUM:
        made |= {
            "available_tags": [],
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
        }
    return made


def _thread(one: Channel) -> Json:
    return {
        "owner_id": str(one.owner_id),
        "message_count": len(one.messages),
        "total_message_sent": len(one.messages),
        "member_count": len(one.members),
        "thread_metadata": {
            "archived": one.archived,
            "auto_archive_duration": 1440,
            "archive_timestamp": time_of(one.id).isoformat(),
            "create_timestamp": time_of(one.id).isoformat(),
            "locked": one.locked,
        },
    }


def guild(one: Guild, bot_id: int) -> Json:
    """Give a guild as GUILD_CREATE sends it, with only the channels that the bot sees."""
    seen = [c for c in one.channels.values() if permissions.in_channel(c, bot_id)]
    return {
        "id": str(one.id),
        "name": one.name,
        "owner_id": str(one.owner_id),
        "unavailable": False,
        "icon": None,
        "splash": None,
        "discovery_splash": None,
        "banner": None,
        "description": None,
        "features": [],
        "region": "",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 0,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "application_id": None,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "vanity_url_code": None,
        "premium_tier": 0,
        "preferred_locale": "en-US",
        "incidents_data": None,
        "emojis": [],
        "stickers": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "voice_states": [],
        "presences": [],
        "large": False,
        "joined_at": one.members[bot_id].joined.isoformat(),
        "member_count": len(one.members),
        "roles": [role(r) for r in one.roles.values()],
        "members": [
            {**member(m), "user": user(m.user)} for m in one.members.values() if m.user.id == bot_id
        ],
        "channels": [channel(c) for c in seen if not c.is_thread],
        "threads": [channel(c) for c in seen if c.is_thread and not c.archived],
    }


def attachment(one: Attachment, base: str) -> Json:
    """Give a file on a message; its address is on the loopback content server."""
    url = f"{base}/cdn/{one.id}/{one.filename}"
    made: Json = {
        "id": str(one.id),
        "filename": one.filename,
        "size": len(one.data),
        "url": url,
        "proxy_url": url,
        "content_type": one.content_type,
        "flags": 0,
    }
    return made | {"ephemeral": True} if one.ephemeral else made


def message(
    world: World,
    one: Message,
    base: str,
    *,
    intent: bool,
    whole: bool = False,
    nested: bool = False,
) -> Json:
    """Give a message as the bot gets it: its words if `intent` or an exception lets it read them.

    `whole` is the exception of a command's target, which always comes with its words.
    """
    content = whole or readable(world, one, intent=intent)
    made: Json = {
        "id": str(one.id),
        "channel_id": str(one.channel.id),
        "author": user(one.author),
        "content": one.content if content else "",
        "timestamp": time_of(one.id).isoformat(),
        "edited_timestamp": one.edited.astimezone(UTC).isoformat() if one.edited else None,
        "tts": False,
        "mention_everyone": one.mention_everyone,
        "mentions": [user(world.users[i]) for i in one.mentions],
        "mention_roles": [],
        "attachments": [attachment(a, base) for a in one.attachments] if content else [],
        "embeds": one.embeds if content else [],
        "components": one.components if content else [],
        "pinned": False,
        "type": one.kind,
        "flags": one.flags,
    }
    if one.webhook_id is not None:
        made["webhook_id"] = str(one.webhook_id)
    if one.nonce is not None:
        made["nonce"] = one.nonce
    if one.metadata is not None:
        made["interaction_metadata"] = one.metadata
    if one.thread is not None:
        made["thread"] = channel(one.thread)
    if one.reply_to is not None:
        made["message_reference"] = {
            "type": 0,
            "message_id": str(one.reply_to),
            "channel_id": str(one.channel.id),
        }
        if one.channel.guild:
            made["message_reference"]["guild_id"] = str(one.channel.guild.id)
        if not nested:
            answered = one.channel.messages.get(one.reply_to)
            made["referenced_message"] = answered and message(
                world, answered, base, intent=intent, nested=True
            )
    return made


def readable(world: World, one: Message, *, intent: bool) -> bool:
    """Tell whether the bot gets the words of a message: by the intent, or by one of its exceptions."""
    return (
        intent
        or one.channel.kind == DM
        or one.author.id == world.bot.id
        or world.bot.id in one.mentions
    )


def application(world: World, *, message_content: bool) -> Json:
    """Give the application; the flag says whether the portal's switch for content is on."""
    return {
        "id": str(world.application_id),
        "name": world.bot.name,
        "icon": None,
        "description": "",
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": (1 << 19) if message_content else 0,
        "owner": user(next(iter(world.users.values()))),
        "team": None,
    }
