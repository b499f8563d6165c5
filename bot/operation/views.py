"""The words with which administrators are told what the bot could not do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.words import count, listing, moment

WHAT = {
    "people.mail_hello": "First mail to somebody who takes part by mail",
    "huddle.prompt": "Huddle questions",
    "huddle.nudge": "Huddle reminder",
    "huddle.channel": "Huddle summary",
    "huddle.details": "Huddle answers in the thread",
    "huddle.quiet": "Note for a lead whom to check in with",
    "huddle.novelty": "Question whether a streak still helps",
    "huddle.days_set": "Note that somebody changed your days",
    "blocker.help": "Offer of help with a blocker",
    "blocker.card": "Question whether somebody can help with a blocker",
    "blocker.up": "Blockers that went up",
    "blocker.news": "News of a blocker",
    "blocker.watch": "Looking which blockers go up",
    "blocker.stopped": "Telling that a customer is without service",
    "team.room": "Note that a team's room is shut",
    "action.card": "Action to take on or to check",
    "action.news": "News of an action",
    "action.reminder": "Reminder of actions",
    "action.overdue": "Overdue actions of a team",
    "action.freed": "Something is out of the way of an action",
    "action.help_again": "Question to a department, once more",
    "action.help_lead": "Question that found nobody",
    "voc.alert": "Customer's words to look at today",
    "practice.offer": "Practice of another department",
    "initiative.kick_off": "What an initiative means for somebody",
    "initiative.question": "Question about an initiative",
    "initiative.reply": "Answer about an initiative",
    "initiative.news": "News of an initiative",
    "initiative.review": "Charter to approve",
    "initiative.charter": "News of a charter",
    "day.plan": "Plan for the day",
    "welcome.joiner": "First days of somebody new",
    "welcome.lead": "How somebody new gets on",
    "welcome.first": "Welcoming somebody new",
    "welcome.third": "Asking what somebody new has tried",
    "welcome.tenth": "Looking back on two weeks",
    "training.module": "Something to learn",
    "account.hint": "Hint at a second account",
    "account.joined": "News of a joined account",
    "account.paired": "News of a paired workspace or tenant",
    "council.call": "Call to a council meeting",
    "council.remind": "Reminder of a council meeting",
    "council.reminder": "Reminder of a council meeting",
    "council.close_items": "End of items for a council meeting",
    "council.draft": "Draft agenda",
    "council.remind_chair": "Reminder of the draft agenda",
    "council.draft_reminder": "Reminder of the draft agenda",
    "council.eve": "Eve of a council meeting",
    "council.quorum": "Doubt whether a council is quorate",
    "council.deputy_wanted": "Question for a deputy",
    "council.deputised": "News for a deputy",
    "council.deputy_out": "News of a deputy who can't come",
    "council.soon": "Last hour before a council meeting",
    "council.start": "Start of a council meeting",
    "council.holiday": "Council meeting on a day off",
    "council.moved": "Council meeting moved or called off",
    "council.missed": "Council missed twice",
    "council.vacancy": "Somebody else keeps a council's record",
    "council.relieved": "End of an office in a council",
    "meeting.room": "Running meeting",
    "meeting.chair": "Card of who runs a meeting",
    "meeting.clock": "Clock of a meeting",
    "meeting.left_open": "End of a meeting that nobody ended",
    "weekly.ask": "Weekly check",
    "weekly.nudge": "Reminder of the weekly check",
    "weekly.pack": "Weekly pack",
    "weekly.confirm": "Plan for the next week to confirm",
    "weekly.summary": "Weekly summary",
    "weekly.offer": "Offer of a weekly follow-up",
    "weekly.begin": "Beginning a week",
    "minutes.draft": "Draft minutes",
    "minutes.issue": "Issuing minutes",
    "minutes.paper": "Minutes of a council",
    "minutes.actions": "Somebody's actions from a council",
    "minutes.outcome": "What a decision means for a department",
    "minutes.public": "What a council decided, for everybody",
    "minutes.corrections": "Corrections to minutes",
    "minutes.correction": "Correction to decide on",
    "minutes.answered": "What became of a correction",
    "minutes.halfway": "How far a council's actions are",
    "quiet.digest": "Digest of a day",
    "quiet.status": "Question about a status",
    "operation.trouble": "Report of what I could not do",
    "huddle.open": "Opening a huddle",
    "huddle.close": "Closing a huddle",
    "huddle.publish": "Publishing a huddle's summary",
    "huddle.end": "Ending a huddle's day",
    "milestone.ask": "Question how a milestone stands",
    "milestone.answer": "Answer about a milestone",
    "milestone.claim": "Milestone to accept",
    "milestone.push": "Proposed date of a milestone",
    "milestone.news": "News of a milestone",
    "milestone.list": "List of milestones",
    "ranking.ballot": "Ballot of a ranking",
    "ranking.reminder": "Reminder of a ballot",
    "ranking.result": "Result of a ranking",
    "ranking.remind": "Reminding of a ballot",
    "ranking.close": "Closing a ranking",
    "agenda.paper": "Council's agenda",
    "agenda.updated": "Change of a council's agenda",
    "agenda.late": "Late item for a council",
    "agenda.proposed": "Proposal for a council",
    "agenda.news": "What became of an agenda item",
    "vote.ballot": "Question to a council's seat",
    "vote.room": "Vote of a council",
    "vote.chair": "Result of a vote",
    "vote.close": "Closing a vote",
    "vote.remind": "Reminding of a vote",
    "action.remind": "Reminding of actions",
    "action.moved": "Following who moved or left",
    "action.escalate": "Telling a lead of overdue actions",
    "operation.report": "Reporting what I could not do",
}
"""What a view shows or a step does, in words."""

NAMED_MAX = 50  # messages, steps or rhythms of a report that have a line of their own


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not arrive, or may not have. `number` is what `folkmoot outbox show` takes."""

    number: int
    view: str
    to: str
    due_at: datetime
    why: str
    may_stand: bool = False
    """Whether it may stand there already."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A step or a rhythm that I gave up."""

    number: int
    kind: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What is still open of the `told` things of one hour; `messages` are the first NAMED_MAX of them."""

    hour: int
    told: int
    lost: int
    doubted: int
    messages: Sequence[Undelivered]
    steps: Sequence[Stopped] = ()
    rhythms: Sequence[Stopped] = ()

    @property
    def open(self) -> int:
        """How many things are not settled."""
        return self.lost + self.doubted + len(self.steps) + len(self.rhythms)


def what(name: str) -> str:
    """A view or step in words."""
    return WHAT.get(name, name)


def trouble(report: Report, zone: ZoneInfo) -> Card:
    """The report."""
    if not report.open:
        words = "Everything I told you about here is settled. There is nothing to do."
        return Card(words, (Title("Settled"), Paragraph((words,))))
    summary = f"{_in_short(report)}."
    elements: tuple[Element, ...] = (
        Title("I need your help"),
        Paragraph((" ".join([summary, *_advice(report)]),)),
        *_messages("Not delivered", [each for each in report.messages if not each.may_stand], zone),
        *_messages("Perhaps delivered", [each for each in report.messages if each.may_stand], zone),
        *_steps(report.steps, zone),
        *_rhythms(report.rhythms),
        *_rest(report),
        *_ways(report),
    )
    return Card(summary, elements)


def _in_short(report: Report) -> str:
    parts = [
        (report.lost, "message was not delivered", "messages were not delivered"),
        (report.doubted, "message may or may not have arrived", "messages may or may not have arrived"),
        (len(report.steps), "step did not work", "steps did not work"),
        (len(report.rhythms), "rhythm stands still", "rhythms stand still"),
    ]
    return listing([count(number, one, many) for number, one, many in parts if number])


def _advice(report: Report) -> tuple[str, ...]:
    if not report.doubted:
        return ()
    if report.doubted == 1:
        whether = "the message that may have arrived stands there: it"
    else:
        whether = "the messages that may have arrived stand there: they"
    return (f"Before you press Send them again, look whether {whether} would come twice.",)


def _rest(report: Report) -> tuple[Note, ...]:
    unnamed = report.lost + report.doubted - len(report.messages)
    stopped = sum(max(0, len(each) - NAMED_MAX) for each in (report.steps, report.rhythms))
    settled = report.told - report.open
    words = [
        *([f"{count(unnamed, 'more message is', 'more messages are')} in the outbox."] if unnamed else []),
        *([f"{count(stopped, 'more is', 'more are')} in the log."] if stopped else []),
        *([f"{count(settled, 'thing is', 'things are')} settled already."] if settled > 0 else []),
    ]
    return (Note(" ".join(words)),) if words else ()


def _messages(label: str, found: Sequence[Undelivered], zone: ZoneInfo) -> tuple[Group, ...]:
    lines = tuple(
        Line(
            (f"{what(each.view)} for {each.to}, {moment(each.due_at, zone)}",),
            (f"{_sentence(each.why)} It is number {each.number} in the outbox.",),
        )
        for each in found
    )
    return (Group(label, lines),) if lines else ()


def _sentence(why: str) -> str:
    words = " ".join(why.split()).rstrip(" :") or "The reason is in the log"
    return words[0].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")


def _steps(found: Sequence[Stopped], zone: ZoneInfo) -> tuple[Group, ...]:
    lines = tuple(
        Line(
            (f"{what(each.kind)}, {moment(each.at, zone)}" if each.at else what(each.kind),),
            (f"I gave it up. The log has the reason, under occurrence {each.number}.",),
        )
        for each in found[:NAMED_MAX]
    )
    return (Group("Tried again and again, in vain", lines),) if lines else ()


def _rhythms(found: Sequence[Stopped]) -> tuple[Group, ...]:
    way = "Its days, time or zone can't be read. It starts again when its set-up is put right and saved."
    lines = tuple(Line((f"{what(each.kind)}, rhythm {each.number}",), (way,)) for each in found[:NAMED_MAX])
    return (Group("Stands still", lines),) if lines else ()


def _ways(report: Report) -> tuple[Buttons, ...]:
    if not report.lost + report.doubted:
        return ()
    ids = {"hour": str(report.hour)}
    again = Button(
        "Send them again", "operation.again", ids, spoken="Send these messages again, as long as their time is not over"
    )
    leave = Button("Leave them", "operation.leave", ids, spoken="Leave these messages unsent")
    return (Buttons((again, leave)),)


def sent_again(number: int, left: int) -> Card:
    """After **Send them again**; the time of those that are left is over."""
    words = []
    if number:
        words.append(f"{count(number, 'message is', 'messages are')} on the way again.")
    if left:
        words.append(
            f"The time of {count(left, 'message')} is over, so {'it stays' if left == 1 else 'they stay'} unsent."
        )
    return _plain(" ".join(words) or nothing_left())


def left_unsent(number: int) -> Card:
    """After **Leave them**."""
    if not number:
        return _plain(nothing_left())
    words = f"{count(number, 'message stays', 'messages stay')} unsent. You will not hear of {_them(number)} again."
    return _plain(words)


def _them(number: int) -> str:
    return "it" if number == 1 else "them"


def nothing_left() -> str:
    """Somebody else was faster."""
    return "These messages are settled already. Nothing was changed."


def only_admins() -> str:
    """E-03."""
    return "Only an administrator can do that. Nothing was changed."


def _plain(words: str) -> Card:
    return Card(words, (Paragraph((words,)),))
