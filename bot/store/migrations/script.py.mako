"""${message}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
SAFE_AT_START = False  # True for a step that only adds: whoever runs the old Crux goes on


def upgrade() -> None:
    """${message}."""
    ${upgrades if upgrades else "pass"}
