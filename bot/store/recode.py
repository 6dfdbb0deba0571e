"""After a change of encoder: vectors of what is kept, made anew from the words that are left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import select, update

from bot.store.rows import where_in
from bot.store.schema import guilds, key_points, posts, units
from bot.store.store import Store
from bot.store.vectors import Rows, mean, pack

AT_ONCE = 256  # key points in one transaction: others write in between

Encode = Callable[[Sequence[str]], Awaitable[Rows]]


async def recode(store: Store, encode: Encode) -> int:
    """Encode every key point whose vector is another encoder's; give how many there were.

    A point is encoded from the words of its claims, and from its headline where their words are no
    longer kept.
    """
    done = 0
    while True:
        async with store.database.read() as connection:
            found = await connection.execute(
                select(key_points.c.id, key_points.c.guild_id, key_points.c.headline)
                .where(key_points.c.encoder != store.points.encoder)
                .order_by(key_points.c.guild_id, key_points.c.id)
                .limit(AT_ONCE)
            )
            old = found.all()
            claims = await where_in(
                connection,
                [units.c.id, units.c.key_point_id, units.c.start, units.c.end, posts.c.text],
                units.c.key_point_id,
                [row.id for row in old],
                units.c.post_id == posts.c.id,
                posts.c.text.is_not(None),
            )
        if not old:
            return done
        texts = [row.text[row.start : row.end] for row in claims]
        rows = await encode([*texts, *(row.headline for row in old)])
        members: dict[int, list[int]] = defaultdict(list)
        for place, claim in enumerate(claims):
            members[claim.key_point_id].append(place)
        async with store.database.write() as connection:
            for place, claim in enumerate(claims):
                await connection.execute(
                    update(units).where(units.c.id == claim.id).values(vector=pack(rows[place]))
                )
            for guild in sorted({row.guild_id for row in old}):
                await store.points.next_version(connection, guild)
            for place, row in enumerate(old):
                own = members.get(row.id)
                vector = mean(rows[own]) if own else rows[len(texts) + place]
                version = select(guilds.c.points_version).where(guilds.c.id == row.guild_id)
                await connection.execute(
                    update(key_points)
                    .where(key_points.c.id == row.id)
                    .values(
                        vector=pack(vector),
                        encoder=store.points.encoder,
                        version=version.scalar_subquery(),
                    )
                )
        done += len(old)
