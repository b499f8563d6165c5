"""`/measure link`, `headline`, `target` and `conflict`: what a measure is for, and which ones pull people apart."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.commands import Command
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.measures import adding, asking, reply_views, standing
from storage import audit
from storage.decisions import Decision, decision_coded
from storage.links import Thing
from storage.measures import (
    Measure,
    MeasureConflict,
    close_conflict,
    departments_of,
    hold,
    measures,
    open_conflict_of,
    open_conflicts,
)
from storage.people import Department, zone_of
from storage.tx import Tx

LINK_KEYS = ("objective", "outcome", "pair")
TARGET_KEYS = ("amber", "reason")
CONFLICT_KEYS = ("decision",)
CLOSED = "close", "conflict"  # the verb and the field under which it is written down
WHY_MAX = 300  # characters: one line of a card


async def link(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/measure link FTF objective:"Right first time" outcome:"fewer visits paid twice" pair:AHT`. Raises: Declined."""
    command = event.command
    measure, _ = await asking.to_change(tx, asking.spoken(command), event.by.person, "link a measure")
    said = [await _tied(tx, measure, key, command.keys) for key in LINK_KEYS if command.keys.get(key, "").strip()]
    if not said:
        raise Declined(reply_views.nothing_to_link(measure))
    await tx.flush()
    return Replies(answer=Answer(reply_views.linked(measure, said)), undoable=True)


async def _tied(tx: Tx, measure: Measure, key: str, keys: Mapping[str, str]) -> str:
    """Ties one end, writes it down, and says it in words."""
    match key:
        case "objective":
            found = await adding.the_objective(tx, keys[key])
            measure.objective_id = found.id
            said = f"objective {found.name}"
        case "outcome":
            measure.financial_outcome = adding.text_of(keys[key], "outcome")
            said = f"brings {measure.financial_outcome}"
        case _:
            known = await measures(tx)
            pair = asking.split(keys[key], [each for each in known if each.id != measure.id])
            if pair is None:
                raise Declined(reply_views.which(keys[key], [each.code for each in known]), code="E-04")
            if not pair[0].hard:
                raise Declined(reply_views.pair_is_soft(pair[0]))
            measure.pair_id = pair[0].id
            said = f"read beside {pair[0].name}"
    audit.note(tx, asking.end_of(measure), "link", field=key, after=said)
    return said


async def headline(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/measure headline NPS [off]`. Raises: Declined (E-12) where it is tied to no objective or outcome."""
    person = event.by.person
    measure, rest = await asking.to_change(tx, asking.spoken(event.command), person, "choose headline measures")
    wants = rest.casefold() != "off"
    if wants and rest.casefold() not in {"", "on"}:
        raise Declined(reply_views.not_one_of("word", rest, ["on", "off"]))
    if wants and standing.unanchored([measure]):
        raise Declined(reply_views.needs_anchor(measure), code="E-12")
    if measure.headline is wants:
        raise Declined(reply_views.is_so_already(measure))
    audit.note(tx, asking.end_of(measure), "headline", field="headline", before=measure.headline, after=wants)
    measure.headline = wants
    await tx.flush()
    is_alone = not measure.hard and measure.pair_id is None
    return Replies(answer=Answer(reply_views.headlined(measure, is_alone=is_alone)), undoable=True)


async def target(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """`/measure target NPS 20 amber:10 reason:"agreed with Field"`; `off` for none. Raises: Declined."""
    command = event.command
    measure, rest = await asking.to_change(tx, asking.spoken(command), event.by.person, "set a target")
    typed, reason = next(iter(command.numbers), "") or rest, adding.text_of(command.keys.get("reason", ""), "reason")
    before = measure.target
    if not typed or (before is not None and not reason):
        raise Declined(reply_views.needs_target(measure))
    adding.aim(measure, "" if typed.casefold() == "off" else typed, command.keys.get("amber", ""))
    old, new = ("" if each is None else str(each.normalize()) for each in (before, measure.target))
    if old != new:
        audit.note(tx, asking.end_of(measure), "target", field="target", before=old, after=new, reason=reason)
    await tx.flush()
    return Replies(answer=Answer(reply_views.aimed(measure, before if old != new else None)), undoable=True)


# --- what pulls apart


async def conflict(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/measure conflict AHT FTF "why"`; `decision:D-3` closes it; without measures, every open one."""
    command, person = event.command, event.by.person
    asking.need_inside(person)
    if not asking.spoken(command) and command.keys.get("decision", ""):
        raise Declined(reply_views.needs_two())
    if not asking.spoken(command):
        by_id = {each.id: each for each in await measures(tx)}
        found = [(each, by_id[each.one_id], by_id[each.other_id]) for each in await open_conflicts(tx)]
        return Replies(answer=Answer(reply_views.conflicts(found)))
    await asking.need_shaper(tx, person, "say which measures pull apart")
    one, other = await _two(tx, command)
    for each in sorted((one, other), key=lambda measure: measure.id):  # in one order, so that two never wait for both
        await hold(tx, each)
    there = await open_conflict_of(tx, one.id, other.id)
    if code := command.keys.get("decision", ""):
        return await _closed(tx, there, (one, other), code)
    if there is not None:
        raise Declined(reply_views.conflict_there(there, one, other))
    why = " ".join(command.quoted).strip()
    if not why:
        raise Declined(reply_views.needs_two())
    if len(why) > WHY_MAX:
        raise Declined(reply_views.text_too_long("reason", WHY_MAX, len(why)))
    await _need_two_departments(tx, one, other)
    on = today_in(zone_of(person), now)
    new = MeasureConflict(one_id=one.id, other_id=other.id, why=why, raised_by=person.id, raised_on=on)
    tx.add(new)
    await tx.flush()
    for each in (one, other):
        audit.note(tx, asking.end_of(each), "conflict", field="conflict", after=f"{one.code} {other.code}", reason=why)
    return Replies(answer=Answer(reply_views.conflict_raised(new, one, other)), undoable=True)


async def _two(tx: Tx, command: Command) -> tuple[Measure, Measure]:
    """The two that a line names. Raises: Declined (E-04)."""
    known = await measures(tx)
    found = asking.split(command.words, known)
    behind = asking.split(found[1], known) if found and found[1] else None
    if found is None or (found[1] and behind is None):
        missing = command.words if found is None else found[1]
        raise Declined(reply_views.which(missing, [each.code for each in known]), code="E-04")
    if behind is None or behind[1] or behind[0].id == found[0].id:
        raise Declined(reply_views.needs_two())
    return found[0], behind[0]


async def _need_two_departments(tx: Tx, one: Measure, other: Measure) -> None:
    """Raises: Declined where both belong to one department. Source: domain.md S2-02."""
    belongs = await departments_of(tx)
    shared = belongs.get(one.id)
    if shared is not None and shared == belongs.get(other.id):
        raise Declined(reply_views.one_department(one, other, (await tx.need(Department, shared)).name))


async def _closed(tx: Tx, there: MeasureConflict | None, both: tuple[Measure, Measure], code: str) -> Replies:
    one, other = both
    if there is None:
        raise Declined(reply_views.no_conflict(one, other), code="E-05")
    decision = await decision_coded(tx, code.upper())
    if decision is None:
        raise Declined(reply_views.no_decision(code), code="E-04")
    if decision.state is not Decision.State.IN_FORCE:
        raise Declined(reply_views.not_decided(decision.code, decision.state.value.replace("_", " ")), code="E-05")
    close_conflict(there, decision.id)
    for each in both:
        audit.note(tx, asking.end_of(each), CLOSED[0], field=CLOSED[1], before="open", after=decision.code)
    await tx.flush()
    return Replies(answer=Answer(reply_views.conflict_closed(one, other, decision.code)), undoable=True)


async def after_undo(tx: Tx, event_id: int) -> None:
    """A conflict is open again. Raises: Declined where somebody has said since that the two pull apart."""
    deeds = await audit.of_event(tx, event_id)
    closed = [each for each in deeds if each.thing is Thing.MEASURE and (each.verb, each.field) == CLOSED]
    if not closed:
        return
    one, other = [await tx.need(Measure, each.thing_id) for each in closed]
    pair = {one.id, other.id}
    if sum({each.one_id, each.other_id} == pair for each in await open_conflicts(tx)) > 1:
        raise Declined(reply_views.raised_again(one, other), code="E-05")
