"""The words for votes: the ballot, how many have voted, and the result. Source: domain.md 3.2 `/council vote`, 4.12."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Note, Number, Numbers, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import count, cut, day, moment, typed
from bot.council.rules import Count
from storage.councils import Council
from storage.decisions import Choice, CouncilVote, VoteVoter

NAMES: Mapping[Choice, str] = {Choice.FOR: "For", Choice.AGAINST: "Against", Choice.ABSTAIN: "Abstain"}
_HOW = {
    True: "Secret: nobody can see who voted what, me neither, so a vote can't be changed.",
    False: "Open: you can change your vote until it is closed.",
}


THAT_VOTE = "That vote"
CLOSED = "the vote is closed"


def reminded(number: int) -> str:
    """For the time bar."""
    return f"{count(number, 'seat')} reminded of a vote"


@dataclass(frozen=True, slots=True)
class Vote:
    """A vote with what its cards show: the counts only once it is closed."""

    vote: CouncilVote
    council: Council
    roster: Sequence[VoteVoter]
    count: Count | None

    @property
    def voted(self) -> int:
        """How many have voted."""
        return sum(each.has_voted for each in self.roster)

    @property
    def zone(self) -> ZoneInfo:
        """Where the council meets."""
        return ZoneInfo(self.council.zone)

    def is_open(self, now: datetime) -> bool:
        """Whether a vote is still taken."""
        closes_at = self.vote.closes_at
        return self.vote.state is CouncilVote.State.OPEN and (closes_at is None or now < closes_at)

    @property
    def took_part(self) -> int:
        """The voting seats that were at the table; between two meetings, those that voted."""
        return self.voted if self.vote.meeting_id is None else len(self.roster)

    @property
    def is_valid(self) -> bool:
        """Whether as many took part as the council needs to decide."""
        return self.took_part >= self.vote.quorum_needed


def ballot(shown: Vote, now: datetime, mine: Choice | None, *, has_voted: bool) -> Card:
    """The question to one seat; `mine` is what they voted in an open vote."""
    vote = shown.vote
    if not shown.is_open(now):
        return result(shown)
    title = "Your vote" if has_voted else "Your vote, please"
    elements: list[Element] = [Title(title), Note(_until(shown)), Paragraph((Bold(vote.question),))]
    if has_voted and vote.is_secret:
        elements.append(Note("Your vote is in. Nobody can see what it was."))
        return Card(f"{shown.council.name}: your vote on “{vote.question}” is in.", tuple(elements))
    if has_voted and mine is not None:
        elements.append(Note(f"You voted {NAMES[mine].lower()}. You can change it until the vote is closed."))
    elements += [Buttons(_choices(vote)), Note(_HOW[vote.is_secret])]
    return Card(f"{shown.council.name} asks for your vote: {vote.question}", tuple(elements))


def _choices(vote: CouncilVote) -> tuple[Button, ...]:
    return tuple(
        Button(
            name, "vote.cast", {"vote": str(vote.id), "choice": choice.value}, spoken=f"{name}: {vote.question}"[:150]
        )
        for choice, name in NAMES.items()
    )


def _until(shown: Vote) -> str:
    closes_at = shown.vote.closes_at
    until = "until the chair closes it" if closes_at is None else f"until {moment(closes_at, shown.zone)}"
    return f"{shown.council.name} · {until}"


def room(shown: Vote, now: datetime) -> Card:
    """In the council's rooms and for its chair: how many have voted, then the result."""
    vote = shown.vote
    if not shown.is_open(now):
        return result(shown)
    how = "secret" if vote.is_secret else "open"
    words = f"{shown.voted} of {len(shown.roster)} have voted"
    elements = (
        Title("A vote"),
        Note(f"{_until(shown)} · {how}"),
        Paragraph((Bold(vote.question),)),
        Note(words),
        Buttons(_choices(vote)),
    )
    return Card(f"{shown.council.name} votes on “{vote.question}”: {words}.", elements)


def for_chair(shown: Vote, now: datetime) -> Card:
    """To who opened it: how many have voted, with the two ways to end it; then the result, which can be recorded."""
    vote = shown.vote
    ids = {"vote": str(vote.id)}
    if shown.is_open(now):
        how = "a secret vote" if vote.is_secret else "an open vote"
        words = f"I have asked {count(len(shown.roster), 'seat')} for {how}; {shown.voted} have voted."
        buttons = Buttons((Button("Close the vote", "vote.close", ids), Button("Call it off", "vote.cancel", ids)))
        elements = (Title("A vote"), Note(_until(shown)), Paragraph((Bold(vote.question),)), Note(words), buttons)
        return Card(f"{words} {vote.question}", elements)
    card = result(shown)
    if shown.count is None or not (shown.is_valid and shown.count.is_carried) or vote.decision_id is not None:
        return card
    record = Button("Record the decision", "decision.form", ids, primary=True, opens_form=True)
    return Card(card.summary, (*card.elements, Buttons((record,))))


def result(shown: Vote) -> Card:
    """What came out."""
    vote = shown.vote
    if vote.state is CouncilVote.State.CANCELLED:
        return says(f"The vote on “{vote.question}” was called off. No vote is counted.")
    if shown.count is None:
        return says(f"The vote on “{vote.question}” is over. Its result is being counted.")
    found = shown.count
    outcome = _outcome(shown, found)
    numbers = (
        Number(str(found.votes_for), "for"),
        Number(str(found.votes_against), "against"),
        Number(str(found.votes_abstain), "abstained"),
    )
    took_part = f"{shown.voted} of {len(shown.roster)} voted, {vote.quorum_needed} needed"
    if vote.meeting_id is not None:
        took_part = f"{len(shown.roster)} seats at the table, {vote.quorum_needed} needed · {shown.voted} voted"
    elements: tuple[Element, ...] = (
        Title(outcome),
        Note(f"{shown.council.name} · {took_part}{' · secret' if vote.is_secret else ''}"),
        Paragraph((Bold(vote.question),)),
        Numbers(numbers),
    )
    return Card(f"{outcome}: {vote.question} ({found.votes_for}–{found.votes_against}–{found.votes_abstain})", elements)


def _outcome(shown: Vote, found: Count) -> str:
    if not shown.is_valid:
        return "Too few voted: no result" if shown.vote.meeting_id is None else "No quorum: no result"
    return "Carried" if found.is_carried else "Not carried"


# --- what was done


def taken(vote: CouncilVote, choice: Choice, *, again: bool) -> Card:
    """To the voter; of a secret vote nothing is repeated."""
    if vote.is_secret:
        return says("Your vote is in. Nobody can see what it was.")
    changed = "changed to" if again else "taken as"
    return says(f"Your vote is {changed} {NAMES[choice].lower()}. You can change it until the vote is closed.")


# --- what can't be done


def is_recorded(name: str, on: date) -> str:
    """E-05: nobody is at the table of a meeting that is recorded afterwards."""
    return (
        f"{name} of {day(on)} is over and is being recorded, so nobody votes in it any more. Record what was decided, "
        f"and how many were for it, with `{typed('council decide')}`; with `until:fri` the seats vote between two "
        "meetings. Nothing was changed."
    )


def not_yours() -> str:
    """E-03."""
    return "Only those who held a voting seat when this vote was opened can vote. Nothing was changed."


def no_vote_now(*, at_the_table: bool) -> str:
    """E-05: they had a seat when they were asked, and have none that counts now."""
    if at_the_table:
        return "You are not at the table on a seat that votes now, so your vote isn't taken. Nothing was changed."
    return "You don't hold a seat that votes any more, so your vote isn't taken. Nothing was changed."


def voted_already() -> str:
    """E-05, in a secret vote."""
    return "Your vote is in already. A secret vote can't be changed, because nobody knows which one is yours."


def over(vote: CouncilVote) -> str:
    """E-05."""
    what = "was called off" if vote.state is CouncilVote.State.CANCELLED else "is closed"
    return f"The vote on “{vote.question}” {what}. Your press came after that, and was not counted."


def nobody() -> str:
    """There are no voting seats."""
    return f"Nobody with a voting seat can vote now. `{typed('council members')}` lists the seats. Nothing was changed."


def no_question(words: str = "") -> str:
    """The question is missing, or its quotes are."""
    if words:
        line = typed(f'council vote "{cut(words)}"')
        return f"A question stands in quotes, so that I know where it ends: `{line}`. Nothing was changed."
    line = typed('council vote "Shall we refund second visits?"')
    return f"What is the question? Write it in quotes: `{line}`. Nothing was changed."


def too_soon() -> str:
    """A window that is over."""
    return "That day is over, or too near to ask everybody. Nothing was changed."


def another_open(vote: CouncilVote, *, is_veiled: bool) -> str:
    """One at a time in a meeting."""
    what = "An internal vote" if is_veiled else f"The vote on “{vote.question}”"
    return f"{what} is still open. Close it first. Nothing was changed."
