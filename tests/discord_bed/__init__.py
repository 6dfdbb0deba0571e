"""A Discord on the loopback interface, for tests of real clients over real sockets."""

from tests.discord_bed.bed import TOKEN, Bed, BedError
from tests.discord_bed.client import pointed_at
from tests.discord_bed.interactions import Interaction
from tests.discord_bed.limits import ApiError
from tests.discord_bed.world import Channel, Guild, Message, Role, User

__all__ = [
    "TOKEN",
    "ApiError",
    "Bed",
    "BedError",
    "Channel",
    "Guild",
    "Interaction",
    "Message",
    "Role",
    "User",
    "pointed_at",
]
