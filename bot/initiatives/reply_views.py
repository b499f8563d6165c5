"""What is answered to a change of an initiative, and why one is refused. Source: domain.md 3.3."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import Button, Card, Paragraph
from bot.chat.words import count, day, listing, small, typed
from bot.initiatives.rules import IN_FLIGHT_MOST, LAG_MAX, Missing
from bot.initiatives.scoring import HIGHEST, LOWEST, Worth
from bot.initiatives.views import money, standing, until, worth_words
from storage.initiatives import Domain, Initiative, Objective, StrategyFrame
from storage.measures import Measure

_MISSING = {
    Missing.OWNER: "an owner",
    Missing.SPONSOR: "a sponsor",
    Missing.OBJECTIVE: "an objective",
    Missing.MEASURE: "a linked measure",
    Missing.CHARTER: "an approved charter",
    Missing.OBJECTIVES: "the charter's objectives",
    Missing.BENEFITS: "the charter's benefits",
    Missing.DONE_WHEN: "the charter's definition of done",
    Missing.PHASE: "a phase in the charter",
    Missing.BUDGET: "the budget",
    Missing.RETURN: "the expected return",
    Missing.APPROVAL: "the sponsor's approval of the charter",
    Missing.MILESTONE: "a milestone",
    Missing.PLACE: "a free place among those in flight",
}


def said(*sentences: str) -> Card:
    """Plain sentences."""
    kept = [each for each in sentences if each]
    return Card(" ".join(kept), tuple(Paragraph((each,)) for each in kept))


# --- what a change is answered with


def added(initiative: Initiative) -> Card:
    """A new one."""
    code = initiative.code
    what = "kept as an idea" if initiative.state is Initiative.State.IDEA else "kept"
    score = typed(f"initiative score {code} benefit:5 cost:2 effort:2")
    return said(f"{code} is {what}: {initiative.title}.", f"Next somebody scores it: {score}")


def same_thing(initiative: Initiative) -> str:
    """Somebody saw that it is there already."""
    return f"Nothing new was kept. {initiative.code} is {standing(initiative)}: {initiative.title}"


def changed(initiative: Initiative, what: Sequence[str]) -> Card:
    """Some fields."""
    return said(f"{initiative.code}: {listing(what)}.")


def moved(initiative: Initiative, *notes: str) -> Card:
    """Another state."""
    return said(f"{initiative.code} is {standing(initiative)}: {initiative.title}.", *notes)


def scored(initiative: Initiative, worth: Worth, raters: int) -> Card:
    """A rating was kept."""
    return said(f"{initiative.code}: your figures are kept. Together: {worth_words(worth, raters)}.")


def waits(after: Initiative, before: Initiative, lag: int) -> Card:
    """A dependency."""
    then = f", and {count(lag, 'day')} more" if lag else ""
    return said(f"{after.code} waits for {before.code}{then}: {before.title}.")


def waits_no_more(after: Initiative, before: Initiative) -> Card:
    """A dependency less."""
    return said(f"{after.code} does not wait for {before.code} any more.")


def serves(initiative: Initiative, name: str) -> Card:
    """It serves an objective, or is seen in a measure."""
    return said(f"{initiative.code} serves {name}.")


def domain_added(domain: Domain) -> Card:
    """A new domain."""
    return said(f"{domain.name} is a domain now.")


def domains(names: Sequence[str]) -> Card:
    """Every domain."""
    return said(f"The domains are {listing(names)}." if names else no_domains())


def objective_added(objective: Objective) -> Card:
    """A new objective."""
    money_words = f" It brings: {objective.financial_outcome}." if objective.financial_outcome else ""
    return said(f"{objective.name} is an objective now.{money_words}")


def objectives(names: Sequence[str]) -> Card:
    """Every objective."""
    return said(f"The objectives are {listing(names)}." if names else no_objectives())


def frame(found: StrategyFrame, *, over: tuple[int, int, int] = (0, 0, 0)) -> Card:
    """The limits, and by how much money, days and initiatives in flight what is approved by now is over them."""
    money_over, days_over, flight_over = over
    parts = [money(money_over, found.currency)] if money_over else []
    parts += [f"{count(days_over, 'day')} a month"] if days_over else []
    parts += [f"{count(flight_over, 'initiative')} in flight"] if flight_over else []
    beyond = f"What is approved by now is over by {listing(parts)}. It goes on; nothing more fits until there is room."
    return said(
        f"The frame is valid {until(found.valid_from, found.valid_to)}: at most {small(found.max_in_flight)} "
        f"in flight, {_limits(found)}.",
        f"Short term ends on {day(found.short_end)}, mid term on {day(found.mid_end)}.",
        *([beyond] if parts else []),
    )


def _limits(found: StrategyFrame) -> str:
    budget = money(found.budget, found.currency) if found.budget else "no limit of money"
    days = found.person_days_per_month
    return f"{budget}, {count(days, 'day') + ' a month' if days else 'no limit of days'}"


# --- refusals


def over_frame(code: str, frame: StrategyFrame, budget: int, days: int) -> str:
    """E-08 for an approval that the frame has no room for."""
    parts = [money(budget, frame.currency)] if budget else []
    parts += [f"{count(days, 'day')} a month"] if days else []
    return _unchanged(
        f"With {code} what is approved would be over by {listing(parts)}: the frame until {day(frame.valid_to)} has "
        f"{_limits(frame)}."
    )


def _unchanged(words: str) -> str:
    return f"{words} Nothing was changed."


def cannot_start(initiative: Initiative, missing: Sequence[Missing], ways: Sequence[str]) -> str:
    """E-08."""
    lacks = listing([_MISSING[each] for each in missing])
    return _unchanged(
        f"{initiative.code} can't start yet. Still missing: {lacks}. It is {standing(initiative)}; "
        f"you can: {listing(ways, 'or')}."
    )


def no_place(code: str) -> str:
    """E-08 for an Undo that would put one more in flight than the frame allows."""
    return _unchanged(f"{code} can't go on yet. Still missing: {_MISSING[Missing.PLACE]}.")


def being_ranked(code: str, round_code: str) -> str:
    """An Undo of the only rating of what people are asked to rank."""
    return _unchanged(f"{code} is being ranked in {round_code} and this is its only score, so it stays for now.")


def incomplete(initiative: Initiative, missing: Sequence[Missing], done: str) -> str:
    """E-08 for a charter that is not complete; `done` is what can't be done, as in "can't be {done}"."""
    return _unchanged(
        f"The charter of {initiative.code} can't be {done} yet. Still missing: "
        f"{listing([_MISSING[each] for each in missing])}."
    )


def needs_title() -> str:
    """An initiative without words."""
    example = typed('initiative idea "Text the visit time" stage:Visit')
    return _unchanged(f"What is it called? For example: {example}")


def looks_like(other: Initiative, since: str) -> str:
    """E-11."""
    return f"That looks like {other.code} '{other.title}' (open since {since}). Nothing is kept yet."


def overlap_ways(other: Initiative, values: Mapping[str, str]) -> tuple[Button, ...]:
    """E-11's two ways on; the second carries what was typed."""
    return (
        Button("Same thing", "initiative.same", {"initiative": str(other.id), "title": values["title"]}),
        Button("It's new", "initiative.new", values),
    )


def no_domain(name: str, known: Sequence[str]) -> str:
    """An unknown domain."""
    if not known:
        return _unchanged(no_domains())
    return _unchanged(f"I don't know the domain '{name}'. The domains are {listing(known)}.")


def no_domains() -> str:
    """Nobody has made one."""
    example = typed('initiative domain "Service"')
    return f"There is no domain yet. A lead adds one: {example}"


def no_objective(name: str, known: Sequence[str]) -> str:
    """An unknown objective."""
    if not known:
        return _unchanged(no_objectives())
    return _unchanged(f"I don't know the objective '{name}'. The objectives are {listing(known)}.")


def no_objectives() -> str:
    """Nobody has made one."""
    example = typed('initiative objective "Right first time"')
    return f"There is no objective yet. A lead adds one: {example}"


def no_measure(name: str, known: Sequence[str]) -> str:
    """An unknown measure."""
    return _unchanged(f"I can't find the measure {name or 'you mean'}. I know: {listing(known) or 'none yet'}.")


def taken(what: str, name: str) -> str:
    """A second one of that name."""
    return _unchanged(f"There is {what} called {name} already.")


def only_leads(what: str) -> str:
    """E-03 for what stands above one initiative."""
    return _unchanged(f"Only a team's lead or an administrator can {what}.")


def only_inside() -> str:
    """E-03 for people of other companies."""
    return _unchanged("Only people of this company can see that.")


def sponsor_is_for_others(code: str) -> str:
    """E-03 for an owner who would choose who approves their own charter."""
    return _unchanged(
        f"You own {code}, so somebody else names another sponsor: the present one, another lead or an administrator."
    )


def only_leaders() -> str:
    """E-03 for the frame."""
    return _unchanged("Only the chair, an executive or an administrator can set the frame.")


def not_one_of(what: str, text: str, known: Sequence[str]) -> str:
    """A word that has to be one of some."""
    return _unchanged(f"I don't know the {what} '{text}'. It can be {listing(known, 'or')}.")


def needs_hard_measure(code: str) -> str:
    """E-19."""
    return _unchanged(
        "P1 and P2 need a linked hard measure, so that we can see whether it helped. "
        f"Link one with {typed(f'initiative measure {code} FTF')}."
    )


def sponsor_is_owner(name: str) -> str:
    """Invariant 11."""
    return _unchanged(f"{name} can't be both the sponsor and the owner.")


def nothing_to_set(code: str) -> str:
    """`set` without anything to set."""
    return _unchanged(f"What is to change? For example: {typed(f'initiative set {code} owner:@Ann prio:P2')}")


def ends_before_it_starts() -> str:
    """Two dates in the wrong order."""
    return _unchanged("It would end before it starts.")


def not_a_figure(name: str) -> str:
    """A rating that is none."""
    example = typed("initiative score I-4 benefit:5 cost:2 effort:2")
    return _unchanged(f"{name} is a whole number from {LOWEST} to {HIGHEST}, 5 being large. For example: {example}")


def not_a_lag(text: str) -> str:
    """Days that are none."""
    return _unchanged(f"I can't read '{text}' as days. It is a whole number up to {LAG_MAX}.")


def not_a_number(name: str, text: str) -> str:
    """A limit of the frame that is none."""
    most = f" up to {IN_FLIGHT_MOST}" if name == "flight" else ""
    return _unchanged(f"I can't read '{text}' as {name}: it is a whole number{most}.")


def not_money(text: str, currency: str) -> str:
    """An amount that is none, or one in another currency."""
    example = money(1_500_000, currency).replace(f"{currency} ", "")
    return _unchanged(f"I can't read '{text}' as an amount in {currency}. Write it as 15000, {example} or 15k.")


def would_wait_for_itself(path: Sequence[str]) -> str:
    """Invariant 13, with the way round."""
    return _unchanged(f"Then they would wait for each other: {' -> '.join(path)}.")


def waits_already(after: str, before: str) -> str:
    """A dependency that is there."""
    return _unchanged(f"{after} waits for {before} already.")


def does_not_wait(after: str, before: str) -> str:
    """A dependency that is not there."""
    return _unchanged(f"{after} does not wait for {before}.")


def on_what(code: str) -> str:
    """A dependency without its other end."""
    return _unchanged(f"For what does {code} wait? For example: {typed(f'initiative depends {code} on:I-2')}")


def frame_overlaps(found: StrategyFrame) -> str:
    """Invariant 15."""
    return _unchanged(f"There is a frame already that is valid {until(found.valid_from, found.valid_to)}.")


def frame_needs(missing: Sequence[str]) -> str:
    """A frame without its dates."""
    example = typed("initiative frame starts:2026-12-01 ends:2027-11-30 flight:5 budget:200k days:80")
    return _unchanged(f"A frame needs {listing(missing)}. For example: {example}")


def frame_out_of_order() -> str:
    """Columns of the map that go backwards."""
    return _unchanged("Short term has to end before mid term does.")


def no_frame() -> str:
    """Nobody has set one."""
    return "No frame is valid today. The chair, an executive or an administrator sets one."


def measured(measure: Measure) -> str:
    """What a measure is called where something is linked to it."""
    return f"{measure.name} ({measure.code})"


IMPACT_UNKNOWN = "Its measure has no number from before it began and after it was delivered: impact not measured."
"""Said when it is closed, and shown for good."""
