"""A meeting that was held, with everything that minutes tell of: who came, what was decided, what was left."""

from datetime import UTC, datetime

from sqlmodel import select

from bot.minutes import rules
from storage.actions import Action
from storage.councils import CouncilRoom
from storage.decisions import Decision
from storage.links import Thing, link
from storage.meetings import CouncilMeeting
from storage.minutes import Minutes, newest_minutes
from storage.organisations import next_code
from storage.people import Department, Person
from storage.places import Place
from storage.tx import SYSTEM
from tests.council.table import outsiders
from tests.meeting.hall import BEGINS, Hall
from tests.support.field_dispatch import NORTHWATER

SECRET = "Xylophone"
"""A word in everything that is internal: no outsider ever reads it."""
ALL_STAFF = "everybody-at-northwater"
DRAFTED = datetime(2026, 12, 4, 12, 1, tzinfo=UTC)
ISSUED = datetime(2026, 12, 7, 16, 1, tzinfo=UTC)
LAST_CALL = datetime(2026, 12, 10, 10, 1, tzinfo=UTC)
CLOSED = datetime(2026, 12, 10, 16, 1, tzinfo=UTC)


async def has_met(hall: Hall) -> Hall:
    """Seven of eight seats, Ida for Ivo; D-1 for all, one internal decision, one item put off."""
    await outsiders(hall)
    questions = await hall.put("Eight fault questions", 7)
    secret = await hall.put(f"{SECRET} pay", 7, internal=True)
    await hall.put("Winter opening hours", 7)
    await _public_room(hall)
    await hall.at(0)
    await hall.says("cora", "/council start")
    await hall.are_here("Ann", "Raj", "Bea", "Dov", "Mia", "Sam")
    await hall.says("sev", "/council present @Ida for:@Ivo can-decide")
    await hall.says("sev", "/council apologies @Fin")
    await hall.says("cora", "/council item 7.1")
    await hall.at(10)
    await hall.says(
        "cora",
        '/council decide "Call centre asks eight fault questions before booking" reason:"20% repeat visits" '
        'means:"Field: fewer revisits; Billing: credit on the second visit" moved:@Raj votes:6-1-0 item:7.1',
    )
    await hall.says("cora", "/council item 7.2")
    await hall.says(
        "cora",
        f'/council decide "{SECRET} bonus for the night shift" reason:"{SECRET} left" means:"Field: {SECRET} extra" '
        "internal:yes item:7.2",
    )
    await _actions(hall, questions.id, secret.id)
    await hall.at(88)
    await _ends(hall)
    return hall


async def _public_room(hall: Hall) -> None:
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        meeting = await tx.need(CouncilMeeting, hall.meeting_id)
        install = (await tx.all(select(Place)))[0].install_id
        place = Place(install_id=install, external_id=ALL_STAFF, name="Everybody", kind=Place.Kind.CHANNEL)
        tx.add(place)
        await tx.flush()
        tx.add(CouncilRoom(council_id=meeting.council_id, place_id=place.id, purpose=CouncilRoom.Purpose.PUBLIC))


async def _actions(hall: Hall, questions: int, secret: int) -> None:
    """What the two items led to: one for Bea and one for Ann, and an internal one for Raj."""
    async with hall.house.database.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=hall.house.clock.now())
        people = {each.name: each for each in await tx.all(select(Person))}
        decision = await tx.first(select(Decision).where(Decision.item_id == questions))
        assert decision is not None
        for title, owner, end in (
            ("Set up the credit code", "Bea", (Thing.DECISION, decision.id)),
            ("Train all desks", "Ann", (Thing.AGENDA_ITEM, questions)),
            (f"{SECRET} letters", "Raj", (Thing.AGENDA_ITEM, secret)),
        ):
            row = Action(
                code=await next_code(tx, "A"), title=title, owner_id=people[owner].id, requester_id=people["Cora"].id,
                state=Action.State.OPEN, due_on=datetime(2026, 12, 18).date(),  # noqa: DTZ001 - a day
                first_due_on=datetime(2026, 12, 18).date(),  # noqa: DTZ001
            )  # fmt: skip
            tx.add(row)
            await tx.flush()
            await link(tx, end, (Thing.ACTION, row.id))


async def _ends(hall: Hall) -> None:
    answer = await hall.ask("cora", "/council end")
    card = answer.content
    if "As proposed" in str(card):
        await hall.presses("cora", "As proposed", card)  # type: ignore[arg-type]  # a card with that button


async def minutes_of(hall: Hall) -> Minutes:
    """The newest edition."""
    async with hall.house.database.read(SYSTEM) as tx:
        found = await newest_minutes(tx, hall.meeting_id)
    assert found is not None
    return found


def in_place(hall: Hall, conversation: str, words: str = "") -> list[str]:
    """What stands in a room and says so."""
    posts = hall.house.chat.posts.values()
    return [post.words for post in posts if post.to.conversation == conversation and words in post.words]


def told(hall: Hall, who: str, words: str) -> list[str]:
    """The messages in front of somebody that say so."""
    return [post.words for post in hall.posts(who) if words in post.words]


async def department_of(hall: Hall, name: str) -> Department:
    return await hall.row(Department, name=name)


STATE = rules.State
STARTS = BEGINS
