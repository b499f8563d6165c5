"""Every card and form about decisions and votes as somebody would see it, on Thu 3 Dec 2026."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from bot.chat.cards import Card, says
from bot.chat.forms import Form
from bot.council.rules import Count, Quorum
from bot.decisions import form_views, views, vote_views
from bot.decisions.views import Shown
from bot.decisions.vote_views import Vote
from storage.agenda import AgendaItem
from storage.councils import Council
from storage.decisions import Choice, CouncilVote, Decision, VoteVoter
from storage.meetings import CouncilMeeting
from storage.people import Department, Person

NOW = datetime(2026, 12, 3, 10, 40, tzinfo=UTC)
COUNCIL = Council(id=1, name="CX Council", rule="", starts_on=date(2026, 11, 1), at_time=time(10), zone="Europe/London")
MEETING = CouncilMeeting(
    id=1, council_id=1, slot=datetime.fromisoformat("2026-12-03T10:00"), starts_at=NOW - timedelta(minutes=40)
)
ITEM = AgendaItem(id=1, council_id=1, meeting_id=1, section=5, seq=2, title="Fault questions before booking a visit")
RAJ = Person(id=2, name="Raj", zone="Europe/London")
FIELD, BILLING = Department(id=2, name="Field"), Department(id=3, name="Billing")
EIGHT = Decision(
    id=21, code="D-21", council_id=1, meeting_id=1, item_id=1, section=5, moved_by=2, voting_present=7,
    text="Call centre asks eight fault questions before booking", reason="20% of faults need a second visit",
    implications="Field: fewer revisits", customer_view="Eight questions are fine if nobody comes twice",
    votes_for=6, votes_against=1, votes_abstain=0, quorum_needed=5, decided_at=NOW, from_on=date(2027, 1, 11),
    review_on=date(2027, 3, 4), state=Decision.State.IN_FORCE,
)  # fmt: skip
PROVISIONAL = Decision(
    id=22, code="D-22", council_id=1, meeting_id=1, text="A second visit is credited without being asked for",
    reason="It is fair", implications="none", voting_present=4, quorum_needed=5, decided_at=NOW,
    state=Decision.State.PROVISIONAL,
)  # fmt: skip
REVERSED = Decision(
    id=20, code="D-20", council_id=1, meeting_id=1, text="Visits are booked by post", reason="", implications="none",
    voting_present=7, quorum_needed=5, decided_at=NOW, state=Decision.State.REVERSED, reversals=1,
    state_reason="Nobody writes letters",
)  # fmt: skip
TO_ALL = "Everybody learns the eight questions"
SHOWN = Shown(EIGHT, COUNCIL, MEETING, ITEM, RAJ, [(FIELD, "fewer revisits")])


def _vote(voted: int, *, is_secret: bool = False, count: Count | None = None, closes: bool = False) -> Vote:
    state = CouncilVote.State.OPEN if count is None else CouncilVote.State.CLOSED
    row = CouncilVote(
        id=1, council_id=1, meeting_id=None if closes else 1, question="Shall we credit second visits?",
        is_secret=is_secret, opened_at=NOW, closes_at=NOW + timedelta(days=1) if closes else None, quorum_needed=5,
        state=state,
    )  # fmt: skip
    roster = [VoteVoter(vote_id=1, person_id=each, has_voted=each <= voted) for each in range(1, 8)]
    return Vote(row, COUNCIL, roster, count)


DECISIONS: dict[str, Card | Form] = {
    "decision-recorded": views.decision(SHOWN, is_new=True),
    "decision-for-everybody": views.decision(replace(SHOWN, to_all=TO_ALL)),
    "decision-provisional": views.decision(Shown(PROVISIONAL, COUNCIL, MEETING, None, None, []), is_new=True),
    "decision-reversed": views.decision(Shown(REVERSED, COUNCIL, MEETING, None, None, [])),
    "decision-form": form_views.decision({"meeting": "1"}, {"item": "1"}, [ITEM]),
    "decision-form-of-vote": form_views.decision({"vote": "1"}, {"text": "Shall we?"}, [], counted=Count(4, 2, 1)),
    "decision-why": views.why(EIGHT, "decision.reopen_why", "Reopen it"),
    "decision-log": views.log("CX Council", [(PROVISIONAL, True), (EIGHT, False), (REVERSED, True)], "", SHOWN.zone),
    "decision-log-empty": views.log("CX Council", [], "parking", SHOWN.zone),
    "decision-no-quorum": says(views.no_quorum(Quorum(4, 8, 5))),
    "decision-too-many": says(views.too_many_votes(Count(6, 1, 0), 6)),
    "decision-not-carried": says(views.not_carried(Count(3, 3, 0))),
    "vote-ballot": vote_views.ballot(_vote(2), NOW, None, has_voted=False),
    "vote-ballot-voted": vote_views.ballot(_vote(2), NOW, Choice.FOR, has_voted=True),
    "vote-ballot-secret": vote_views.ballot(_vote(2, is_secret=True, closes=True), NOW, None, has_voted=False),
    "vote-ballot-secret-voted": vote_views.ballot(_vote(2, is_secret=True), NOW, None, has_voted=True),
    "vote-room": vote_views.room(_vote(3), NOW),
    "vote-result": vote_views.room(_vote(7, count=Count(4, 2, 1)), NOW),
    "vote-result-few": vote_views.room(_vote(3, count=Count(2, 1, 0), closes=True), NOW),
    "vote-chair": vote_views.for_chair(_vote(3), NOW),
    "vote-chair-carried": vote_views.for_chair(_vote(7, count=Count(4, 2, 1)), NOW),
    "vote-taken": vote_views.taken(_vote(3).vote, Choice.FOR, again=False),
    "vote-over": says(vote_views.over(_vote(7, count=Count(4, 2, 1)).vote)),
}
