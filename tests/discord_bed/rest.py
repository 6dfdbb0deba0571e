"""The REST interface (v10): the routes that a bot uses, each with Discord's checks and errors."""

from __future__ import annotations

import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import BodyPartReader, web

from tests.discord_bed import limits, payloads, permissions
from tests.discord_bed.calls import Answer, Call, Json
from tests.discord_bed.interactions import Interactions
from tests.discord_bed.limits import ApiError
from tests.discord_bed.posting import Posting
from tests.discord_bed.traffic import Request, Traffic
from tests.discord_bed.world import HAS_THREAD, PUBLIC_THREAD, Channel, Message, time_of

Handler = Callable[[Call], Awaitable[Answer]]


class Rest:
    """Routes over a world; `problems` gathers what no real bot may do (unknown routes)."""

    def __init__(
        self,
        posting: Posting,
        interactions: Interactions,
        traffic: Traffic,
        problems: list[str],
    ) -> None:
        self.posting, self.interactions = posting, interactions
        self.world, self.gateway = posting.world, posting.gateway
        self.traffic, self.problems = traffic, problems
        self.commands: dict[int | None, list[Json]] = {}
        self._nonces: dict[tuple[int, str], Message] = {}

    def add_to(self, app: web.Application) -> None:
        """Put all routes on an application."""
        for line, kind, handler in self._routes():
            method, path = line.split(" ")
            app.router.add_route(method, f"/api/v10{path}", self._answering(kind, handler))
        app.router.add_get("/cdn/{id}/{name}", self._file)
        app.router.add_get("/gateway-socket/", self.gateway.serve)
        app.router.add_route("*", "/{rest:.*}", self._unknown)

    def _routes(self) -> list[tuple[str, str, Handler]]:
        message = "/channels/{channel}/messages/{message}"
        app = "/applications/{app}"
        hook = "/webhooks/{app}/{token}"
        inter = self.interactions
        return [
            ("GET /users/@me", "other", self._me),
            ("GET /users/@me/guilds", "other", self._my_guilds),
            ("POST /users/@me/channels", "other", self._open_direct),
            ("GET /users/{user}", "other", self._user),
            ("GET /oauth2/applications/@me", "other", self._application),
            ("GET /applications/@me", "other", self._application),
            ("GET /gateway", "other", self._gateway),
            ("GET /gateway/bot", "other", self._gateway),
            ("GET /guilds/{guild}/members/{user}", "other", self._member),
            ("GET /guilds/{guild}/channels", "other", self._channels),
            ("GET /channels/{channel}", "other", self._channel),
            ("GET /channels/{channel}/messages", "history", self._history),
            ("POST /channels/{channel}/messages", "send", self._send),
            ("POST /channels/{channel}/typing", "other", self._typing),
            ("POST /channels/{channel}/threads", "other", self._thread),
            ("GET /channels/{channel}/threads/archived/public", "other", self._archived),
            ("GET /channels/{channel}/thread-members/{user}", "other", self._thread_member),
            (f"GET {message}", "other", self._message),
            (f"PATCH {message}", "edit", self._edit),
            (f"DELETE {message}", "delete", self._delete),
            (f"POST {message}/threads", "other", self._thread),
            (f"GET {app}/commands", "commands", self._list_commands),
            (f"PUT {app}/commands", "commands", self._put_commands),
            (f"GET {app}/guilds/{{guild}}/commands", "commands", self._list_commands),
            (f"PUT {app}/guilds/{{guild}}/commands", "commands", self._put_commands),
            ("POST /interactions/{id}/{token}/callback", "webhook", inter.answer),
            (f"POST {hook}", "webhook", inter.follow_up),
            (f"GET {hook}/messages/{{message}}", "webhook", inter.fetch),
            (f"PATCH {hook}/messages/{{message}}", "webhook", inter.edit),
            (f"DELETE {hook}/messages/{{message}}", "webhook", inter.delete),
        ]

    def _answering(self, kind: str, handler: Handler) -> Any:
        async def answer(request: web.Request) -> web.Response:
            path = request.path.removeprefix("/api/v10")
            record = Request(request.method, path, at=time.monotonic())
            self.traffic.requests.append(record)
            response = await self._guarded(kind, handler, request, path)
            record.status = response.status
            return response

        return answer

    async def _guarded(
        self, kind: str, handler: Handler, request: web.Request, path: str
    ) -> web.Response:
        now = time.monotonic()
        major = path.split("/")[2] if path.count("/") > 1 else ""
        bucket = self.traffic.bucket(kind, major)
        within = bucket.take(now)
        headers = bucket.headers(now, kind)
        hooked = path.startswith(("/interactions", "/webhooks"))
        fault = self.traffic.fault_for(request.method, path)
        if fault is not None and not fault.after:
            return _failed(fault.status, fault.code, headers, fault.retry_after, via=fault.via)
        if not hooked and not self.traffic.overall.take(now):
            self.traffic.limited += 1
            return _failed(429, 0, headers, self.traffic.overall.window, everywhere=True)
        if not within:
            self.traffic.limited += 1
            return _failed(429, 0, headers, bucket.began + bucket.window - now)
        if not hooked and request.headers.get("Authorization") != f"Bot {self.gateway.token}":
            return _failed(401, 0, headers)
        try:
            body, files = await _read(request)
            found = await handler(Call(request, body, files))
        except ApiError as error:
            return _json({"code": error.code, "message": error.message}, error.status, headers)
        if fault is not None:
            return _failed(fault.status, fault.code, headers)
        if found is None:
            return web.Response(status=204, headers=headers)
        return _json(found, 200, headers)

    async def _unknown(self, request: web.Request) -> web.Response:
        self.problems.append(f"unknown route: {request.method} {request.path}")
        return _json({"code": 0, "message": "404: Not Found"}, 404, {})

    async def _file(self, request: web.Request) -> web.Response:
        found = self.world.files.get(int(request.match_info["id"]))
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.data, content_type=found.content_type)

    # looking things up, with the rights of the bot

    def _seen(self, call: Call, *needs: str) -> Channel:
        """Give the channel of a call. Raises ApiError when it is not there or not for the bot."""
        channel = self.world.channels.get(call.id("channel"))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        self._require(channel, "view_channel", code=50001)
        self._require(channel, *needs)
        return channel

    def _require(self, channel: Channel, *needs: str, code: int = 50013) -> None:
        if not self.world.may(channel, self.world.bot, *needs):
            words = "Missing Access" if code == 50001 else "Missing Permissions"
            raise ApiError(403, code, words)

    def _in(self, channel: Channel, message_id: int) -> Message:
        found = channel.messages.get(message_id)
        if found is None or found.seen_by:
            raise ApiError(404, 10008, "Unknown Message")
        return found

    # people, application, gateway

    async def _me(self, _: Call) -> Answer:
        return {**payloads.user(self.world.bot), "flags": 0, "verified": True, "mfa_enabled": False}

    async def _my_guilds(self, _: Call) -> Answer:
        return [
            {
                "id": str(g.id),
                "name": g.name,
                "icon": None,
                "owner": False,
                "permissions": str(permissions.in_guild(g, self.world.bot.id)),
                "features": [],
            }
            for g in self.world.guilds.values()
        ]

    async def _user(self, call: Call) -> Answer:
        found = self.world.users.get(call.id("user"))
        if found is None:
            raise ApiError(404, 10013, "Unknown User")
        return payloads.user(found)

    async def _open_direct(self, call: Call) -> Answer:
        found = self.world.users.get(int(call.body["recipient_id"]))
        if found is None:
            raise ApiError(400, 50033, "Invalid Recipient(s)")
        return {
            **payloads.channel(self.world.direct(found)),
            "recipients": [payloads.user(found)],
        }

    async def _application(self, _: Call) -> Answer:
        return payloads.application(self.world, message_content=self.gateway.message_content)

    async def _gateway(self, _: Call) -> Answer:
        url = self.gateway.base().replace("http", "ws") + "/gateway-socket/"
        limit = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 1}
        return {"url": url, "shards": 1, "session_start_limit": limit}

    async def _member(self, call: Call) -> Answer:
        guild = self.world.guilds.get(call.id("guild"))
        if guild is None:
            raise ApiError(404, 10004, "Unknown Guild")
        found = guild.members.get(call.id("user"))
        if found is None:
            raise ApiError(404, 10007, "Unknown Member")
        return {**payloads.member(found), "user": payloads.user(found.user)}

    async def _channels(self, call: Call) -> Answer:
        guild = self.world.guilds.get(call.id("guild"))
        if guild is None:
            raise ApiError(404, 10004, "Unknown Guild")
        return [payloads.channel(c) for c in guild.channels.values() if not c.is_thread]

    # channels and messages

    async def _channel(self, call: Call) -> Answer:
        return payloads.channel(self._seen(call))

    async def _history(self, call: Call) -> Answer:
        channel = self._seen(call)
        if not self.world.may(channel, self.world.bot, "read_message_history"):
            return []
        limit = int(call.query.get("limit", 50))
        if not 1 <= limit <= 100:
            raise limits.refuse("limit is not between 1 and 100")
        ids = [m.id for m in channel.shown()]
        return [self.posting.shown(channel.messages[i]) for i in _page(ids, call.query, limit)]

    async def _message(self, call: Call) -> Answer:
        channel = self._seen(call, "read_message_history")
        return self.posting.shown(self._in(channel, call.id("message")))

    async def _typing(self, call: Call) -> Answer:
        self._seen(call, "send_messages")
        return None

    async def _send(self, call: Call) -> Answer:
        channel = self._seen(call, "send_messages")
        if channel.locked:
            raise ApiError(403, 50083, "Thread is archived")
        if call.files:
            self._require(channel, "attach_files")
        limits.check_message(call.body, call.files)
        nonce = call.body.get("nonce")
        if nonce is not None and call.body.get("enforce_nonce"):
            before = self._nonces.get((channel.id, str(nonce)))
            if before is not None:
                return self.posting.shown(before)
        reference = call.body.get("message_reference")
        reply_to = None
        if reference is not None:
            reply_to = int(reference["message_id"])
            if reply_to not in channel.messages:
                if reference.get("fail_if_not_exists", True):
                    raise limits.refuse("message_reference: Unknown message")
                reply_to = None
            self._require(channel, "read_message_history")
        made = self.posting.make(channel, call.body, call.files, reply_to=reply_to)
        if nonce is not None:
            made.nonce = str(nonce)
            self._nonces[channel.id, str(nonce)] = made
        channel.archived = False
        channel.messages[made.id] = made
        await self.gateway.emit_message("MESSAGE_CREATE", made)
        return self.posting.shown(made)

    async def _edit(self, call: Call) -> Answer:
        channel = self._seen(call)
        message = self._in(channel, call.id("message"))
        if message.author.id != self.world.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        if call.files:
            self._require(channel, "attach_files")
        limits.check_message(call.body, call.files, fresh=False)
        self.posting.fill(message, call.body, call.files)
        message.edits += 1
        message.edited = self.world.clock.stamp()
        await self.gateway.emit_message("MESSAGE_UPDATE", message)
        return self.posting.shown(message)

    async def _delete(self, call: Call) -> Answer:
        channel = self._seen(call)
        message = self._in(channel, call.id("message"))
        if message.author.id != self.world.bot.id:
            self._require(channel, "manage_messages")
        await self.posting.remove(message)
        return None

    async def _thread(self, call: Call) -> Answer:
        channel = self._seen(call, "create_public_threads")
        starter = None
        if "message" in call.request.match_info:
            starter = self._in(channel, call.id("message"))
            if starter.thread is not None:
                raise ApiError(400, 160004, "A thread has already been created for this message")
        name = call.body.get("name") or ""
        if not 1 <= len(name) <= 100 or channel.guild is None:
            raise limits.refuse("a thread's name has 1 to 100 characters")
        made = self.world.add_channel(
            channel.guild, name, PUBLIC_THREAD, channel, starter.id if starter else None
        )
        made.owner_id = self.world.bot.id
        made.members.add(self.world.bot.id)
        if starter is not None:
            starter.thread, starter.flags = made, starter.flags | HAS_THREAD
        data = payloads.channel(made)
        await self.gateway.emit_in(made, "THREAD_CREATE", {**data, "newly_created": True})
        return data

    async def _archived(self, call: Call) -> Answer:
        """Give the archived public threads of a channel, the one archived last first."""
        parent = self._seen(call, "read_message_history")
        limit = int(call.query.get("limit", 50))
        if not 2 <= limit <= 100:
            raise limits.refuse("limit is not between 2 and 100")
        found = [
            c
            for c in self.world.channels.values()
            if c.parent is parent and c.archived and c.kind == PUBLIC_THREAD
        ]
        found.sort(key=lambda c: -c.id)
        shown = [payloads.channel(c) for c in found[:limit]]
        return {"threads": shown, "members": [], "has_more": len(found) > limit}

    async def _thread_member(self, call: Call) -> Answer:
        channel, user_id = self._seen(call), call.id("user")
        if user_id not in channel.members:
            raise ApiError(404, 10013, "Unknown User")
        return {
            "id": str(channel.id),
            "user_id": str(user_id),
            "join_timestamp": time_of(channel.id).isoformat(),
            "flags": 0,
        }

    # commands

    async def _list_commands(self, call: Call) -> Answer:
        return self.commands.get(self._scope(call), [])

    async def _put_commands(self, call: Call) -> Answer:
        limits.check_commands(call.body)
        scope = self._scope(call)
        made = [
            {
                **command,
                "id": str(self.world.ids.next()),
                "application_id": str(self.world.application_id),
                "version": str(self.world.ids.next()),
                "type": command.get("type", 1),
                "description": command.get("description") or "",
                "default_member_permissions": command.get("default_member_permissions"),
                "nsfw": False,
            }
            for command in call.body
        ]
        if scope is not None:
            made = [{**c, "guild_id": str(scope)} for c in made]
        self.commands[scope] = made
        return made

    def _scope(self, call: Call) -> int | None:
        if "guild" not in call.request.match_info:
            return None
        guild_id = call.id("guild")
        if guild_id not in self.world.guilds:
            raise ApiError(403, 50001, "Missing Access")
        return guild_id


def _page(ids: list[int], query: Any, limit: int) -> list[int]:
    """Give a page of ids, newest first: the nearest after, before or around a cursor, or the last."""
    if "around" in query:
        at = int(query["around"])
        below = [i for i in ids if i <= at][-(limit // 2 + 1) :]
        above = [i for i in ids if i > at][: limit - len(below)]
        taken = below + above
    elif "after" in query:
        taken = [i for i in ids if i > int(query["after"])][:limit]
    else:
        before = int(query.get("before", 1 << 63))
        taken = [i for i in ids if i < before][-limit:]
    return taken[::-1]


async def _read(request: web.Request) -> tuple[Any, list[tuple[str, bytes]]]:
    """Give the body of a request: JSON, or multipart with payload_json and files in any order."""
    if request.content_type == "multipart/form-data":
        body: Any = {}
        parts: list[tuple[str, str, bytes]] = []
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            data = bytes(await part.read(decode=False))
            if part.name == "payload_json":
                body = json.loads(data)
            else:
                parts.append((part.name or "", part.filename or "file", data))
        if sum(len(data) for _, _, data in parts) > limits.REQUEST_SIZE:
            raise ApiError(413, 40005, "Request entity too large")
        names = {f"files[{a['id']}]": a.get("filename") for a in body.get("attachments") or []}
        return body, [(names.get(field) or name, data) for field, name, data in sorted(parts)]
    raw = await request.read()
    return (json.loads(raw) if raw else {}), []


def _json(found: Any, status: int, headers: dict[str, str]) -> web.Response:
    """Answer with exactly `application/json`: the client compares for equality."""
    response = web.Response(body=json.dumps(found).encode(), status=status, headers=headers)
    response.headers["Content-Type"] = "application/json"
    return response


def _failed(
    status: int,
    code: int,
    headers: dict[str, str],
    retry_after: float = 0.05,
    *,
    via: bool = True,
    everywhere: bool = False,
) -> web.Response:
    if status == 429:
        headers = {**headers, "Retry-After": f"{retry_after:.3f}"}
        if via:
            headers["Via"] = "1.1 loopback"
        body = {"message": "You are being rate limited.", "retry_after": retry_after}
        return _json({**body, "global": everywhere}, 429, headers)
    return _json({"code": code, "message": f"{status}: injected or refused"}, status, headers)
