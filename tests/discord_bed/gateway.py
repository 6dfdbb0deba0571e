"""The gateway: HELLO, IDENTIFY, READY, events under intents and permissions, RESUME with replay."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.discord_bed import payloads, permissions
from tests.discord_bed.world import DM, Channel, Message, World

GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
KEPT = 5000  # events kept for a RESUME


@dataclass(eq=False)
class Session:
    """One identified client, its intents, and what it was sent."""

    id: str
    intents: int
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None = None
    sequence: int = 0
    sent: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=KEPT))
    beats: list[float] = field(default_factory=list)
    packer: Any = None

    def sees_guild(self, guild_id: int) -> bool:
        """Whether a guild belongs to the session's shard."""
        number, count = self.shard
        return (guild_id >> 22) % count == number


class Gateway:
    """All sessions; `switches` are the portal's switches for privileged intents."""

    def __init__(self, world: World, token: str, base: Callable[[], str]) -> None:
        self.world, self.token, self.base = world, token, base
        self.message_content = True
        self.heartbeat_ms = 41_250
        self.sessions: list[Session] = []
        self.identifies = 0
        self.resumes = 0

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one socket until it closes."""
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        packer = zlib.compressobj() if request.query.get("compress") == "zlib-stream" else None
        await self._send(socket, packer, {"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms}})
        session: Session | None = None
        async for frame in socket:
            if frame.type is not WSMsgType.TEXT:
                break
            said = json.loads(frame.data)
            if said["op"] == 1:
                if session is not None:
                    session.beats.append(time.monotonic())
                await self._send(socket, packer, {"op": 11})
            elif said["op"] == 2:
                session = await self._identify(socket, packer, said["d"])
            elif said["op"] == 6:
                session = await self._resume(socket, packer, said["d"])
            elif said["op"] == 8:
                await self._members(session, said["d"])
            elif said["op"] != 3:
                await socket.close(code=4001)
        if session is not None and session.socket is socket:
            session.socket = None
        return socket

    async def _identify(
        self, socket: web.WebSocketResponse, packer: Any, said: dict[str, Any]
    ) -> Session | None:
        self.identifies += 1
        if said["token"] != self.token:
            await socket.close(code=4004)
            return None
        intents = said["intents"]
        if intents & MESSAGE_CONTENT and not self.message_content:
            await socket.close(code=4014)
            return None
        shard = tuple(said.get("shard") or (0, 1))
        session = Session(secrets.token_hex(8), intents, (shard[0], shard[1]), socket)
        session.packer = packer
        self.sessions.append(session)
        guilds = [g for g in self.world.guilds.values() if session.sees_guild(g.id)]
        await self._dispatch(session, "READY", self._ready(session, guilds))
        for guild in guilds:
            await self._dispatch(session, "GUILD_CREATE", payloads.guild(guild, self.world.bot.id))
        return session

    def _ready(self, session: Session, guilds: list[Any]) -> dict[str, Any]:
        return {
            "v": 10,
            "user": {
                **payloads.user(self.world.bot),
                "verified": True,
                "mfa_enabled": False,
                "flags": 0,
            },
            "guilds": [{"id": str(g.id), "unavailable": True} for g in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.base().replace("http", "ws") + "/gateway-socket/",
            "shard": list(session.shard),
            "application": {"id": str(self.world.application_id), "flags": 0},
            "private_channels": [],
            "session_type": "normal",
        }

    async def _resume(
        self, socket: web.WebSocketResponse, packer: Any, said: dict[str, Any]
    ) -> Session | None:
        found = next((s for s in self.sessions if s.id == said["session_id"]), None)
        if found is None or said["token"] != self.token:
            await self._send(socket, packer, {"op": 9, "d": False})
            return None
        self.resumes += 1
        found.socket, found.packer = socket, packer
        for event in list(found.sent):
            if event["s"] > said["seq"]:
                await self._send(socket, packer, event)
        await self._dispatch(found, "RESUMED", {"_trace": []})
        return found

    async def _members(self, session: Session | None, said: dict[str, Any]) -> None:
        guild = self.world.guilds.get(int(said["guild_id"]))
        if session is None or guild is None:
            return
        wanted = [int(i) for i in said.get("user_ids") or []]
        found = [m for m in guild.members.values() if m.user.id in wanted]
        chunk = {
            "guild_id": str(guild.id),
            "members": [{**payloads.member(m), "user": payloads.user(m.user)} for m in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        if said.get("nonce"):
            chunk["nonce"] = said["nonce"]
        await self._dispatch(session, "GUILD_MEMBERS_CHUNK", chunk)

    async def _dispatch(self, session: Session, name: str, data: dict[str, Any]) -> None:
        session.sequence += 1
        event = {"op": 0, "t": name, "s": session.sequence, "d": data}
        session.sent.append(event)
        if session.socket is not None and not session.socket.closed:
            await self._send(session.socket, session.packer, event)

    async def _send(
        self, socket: web.WebSocketResponse, packer: Any, event: dict[str, Any]
    ) -> None:
        text = json.dumps(event)
        try:
            if packer is None:
                await socket.send_str(text)
            else:
                packed = packer.compress(text.encode()) + packer.flush(zlib.Z_SYNC_FLUSH)
                await socket.send_bytes(packed)
        except (ConnectionError, RuntimeError):
            return  # the client is gone: a RESUME replays what it missed

    async def emit(
        self, name: str, data: dict[str, Any], *, guild_id: int | None, need: int = 0
    ) -> None:
        """Send an event to the sessions that have the intent `need` and the guild's shard."""
        for session in self.sessions:
            if need and not session.intents & need:
                continue
            at_home = session.sees_guild(guild_id) if guild_id else session.shard[0] == 0
            if at_home:
                await self._dispatch(session, name, data)

    async def emit_message(self, name: str, message: Message) -> None:
        """Send a message's creation or edit, with its words only where the bot may have them."""
        channel = message.channel
        if not permissions.in_channel(channel, self.world.bot.id) & permissions.VIEW_CHANNEL:
            return
        need = DIRECT_MESSAGES if channel.kind == DM else GUILD_MESSAGES
        for session in self.sessions:
            if not session.intents & need:
                continue
            intent = bool(session.intents & MESSAGE_CONTENT)
            data = payloads.message(self.world, message, self.base(), intent=intent)
            if channel.guild is not None:
                data["guild_id"] = str(channel.guild.id)
                member = channel.guild.members.get(message.author.id)
                if member is not None and message.webhook_id is None:
                    data["member"] = payloads.member(member)
                if not session.sees_guild(channel.guild.id):
                    continue
            await self._dispatch(session, name, data)

    async def emit_in(self, channel: Channel, name: str, data: dict[str, Any]) -> None:
        """Send an event about a channel, if the bot sees it."""
        if permissions.in_channel(channel, self.world.bot.id) & permissions.VIEW_CHANNEL:
            need = DIRECT_MESSAGES if channel.kind == DM else GUILD_MESSAGES
            guild_id = channel.guild.id if channel.guild else None
            need = need if name.startswith("MESSAGE") else GUILDS
            await self.emit(name, data, guild_id=guild_id, need=need)

    async def drop(self) -> None:
        """Cut every socket, without a word, as a network does."""
        for session in self.sessions:
            if session.socket is not None:
                transport = session.socket._req.transport if session.socket._req else None
                session.socket = None
                if transport is not None:
                    transport.abort()

    async def invalidate(self) -> None:
        """Tell every client that its session is over."""
        old, self.sessions = self.sessions, []
        for session in old:
            if session.socket is not None:
                await self._send(session.socket, session.packer, {"op": 9, "d": False})

    async def close(self) -> None:
        """Close all sockets."""
        for session in self.sessions:
            if session.socket is not None:
                await asyncio.wait_for(session.socket.close(code=1001), 2)
