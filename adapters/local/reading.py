"""Reads what the page shows from the local tables."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from adapters.local import page, posts, rooms
from adapters.local.parse import Fields, Look, Malformed, look
from adapters.local.render import Renderer, by_team
from adapters.local.rooms import Standing
from adapters.local.stage import Hint, Stage, Step
from bot.chat.codec import Json
from storage.local import LocalPost, LocalUser
from storage.tx import Tx


async def where(tx: Tx, fields: Fields) -> Look:
    """Where somebody looks, by the page's own choice where they say nothing. Raises: Malformed."""
    people = await rooms.users(tx)
    first = page.default_user(people)
    if first is None:
        raise Malformed("Nobody is here yet; load the demo team with: folkmoot demo")
    user_id = fields.one("as") or first.id
    if user_id not in {each.id for each in people}:
        raise Malformed(f"Nobody here is called {user_id[:60]!r}; open the page without “as” and choose a name")
    channels = await rooms.channels_of(tx, user_id)
    beside_id = fields.one("beside", channels[0].id if channels else "")
    if beside_id not in {room.id for room in channels}:
        beside_id = ""  # another person's room, kept in the address when somebody else was chosen
        if fields.one("beside") and channels:
            beside_id = channels[0].id
    return look(fields, user_id=user_id, room=fields.one("room"), beside_id=beside_id)


async def standing(tx: Tx, user_id: str, room_id: str) -> Standing:
    """Somebody in a room. Raises: Malformed when they are not in it."""
    found = await rooms.standing(tx, user_id, room_id)
    if found is None:
        raise Malformed(f"{user_id[:60]!r} is not in a room {room_id[:60]!r}; choose a name and a room on the page")
    return found


class Reader:
    """Puts the page together for one look."""

    def __init__(self, renderer: Renderer, stage: Stage) -> None:
        self._renderer = renderer
        self._stage = stage

    async def read(
        self, tx: Tx, at: Look, *, steps: Sequence[Step], hints: Sequence[Hint] = (), nonce: str
    ) -> page.Page:
        """Everything somebody sees. Raises: Malformed."""
        people = await rooms.users(tx)
        main = await standing(tx, at.user_id, at.room_id)
        channels = await rooms.channels_of(tx, at.user_id)
        threads = await posts.threads_of(tx, at.user_id, [room.id for room in channels])
        panes = [await self._pane(tx, "main", main, latest=at.latest, people=people)]
        if at.beside_id:
            beside = await standing(tx, at.user_id, at.beside_id)
            panes.append(await self._pane(tx, "beside", beside, latest=at.latest, people=people))
        guide = page.default_user(people)
        return page.Page(
            look=at,
            user=main.user,
            guide=guide.name if guide else main.user.name,
            people=by_team(people),
            bar=page.time_bar(self._stage, steps),
            places=page.places(at, channels=channels, threads=threads, unread=await posts.unread_of(tx, at.user_id)),
            panes=tuple(panes),
            hints=hints,
            nonce=nonce,
        )

    async def _pane(self, tx: Tx, part: str, here: Standing, *, latest: int, people: Sequence[LocalUser]) -> page.Pane:
        log = await posts.log_of(tx, here.room.id, here.user.id, latest=latest)
        zone = ZoneInfo(here.user.zone)
        teller = page.Teller(self._renderer, {each.id: each for each in people}, zone)
        entries = teller.entries(log, today=self._today(zone), can_reply=not here.is_direct)
        return page.pane(part, here, log, members=await rooms.members_of(tx, here.room.id), entries=entries)

    def _today(self, zone: ZoneInfo) -> date:
        return self._stage.now().astimezone(zone).date()


async def posts_json(tx: Tx, user_id: str, room_id: str) -> list[Json]:
    """The posts of a room that somebody sees, replies after the post they belong to. Raises: Malformed."""
    await standing(tx, user_id, room_id)
    log = await posts.log_of(tx, room_id, user_id, latest=10_000)
    found: list[LocalPost] = []
    for top in log.posts:
        found.extend((top, *log.replies.get(top.id, ())))
    return [_post_json(post) for post in found if not post.deleted]


def _post_json(post: LocalPost) -> Json:
    return {
        "id": post.id,
        "thread_of": post.thread_of,
        "user": post.user_id,
        "text": post.text,
        "card": post.card,
        "edited": post.edited_at is not None,
        "only_for": post.only_for,
        "at": post.at.isoformat(),
    }
