"""What every change of an initiative asks first: which one, is it legal, may they, was somebody faster."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.replies import Answer, Replies, Show
from bot.initiatives import finding, reply_views, rules, views
from bot.initiatives.rules import State
from bot.work import handlers as work
from bot.work.rules import Move
from bot.work.views import REASON_MAX, needs_reason
from storage import audit, portfolio
from storage.audit import AuditEvent
from storage.initiatives import Domain, Initiative, Objective, initiative_coded
from storage.links import End, Thing
from storage.messages import Lane
from storage.people import Person
from storage.portfolio import domains, objectives
from storage.tx import Tx

NEWS = "initiative.news"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is about to do something to an initiative: it is legal, they may, and nobody was faster."""

    tx: Tx
    by: By
    initiative: Initiative
    move: Move[State]
    now: datetime

    @property
    def end(self) -> End:
        """The initiative as the end of a link."""
        return Thing.INITIATIVE, self.initiative.id

    @property
    def today(self) -> date:
        """The date where the one who acts is."""
        return finding.today_of(self.by.person, self.now)

    def to_target(self, *, reason: str = "") -> None:
        """Moves it where the table says, and writes that down."""
        before = self.initiative.state
        self.initiative.state = self.move.target or before
        after = self.initiative.state.value
        audit.note(self.tx, self.end, self.move.verb, before=before.value, after=after, reason=reason)

    def note(self, field: str, before: object, after: object) -> None:
        """Writes a changed field down."""
        audit.note(self.tx, self.end, self.move.verb, field=field, before=before, after=after)

    async def told(self, card: Card) -> Replies:
        """The answer, and news for its owner and sponsor, also the ones before, unless they did it themselves."""
        await self.tx.flush()
        (entry,) = await audit.newest(self.tx, self.end, 1)
        known = await portfolio.people_numbered(self.tx, await self._concerned(entry))
        people = [known[each] for each in sorted(known) if each != self.by.person.id]
        ids = {"initiative": self.initiative.id, "entry": entry.id}
        show = tuple(
            Show(f"initiative:{self.initiative.id}:news:{entry.id}:{each.id}", each, NEWS, ids, Lane.Traffic.REPLY)
            for each in people
        )
        return Replies(answer=Answer(card), show=show, undoable=True)

    async def _concerned(self, entry: AuditEvent) -> set[int | None]:
        deeds = [each for each in await finding.deeds(self.tx, entry) if each.field in finding.PEOPLE]
        before = {int(each.before) for each in deeds if each.before}
        return {self.initiative.owner_id, self.initiative.sponsor_id, *before}


async def step(tx: Tx, by: By, initiative: Initiative, *, verb: str, now: datetime, when: str = "") -> Step:
    """Raises: Declined (E-20, E-05, E-03) when it can't be done, by this person, now. `when` chooses among moves."""
    code = initiative.code
    await not_overtaken(tx, initiative)
    moves = work.legal(rules.by_people(rules.INITIATIVE_MOVES), verb, initiative.state, code=code)
    moves = [move for move in moves if move.when == when] or moves
    move = work.permitted(moves, await finding.parts_of(tx, initiative, by.person, now), code=code)
    return Step(tx, by, initiative, move, now)


async def not_overtaken(tx: Tx, initiative: Initiative) -> None:
    """Raises: Declined (E-20) when somebody else changed it while this event was on its way."""

    async def stands() -> str:
        return f"it is {views.standing(initiative)}."

    await work.not_overtaken(tx, (Thing.INITIATIVE, initiative.id), initiative, code=initiative.code, now=stands)


async def the_initiative(tx: Tx, event: Asked) -> Initiative:
    """The one that a command names. Raises: Declined (E-04)."""
    code = next((each for each in event.command.codes if each.startswith("I-")), "")
    return await coded(tx, code, event.by.person)


async def coded(tx: Tx, code: str, person: Person) -> Initiative:
    """The one of that code. Raises: Declined (E-04)."""
    return await _seen(tx, person, work.known(await initiative_coded(tx, code) if code else None, code, "initiative"))


async def pressed(tx: Tx, event: Pressed | Submitted) -> Initiative:
    """The one that a button or form is about. Raises: Declined (E-04)."""
    found = work.known(await tx.get(Initiative, event.number("initiative")), "that initiative", "initiative")
    return await _seen(tx, event.by.person, found)


async def _seen(tx: Tx, person: Person, initiative: Initiative) -> Initiative:
    """Raises: Declined (E-04) for people of other companies who have no part in it."""
    if not await finding.may_see(tx, initiative, person):
        raise work.unseen(initiative.code)
    return initiative


def reason_of(event: Asked) -> str:
    """Why, as it was typed behind the code or after `reason:`. Raises: Declined when it is too long."""
    return work.at_most(REASON_MAX, (event.command.keys.get("reason") or event.command.title).strip(), "That reason")


def need_reason(move: Move[State], initiative: Initiative, reason: str) -> None:
    """Raises: Declined where a move needs a word why and has none."""
    if move.reason and not reason:
        example = f'/initiative {move.verb} {initiative.code} "the supplier left"'
        raise Declined(needs_reason(initiative.code, example))


def need_inside(person: Person) -> None:
    """Raises: Declined (E-03) for people of other companies."""
    if person.is_external:
        raise Declined(reply_views.only_inside(), code="E-03")


async def the_domain(tx: Tx, name: str, person: Person) -> Domain:
    """The domain of that name, in any case. Raises: Declined with the valid ones."""
    if person.is_external:
        raise work.unseen(name)
    known = await domains(tx)
    found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise Declined(reply_views.no_domain(name, [each.name for each in known]), code="E-04")
    return found


async def the_objective(tx: Tx, name: str, person: Person) -> Objective:
    """The objective of that name, in any case. Raises: Declined with the valid ones."""
    need_inside(person)
    known = await objectives(tx)
    found = next((each for each in known if each.name.casefold() == name.strip().casefold()), None)
    if found is None:
        raise Declined(reply_views.no_objective(name, [each.name for each in known]), code="E-04")
    return found


async def need_lead(tx: Tx, person: Person, what: str) -> None:
    """Raises: Declined (E-03) for who leads no team and does not administer the bot."""
    if not await finding.leads_a_team(tx, person):
        raise Declined(reply_views.only_leads(what), code="E-03")
