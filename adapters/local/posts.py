"""The posts of the local platform. Each change of one takes the next revision, so that a page can ask what is new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, text
from sqlmodel import and_, col, func, or_, select

from bot.chat.cards import Card
from bot.chat.codec import encoded
from storage.local import LocalMember, LocalPost
from storage.tx import Tx

THREADS_SHOWN = 3  # in the list of conversations


@dataclass(frozen=True, slots=True)
class Log:
    """The newest posts of a room, oldest first, and the replies to each."""

    posts: tuple[LocalPost, ...]
    replies: Mapping[int, Sequence[LocalPost]]
    has_more: bool
    last_id: int
    """The newest post that was read with it, reply or not; 0 in an empty room."""


async def next_revision(tx: Tx) -> int:
    """The revision of the change that this transaction makes; other changes wait until it has ended."""
    if tx.session.get_bind().dialect.name == "postgresql":
        # Without it two changes could get one revision and end in either order, and a page would miss the later one.
        await tx.run(text("SELECT pg_advisory_xact_lock(hashtext('local_post'))"))
    return await last_revision(tx) + 1


async def last_revision(tx: Tx) -> int:
    """The revision of the newest change; 0 before the first."""
    return await tx.session.scalar(select(func.max(LocalPost.revision))) or 0


def stored(card: Card) -> dict[str, object]:
    """A card as its post keeps it."""
    found = encoded(card)
    return dict(found) if isinstance(found, dict) else {}


async def keyed(tx: Tx, key: str) -> LocalPost | None:
    """The post that was made with `key`."""
    return (await tx.session.scalars(select(LocalPost).where(LocalPost.key == key))).first()


async def keep(tx: Tx, post: LocalPost) -> LocalPost:
    """Adds a post; one with the same key that is there already stays and is given back."""
    post.revision = await next_revision(tx)
    there = None if post.key is None else await keyed(tx, post.key)
    if there is not None:
        return there
    tx.session.add(post)
    await tx.flush()
    return post


async def thread_top(tx: Tx, room_id: str, post_id: int) -> LocalPost | None:
    """The post under which a reply to `post_id` stands; None where the room has no such post."""
    post = await tx.session.get(LocalPost, post_id)
    if post is not None and post.thread_of is not None:
        post = await tx.session.get(LocalPost, post.thread_of)
    return post if post is not None and post.room_id == room_id else None


def seen_by(user_id: str) -> ColumnElement[bool]:
    """What somebody may see of a room they are in."""
    return or_(col(LocalPost.only_for).is_(None), col(LocalPost.only_for) == user_id)


async def log_of(tx: Tx, room_id: str, user_id: str, *, latest: int) -> Log:
    """The `latest` posts of a room that somebody sees, with their replies."""
    mine = and_(col(LocalPost.room_id) == room_id, seen_by(user_id))
    tops = select(LocalPost).where(mine, col(LocalPost.thread_of).is_(None)).order_by(col(LocalPost.id).desc())
    newest = (await tx.session.scalars(tops.limit(latest + 1))).all()
    shown = tuple(reversed(newest[:latest]))
    under = select(LocalPost).where(mine, col(LocalPost.thread_of).in_([post.id for post in shown]))
    replies: dict[int, list[LocalPost]] = {}
    for reply in await tx.session.scalars(under.order_by(col(LocalPost.id))):
        replies.setdefault(reply.thread_of or 0, []).append(reply)
    last_id = await tx.session.scalar(select(func.max(LocalPost.id)).where(mine))
    return Log(shown, replies, has_more=len(newest) > latest, last_id=last_id or 0)


async def unread_of(tx: Tx, user_id: str) -> Mapping[str, int]:
    """How many posts of others somebody has not read yet, by room; rooms with none are left out."""
    query = (
        select(LocalPost.room_id, func.count())
        .join(LocalMember, and_(col(LocalMember.room_id) == LocalPost.room_id, col(LocalMember.user_id) == user_id))
        .where(
            col(LocalPost.id) > LocalMember.read_post_id,
            or_(col(LocalPost.user_id).is_(None), col(LocalPost.user_id) != user_id),
            col(LocalPost.deleted).is_(False),
            seen_by(user_id),
        )
        .group_by(col(LocalPost.room_id))
    )
    return dict((await tx.session.execute(query)).tuples().all())


async def threads_of(tx: Tx, user_id: str, room_ids: Sequence[str]) -> Sequence[LocalPost]:
    """The posts under which somebody wrote lately, the liveliest first, at most THREADS_SHOWN."""
    replied = (
        select(LocalPost.thread_of)
        .where(
            col(LocalPost.room_id).in_(room_ids),
            col(LocalPost.thread_of).is_not(None),
            col(LocalPost.deleted).is_(False),
            seen_by(user_id),
        )
        .group_by(col(LocalPost.thread_of))
        .order_by(func.max(LocalPost.id).desc())
        .limit(THREADS_SHOWN)
    )
    ids = [post_id for post_id in await tx.session.scalars(replied) if post_id is not None]
    tops = {post.id: post for post in await tx.session.scalars(select(LocalPost).where(col(LocalPost.id).in_(ids)))}
    return [tops[post_id] for post_id in ids if post_id in tops]
