"""What the words of the product mean, each in a sentence or two. Source: domain.md 2.1, 4.5, 4.6 and 4.9."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Term:
    """A word, what it means here, other words for it, and a command that shows it; empty where there is none."""

    name: str
    means: str
    also: tuple[str, ...] = ()
    try_it: str = ""


TERMS: tuple[Term, ...] = (
    Term("Huddle", "A short check-in each day: everybody answers a few questions within a quarter of an hour, then the "
         "team reads one summary. It is for each other, and no report to a boss.", ("check-in", "standup"), "huddle"),
    Term("Streak", "Huddles in a row in which the team reached its target rate. Days off, absences and huddles that "
         "were not held do not end it. It belongs to the team and to nobody in particular: it brings no reward, and "
         "nobody's work is judged by it.", ("row",), "huddle summary"),
    Term("On time", "An answer that came within your own window. A later one is welcome until midnight and counts as "
         "reach.", ("on-time rate", "rate")),
    Term("Reach", "How many of those expected answered at all, on time or late.", ("late answer",)),
    Term("Tier", "How high something has gone up: 1 is the team, 2 the department, 3 the council or the leaders.",
         ("level", "escalation")),
    Term("Blocker", "Something that stops work now. It gets a number, somebody who helps, and goes up a tier when it "
         "waits.", ("stuck", "in the way")),
    Term("Road bump", "Something that slowed the week without stopping it. It is told in the weekly follow-up.",
         ("bump",)),
    Term("Weekly follow-up", "Half an hour a week about the list: what is done, what slowed us, which milestones were "
         "met, and what comes next.", ("weekly", "weekly meeting")),
    Term("Weekly goal", "One of at most three things that you want to reach next week. It is proposed until your lead "
         "has confirmed the plan.", ("goal", "goals", "proposed"), "today"),
    Term("Leader session", "A meeting in which leaders look at the same numbers together; mostly once a month."),
    Term("CX Council", "The standing group of all departments that owns what no single one can solve for customers.",
         ("council",)),
    Term("Change board", "The group that checks, orders, dates and staffs new work once a month.", ("board",)),
    Term("Standing agenda", "The nine points that a council goes through each time, in the same order.", ("agenda",)),
    Term("Consent item", "Routine that is agreed without talk. Anybody may pull it out, without a reason.",
         ("consent",)),
    Term("Quorum", "The least number of voting seats that must be there so that something can be decided: more than "
         "half, unless the council has set another number."),
    Term("Inquorate", "Too few voting seats are there: one may talk, and what is decided has to be confirmed later."),
    Term("Apologies", "Saying beforehand that you can't come."),
    Term("Deputy", "Who stands in for somebody. In a vote they count only where they may decide.", ("stand-in",)),
    Term("For decision", "What a meeting is to do with a point: decide, discuss, or only hear it.",
         ("for discussion", "for information")),
    Term("AOB", "Any other business: what nobody put on the agenda.", ("any other business",)),
    Term("Minutes", "What a meeting did and agreed, and not who said what."),
    Term("Decision log", "The numbered list of what was decided, why, how the votes fell, and when it is looked at "
         "again.", ("decision",)),
    Term("RAID", "Risks, assumptions, issues and dependencies of a piece of work, in one list."),
    Term("RACI", "Who does it, who answers for it (exactly one person), who is asked and who is told."),
    Term("Charter", "One page that allows an initiative to begin: its aim, when it counts as done, its steps, its "
         "sponsor, its money and its risks."),
    Term("Definition of done", "What must be true before something counts as done. Somebody else then says whether it "
         "is.", ("dod", "done when")),
    Term("Action", "One thing to do, with one owner and a date.", ("task", "action log"), "action list"),
    Term("Initiative", "A project with a sponsor and a charter.", ("project",), "initiative list"),
    Term("Batch", "Initiatives that begin together."),
    Term("Milestone", "A point of an initiative with a date, of which one can say yes or no.", (), "milestones"),
    Term("Baseline", "The date that was agreed first. The forecast is the one expected now, the actual one the day on "
         "which it was accepted.", ("forecast", "actual")),
    Term("Slip", "How many days the forecast, or the actual day, lies behind the baseline."),
    Term("Promise kept", "Done by the day that was promised first, however often it was moved since.",
         ("promise-kept rate", "first promised")),
    Term("Horizon", "How far away something is: short is up to three months, mid up to a year, long beyond."),
    Term("Strategy frame", "The limits that were agreed for new work: money, people's days, and how much at once.",
         ("frame",)),
    Term("Qualification", "The check of a change request: is it whole, is it new, does it fit the frame, and is it a "
         "cause or a symptom."),
    Term("VoC", "The voice of the customer: what customers say or show. The inner loop answers this customer, the "
         "outer loop removes the cause for all.", ("voice of the customer", "inner loop", "outer loop")),
    Term("NPS", "How likely customers are to recommend us, from 0 to 10: the share of 9 and 10 minus the share of 0 to "
         "6, as a number from -100 to +100.", ("net promoter score",)),
    Term("CSAT", "How satisfied customers are: the share of good answers.", ("satisfaction",)),
    Term("CES", "How easy it was for a customer to get something done.", ("effort score",)),
    Term("Headline measure", "A number that the council looks at each time. It needs an objective and a result in "
         "money.", ("headline",)),
    Term("Hard measure", "A number about what people do or pay, not about what they think.", ("hard",)),
    Term("Low base", "Fewer than 30 answers: too few to rely on."),
    Term("Journey", "The way of a customer through our company. A stage is a step of it, a handover is where one "
         "department passes it on.", ("stage", "handover")),
    Term("Gap", "Nobody owns it. An overlap is owned by more than one.", ("overlap",)),
    Term("Maturity", "How reliably a practice is followed, from 0 to 5 for each step."),
    Term("Attention index", "How much of the leaders' time customers really get.", ("attention",)),
    Term("Buy-in gap", "How far the order by cost and benefit is from the order that the people concerned would "
         "choose.", ("buy-in",)),
    Term("Practice huddle", "A huddle to yourself: the real form, of which nothing is kept or counted.", ("practice",),
         "huddle practice"),
    Term("Plan for the day", "What is due for you today, each working morning at 08:30 while there is anything.",
         ("day plan", "morning"), "today"),
)  # fmt: skip

BY_WORD: Mapping[str, Term] = MappingProxyType(
    {word.casefold(): term for term in TERMS for word in (*term.also, term.name)}
)


def found(words: str) -> Term | None:
    """The term that somebody means, in any case, with or without an `s`; None for a word that is not ours."""
    wanted = " ".join(words.casefold().replace("?", " ").split())
    return BY_WORD.get(wanted) or BY_WORD.get(wanted.removesuffix("s")) or BY_WORD.get(f"{wanted}s")


def near(words: str) -> Sequence[str]:
    """The names of terms that a word nearly is, the nearest first, each once; at most three."""
    close = get_close_matches(words.casefold(), list(BY_WORD), n=3, cutoff=0.6)
    return list(dict.fromkeys(BY_WORD[each].name for each in close))
