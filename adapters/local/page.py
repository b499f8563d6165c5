"""What the page shows, as plain values for the templates: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from urllib.parse import urlencode
from zlib import crc32
from zoneinfo import ZoneInfo

from markupsafe import Markup

from adapters.local.parse import LATEST, Look
from adapters.local.posts import Log
from adapters.local.render import Choice, Renderer, Shown, headline, shortened
from adapters.local.rooms import Standing, direct_room_id
from adapters.local.stage import SPEEDS, Hint, Stage, Step
from bot.chat.cards import Title
from bot.chat.codec import decoded_card
from bot.chat.words import clock, clock_in, count, moment, place_of, short_day, weekday
from storage.local import LocalPost, LocalRoom, LocalUser

BOT = "Folkmoot"
TONES = ("lake", "ochre", "moss")  # grounds behind initials
OPEN_REPLIES = 5  # a thread with more is closed at first
PAST_STEPS = 1
NEXT_STEPS = 2


@dataclass(frozen=True, slots=True)
class Said:
    """One post, ready to be shown."""

    post_id: int
    author: str
    is_bot: bool
    tone: str
    iso: str
    clock: str
    moment: str
    is_edited: bool
    is_private: bool
    is_gone: bool
    has_title: bool
    body: Markup
    replies: tuple["Said", ...] = ()
    can_reply: bool = False

    @property
    def opens(self) -> bool:
        """Whether its thread stands open at first."""
        return 0 < len(self.replies) <= OPEN_REPLIES


@dataclass(frozen=True, slots=True)
class Day:
    """The line between the posts of two days."""

    iso: str
    words: str


Entry: TypeAlias = Said | Day


@dataclass(frozen=True, slots=True)
class Pane:
    """One conversation."""

    part: str
    """`main` or `beside`."""
    room_id: str
    name: str
    is_direct: bool
    about: str
    entries: tuple[Entry, ...]
    has_more: bool
    last_id: int


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """One line in the list of conversations."""

    href: str
    name: str
    unread: int = 0
    is_current: bool = False
    is_beside: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """The list of conversations."""

    channels: tuple[PlaceLink, ...]
    threads: tuple[PlaceLink, ...]
    direct: PlaceLink


@dataclass(frozen=True, slots=True)
class TimeBar:
    """What happened, now, what comes."""

    iso: str
    day: str
    clock: str
    zone: str
    is_simulated: bool
    speed: int
    past: tuple[str, ...]
    coming: tuple[str, ...]
    next_words: str
    speeds: tuple[tuple[int, str], ...] = tuple((each, f"{each}×" if each else "Paused") for each in SPEEDS)


@dataclass(frozen=True, slots=True)
class Page:
    """Everything at once."""

    look: Look
    user: LocalUser
    guide: str
    """Whom the hint box names."""
    people: Sequence[tuple[str, Sequence[Choice]]]
    bar: TimeBar
    places: Places
    panes: tuple[Pane, ...]
    hints: Sequence[Hint]
    nonce: str
    """Begins the event ids of this page's forms, so that one that is sent twice is handled once."""

    @property
    def back(self) -> Mapping[str, str]:
        """The fields that lead back to this page."""
        return back(self.look)

    @property
    def close_href(self) -> str:
        """The page without the second conversation."""
        return href(self.look, beside_id="")

    @property
    def more_href(self) -> str:
        """The page with older posts."""
        return f"/?{urlencode({**_query(self.look), 'show': self.look.latest + LATEST})}"


def back(look: Look) -> dict[str, str]:
    """The fields with which a form carries where somebody looks."""
    return {"main": look.room_id, "beside": look.beside_id, "show": str(look.latest)}


def href(look: Look, *, beside_id: str | None = None, at: str = "") -> str:
    """The page's address, with another room beside, at one of its parts."""
    query = _query(look) | ({} if beside_id is None else {"beside": beside_id})
    return f"/?{urlencode(query)}{'#' if at else ''}{at}"


def default_user(people: Sequence[LocalUser]) -> LocalUser | None:
    """As whom one looks at first: the first of the first team who doesn't lead it."""
    team = [each for each in people if each.team == people[0].team]
    return next((each for each in team if "lead" not in each.title.casefold()), people[0] if people else None)


def time_bar(stage: Stage, steps: Sequence[Step]) -> TimeBar:
    """The bar over everything, with the last step and the next two."""
    now = stage.now()
    local = now.astimezone(stage.zone)
    past = [step for step in steps if step.state == "past"][-PAST_STEPS:]
    coming = [step for step in steps if step.state == "next"][:NEXT_STEPS]
    words = "Nothing more is due today. +1 day goes on."
    if coming:
        words = f"Next event: {coming[0].label} at {_step_clock(coming[0], local, stage.zone)}"
    labels = [f"{_step_clock(step, local, stage.zone)} {step.label}" for step in coming]
    return TimeBar(
        iso=now.isoformat(timespec="minutes"),
        day=f"{short_day(local.date())} {local.year}",
        clock=clock(local),
        zone=place_of(stage.zone),
        is_simulated=stage.is_simulated,
        speed=stage.speed,
        past=tuple(f"{_step_clock(step, local, stage.zone)} {step.label}" for step in past),
        coming=tuple(f"Next: {label}" if not number else label for number, label in enumerate(labels)),
        next_words=words,
    )


def places(
    look: Look, *, channels: Sequence[LocalRoom], threads: Sequence[LocalPost], unread: Mapping[str, int]
) -> Places:
    """The list of conversations: channels open beside, direct messages in the first place."""
    return Places(
        channels=tuple(
            PlaceLink(
                href(look, beside_id=room.id, at="beside") if room.id != look.room_id else href(look, at="main"),
                room.name,
                unread.get(room.id, 0),
                is_current=room.id == look.room_id,
                is_beside=room.id == look.beside_id,
            )
            for room in channels
        ),
        threads=tuple(
            PlaceLink(
                href(look, beside_id=None if post.room_id == look.room_id else post.room_id, at=f"m{post.id}"),
                headline(decoded_card(post.card)) if post.card else shortened(post.text) or "Thread",
            )
            for post in threads
        ),
        direct=_direct(look, unread),
    )


def pane(part: str, here: Standing, log: Log, *, members: Sequence[LocalUser], entries: Sequence[Entry]) -> Pane:
    """One conversation with its heading."""
    leads = [each.name for each in members if each.title.casefold() == "lead"]
    about = f"{count(len(members), 'person', 'people')}{f', lead {leads[0]}' if len(leads) == 1 else ''}"
    return Pane(
        part=part,
        room_id=here.room.id,
        name=here.room.name,
        is_direct=here.is_direct,
        about=f"Direct message, only {here.user.name} sees it" if here.is_direct else about,
        entries=tuple(entries),
        has_more=log.has_more,
        last_id=log.last_id,
    )


class Teller:
    """Turns posts into what one reader sees of them."""

    def __init__(self, renderer: Renderer, people: Mapping[str, LocalUser], zone: ZoneInfo) -> None:
        self._renderer = renderer
        self._people = people
        self._zone = zone

    def entries(self, log: Log, *, today: date, can_reply: bool) -> list[Entry]:
        """The posts of a room with a line before each new day; a deleted one stays only over its replies."""
        entries: list[Entry] = []
        day: date | None = None
        for post in log.posts:
            replies = [reply for reply in log.replies.get(post.id, ()) if not reply.deleted]
            if post.deleted and not replies:
                continue
            on = post.at.astimezone(self._zone).date()
            if on != day:
                entries.append(Day(on.isoformat(), f"Today, {short_day(on)}" if on == today else short_day(on)))
                day = on
            under = tuple(self.said(reply) for reply in replies)
            entries.append(self.said(post, replies=under, can_reply=can_reply and post.only_for is None))
        return entries

    def said(self, post: LocalPost, *, replies: tuple[Said, ...] = (), can_reply: bool = False) -> Said:
        """One post."""
        author = None if post.user_id is None else self._people.get(post.user_id)
        card = decoded_card(post.card) if post.card else None
        shown = Shown(post.id, self._zone)
        return Said(
            post_id=post.id,
            author=BOT if post.user_id is None else author.name if author else post.user_id,
            is_bot=post.user_id is None,
            tone=TONES[crc32((post.user_id or "").encode()) % len(TONES)],
            iso=post.at.isoformat(timespec="seconds"),
            clock=clock_in(post.at, self._zone),
            moment=moment(post.at, self._zone),
            is_edited=post.edited_at is not None,
            is_private=post.only_for is not None,
            is_gone=post.deleted,
            has_title=card is not None and any(isinstance(each, Title) for each in card.elements),
            body=self._renderer.card(card, shown) if card else self._renderer.words(post.text),
            replies=replies,
            can_reply=can_reply and not post.deleted,
        )


def _direct(look: Look, unread: Mapping[str, int]) -> PlaceLink:
    room_id = direct_room_id(look.user_id)
    is_current = look.room_id == room_id
    target = look if is_current else Look(look.user_id, room_id, look.beside_id or look.room_id, look.latest)
    return PlaceLink(href(target, at="main"), BOT, unread.get(room_id, 0), is_current=is_current)


def _query(look: Look) -> dict[str, str]:
    query = {"as": look.user_id, "room": look.room_id, "beside": look.beside_id}
    return query if look.latest == LATEST else query | {"show": str(look.latest)}


def _step_clock(step: Step, today: datetime, zone: ZoneInfo) -> str:
    local = step.at.astimezone(zone)
    return clock(local) if local.date() == today.date() else f"{weekday(local.date())} {clock(local)}"
