"""Who holds which office of a council, and who loses one: they are told by whom and since when, once."""

from collections.abc import Mapping, Sequence

from bot.chat.replies import Show
from bot.council import planning, standing, telling
from bot.council.rules import Office
from bot.council.standing import Around
from bot.people.rules import first_name
from storage import audit
from storage.councils import Council
from storage.links import Thing
from storage.messages import Lane
from storage.people import Person
from storage.tx import Tx

REPLACED = "replace"  # as it is written down of a meeting that is on


async def told(tx: Tx, council: Council, before: Mapping[int, Office]) -> tuple[Show, ...]:
    """To everybody who held an office before and does not now, but for who changed that."""
    now = await standing.offices(tx, council)
    lost = {each: held & ~now.get(each, Office(0)) for each, held in before.items()}
    people = [await tx.get(Person, each) for each, office in lost.items() if office]
    shows = [shown(tx, council, each, lost[each.id]) for each in people if each is not None]
    return tuple(each for found in shows for each in found)


def shown(tx: Tx, council: Council, person: Person, lost: Office, *, found: Around | None = None) -> Sequence[Show]:
    """The message to one of them; nobody is told what they did themselves. `found` is the meeting it is about."""
    facts = tx.acting
    if not person.active or person.id == facts.by:
        return ()
    about = {"council": council.id, "lost": lost.value, "by": facts.by or 0, "at": int(facts.now.timestamp())}
    about |= planning.ids(found.meeting) if found is not None else {}
    key = f"council:{council.id}:{telling.RELIEVED}:{facts.event_id or 0}:{person.id}"
    return (Show(key, person, telling.RELIEVED, about, Lane.Traffic.PROMPT),)


async def now_run_by(tx: Tx, found: Around, chair_id: int | None, secretary_id: int | None) -> None:
    """A meeting has another chair or secretary, or none; of one that is on it is written down who it was until now."""
    meeting = found.meeting
    posts = {"chair": (meeting.chair_id, chair_id), "secretary": (meeting.secretary_id, secretary_id)}
    meeting.chair_id, meeting.secretary_id = chair_id, secretary_id
    for post, (old, new) in posts.items():
        if old != new and standing.is_running(found):
            names = {"before": await _name(tx, old), "after": await _name(tx, new)}
            audit.note(tx, (Thing.MEETING, meeting.id), REPLACED, field=post, **names)
    await tx.flush()


async def _name(tx: Tx, number: int | None) -> str:
    person = None if number is None else await tx.get(Person, number)
    return "" if person is None else first_name(person)
