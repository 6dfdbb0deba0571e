"""Guilds, maps, and what was said: threads, posts, units, key points, relations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0001"
down_revision = None
SAFE_AT_START = True  # only adds


def upgrade() -> None:
    """Guilds, maps, and what was said: threads, posts, units, key points, relations."""
    op.create_table(
        "erasures",
        sa.Column("id", RowId, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_erasures"),
    )
    op.create_table(
        "guilds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("points_version", sa.BigInteger(), nullable=False),
        sa.Column("left_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_guilds"),
    )
    op.create_table(
        "opt_outs",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("platform", "external_id", name="pk_opt_outs"),
    )
    op.create_table(
        "people",
        sa.Column("id", RowId, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("platform", "external_id", name="uq_people_platform_external_id"),
    )
    op.create_table(
        "key_points",
        sa.Column("id", RowId, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("named_by", sa.BigInteger()),
        sa.Column("encoder", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_key_points_guild_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_key_points"),
    )
    op.create_index("ix_key_points_guild_id_version", "key_points", ["guild_id", "version"])

    op.create_table(
        "maps",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("guild_id", sa.BigInteger()),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("requester_id", RowId),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_maps_guild_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["people.id"], name="fk_maps_requester_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_maps"),
    )
    op.create_index("ix_maps_channel_id", "maps", ["channel_id"])
    op.create_index("ix_maps_created_at", "maps", ["created_at"])
    op.create_index("ix_maps_guild_id", "maps", ["guild_id"])
    op.create_index("ix_maps_requester_id", "maps", ["requester_id"])

    op.create_table(
        "threads",
        sa.Column("id", RowId, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("parent_id", sa.BigInteger()),
        sa.Column("title", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("mapped_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_threads_guild_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
        sa.UniqueConstraint(
            "guild_id", "platform", "external_id", name="uq_threads_guild_id_platform_external_id"
        ),
    )
    op.create_index("ix_threads_guild_id_channel_id", "threads", ["guild_id", "channel_id"])

    op.create_table(
        "map_sources",
        sa.Column("map_id", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("person_id", RowId),
        sa.ForeignKeyConstraint(
            ["map_id"], ["maps.id"], name="fk_map_sources_map_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_map_sources_person_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("map_id", "post", name="pk_map_sources"),
    )
    op.create_index("ix_map_sources_person_id", "map_sources", ["person_id"])
    op.create_index("ix_map_sources_post", "map_sources", ["post"])

    op.create_table(
        "posts",
        sa.Column("id", RowId, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", RowId, nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", RowId),
        sa.Column("reply_to", sa.String(length=200)),
        sa.Column("url", sa.Text()),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("stored_at", Moment, nullable=False),
        sa.Column("text", sa.Text()),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_posts_guild_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_posts_person_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["thread_id"], ["threads.id"], name="fk_posts_thread_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_posts"),
        sa.UniqueConstraint(
            "guild_id", "thread_id", "external_id", name="uq_posts_guild_id_thread_id_external_id"
        ),
    )
    op.create_index("ix_posts_guild_id_external_id", "posts", ["guild_id", "external_id"])
    op.create_index("ix_posts_guild_id_said_at", "posts", ["guild_id", "said_at"])
    op.create_index("ix_posts_person_id", "posts", ["person_id"])
    op.create_index("ix_posts_thread_id", "posts", ["thread_id"])

    op.create_table(
        "remarks",
        sa.Column("id", RowId, nullable=False),
        sa.Column("post_id", RowId, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_remarks_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        sa.UniqueConstraint("post_id", "kind", "start", name="uq_remarks_post_id_kind_start"),
    )
    op.create_table(
        "units",
        sa.Column("id", RowId, nullable=False),
        sa.Column("post_id", RowId, nullable=False),
        sa.Column("key_point_id", RowId),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("holder", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("headline", sa.Text()),
        sa.Column("vector", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["key_point_id"], ["key_points.id"], name="fk_units_key_point_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["posts.id"], name="fk_units_post_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_units"),
        sa.UniqueConstraint("post_id", "start", "end", name="uq_units_post_id_start_end"),
    )
    op.create_index("ix_units_key_point_id", "units", ["key_point_id"])

    op.create_table(
        "relations",
        sa.Column("id", RowId, nullable=False),
        sa.Column("source_id", RowId, nullable=False),
        sa.Column("target_id", RowId, nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["units.id"], name="fk_relations_source_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["units.id"], name="fk_relations_target_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_relations"),
        sa.UniqueConstraint("source_id", "target_id", name="uq_relations_source_id_target_id"),
    )
    op.create_index("ix_relations_target_id", "relations", ["target_id"])
