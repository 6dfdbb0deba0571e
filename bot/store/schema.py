"""The tables. Every column that names a person points at `people`, so that erasure can find it.

Ids from outside (messages, channels) are kept as they came; Crux numbers its own rows by `id`.
A change here needs a migration: a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.store.types import Moment, RowId

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

GUILD = "guilds.id"
PERSON = "people.id"
CASCADE = "CASCADE"
SET_NULL = "SET NULL"

guilds = Table(
    "guilds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("settings", JSON, nullable=False, default=dict),  # what differs from the defaults
    Column("points_version", BigInteger, nullable=False, default=0),
    Column("left_at", Moment),
)

people = Table(
    "people",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("name", String(200), nullable=False),
    UniqueConstraint("platform", "external_id"),
)

threads = Table(
    "threads",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("channel_id", BigInteger),
    Column("parent_id", BigInteger),  # the channel that a thread hangs under
    Column("title", Text),
    Column("url", Text),
    Column("mapped_at", Moment, nullable=False),
    UniqueConstraint("guild_id", "platform", "external_id"),
    Index(None, "guild_id", "channel_id"),
)

posts = Table(
    "posts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), nullable=False),
    Column("thread_id", ForeignKey("threads.id", ondelete=CASCADE), nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("person_id", ForeignKey(PERSON, ondelete=CASCADE)),
    Column("reply_to", String(200)),
    Column("url", Text),
    Column("said_at", Moment, nullable=False),
    Column("stored_at", Moment, nullable=False),
    Column("text", Text),  # None once the retention is over
    UniqueConstraint("guild_id", "thread_id", "external_id"),
    Index(None, "guild_id", "external_id"),
    Index(None, "guild_id", "said_at"),
    Index(None, "thread_id"),
    Index(None, "person_id"),
)

key_points = Table(
    "key_points",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), nullable=False),
    Column("headline", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),  # mean of its claims, unit length, float16
    # The claim that the headline was cut from; no constraint, the two tables would point in a ring.
    Column("named_by", BigInteger),
    Column("encoder", String(16), nullable=False),  # vectors of two encoders do not compare
    Column("version", BigInteger, nullable=False),
    Index(None, "guild_id", "version"),
)

units = Table(
    "units",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete=CASCADE), nullable=False),
    Column("key_point_id", ForeignKey("key_points.id", ondelete=SET_NULL)),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("holder", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("headline", Text),  # the speaker's words: they go with the post's text
    Column("vector", LargeBinary),
    UniqueConstraint("post_id", "start", "end"),
    Index(None, "key_point_id"),
)

relations = Table(
    "relations",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("source_id", ForeignKey("units.id", ondelete=CASCADE), nullable=False),
    Column("target_id", ForeignKey("units.id", ondelete=CASCADE), nullable=False),
    Column("type", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    UniqueConstraint("source_id", "target_id"),
    Index(None, "target_id"),
)

remarks = Table(
    "remarks",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("post_id", ForeignKey("posts.id", ondelete=CASCADE), nullable=False),
    Column("kind", String(16), nullable=False),  # question, concession
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    UniqueConstraint("post_id", "kind", "start"),
)

maps = Table(
    "maps",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE)),
    Column("channel_id", BigInteger),
    Column("message_id", BigInteger),
    Column("requester_id", ForeignKey(PERSON, ondelete=SET_NULL)),
    Column("version", Integer, nullable=False, default=1),
    Column("created_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the map as JSON, deflated
    Index(None, "guild_id"),
    Index(None, "requester_id"),
    Index(None, "channel_id"),
    Index(None, "created_at"),
)

map_sources = Table(
    "map_sources",
    metadata,
    Column("map_id", ForeignKey("maps.id", ondelete=CASCADE), primary_key=True),
    Column("post", String(200), primary_key=True),
    Column("person_id", ForeignKey(PERSON, ondelete=SET_NULL)),
    Index(None, "post"),
    Index(None, "person_id"),
)

schedules = Table(
    "schedules",
    metadata,
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("at", String(5), nullable=False),  # local time, HH:MM
    Column("zone", String(64), nullable=False),
    Column("next_run_at", Moment, nullable=False),
    Column("window_start", Moment, nullable=False),  # the end of the last digest
    Column("paused", Text),  # why, in a sentence; None while it runs
    Column("set_by_id", ForeignKey(PERSON, ondelete=SET_NULL)),
    Column("lease_owner", String(64)),
    Column("lease_until", Moment),
    Column("attempts", Integer, nullable=False, default=0),
    Index(None, "next_run_at"),
    Index(None, "set_by_id"),
)

cursors = Table(
    "cursors",
    metadata,
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True),
    Column("last_id", BigInteger, nullable=False),  # messages up to this one have been read
)

digests = Table(
    "digests",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("guild_id", ForeignKey(GUILD, ondelete=CASCADE), nullable=False),
    Column("window_start", Moment, nullable=False),
    Column("window_end", Moment, nullable=False),
    Column("status", String(16), nullable=False),  # ready, sending, posted, silent
    Column("nonce", String(25), nullable=False),
    Column("channel_id", BigInteger),
    Column("message_id", BigInteger),
    Column("sending_at", Moment),
    Column("posted_at", Moment),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("guild_id", "window_start"),
    Index(None, "window_end"),
)

digest_sources = Table(
    "digest_sources",
    metadata,
    Column("digest_id", ForeignKey("digests.id", ondelete=CASCADE), primary_key=True),
    Column("post", String(200), primary_key=True),
    Column("person_id", ForeignKey(PERSON, ondelete=SET_NULL)),
    Index(None, "post"),
    Index(None, "person_id"),
)

# What another process works on; a row goes as soon as its result is taken.
work = Table(
    "work",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("thread", LargeBinary, key="asked", nullable=False),  # a thread, once, and nothing else
    Column("step", String(64), nullable=False, default=""),
    Column("share", Float, nullable=False, default=0.0),
    Column("result", LargeBinary),
    Column("error", Text),
    Column("created_at", Moment, nullable=False),
)

opt_outs = Table(
    "opt_outs",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("external_id", String(200), primary_key=True),
    Column("since", Moment, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("counts", JSON, nullable=False),  # how many rows of which table; nobody's id
)
