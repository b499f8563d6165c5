"""Every card and form about rankings and business cases as somebody would see it, on Mon 7 Dec 2026."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Card, says
from bot.chat.forms import Form
from bot.initiatives import case_views
from bot.initiatives.scoring import Rating, Worth, worth
from bot.ranking import rules, views
from bot.ranking.views import Shown, State
from storage.initiatives import BusinessCase, Initiative
from storage.ranking import Ballot, RankingRound

ITEMS = [
    Initiative(id=number, code=f"I-{number}", title=title)
    for number, title in enumerate(
        (
            "Fault questions before booking a visit",
            "Call notes on the engineer's tablet",
            "Text the customer the visit time",
            "New CRM",
            "Think like a customer posters",
        ),
        start=1,
    )
]
FIGURES = ((5, 2, 2), (4, 3, 4), (4, 2, 1), (3, 5, 5), (1, 1, 1))
BALLOTS: list[rules.Tiers] = [[[3], [1], [2], [5], [4]], [[1], [2], [3], [4], [5]], [[4], [2], [1], [3], [5]]]
MINE = Ballot(round_id=1, person_id=1, tiers=[[3], [1, 2]], hard=[4])


def _worths() -> dict[int, Worth]:
    found = {number: worth([Rating(*each)]) for number, each in enumerate(FIGURES, start=1)}
    return {number: each for number, each in found.items() if each is not None}


def _shown(state: RankingRound.State) -> Shown:
    row = RankingRound(
        id=1, code="RR-1", opened_by=1, initiatives=[1, 2, 3, 4, 5], invited=[1, 2, 3, 4], state=state,
        closes_at=datetime(2026, 12, 11, 17, tzinfo=UTC),
    )  # fmt: skip
    return Shown(row, ITEMS, _worths(), ZoneInfo("Europe/London"))


OPEN, CLOSED = _shown(State.OPEN), _shown(State.CLOSED)
RESULT = rules.result(BALLOTS, _worths(), [[4], [4, 2]])
CASE = BusinessCase(
    initiative_id=1, currency="GBP", faults=1000, call_cost=300, visit_cost=15_000, repeats_now=2000,
    repeats_then=800, extra_cost=300, one_off=3_000_000, months=6, can_repeat=False,
)  # fmt: skip

RANKING: dict[str, Card | Form] = {
    "ranking-ballot": views.ballot(OPEN, None, asker="Cora"),
    "ranking-ballot-reminder": views.ballot(OPEN, None, asker="Cora", again=True),
    "ranking-ballot-given": views.ballot(OPEN, MINE, asker="Cora"),
    "ranking-ballot-closed": views.ballot(CLOSED, MINE, asker="Cora"),
    "ranking-form": views.form(OPEN, None),
    "ranking-form-again": views.form(OPEN, MINE),
    "ranking-voted": says(views.voted(OPEN.round, is_blank=False)),
    "ranking-opened": views.opened(OPEN, ["Ann", "Bea"], left_out=["Raj"], unreachable=1),
    "ranking-status": views.status(OPEN, 2, may_run=True),
    "ranking-result": views.result(CLOSED, RESULT, 3, may_publish=True),
    "ranking-extended": says(views.extended(OPEN.round, OPEN.zone, ["Ann", "Bea"])),
    "ranking-form-extend": views.extend_form(CLOSED.round, date(2026, 12, 18)),
    "ranking-form-cancel": views.cancel_form(CLOSED.round),
    "ranking-result-none": views.result(CLOSED, None, 1, may_publish=True),
    "ranking-list": views.listed([CLOSED.round]),
    "ranking-list-empty": views.listed([]),
    "case": case_views.card(ITEMS[0], CASE),
    "case-missing": case_views.card(ITEMS[0], None),
}
