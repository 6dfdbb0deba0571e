"""The limits of Discord on what a bot sends; what breaks one is answered with 400 (50035)."""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

FILE_SIZE = 10 * 1024 * 1024
REQUEST_SIZE = 25 * 1024 * 1024
FILES = 10
CONTENT = 2000
EMBEDS, EMBED_TOTAL = 10, 6000
V2 = 1 << 15
ACTION_ROW, BUTTON, SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
LABEL, FILE_UPLOAD, TEXT_DISPLAY = 18, 19, 10


class ApiError(Exception):
    """An error answer of the REST interface."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message = status, code, message


def refuse(reason: str) -> ApiError:
    """Give the error for a body that Discord does not take."""
    return ApiError(400, 50035, f"Invalid Form Body: {reason}")


def check_message(body: Json, files: list[tuple[str, bytes]], *, fresh: bool = True) -> None:
    """Check a message that is sent (`fresh`) or edited. Raises ApiError."""
    content = (body.get("content") or "").strip()
    embeds = body.get("embeds") or []
    components = body.get("components") or []
    v2 = bool((body.get("flags") or 0) & V2)
    if len(content) > CONTENT:
        raise refuse(f"content has {len(content)} characters, {CONTENT} is the most")
    if v2 and (content or embeds):
        raise refuse("components V2 go without content and embeds")
    if fresh and not (content or embeds or files or components or body.get("poll")):
        raise ApiError(400, 50006, "Cannot send an empty message")
    check_embeds(embeds)
    if not v2:
        check_rows(components)
    check_files(files)
    nonce = body.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        raise refuse("nonce is longer than 25 characters")


def check_embeds(embeds: list[Json]) -> None:
    """Check the embeds of one message, alone and together."""
    if len(embeds) > EMBEDS:
        raise refuse(f"{len(embeds)} embeds, {EMBEDS} is the most")
    total = 0
    for embed in embeds:
        fields = embed.get("fields") or []
        if len(fields) > 25:
            raise refuse(f"{len(fields)} embed fields, 25 is the most")
        total += _part(embed.get("title"), 256, "embed title")
        total += _part(embed.get("description"), 4096, "embed description")
        total += _part((embed.get("footer") or {}).get("text"), 2048, "embed footer")
        total += _part((embed.get("author") or {}).get("name"), 256, "embed author")
        for each in fields:
            if not each.get("name", "").strip() or not each.get("value", "").strip():
                raise refuse("an embed field has no name or no value")
            total += _part(each["name"], 256, "embed field name")
            total += _part(each["value"], 1024, "embed field value")
    if total > EMBED_TOTAL:
        raise refuse(f"embeds have {total} characters together, {EMBED_TOTAL} is the most")


def _part(text: str | None, most: int, name: str) -> int:
    length = len((text or "").strip())
    if length > most:
        raise refuse(f"{name} has {length} characters, {most} is the most")
    return length


def check_rows(rows: list[Json]) -> None:
    """Check classic components: rows of buttons or of one select; every custom id once."""
    if len(rows) > 5:
        raise refuse(f"{len(rows)} rows of components, 5 is the most")
    seen: set[str] = set()
    for row in rows:
        if row.get("type") != ACTION_ROW:
            raise refuse("a component at the top is no action row")
        inner = row.get("components") or []
        buttons = [c for c in inner if c["type"] == BUTTON]
        selects = [c for c in inner if c["type"] in SELECTS]
        if not inner or len(buttons) > 5 or len(selects) > 1 or (buttons and selects):
            raise refuse("a row holds 1 to 5 buttons, or one select")
        for each in inner:
            check_component(each, seen)


def check_component(each: Json, seen: set[str]) -> None:
    """Check one button or select."""
    if each["type"] == BUTTON:
        if len(each.get("label") or "") > 80:
            raise refuse("a button's label is longer than 80 characters")
        if not each.get("label") and not each.get("emoji"):
            raise refuse("a button has neither label nor emoji")
        if each.get("style") == 5:
            if not each.get("url"):
                raise refuse("a link button has no url")
            return
    custom_id = each.get("custom_id") or ""
    if not 1 <= len(custom_id) <= 100:
        raise refuse(f"custom_id has {len(custom_id)} characters, 1 to 100 are allowed")
    if custom_id in seen:
        raise refuse(f"custom_id {custom_id} is used twice")
    seen.add(custom_id)
    if each["type"] == SELECT:
        options = each.get("options") or []
        if not 1 <= len(options) <= 25:
            raise refuse(f"{len(options)} options, 1 to 25 are allowed")
        if len(each.get("placeholder") or "") > 150:
            raise refuse("a select's placeholder is longer than 150 characters")
        if len({o["value"] for o in options}) != len(options):
            raise refuse("two options have the same value")
        for option in options:
            for name in ("label", "value", "description"):
                if len(option.get(name) or "") > 100 or option.get(name) == "":
                    raise refuse(f"an option's {name} has not 1 to 100 characters")


def check_files(files: list[tuple[str, bytes]]) -> None:
    """Check the number and the sizes of files."""
    if len(files) > FILES:
        raise refuse(f"{len(files)} files, {FILES} is the most")
    if any(len(data) > FILE_SIZE for _, data in files):
        raise ApiError(413, 40005, "Request entity too large")


def check_modal(data: Json) -> None:
    """Check a modal: title, parts, inputs."""
    if not 1 <= len(data.get("title") or "") <= 45:
        raise refuse("a modal's title has 1 to 45 characters")
    if not 1 <= len(data.get("custom_id") or "") <= 100:
        raise refuse("a modal's custom_id has 1 to 100 characters")
    parts = data.get("components") or []
    if not 1 <= len(parts) <= 5:
        raise refuse(f"{len(parts)} parts in a modal, 1 to 5 are allowed")
    for part in parts:
        if part["type"] == TEXT_DISPLAY:
            continue
        if part["type"] == LABEL:
            if not 1 <= len(part.get("label") or "") <= 45:
                raise refuse("a label in a modal has 1 to 45 characters")
            if len(part.get("description") or "") > 100:
                raise refuse("a description in a modal has at most 100 characters")
            inner = [part["component"]]
        else:
            inner = part["components"]
        for each in inner:
            if not 1 <= len(each.get("custom_id") or "") <= 100:
                raise refuse("an input's custom_id has 1 to 100 characters")
            if each["type"] == TEXT_INPUT:
                if not 0 <= (each.get("max_length") or 4000) <= 4000:
                    raise refuse("an input holds at most 4000 characters")
                if len(each.get("placeholder") or "") > 100:
                    raise refuse("a placeholder has at most 100 characters")


def check_choices(choices: list[Json]) -> None:
    """Check the choices that an autocompletion offers."""
    if len(choices) > 25:
        raise refuse(f"{len(choices)} choices, 25 is the most")
    if any(not 1 <= len(c["name"]) <= 100 or len(str(c["value"])) > 100 for c in choices):
        raise refuse("a choice's name has 1 to 100 characters, its value at most 100")


_NAME = re.compile(r"^[-_'\w]{1,32}$")


def check_commands(commands: list[Json]) -> None:
    """Check a list of application commands."""
    counts = {kind: sum(c.get("type", 1) == kind for c in commands) for kind in (1, 2, 3)}
    if counts[1] > 100 or counts[2] > 15 or counts[3] > 15:
        raise ApiError(400, 30032, "Maximum number of application commands reached")
    names = [(c["name"], c.get("type", 1)) for c in commands]
    if len(set(names)) != len(names):
        raise refuse("two commands of one kind have the same name")
    for command in commands:
        if _size(command) > 8000:
            raise refuse(f"command {command['name']} is larger than 8000 characters")
        if command.get("type", 1) == 1:
            _check_option(command)
        elif not 1 <= len(command["name"]) <= 32 or command.get("description"):
            raise refuse(f"menu command {command['name']}: name of 1 to 32, no description")


def _check_option(one: Json, depth: int = 0) -> None:
    if not _NAME.match(one["name"]) or one["name"] != one["name"].lower():
        raise refuse(f"name {one['name']!r} is not allowed")
    if not 1 <= len(one.get("description") or "") <= 100:
        raise refuse(f"the description of {one['name']} has not 1 to 100 characters")
    options = one.get("options") or []
    if len(options) > 25 or depth > 2:
        raise refuse(f"{one['name']} has too many options")
    if len(one.get("choices") or []) > 25:
        raise refuse(f"{one['name']} has more than 25 choices")
    for option in options:
        _check_option(option, depth + 1)


def _size(one: Json) -> int:
    return (
        len(one["name"])
        + len(one.get("description") or "")
        + sum(len(c["name"]) + len(str(c["value"])) for c in one.get("choices") or [])
        + sum(_size(option) for option in one.get("options") or [])
    )
