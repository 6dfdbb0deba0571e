"""Weekly digests: schedules, cursors of channels, what was posted; work for other processes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0002"
down_revision = "0001"
SAFE_AT_START = True  # only adds


def upgrade() -> None:
    """Weekly digests: schedules, cursors of channels, what was posted; work for other processes."""
    op.create_table(
        "work",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("thread", sa.LargeBinary(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("result", sa.LargeBinary()),
        sa.Column("error", sa.Text()),
        sa.Column("created_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_work"),
    )
    op.create_table(
        "cursors",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("last_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_cursors_guild_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("guild_id", "channel_id", name="pk_cursors"),
    )
    op.create_table(
        "digests",
        sa.Column("id", RowId, nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("window_start", Moment, nullable=False),
        sa.Column("window_end", Moment, nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("nonce", sa.String(length=25), nullable=False),
        sa.Column("channel_id", sa.BigInteger()),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("sending_at", Moment),
        sa.Column("posted_at", Moment),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_digests_guild_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_digests"),
        sa.UniqueConstraint("guild_id", "window_start", name="uq_digests_guild_id_window_start"),
    )
    op.create_index("ix_digests_window_end", "digests", ["window_end"])

    op.create_table(
        "schedules",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("next_run_at", Moment, nullable=False),
        sa.Column("window_start", Moment, nullable=False),
        sa.Column("paused", sa.Text()),
        sa.Column("set_by_id", RowId),
        sa.Column("lease_owner", sa.String(length=64)),
        sa.Column("lease_until", Moment),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["guild_id"], ["guilds.id"], name="fk_schedules_guild_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["set_by_id"], ["people.id"], name="fk_schedules_set_by_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("guild_id", name="pk_schedules"),
    )
    op.create_index("ix_schedules_next_run_at", "schedules", ["next_run_at"])
    op.create_index("ix_schedules_set_by_id", "schedules", ["set_by_id"])

    op.create_table(
        "digest_sources",
        sa.Column("digest_id", RowId, nullable=False),
        sa.Column("post", sa.String(length=200), nullable=False),
        sa.Column("person_id", RowId),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name="fk_digest_sources_digest_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name="fk_digest_sources_person_id", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("digest_id", "post", name="pk_digest_sources"),
    )
    op.create_index("ix_digest_sources_person_id", "digest_sources", ["person_id"])
    op.create_index("ix_digest_sources_post", "digest_sources", ["post"])
