"""`/council room`: the places in which a council lives, on any platform; and whether it meets at all."""

from datetime import datetime

from sqlmodel import select

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies, Show
from bot.council import planning, setup_views, standing, summing_up
from bot.council.rules import State
from bot.council.standing import Around
from storage import audit
from storage.councils import Council, CouncilRoom
from storage.links import Thing
from storage.meetings import called_off, coming
from storage.places import Place
from storage.tx import Tx

PUBLIC, OFF = "public", "off"
PAPER = "agenda.paper"


async def room(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/council room`, `/council room public`, `/council room off`, typed where it is to be."""
    by = event.by
    council = await _meant(event, tx)
    await standing.must_run(tx, by.person, council)
    if by.is_direct:
        raise Declined(setup_views.not_here())
    if event.command.words == OFF:
        return await _detached(tx, council, by.place)
    is_public = event.command.words == PUBLIC
    known = await _known(tx, council, by.place)
    if is_public and known is not None and known.purpose is CouncilRoom.Purpose.COUNCIL:
        raise Declined(setup_views.lives_here(council.name, by.place.name), code="E-05")
    purpose = CouncilRoom.Purpose.PUBLIC if is_public else CouncilRoom.Purpose.COUNCIL
    await attach(tx, council, by.place, purpose)
    shows = () if is_public else await _published(tx, council, by.place)
    card = setup_views.room_added(council.name, by.place.name, is_public=is_public)
    return Replies(answer=Answer(card, private=False), show=shows)


async def _meant(event: Asked, tx: Tx) -> Council:
    return await standing.council_meant(tx, event.by, event.command.keys.get("council", ""))


async def attach(tx: Tx, council: Council, place: Place, purpose: CouncilRoom.Purpose) -> None:
    """The council lives there, once; another purpose takes the place of the one before."""
    known = await _known(tx, council, place)
    if known is None:
        tx.add(CouncilRoom(council_id=council.id, place_id=place.id, purpose=purpose))
    else:
        known.purpose = purpose
    await tx.flush()


async def _known(tx: Tx, council: Council, place: Place) -> CouncilRoom | None:
    mine = (CouncilRoom.council_id == council.id, CouncilRoom.place_id == place.id)
    return await tx.first(select(CouncilRoom).where(*mine))


async def _detached(tx: Tx, council: Council, place: Place) -> Replies:
    known = await _known(tx, council, place)
    if known is None:
        raise Declined(setup_views.no_room(council.name, place.name), code="E-05")
    await tx.session.delete(known)
    await tx.flush()
    return Replies(answer=Answer(setup_views.room_removed(council.name, place.name), private=False))


async def _published(tx: Tx, council: Council, place: Place) -> tuple[Show, ...]:
    """A room that joins gets the agenda that is out already."""
    return tuple(
        Show(f"council:{each.id}:{PAPER}:{place.id}", place, PAPER, planning.ids(each))
        for each in await coming(tx, council.id)
        if each.edition
    )


# --- pause, resume


async def pause(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council pause`: the meetings that were not called are taken off; `off` ends the pause."""
    council = await _meant(event, tx)
    await standing.must_run(tx, event.by.person, council)
    if event.command.words == OFF:
        return await _resumed(tx, council, now)
    if council.state is not Council.State.HELD:
        raise Declined(setup_views.not_held(council.name), code="E-05")
    council.state = Council.State.PAUSED
    for meeting in await coming(tx, council.id):
        if meeting.state is State.PLANNED:
            before, meeting.state, meeting.reason = meeting.state, State.CANCELLED, setup_views.PAUSED
            end = (Thing.MEETING, meeting.id)
            audit.note(tx, end, "cancel", before=before.value, after=meeting.state.value, reason=meeting.reason)
    await tx.flush()
    return Replies(answer=Answer(setup_views.turned_off(council)))


async def _resumed(tx: Tx, council: Council, now: datetime) -> Replies:
    """The meetings that the pause had taken off are planned again."""
    if council.state is not Council.State.PAUSED:
        raise Declined(setup_views.is_held(council.name), code="E-05")
    council.state = Council.State.HELD
    replies = Replies()
    for meeting in await called_off(tx, council.id, after=now):
        if meeting.reason == setup_views.PAUSED:
            meeting.state, meeting.reason = State.PLANNED, ""
            plans = await planning.moved(tx, Around(meeting, council), meeting.starts_at, now, by_rhythm=True)
            replies += Replies(plan=plans)
            audit.note(tx, (Thing.MEETING, meeting.id), "resume", after=meeting.state.value)
    await tx.flush()
    replies += await planning.plan_ahead(tx, council, now)
    card = setup_views.saved(await summing_up.set_up(tx, council, now), is_new=False)
    return replies + Replies(answer=Answer(card))
