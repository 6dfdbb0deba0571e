"""What people do in Discord's client with commands, buttons, selects and modals."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from tests.discord_bed import payloads, permissions
from tests.discord_bed.interactions import (
    COMMAND,
    COMPONENT,
    MODAL,
    TYPING,
    Interaction,
    Interactions,
)
from tests.discord_bed.world import Channel, Guild, Message, User, World

if TYPE_CHECKING:
    from tests.discord_bed.posting import Posting
    from tests.discord_bed.rest import Rest

T = TypeVar("T")
Files = Iterable[tuple[str, bytes]]


class BedError(AssertionError):
    """A test asked for what Discord's own client would not do, or the bot broke a rule."""


class Hands:
    """The part of a bed that acts for people; it refuses what the client would not let them do."""

    world: World
    interactions: Interactions
    posting: Posting
    rest: Rest
    base: str

    def _do(self, act: Coroutine[Any, Any, T]) -> T:
        raise NotImplementedError

    def commands(self, guild: Guild | None = None) -> list[dict[str, Any]]:
        """List the registered commands, of all servers and of one."""
        own = self.rest.commands.get(guild.id, []) if guild else []
        return [*self.rest.commands.get(None, []), *own]

    def slash(self, user: User, channel: Channel, line: str, /, **options: Any) -> Interaction:
        """Use a slash command: `slash(ada, square, "crux settings", private=True)`."""
        names = line.removeprefix("/").split()
        command = self._command(names[0], 1, channel, user)
        resolved: dict[str, dict[str, Any]] = {}
        level = command
        data_options: list[dict[str, Any]] = []
        place = data_options
        for name in names[1:]:
            level = next((o for o in level.get("options", []) if o["name"] == name), {})
            if not level:
                raise BedError(f"/{line} is no command")
            step: dict[str, Any] = {"name": name, "type": level["type"], "options": []}
            place.append(step)
            place = step["options"]
        for name, value in options.items():
            declared = next((o for o in level.get("options", []) if o["name"] == name), None)
            if declared is None:
                raise BedError(f"/{line} has no option {name}")
            place.append(_option(declared, value, resolved, self, user))
        for declared in level.get("options", []):
            if declared.get("required") and declared["name"] not in options:
                raise BedError(f"/{line} needs {declared['name']}")
        data = {
            "id": command["id"],
            "name": names[0],
            "type": 1,
            "options": data_options,
            "resolved": resolved,
        }
        return self._do(self.interactions.begin(COMMAND, user, channel, data))

    def menu(self, user: User, message: Message, name: str) -> Interaction:
        """Use a command of a message's context menu."""
        command = self._command(name, 3, message.channel, user)
        data = {
            "id": command["id"],
            "name": name,
            "type": 3,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): self.posting.shown(message, whole=True)}},
        }
        return self._do(self.interactions.begin(COMMAND, user, message.channel, data))

    def menu_of(self, user: User, target: User, channel: Channel, name: str) -> Interaction:
        """Use a command of a person's context menu."""
        command = self._command(name, 2, channel, user)
        resolved: dict[str, Any] = {"users": {str(target.id): payloads.user(target)}}
        if channel.guild is not None and target.id in channel.guild.members:
            member = payloads.member(channel.guild.members[target.id])
            shown = str(permissions.in_channel(channel, target.id))
            resolved["members"] = {str(target.id): {**member, "permissions": shown}}
        data = {
            "id": command["id"],
            "name": name,
            "type": 2,
            "target_id": str(target.id),
            "resolved": resolved,
        }
        return self._do(self.interactions.begin(COMMAND, user, channel, data))

    def typing(
        self, user: User, channel: Channel, line: str, option: str, so_far: str
    ) -> Interaction:
        """Begin to type an option of a command that completes it."""
        command = self._command(line.removeprefix("/"), 1, channel, user)
        declared = next((o for o in command.get("options", []) if o["name"] == option), {})
        if not declared.get("autocomplete"):
            raise BedError(f"/{line} does not complete {option}")
        typed = {"name": option, "type": declared["type"], "value": so_far, "focused": True}
        data = {"id": command["id"], "name": command["name"], "type": 1, "options": [typed]}
        return self._do(self.interactions.begin(TYPING, user, channel, data))

    def _command(self, name: str, kind: int, channel: Channel, user: User) -> dict[str, Any]:
        for command in self.commands(channel.guild):
            if command["name"] == name and command["type"] == kind:
                break
        else:
            raise BedError(f"no command {name} is registered: the client does not show it")
        contexts = command.get("contexts")
        if contexts is not None and (0 if channel.guild else 1) not in contexts:
            raise BedError(f"{name} is not shown here")
        needs = command.get("default_member_permissions")
        if channel.guild is not None:
            have = permissions.in_channel(channel, user.id)
            if needs is not None and have & int(needs) != int(needs):
                raise BedError(f"{user.name} is not shown {name}")
            if not have & permissions.USE_APPLICATION_COMMANDS:
                raise BedError(f"{user.name} may not use commands here")
        return command

    def press(self, user: User, message: Message, label: str) -> Interaction:
        """Press the button with a label (or a custom id) on a message that the person sees."""
        found = self._component(user, message, 2, label)
        if found.get("disabled"):
            raise BedError(f"the button {label} is off")
        data = {"custom_id": found["custom_id"], "component_type": 2}
        return self._do(self.interactions.begin(COMPONENT, user, message.channel, data, message))

    def choose(self, user: User, message: Message, value: str) -> Interaction:
        """Choose the option with a value (or a label) in the select of a message."""
        found = self._component(user, message, 3, None)
        for option in found["options"]:
            if value in (option["value"], option["label"]):
                data = {
                    "custom_id": found["custom_id"],
                    "component_type": 3,
                    "values": [option["value"]],
                }
                return self._do(
                    self.interactions.begin(COMPONENT, user, message.channel, data, message)
                )
        raise BedError(f"no option {value} among {[o['label'] for o in found['options']]}")

    def _component(
        self, user: User, message: Message, kind: int, label: str | None
    ) -> dict[str, Any]:
        if message.deleted or message.seen_by not in (None, user.id):
            raise BedError(f"{user.name} does not see that message")
        if not self.world.may(message.channel, user, "view_channel"):
            raise BedError(f"{user.name} does not see #{message.channel.name}")
        every = [c for row in message.components for c in row.get("components", [])]
        for each in every:
            known = (each.get("label"), each.get("custom_id"))
            if each["type"] == kind and (label is None or label in known):
                return each
        raise BedError(f"no component {label} on the message")

    def submit(
        self, opened: Interaction, texts: dict[str, str], files: dict[str, Files] | None = None
    ) -> Interaction:
        """Send an opened modal: texts and files by the custom id of their input."""
        if opened.modal is None:
            raise BedError("no modal is open")
        parts: list[dict[str, Any]] = []
        attachments: dict[str, Any] = {}
        for number, part in enumerate(opened.modal["components"]):
            inner = part.get("component")
            if inner is None:
                continue
            made: dict[str, Any] = {"type": inner["type"], "id": 100 + number}
            made["custom_id"] = inner["custom_id"]
            if inner["type"] == 4:
                made["value"] = texts.get(inner["custom_id"], "")
                if len(made["value"]) > (inner.get("max_length") or 4000):
                    raise BedError("the client does not take more characters in this input")
                if inner.get("required", True) and not made["value"]:
                    raise BedError("the client wants this input filled")
            elif inner["type"] == 19:
                kept = [
                    self.world.add_file(name, data, ephemeral=True)
                    for name, data in (files or {}).get(inner["custom_id"], ())
                ]
                if len(kept) > (inner.get("max_values") or 1):
                    raise BedError("the client does not take so many files")
                made["values"] = [str(a.id) for a in kept]
                attachments |= {str(a.id): payloads.attachment(a, self.base) for a in kept}
            parts.append({"type": 18, "id": 50 + number, "component": made})
        data = {
            "custom_id": opened.modal["custom_id"],
            "components": parts,
            "resolved": {"attachments": attachments},
        }
        source = opened.source
        return self._do(self.interactions.begin(MODAL, opened.user, opened.channel, data, source))


def _option(
    declared: dict[str, Any], value: Any, resolved: dict[str, Any], bed: Hands, user: User
) -> dict[str, Any]:
    """Give an option's JSON and add what it names to `resolved`, checked as the client does."""
    kind = declared["type"]
    if isinstance(value, Channel):
        allowed = declared.get("channel_types")
        if kind != 7 or (allowed and value.kind not in allowed):
            raise BedError(f"{declared['name']} takes no such channel")
        if not bed.world.may(value, user, "view_channel"):
            raise BedError(f"{user.name} does not see #{value.name}")
        shown = {
            **payloads.channel(value),
            "permissions": str(permissions.in_channel(value, user.id)),
        }
        resolved.setdefault("channels", {})[str(value.id)] = shown
        value = str(value.id)
    elif kind == 11:
        name, data = value
        kept = bed.world.add_file(name, data, ephemeral=True)
        resolved.setdefault("attachments", {})[str(kept.id)] = payloads.attachment(kept, bed.base)
        value = str(kept.id)
    elif kind == 3:
        most = declared.get("max_length") or 6000
        if len(value) > most:
            raise BedError(f"{declared['name']} takes at most {most} characters")
        choices = [c["value"] for c in declared.get("choices") or []]
        if choices and value not in choices:
            raise BedError(f"{declared['name']} is one of {choices}")
    elif kind in (4, 10):
        low, high = declared.get("min_value"), declared.get("max_value")
        if (low is not None and value < low) or (high is not None and value > high):
            raise BedError(f"{declared['name']} is out of its range")
    return {"name": declared["name"], "type": kind, "value": value}
