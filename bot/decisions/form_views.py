"""The form for a decision, and what it says when something is missing."""

from collections.abc import Collection, Mapping, Sequence

from bot.chat.forms import OPTION_MAX, DateInput, Form, OneOf, Option, PersonInput, TextInput
from bot.council.rules import Count
from bot.decisions import rules
from bot.decisions.views import count_words
from storage.agenda import AgendaItem

REQUIRED = {
    "text": "What was decided, in one sentence?",
    "reason": "Why? One line is enough.",
    "means": "What does it mean for other departments? Write none if it means nothing for them.",
}
NO_COUNT = "Write it as 6-1-0: for, against, abstentions."
NO_DAY = "That is no date."
NO_DECISION = "This council has no decision of that code. Write it as D-21."


def decision(
    ids: Mapping[str, str],
    values: Mapping[str, str],
    items: Sequence[AgendaItem],
    veiled: Collection[int] = (),
    *,
    counted: Count | None = None,
) -> Form:
    """What was decided, why, what it means for whom, and how it was voted, unless that was `counted` in a vote.

    Of items whose numbers are `veiled` the reader gets no title.
    """
    options = tuple(Option(str(each.id), _named(each, is_veiled=each.id in veiled)) for each in items[:90])
    about = (OneOf("item", "Which item?", options, optional=True),) if options else ()
    hint = "For, against, abstentions: 6-1-0"
    votes = () if counted else (TextInput("votes", "Votes", optional=True, hint=hint, longest=20),)
    form = Form(
        "Record a decision",
        "decision.save",
        (
            TextInput("text", "What was decided?", longest=rules.TEXT_MAX, multiline=True),
            TextInput("reason", "Why?", longest=rules.REASON_MAX),
            TextInput(
                "means",
                "What does it mean for other departments?",
                hint="One line for each, such as Field: fewer revisits. Write none if it means nothing for them.",
                longest=rules.MEANS_MAX,
                multiline=True,
            ),
            TextInput("customer", "The customer's view", optional=True, longest=rules.REASON_MAX),
            *about,
            PersonInput("moved", "Who moved it?", optional=True),
            *votes,
            DateInput("from", "From when?", optional=True, hint="Empty: at once"),
            DateInput("review", "Look at it again on", optional=True),
            TextInput("replaces", "Takes the place of", optional=True, hint="The code of a decision, such as D-12"),
            OneOf(
                "internal",
                "Who may read it?",
                (Option("no", "Everybody"), Option("yes", "Internal: not suppliers and customers")),
                optional=True,
            ),
        ),
        ids=ids,
        note=_counted(counted),
        submit="Record",
    )
    return form.filled({name: value for name, value in values.items() if value})


def _counted(counted: Count | None) -> str:
    return f"The vote: {count_words(counted)}." if counted else ""


def _named(item: AgendaItem, *, is_veiled: bool) -> str:
    name = f"{item.section}.{item.seq} {'Internal' if is_veiled else item.title}"
    return name if len(name) <= OPTION_MAX else f"{name[: OPTION_MAX - 1]}…"
