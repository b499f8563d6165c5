"""Messages of a running meeting, made from rows when they are sent."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.routing import Reader
from bot.council import standing as council
from bot.meeting import chair_views, rules, standing, views
from storage.tx import Tx


async def room(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The running card in a room of the council."""
    found = await council.around(tx, ids["meeting"])
    if found is None:
        return None
    if found.meeting.state is standing.State.CANCELLED and not reader.stands:
        return None
    return views.room(await standing.scene(tx, found, now))


async def chair(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """The card of who chairs a meeting, or keeps its record; for nobody else."""
    found = await council.around(tx, ids["meeting"])
    if found is None or reader.person is None:
        return None
    scene = await standing.scene(tx, found, now, person=reader.person, whole=True)
    if found.meeting.state in standing.TO_COME:
        return chair_views.before(scene) if await standing.may_run(tx, reader.person, found) else None
    if reader.person.id == found.chair_id:
        return chair_views.chair(scene)
    if reader.person.id == found.secretary_id:
        return chair_views.secretary(scene)
    if await standing.may_run(tx, reader.person, found):
        return chair_views.chair(scene)
    return chair_views.not_yours(scene) if reader.stands else None


async def clock(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
    """What the clock says of a section, while it is under discussion."""
    found = await council.around(tx, ids["meeting"])
    if found is None or reader.person is None:
        return None
    running = await standing.clock_now(tx, found)
    speaks = running is not None and running.section == ids["section"] and now >= running.warns_at
    if not speaks or reader.person.id != found.chair_id:
        return chair_views.clock_settled(ids["section"]) if reader.stands else None
    scene = await standing.scene(tx, found, now, person=reader.person)
    return chair_views.clock_card(scene, running) if running is not None else None


VIEWS = {rules.ROOM: room, rules.CHAIR: chair, rules.CLOCK: clock}
