"""The words about seats: who sits at the table, for whom, and which departments do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.cards import Card, Element, Group, Line, Note, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import count, listing, typed
from bot.council import views
from bot.council.rules import Held, is_voting
from storage.councils import Council, Seat
from storage.people import Department


@dataclass(frozen=True, slots=True)
class Coverage:
    """A department on the customer's journey, with its seat where it has one."""

    department: Department
    held: Held | None

    @property
    def is_covered(self) -> bool:
        """Whether somebody sits there for it."""
        return self.held is not None and self.held.person is not None


def members(council: Council, seats: Sequence[Held], unseated: Sequence[str], deputies: Mapping[int, str]) -> Card:
    """Every seat in the order of the journey, vacant ones too."""
    voting = [each for each in seats if is_voting(each.seat, council)]
    others = [each for each in seats if not is_voting(each.seat, council)]
    filled = len([each for each in voting if each.person is not None])
    note = f"{filled} of {count(len(voting), 'voting seat')} filled"
    groups: list[Element] = [
        Group(label, tuple(_line(each, deputies, votes=some is voting) for each in some))
        for label, some in (("Voting", voting), ("Speaking, no vote", others))
        if some
    ]
    if not seats:
        groups.append(Paragraph((f"No seats yet. Add one with `{typed('council add @name dept:Billing')}`.",)))
    if not any(each.seat.kind is Seat.Kind.CUSTOMER for each in seats):
        groups.append(Paragraph((f"Customer's seat: none. Add it with `{typed('council add kind:customer')}`.",)))
    if unseated:
        groups.append(Paragraph((f"On the journey without a seat: {listing(unseated)}.",)))
    return Card(f"{council.name}: {note}.", (Title(f"{council.name}: members"[:45]), Note(note), *groups))


def _line(held: Held, deputies: Mapping[int, str], *, votes: bool) -> Line:
    name = held.person.name if held.person is not None else views.VACANT
    seat = held.seat
    said = [views.KINDS[seat.kind]] if seat.kind is not Seat.Kind.VOTING else []
    if held.person is not None and votes:
        said.append("can decide" if seat.can_decide else "can't decide, so does not count for the quorum")
    if seat.deputy_id is not None:
        power = "" if seat.deputy_can_decide else ", without authority to decide"
        said.append(f"deputy {deputies.get(seat.deputy_id, '')}{power}")
    if held.person is None and seat.note:
        said.append(seat.note)
    label = held.name
    return Line((Bold(label), f"  {name}") if label and label != name else (Bold(name),), (" · ".join(said),))


def coverage(council: Council, found: Sequence[Coverage], customer: str) -> Card:
    """Department by department along the journey: who sits for it. Source: domain.md S2-09."""
    covered = len([each for each in found if each.is_covered])
    note = f"{covered} of {count(len(found), 'department')} on the journey sit at the table"
    lines = tuple(Line((Bold(each.department.name),), (_covered(each),)) for each in found)
    gaps = [each.department.name for each in found if each.held is None]
    body: list[Element] = [Group("Along the journey", lines, numbered=True)] if lines else []
    if gaps:
        body.append(Paragraph((f"Without a seat: {listing(gaps)}. They stand on each agenda until they have one.",)))
    body.append(Paragraph((f"Customer's seat: {customer}.",)))
    return Card(f"{council.name}: {note}.", (Title("Coverage of the journey"), Note(note), *body))


def _covered(each: Coverage) -> str:
    if each.held is None:
        return "no seat"
    if each.held.person is None:
        return f"seat {views.VACANT}"
    decides = "" if each.held.seat.can_decide else ", can't decide"
    return f"{each.held.person.name} ({views.KINDS[each.held.seat.kind]}{decides})"


# --- replies


def added(held: Held, council: Council, *, votes: bool) -> Card:
    """What was stored."""
    seat = held.seat
    who = held.person.name if held.person is not None else views.VACANT
    label = f"{held.name}: {who}" if held.name and held.name != who else who
    said = [views.KINDS[seat.kind]]
    if votes and held.person is not None:
        said.append("can decide" if seat.can_decide else "can't decide, so does not count for the quorum")
    how = "" if seat.can_decide or not votes else " Add `can-decide` to the line if they can."
    return says(f"Seat of {council.name} – {label} ({', '.join(said)}).{how}")


def removed(name: str, council: Council, seats: Sequence[str], *, ends: bool, ran_it: bool) -> Card:
    """A seat is vacant, or no more."""
    said = []
    if seats:
        what = listing([each or "Their" for each in seats])
        said.append(f"{what}: the seat is {'no more' if ends else 'vacant and shown so'}.")
    if ran_it:
        said.append(
            f"{name} no longer runs {council.name}. Name somebody with `{typed('council setup secretary:@name')}`."
        )
    return says(*said)


def deputy_set(name: str, held: Held, *, can_decide: bool) -> Card:
    """Who sits in as a rule."""
    power = "and counts for the quorum" if can_decide else "speaks, and does not count for the quorum"
    whom = held.person.name if held.person is not None else held.name
    how = "" if can_decide else " Add `can-decide` to the line if they can decide."
    return says(f"{name} sits in for {whom} when they send a deputy, {power}.{how}")


def no_deputy(seat: str) -> Card:
    """Nobody sits in as a rule."""
    return says(f"{seat} has no deputy any more.")


# --- what can't be done


def unknown_kind(said: str) -> str:
    """Which kinds there are."""
    kinds = "voting, advisory, customer, supplier or supplier-advisory"
    return f"I don't know the kind '{said}'. A seat is {kinds}. Nothing was changed."


def whom_to_seat() -> str:
    """Nobody and nothing was named."""
    example = typed("council add @Raj dept:Field can-decide")
    return f"Who gets the seat, and for which department? For example `{example}`. Nothing was changed."


def whom_to_remove() -> str:
    """Nobody was named."""
    return f"Whose seat? For example `{typed('council remove @Bea has left')}`. Nothing was changed."


def whom_as_deputy() -> str:
    """Nobody was named."""
    return f"Who sits in? For example `{typed('council deputy @Ida for:@Ivo can-decide')}`. Nothing was changed."


def one_at_a_time() -> str:
    """Several people in one line."""
    return "One person at a time, please: each has a seat of their own. Nothing was changed."


def no_seat(name: str) -> str:
    """Nobody of that name sits there."""
    return f"{name} has no seat there. `{typed('council members')}` shows who has. Nothing was changed."


def _at(name: str) -> str:
    """A name as it is typed: `@Raj`, `@"Mrs Okafor"`."""
    return f'@"{name}"' if " " in name else f"@{name}"


def seat_taken(seat: str, holder: str) -> str:
    """Somebody else sits there."""
    how = typed(f"council remove {_at(holder)}")
    return f"The seat of {seat} is {holder}'s. Take it back first with `{how}`. Nothing was changed."


def seat_is_held(seat: str, holder: str) -> str:
    """A vacant seat is wanted for a department that has one."""
    change, end = typed(f"council add {_at(holder)} kind:…"), typed(f"council remove {_at(holder)}")
    return (
        f"The seat of {seat} is {holder}'s already. To change it, name {holder}: `{change}`; to make it vacant: "
        f"`{end}`. Nothing was changed."
    )


def has_another(holder: str, seat: str) -> str:
    """One person, one seat: what they spoke for would be left without a voice."""
    where = f", of {seat}" if seat and seat != holder else ""
    how = typed(f"council remove {_at(holder)}")
    return f"{holder} has a seat already{where}. Make that one vacant first with `{how}`. Nothing was changed."


def too_many(most: int) -> str:
    """More seats than one table has."""
    return f"A council has at most {most} seats. Nothing was changed."


def not_oneself() -> str:
    """A deputy is somebody else."""
    return "A deputy is somebody else than who holds the seat. Nothing was changed."


def unknown_department(said: str, names: Sequence[str]) -> str:
    """E-04."""
    there_are = f" There is {listing(names[:8])}." if names else ""
    return f"I can't find a department called '{said}'.{there_are} Nothing was changed."
