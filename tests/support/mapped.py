"""Northwater's transformation map: six initiatives in five domains, as on Tue 24 Nov 2026."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete
from sqlmodel import select

from bot.roadmap.rules import Board, board_of
from bot.work.slip import AMBER_MOST
from storage.initiatives import Dependency, Domain, Initiative, Milestone
from storage.roadmap import Ahead, Worst
from storage.tx import Tx

TODAY = date(2026, 11, 24)
DOMAINS = ("Call centre", "Field", "Digital", "Whole company", "Billing")
INITIATIVES = (
    ("I-1", "Fault questions before booking a visit", "Call centre", date(2026, 12, 18)),
    ("I-2", "Call notes on the engineer's tablet", "Field", date(2027, 6, 30)),
    ("I-3", "Text the customer the visit time", "Digital", date(2027, 2, 24)),
    ("I-4", "New CRM", "Digital", None),
    ("I-5", "Posters", "Whole company", date(2027, 1, 29)),
    ("I-6", "One contact list for every desk", "Call centre", date(2027, 11, 24)),
)
NEEDS = (("I-1", "I-2"), ("I-1", "I-6"), ("I-2", "I-4"))
MILESTONES = (
    ("M-31", "I-1", date(2026, 12, 18), date(2027, 1, 8)),
    ("M-40", "I-2", date(2027, 1, 22), date(2027, 1, 26)),
    ("M-44", "I-3", date(2026, 12, 18), date(2026, 12, 18)),
    ("M-47", "I-6", date(2027, 1, 29), date(2027, 1, 22)),
    ("M-52", "I-4", date(2027, 2, 26), date(2027, 2, 26)),
)
"""Code, initiative, baseline, forecast."""


async def northwater_map(tx: Tx) -> Mapping[str, Initiative]:
    """Writes its rows, and sets aside what the demo works on."""
    for other in await tx.all(select(Initiative)):
        other.code, other.state, other.domain_id = f"X{other.code}", Initiative.State.DROPPED, None
    for point in await tx.all(select(Milestone)):
        point.code = f"X{point.code}"
    await tx.flush()
    await tx.run(delete(Domain))
    domains = {name: Domain(name=name, seq=seq) for seq, name in enumerate(DOMAINS)}
    tx.add(*domains.values())
    await tx.flush()
    found = {
        code: Initiative(code=code, title=title, domain_id=domains[domain].id, ends_on=ends_on)
        for code, title, domain, ends_on in INITIATIVES
    }
    tx.add(*found.values())
    await tx.flush()
    for first, then in NEEDS:
        tx.add(Dependency(thing="initiative", from_id=found[first].id, to_id=found[then].id))
    for code, of, baseline_on, forecast_on in MILESTONES:
        tx.add(
            Milestone(
                code=code, initiative_id=found[of].id, title=code, baseline_on=baseline_on, forecast_on=forecast_on
            )
        )
    await tx.flush()
    return found


def northwater_board() -> Board:
    """The same, gathered."""
    domains = [Domain(id=number, name=name) for number, name in enumerate(DOMAINS, start=1)]
    numbers = {each.name: each.id for each in domains}
    ids = {code: number for number, (code, *_) in enumerate(INITIATIVES, start=1)}
    ahead = [
        Ahead(ids[code], code, title, numbers[domain], None, ends_on) for code, title, domain, ends_on in INITIATIVES
    ]
    worst: dict[int, Worst] = {}
    for _, of, baseline_on, forecast_on in MILESTONES:
        worst[ids[of]] = max(worst.get(ids[of], Worst.GREEN), _colour((forecast_on - baseline_on).days))
    edges = [(ids[first], ids[then]) for first, then in NEEDS]
    return board_of(ahead, domains, edges, worst=worst, frame=None, today=TODAY)


def _colour(slip: int) -> Worst:
    if slip > AMBER_MOST:
        return Worst.RED
    return Worst.AMBER if slip > 0 else Worst.GREEN


def crowded_board(domains: int = 12, each: int = 170) -> Board:
    """About two thousand initiatives."""
    rows = [Domain(id=number, name=f"Domain number {number}") for number in range(1, domains + 1)]
    ahead = [
        Ahead(
            domain.id * 1000 + n,
            f"I-{domain.id * 1000 + n}",
            f"Something that has to change, number {n}",
            domain.id,
            None,
            date.fromordinal(TODAY.toordinal() + n * 5),
        )
        for domain in rows
        for n in range(each)
    ]
    worst = {each.id: Worst.GREEN for each in ahead if each.id % 4}
    worst |= {each.id: _colour(28 - each.id % 28) for each in ahead[::3]}
    edges = [(one.id, other.id) for one, other in zip(ahead, ahead[7:], strict=False)]
    return board_of(ahead, rows, edges, worst=worst, frame=None, today=TODAY)
