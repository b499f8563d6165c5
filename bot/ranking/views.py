"""The words of a ranking: ballot, how many are in, and what came out. Source: domain.md K-16, P-50, 4.4."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.forms import DateInput, Form, OneOf, Option, SomeOf, TextInput
from bot.chat.spans import Bold
from bot.chat.words import count, listing, moment, rounded, typed
from bot.initiatives.scoring import Worth
from bot.ranking import rules
from bot.ranking.rules import Result
from bot.work.views import REASON_MAX
from storage.initiatives import Initiative
from storage.ranking import Ballot, RankingRound

State = RankingRound.State
HARD, UNTIL, WHY = "hard", "until", "why"
LABEL_MOST = 75
LINES = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """A round with what its cards show."""

    round: RankingRound
    items: Sequence[Initiative]
    worths: Mapping[int, Worth]
    zone: ZoneInfo

    def named(self, number: int) -> Initiative:
        """One of its initiatives."""
        return next(each for each in self.items if each.id == number)


def _ids(row: RankingRound) -> dict[str, str]:
    return {"round": str(row.id)}


def _press(row: RankingRound, text: str, verb: str, *, primary: bool = False, opens_form: bool = False) -> Button:
    return Button(text, verb, _ids(row), primary=primary, opens_form=opens_form, spoken=f"{text}: {row.code}")


# --- the ballot


def ballot(shown: Shown, mine: Ballot | None, *, asker: str, again: bool = False) -> Card:
    """K-16. What initiatives are worth is shown after one's own ballot, so that it does not lead anybody."""
    row = shown.round
    title = f"Please rank {count(len(shown.items), 'initiative')}"
    if row.state is not State.OPEN:
        words = f"{row.code} is {row.state.value}. {_of_mine(row, mine)}"
        return Card(words, (Paragraph((words,)),))
    until = f"Until {moment(row.closes_at, shown.zone)}"
    asks = f"{asker} asks you. Ties are fine, and so is no view." if not _says(mine) else "Your ballot is kept."
    if again and not _says(mine):
        asks = f"It closes soon. {asks}"
    lines = tuple(_line(each, shown, mine) for each in shown.items)
    label = "Change my ballot" if _says(mine) else "Rank them"
    button = _press(row, label, "ranking.form", primary=not _says(mine), opens_form=True)
    elements = (Title(title), Note(f"{row.code} · {until}"), Paragraph((asks,)), Group("", lines), Buttons((button,)))
    return Card(f"{title}. {until}.", elements)


def _of_mine(row: RankingRound, mine: Ballot | None) -> str:
    """What became of somebody's ballot once none are taken any more."""
    if not _says(mine):
        return "You gave no ballot."
    return "No ballot is counted." if row.state is State.CANCELLED else "Your ballot counted."


def _says(mine: Ballot | None) -> bool:
    return mine is not None and any(mine.tiers)


def _line(each: Initiative, shown: Shown, mine: Ballot | None) -> Line:
    if not _says(mine) or mine is None:
        return Line((Bold(each.code), f"  {each.title}"))
    rank = _rank(mine, each.id)
    worth = shown.worths.get(each.id)
    known = [f"ratio {_places(worth.ratio, 2)}", worth.quadrant.value] if worth else []
    hard = ["hard to do"] if each.id in mine.hard else []
    detail = [f"your {rank}" if rank else "no view", *hard, *known]
    return Line((Bold(each.code), f"  {each.title}"), (" · ".join(detail),))


def _rank(mine: Ballot | None, number: int) -> int:
    tiers = mine.tiers if mine else []
    return next((place for place, tier in enumerate(tiers, start=1) if number in tier), 0)


def form(shown: Shown, mine: Ballot | None) -> Form:
    """A number for each: the same number is a tie, none is no view."""
    numbers = tuple(Option(str(n), str(n)) for n in range(1, len(shown.items) + 1))
    choices = tuple(
        OneOf(
            str(each.id),
            _short(each),
            numbers,
            value=str(_rank(mine, each.id) or ""),
            placeholder="No view",
            optional=True,
        )
        for each in shown.items
    )
    hard = SomeOf(
        HARD,
        "Which look hard to do?",
        tuple(Option(str(each.id), _short(each)) for each in shown.items),
        value=",".join(map(str, mine.hard)) if mine else "",
        optional=True,
    )
    note = "1 is the most important. The same number twice is a tie; no number is no view."
    return Form("Your ballot", "ranking.vote", (*choices, hard), ids=_ids(shown.round), note=note, submit="Send")


def _short(each: Initiative) -> str:
    text = f"{each.code} {each.title}"
    return text if len(text) <= LABEL_MOST else f"{text[: LABEL_MOST - 1]}…"


def voted(row: RankingRound, *, is_blank: bool) -> str:
    """A ballot is kept."""
    kept = "It has no view, so it is not counted" if is_blank else "It is kept"
    return f"Thank you. {kept}; you can change it until {row.code} is closed."


# --- how it stands


def opened(shown: Shown, asked: Sequence[str], *, left_out: Sequence[str], unreachable: int) -> Card:
    """To the one who opened it."""
    row = shown.round
    words = f"{row.code} is open until {moment(row.closes_at, shown.zone)}: {count(len(shown.items), 'initiative')}."
    notes = [f"{listing(asked)} {'gets' if len(asked) == 1 else 'get'} a ballot."]
    if left_out:
        notes.append(f"{listing(left_out)} would do the work and {'has' if len(left_out) == 1 else 'have'} no ballot.")
    if unreachable:
        notes.append(f"{count(unreachable, 'person', 'people')} can't be reached here.")
    return Card(words, (Paragraph((words,)), *(Paragraph((each,)) for each in notes)))


def status(shown: Shown, ballots: int, *, may_run: bool) -> Card:
    """How many are in, and nothing of what they say."""
    row = shown.round
    told = f"{row.code} is {row.state.value}: {ballots} of {count(len(row.invited), 'ballot')} in."
    until = [Note(f"Until {moment(row.closes_at, shown.zone)}")] if row.state is State.OPEN else []
    lines = tuple(Line((Bold(each.code), f"  {each.title}")) for each in shown.items[:LINES])
    ways = {
        State.OPEN: (_press(row, "Close it now", "ranking.close"), *goes_on_ways(row)),
        State.CLOSED: (_press(row, "Show the result", "ranking.show"),),
    }.get(row.state, ())
    buttons = [Buttons(ways)] if may_run and ways else []
    return Card(told, (Title(f"Ranking {row.code}"), Paragraph((told,)), *until, Group("", lines), *buttons))


def goes_on_ways(row: RankingRound) -> tuple[Button, ...]:
    """What is left to do with a round that has no result yet."""
    extend = _press(row, "Extend it", "ranking.extend", opens_form=True)
    return extend, _press(row, "Cancel it", "ranking.cancel", opens_form=True)


def extend_form(row: RankingRound, on: date | None) -> Form:
    """Its new last day."""
    day_input = DateInput(UNTIL, "Until which day?", value=on.isoformat() if on else "", hint="Until 17:00 that day.")
    note = f"{row.code}: who has given no ballot is asked once more, and ballots that were given stay."
    return Form("Extend the ranking", "ranking.until", (day_input,), ids=_ids(row), note=note, submit="Extend it")


def please_later() -> str:
    """Beside a day on which it would be over already."""
    return "Please choose a day that is still to come, and later than it ends now."


def cancel_form(row: RankingRound) -> Form:
    """Why it is called off."""
    why = TextInput(WHY, "Why?", placeholder="The list has changed", multiline=True, longest=REASON_MAX)
    note = f"{row.code}: nobody is asked any more, and no ballot is counted."
    return Form("Cancel the ranking", "ranking.why", (why,), ids=_ids(row), note=note, submit="Cancel the ranking")


def please_write() -> str:
    """Beside an empty reason."""
    return "Please write why, so that those who were asked know."


def extended(row: RankingRound, zone: ZoneInfo, asked: Sequence[str]) -> str:
    """It takes ballots for longer."""
    again = f" {listing(asked)} {'is' if len(asked) == 1 else 'are'} asked once more." if asked else ""
    return f"{row.code} is open until {moment(row.closes_at, zone)}.{again}"


def not_longer(row: RankingRound, zone: ZoneInfo) -> str:
    """Extended to before its end."""
    until = moment(row.closes_at, zone)
    return f"{row.code} is open until {until} already: please name a later day, or close it. Nothing was changed."


def listed(found: Sequence[RankingRound]) -> Card:
    """The newest rounds."""
    how = f"To open one: {typed('initiative rank open I-1 I-2 @Ann @Bea until:fri')}"
    if not found:
        return Card("There is no ranking yet.", (Paragraph(("There is no ranking yet.",)), Paragraph((how,))))
    lines = tuple(
        Line((Bold(each.code), f"  {each.state.value}"), (count(len(each.initiatives), "initiative"),))
        for each in found
    )
    return Card("Rankings.", (Title("Rankings"), Group("Newest first", lines), Note(how)))


# --- what came out


def result(shown: Shown, found: Result | None, ballots: int, *, may_publish: bool) -> Card:
    """The final order, and how far people agree."""
    row = shown.round
    if found is None:
        words = f"{row.code} has no result: it takes {rules.BALLOTS_LEAST} ballots, and {ballots} came with a view."
        is_stuck = may_publish and row.state is State.CLOSED
        ways = [Buttons(goes_on_ways(row))] if is_stuck else []
        return Card(words, (Title(f"Ranking {row.code}"), Paragraph((words,)), *ways))
    title = f"Result of {row.code}"
    lines = tuple(_result(line, shown) for line in found.lines)
    notes = [f"{ballots} of {count(len(row.invited), 'ballot')} counted", _agreed(found.w)]
    elements: list[Element] = [Title(title), Note(" · ".join(notes)), Group("", lines, numbered=True)]
    if found.another_first:
        others = listing([shown.named(each).code for each in found.another_first], "or")
        elements.append(Paragraph((f"Another counting method puts {others} first – please discuss.",)))
    elements.append(Note("Score: half what it is worth, half what stakeholders want; 1 is the most."))
    if may_publish and row.state is State.CLOSED:
        elements.append(Buttons((_press(row, "Publish", "ranking.publish", primary=True),)))
    first = shown.named(found.lines[0].item)
    return Card(f"{title}: {first.code} {first.title} is first.", tuple(elements))


def _result(line: rules.Line, shown: Shown) -> Line:
    each = shown.named(line.item)
    hard = [f"{count(line.hard, 'person', 'people')}: hard to do"] if line.hard else []
    detail = [
        f"score {_places(line.score, 3)}",
        f"points {_places(line.points, 1)} ({_places(100 * line.share, 1)}%)",
        f"stakeholders {_rank_words(line.by_stakeholders)}, worth {_rank_words(line.by_worth)}",
        f"gap {_rank_words(line.gap)}",
        *hard,
    ]
    return Line((Bold(each.code), f"  {each.title}"), (" · ".join(detail),))


def _rank_words(rank: Fraction) -> str:
    return _places(rank, 0 if rank.denominator == 1 else 1)


def _agreed(w: Fraction | None) -> str:
    return "agreement n/a" if w is None else f"agreement {_places(w, 2)}, {rules.agreement(w).value}"


def _places(value: Fraction, places: int) -> str:
    return rounded(Decimal(value.numerator) / Decimal(value.denominator), places)


def published(row: RankingRound, moved: int) -> str:
    """Everybody who was asked sees it."""
    return f"The result of {row.code} is published; {count(moved, 'initiative is', 'initiatives are')} ranked now."


def cancelled(row: RankingRound) -> str:
    """Nobody is asked any more."""
    return f"{row.code} is cancelled. Those who were asked see that on their ballot."


def closed_by_itself(row: RankingRound) -> str:
    """For the time bar."""
    return f"{row.code} closed"


# --- refusals


def only_leads() -> str:
    """E-03."""
    return "Only a team's lead, the council's chair or an administrator can do that. Nothing was changed."


def not_invited(code: str) -> str:
    """E-03 for a ballot."""
    return f"{code} asks other people. Nothing was changed."


def which(verbs: Sequence[str]) -> str:
    """No such verb."""
    how = typed("help initiative rank")
    return f"After rank there can be {listing(verbs, 'or')}. {how} shows how. Nothing was changed."


def unknown_round() -> str:
    """E-04."""
    return "Which ranking? Please name it by its code, such as RR-1. Nothing was changed."


def its_time_is_over(row: RankingRound) -> str:
    """After the instant until which it asked."""
    return f"The time for {row.code} is over, so it takes no more ballots. Nothing was changed."


def how_many(number: int) -> str:
    """Too few or too many."""
    return (
        f"A ranking takes {rules.ITEMS_LEAST} to {rules.ITEMS_MOST} initiatives, and these are {number}. "
        "Nothing was changed."
    )


def not_ready(codes: Sequence[str]) -> str:
    """Not scored yet, or past it."""
    return (
        f"{listing(codes)} can't be ranked: each needs a score first, and no charter yet. "
        f"For example: {typed(f'initiative score {codes[0]} benefit:5 cost:2 effort:2')} Nothing was changed."
    )


def in_another(codes: Sequence[str], row: RankingRound) -> str:
    """In two rounds at once."""
    are = "is" if len(codes) == 1 else "are"
    return f"{listing(codes)} {are} being ranked in {row.code} already. Nothing was changed."


def nobody() -> str:
    """Nobody is asked."""
    return "Nobody would be asked: please name people, such as @Ann @Bea. Nothing was changed."


def over(until: datetime, zone: ZoneInfo) -> str:
    """It would be closed at once."""
    return f"{moment(until, zone)} is over, so nobody could answer. Nothing was changed."


def needs_reason(code: str) -> str:
    """Cancelling without a word."""
    return f"Please add why: {typed(f'initiative rank cancel {code} the list has changed')}. Nothing was changed."


def no_result(code: str, ballots: int, allowed: Sequence[str]) -> str:
    """E-05 for one that is to be published without a result."""
    least = rules.BALLOTS_LEAST
    ways = f"You can: {listing(allowed, 'or')}." if allowed else ""
    return f"{code} has no result: {ballots} with a view came, and it takes {least}. {ways} Nothing was changed."
