"""What every change of a milestone begins with: which one, is it legal, may they, and was somebody faster."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.chat.routing import Handler
from bot.milestones import reply_views, standing
from bot.milestones.rules import MOVES, UNOWNED, State
from bot.people.rules import first_name
from bot.work import handlers as work
from bot.work import views as work_views
from bot.work.rules import Move
from bot.work.views import REASON_MAX
from storage import audit
from storage.initiatives import Milestone, milestone_coded
from storage.links import Thing
from storage.people import Person
from storage.tx import Tx


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody is about to do something to a milestone: it is legal, they may, and nobody was faster."""

    tx: Tx
    by: By
    milestone: Milestone
    move: Move[State]
    now: datetime

    @property
    def end(self) -> tuple[Thing, int]:
        """The milestone as the end of a link."""
        return Thing.MILESTONE, self.milestone.id

    @property
    def today(self) -> date:
        """The date where the one is who acts."""
        return standing.today_of(self.by.person, self.now)

    def to_target(self, *, reason: str = "") -> None:
        """Moves it where the table says, and writes that down."""
        before = self.milestone.state
        if self.move.target is not None:
            self.milestone.state = self.move.target
        after = self.milestone.state.value
        audit.note(self.tx, self.end, self.move.verb, before=before.value, after=after, reason=reason)

    def note(self, field: str, before: object, after: object, *, reason: str = "") -> None:
        """Writes down what became of one of its columns."""
        audit.note(self.tx, self.end, self.move.verb, field=field, before=before, after=after, reason=reason)


async def step(tx: Tx, by: By, milestone: Milestone, verb: str, *, now: datetime) -> Step:
    """Raises: Declined (E-05, E-03, E-20) when it can't be done, by this person, now."""
    moves = work.legal(MOVES, verb, milestone.state, code=milestone.code)
    if any(each.when == UNOWNED for each in moves) and not await standing.is_unowned(tx, milestone):
        moves = [each for each in moves if each.when != UNOWNED]
    move = work.permitted(moves, await standing.parts_of(tx, milestone, by.person, now), code=milestone.code)

    async def stands() -> str:
        return reply_views.stands(milestone)

    await work.not_overtaken(tx, (Thing.MILESTONE, milestone.id), milestone, code=milestone.code, now=stands)
    return Step(tx, by, milestone, move, now)


async def coded(tx: Tx, event: Asked) -> Milestone:
    """The milestone that a command names. Raises: Declined (E-04)."""
    code = next((each for each in event.command.codes if each.startswith("M-")), "")
    return await of_code(tx, event.by, code)


async def of_code(tx: Tx, by: By, code: str) -> Milestone:
    """The milestone of a code, where they may see it. Raises: Declined (E-04)."""
    found = work.known(await milestone_coded(tx, code) if code else None, code, "milestone")
    return await _seen(tx, by, found)


async def _seen(tx: Tx, by: By, milestone: Milestone) -> Milestone:
    if not await standing.may_see(tx, by.person, milestone):
        raise work.unseen(milestone.code)
    return milestone


async def meant(tx: Tx, event: Asked | Pressed | Submitted) -> Milestone:
    """The milestone that a command, button or form is about. Raises: Declined (E-04, E-20)."""
    if isinstance(event, Asked):
        return await coded(tx, event)
    found = work.known(await tx.get(Milestone, event.number("milestone")), "that milestone", "milestone")
    milestone = await _seen(tx, event.by, found)
    if isinstance(event, Submitted):
        await _not_changed_since(tx, event, milestone)
    return milestone


def is_read(event: Asked | Pressed, milestone: Milestone) -> bool:
    """Whether a button says what is proposed or claimed now, not what was before; a typed word means what is now."""
    if isinstance(event, Asked):
        return True
    if milestone.proposed_on is not None:
        return event.number("on") == milestone.proposed_on.toordinal()
    return event.number("read") == milestone.version


def once_more(handler: Handler[Submitted], form_of: Callable[[Milestone, Submitted], Form]) -> Handler[Submitted]:
    """`handler`, but where somebody was faster (E-20) the form comes back with what was typed, for a second try."""

    async def take(event: Submitted, tx: Tx, now: datetime) -> Replies:
        try:
            return await handler(event, tx, now)
        except Declined as problem:
            if problem.code != "E-20":
                raise
            form = form_of(await tx.need(Milestone, event.number("milestone")), event)
            return Replies(answer=Answer(form.refused(event.values, {form.inputs[0].id: problem.words})))

    return take


async def _not_changed_since(tx: Tx, event: Submitted, milestone: Milestone) -> None:
    """Raises: Declined (E-20) when somebody else changed it while a form was open."""
    other = await changed_by(tx, milestone, since=event.number("version"), but=event.by.person)
    if other is not None:
        words = work_views.overtaken(first_name(other), milestone.code, reply_views.stands(milestone))
        raise Declined(words, code="E-20")


async def changed_by(tx: Tx, milestone: Milestone, *, since: int, but: Person) -> Person | None:
    """Who else made another version of it than the one of that number; None for nobody, and where no number is."""
    if not since or since == milestone.version:
        return None
    entry = next(iter(await audit.newest(tx, (Thing.MILESTONE, milestone.id), 1)), None)
    if entry is None or entry.by in {None, but.id}:
        return None
    return await tx.need(Person, entry.by or 0)


def reason_in(event: Asked | Submitted) -> str:
    """The word why. Raises: Declined when it is too long to be shown whole."""
    if isinstance(event, Submitted):
        text = event.values.get("why", "")
    else:
        text = event.command.keys.get("reason", "") or event.command.title
    return work.at_most(REASON_MAX, text.strip(), "That reason")
