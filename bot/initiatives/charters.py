"""`/initiative charter`: what was agreed about an initiative, edition by edition."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Refresh, Replies
from bot.initiatives import asking, charter_views, finding, rules
from bot.initiatives.asking import Step
from bot.initiatives.charter_views import BENEFITS, BUDGET, DAYS, DONE_WHEN, OBJECTIVES, PHASES, RETURN, RISKS, UNRANKED
from bot.initiatives.rules import CharterState, State, Terms
from bot.work import handlers as work
from storage import portfolio
from storage.initiatives import Charter, Initiative, Phase, charter_of, phases_of
from storage.tx import Tx

REVIEW = "initiative.review"


async def open_form(event: Asked | Pressed, tx: Tx, now: datetime) -> Replies:
    """The form as it stands, for its owner or a lead."""
    initiative = await (asking.the_initiative(tx, event) if isinstance(event, Asked) else asking.pressed(tx, event))
    await asking.step(tx, event.by, initiative, verb="charter", now=now)
    typed = {UNRANKED: event.command.keys.get("reason", "")} if isinstance(event, Asked) else {}
    return Replies(answer=Answer(await _form(tx, initiative, typed)))


async def show(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Charter**: K-18."""
    initiative = await asking.pressed(tx, event)
    charter = await the_charter(tx, initiative)
    parts = await finding.parts_of(tx, initiative, event.by.person, now)
    card = charter_views.card(await finding.charter_shown(tx, initiative, charter), parts=parts)
    return Replies(answer=Answer(card, stays=True))


async def read_on(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Read on**: the next page of the charter that somebody is reading."""
    charter = work.known(await tx.get(Charter, event.number("charter")), "that charter", "charter")
    initiative = await tx.need(Initiative, charter.initiative_id)
    if not await finding.may_see(tx, initiative, event.by.person):
        raise work.unseen(initiative.code)
    newest = await the_charter(tx, initiative)
    if newest.id != charter.id or event.number("version") != charter.version:
        raise Declined(charter_views.changed_since(initiative.code), code="E-20")
    parts = await finding.parts_of(tx, initiative, event.by.person, now)
    shown = await finding.charter_shown(tx, initiative, charter)
    return Replies(answer=Answer(charter_views.card(shown, parts=parts, page=event.number("page")), stays=True))


async def the_charter(tx: Tx, initiative: Initiative) -> Charter:
    """Raises: Declined (E-04) where there is none."""
    charter = await charter_of(tx, initiative.id)
    if charter is None:
        raise Declined(charter_views.no_charter(initiative.code), code="E-04")
    return charter


async def _form(tx: Tx, initiative: Initiative, typed: Mapping[str, str]) -> Form:
    charter = await charter_of(tx, initiative.id)
    begins = {**charter_views.values(charter, await phases_of(tx, initiative.id)), **typed}
    return charter_views.form(
        initiative,
        begins,
        version=charter.version if charter else 0,
        unranked=initiative.state is State.SCORED,
        approved=charter is not None and charter.state is CharterState.APPROVED,
    )


async def save(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """Kept also while it is not complete; a new edition where the terms of an approved one change."""
    initiative = await asking.pressed(tx, event)
    charter = await charter_of(tx, initiative.id)
    currency = await _currency(tx, charter, finding.today_of(event.by.person, now))
    errors = {**_errors(event.values, initiative, currency), **_overtaken(event, charter)}
    going = await asking.step(tx, event.by, initiative, verb="charter", now=now, when=_when(event, initiative, charter))
    gone = await _gone(tx, initiative, event.values.get(PHASES, ""))
    if held := await portfolio.phases_with_milestones(tx, [each.id for each in gone]):
        names = [each.name for each in gone if each.id in held]
        errors.setdefault(PHASES, charter_views.has_milestones(names))
    if errors:
        return Replies(answer=Answer((await _form(tx, initiative, {})).refused(event.values, errors)))
    resets = _resets(event.values, charter)
    before = await _said(tx, initiative, charter)
    kept = charter if charter is not None and not resets else _edition(going, charter, currency)
    _write(kept, event.values)
    await _write_phases(going, event.values.get(PHASES, ""), gone)
    going.to_target(reason=event.values.get(UNRANKED, "").strip())
    await tx.flush()
    await _note(going, kept, before)
    return await _saved(going, kept, resets=resets)


def _resets(values: Mapping[str, str], charter: Charter | None) -> bool:
    is_approved = charter is not None and charter.state is CharterState.APPROVED
    return is_approved and charter is not None and _terms(values, charter.currency) != rules.terms_of(charter)


def _when(event: Submitted, initiative: Initiative, charter: Charter | None) -> str:
    if _resets(event.values, charter):
        return rules.APPROVAL_RESETS
    return rules.UNRANKED if initiative.state is State.SCORED else rules.ELSE


async def _saved(going: Step, kept: Charter, *, resets: bool) -> Replies:
    shown = await finding.charter_shown(going.tx, going.initiative, kept)
    parts = await finding.parts_of(going.tx, going.initiative, going.by.person, going.now)
    card = charter_views.card(shown, parts=parts, heading=charter_views.saved(shown, is_new=resets))
    return Replies(answer=Answer(card), refresh=(Refresh(REVIEW, {"charter": kept.id}),), undoable=True)


async def _said(tx: Tx, initiative: Initiative, charter: Charter | None) -> Mapping[str, str]:
    """What stands in a charter, field by field."""
    phases = await phases_of(tx, initiative.id)
    return {**charter_views.values(charter, phases), "edition": str(charter.edition)} if charter else {}


async def _note(going: Step, kept: Charter, before: Mapping[str, str]) -> None:
    """Writes every field down that was changed."""
    after = await _said(going.tx, going.initiative, kept)
    for field, said in after.items():
        if said != before.get(field, ""):
            going.note(field, before.get(field, ""), said)
    if before and after[PHASES] != before[PHASES]:
        portfolio.touched(kept)
        await going.tx.flush()


async def _currency(tx: Tx, charter: Charter | None, today: date) -> str:
    """The first edition is in the frame's money, the next ones in that of the one before."""
    if charter is not None:
        return charter.currency
    frame = await portfolio.frame_on(tx, today)
    return frame.currency if frame else rules.CURRENCY


def _edition(going: Step, before: Charter | None, currency: str) -> Charter:
    number = 1 if before is None else before.edition + 1
    edition = Charter(initiative_id=going.initiative.id, edition=number, currency=currency)
    going.tx.add(edition)
    return edition


def _write(charter: Charter, values: Mapping[str, str]) -> None:
    terms = _terms(values, charter.currency)
    charter.objectives, charter.benefits, charter.done_when = terms.objectives, terms.benefits, terms.done_when
    charter.budget, charter.days_per_month = terms.budget, terms.days_per_month
    charter.expected_return = rules.money_of(values.get(RETURN, ""), charter.currency)
    charter.risks = values.get(RISKS, "").strip()


def _terms(values: Mapping[str, str], currency: str) -> Terms:
    objectives, benefits, done_when = (values.get(each, "").strip() for each in (OBJECTIVES, BENEFITS, DONE_WHEN))
    budget, days = rules.money_of(values.get(BUDGET, ""), currency), rules.days_of(values.get(DAYS, ""))
    return Terms(objectives, benefits, done_when, budget, days)


async def _gone(tx: Tx, initiative: Initiative, text: str) -> Sequence[Phase]:
    """The phases that nobody names any more."""
    named = {each.name.casefold() for each in rules.phases_of(text) or ()}
    return [each for each in await phases_of(tx, initiative.id) if each.name.casefold() not in named]


async def _write_phases(going: Step, text: str, gone: Sequence[Phase]) -> None:
    """A phase keeps its milestones as long as its name stands."""
    known = {each.name.casefold(): each for each in await phases_of(going.tx, going.initiative.id)}
    for seq, line in enumerate(rules.phases_of(text) or (), start=1):
        phase = known.get(line.name.casefold())
        if phase is None:
            phase = Phase(initiative_id=going.initiative.id, name=line.name)
            going.tx.add(phase)
        phase.seq, phase.name, phase.exit_criteria = seq, line.name, line.exit_criteria
    for each in gone:
        await going.tx.session.delete(each)


def _errors(values: Mapping[str, str], initiative: Initiative, currency: str) -> dict[str, str]:
    errors: dict[str, str] = {}
    for name, longest in charter_views.LONGEST.items():
        if len(values.get(name, "")) > longest:
            errors[name] = charter_views.too_long(longest, len(values[name]))
    for name in (BUDGET, RETURN):
        if values.get(name, "").strip() and rules.money_of(values[name], currency) is None:
            errors[name] = charter_views.not_money(currency)
    if values.get(DAYS, "").strip() and rules.days_of(values[DAYS]) is None:
        errors[DAYS] = charter_views.NOT_DAYS
    lines = rules.phases_of(values.get(PHASES, ""))
    if lines is None:
        errors[PHASES] = charter_views.NOT_PHASES
    elif len(lines) > charter_views.PHASES_MOST:
        errors[PHASES] = charter_views.TOO_MANY_PHASES
    if initiative.state is State.SCORED and not values.get(UNRANKED, "").strip():
        errors[UNRANKED] = charter_views.NEEDS_UNRANKED
    return errors


def _overtaken(event: Submitted, charter: Charter | None) -> dict[str, str]:
    """E-20: it was changed while the form was open."""
    version = charter.version if charter else 0
    return {OBJECTIVES: charter_views.CHANGED_MEANWHILE} if event.number("version") != version else {}
