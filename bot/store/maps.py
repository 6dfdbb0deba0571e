"""Maps that a message's buttons refer to, by a short id."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from bot.store.body import pack, unpack
from bot.store.database import Database
from bot.store.redact import without_posts
from bot.store.rows import add_missing, ensure_guild, person_ids, where_in
from bot.store.schema import map_sources, maps, opt_outs, people
from bot.store.values import Person, Place, StoredMap
from nlp.model import ArgumentMap

ID_BYTES = 6  # eight letters; who guesses one still needs the rights of its channel


class Maps:
    """Maps in the store, each with the posts that it rests on and who wrote them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self,
        found: ArgumentMap,
        *,
        place: Place,
        now: datetime,
        people: Mapping[str, Person] | None = None,
        requester: Person | None = None,
    ) -> StoredMap:
        """Keep a map under a new short id.

        `people` names who wrote a post, by post id; posts of people who opted out are taken off
        the map that is kept (and given back).
        """
        people = people or {}
        key = secrets.token_urlsafe(ID_BYTES)
        async with self._database.write() as connection:
            out = await where_in(
                connection,
                [opt_outs.c.platform, opt_outs.c.external_id],
                opt_outs.c.external_id,
                sorted({person.id for person in people.values()}),
            )
            gone = {(row.platform, row.external_id) for row in out}
            found = without_posts(
                found, [post for post, who in people.items() if (who.platform, who.id) in gone]
            )
            if place.guild_id is not None:
                await ensure_guild(connection, place.guild_id)
            writers = {p.id: people[p.id] for p in found.thread.posts if p.id in people}
            known = [*writers.values(), *([requester] if requester else [])]
            ids = await person_ids(connection, known)
            await connection.execute(
                insert(maps).values(
                    id=key,
                    guild_id=place.guild_id,
                    channel_id=place.channel_id,
                    message_id=place.message_id,
                    requester_id=ids[requester.platform, requester.id] if requester else None,
                    created_at=now,
                    body=pack(found),
                )
            )
            await add_missing(
                connection,
                map_sources,
                [
                    {
                        "map_id": key,
                        "post": post.id,
                        "person_id": ids[writers[post.id].platform, writers[post.id].id]
                        if post.id in writers
                        else None,
                    }
                    for post in found.thread.posts
                ],
            )
        return StoredMap(
            id=key, found=found, place=place, version=1, created_at=now, requester=requester
        )

    async def sent(self, key: str, place: Place) -> None:
        """Note in which message a map is shown."""
        async with self._database.write() as connection:
            await connection.execute(
                update(maps)
                .where(maps.c.id == key)
                .values(channel_id=place.channel_id, message_id=place.message_id)
            )

    async def get(self, key: str) -> StoredMap | None:
        """Give a map; None once it is deleted, or its time is over."""
        wanted = select(maps, people.c.platform, people.c.external_id, people.c.name).select_from(
            maps.outerjoin(people, people.c.id == maps.c.requester_id)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(wanted.where(maps.c.id == key))).one_or_none()
        if row is None:
            return None
        return StoredMap(
            id=row.id,
            found=unpack(row.body),
            place=Place(
                guild_id=row.guild_id, channel_id=row.channel_id, message_id=row.message_id
            ),
            version=row.version,
            created_at=row.created_at,
            requester=Person(platform=row.platform, id=row.external_id, name=row.name)
            if row.requester_id is not None
            else None,
        )

    async def delete(self, key: str) -> bool:
        """Delete a map; say whether it was there."""
        async with self._database.write() as connection:
            done = await connection.execute(delete(maps).where(maps.c.id == key))
        return done.rowcount > 0
