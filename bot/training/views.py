"""The words about what people learn."""

from collections.abc import Mapping, Sequence

from bot.chat.cards import Button, Buttons, Card, Element, Group, Line, Note, Paragraph, Title, says
from bot.chat.spans import Bold
from bot.chat.words import listing, typed
from storage.training import TrainingCompletion, TrainingModule

KINDS: Mapping[TrainingModule.Kind, str] = {
    TrainingModule.Kind.LEADERSHIP: "leadership",
    TrainingModule.Kind.CUSTOMER_CENTRICITY: "customer centricity",
    TrainingModule.Kind.SPECIALIST: "specialist",
    TrainingModule.Kind.TOOL: "tool",
}

TASKS = (
    "Write today: your own day, with what is due.",
    "Try a practice huddle: the real form, and nobody else sees it.",
    "Write help first: a short tour of what you can ask me.",
)


def listed(modules: Sequence[TrainingModule], mine: Mapping[int, str], *, may_add: bool) -> Card:
    """`/train`: every module, and how the reader stands to it."""
    lines = tuple(
        Line((Bold(each.name), f"  {KINDS[each.kind]}, {each.minutes} minutes"), (mine.get(each.id, "not begun"),))
        for each in modules
    )
    add = f" {typed('train add')} adds one." if may_add else ""
    ways = f"{typed('train start')} and its name begins one, {typed('train done')} and its name ends it.{add}"
    return Card("What you can learn.", (Title("What you can learn"), Group("Modules", lines), Note(ways)))


def stands(completion: TrainingCompletion | None, *, is_finished: bool) -> str:
    """How somebody stands to a module."""
    if is_finished:
        return "finished"
    return "not begun" if completion is None else "begun"


def module(each: TrainingModule, *, is_finished: bool, because: str = "") -> Card:
    """A module for somebody who is to go through it; settled once they have."""
    name = each.name
    if is_finished:
        words = f"You have finished “{name}”. Thank you."
        return Card(words, (Title(f"{each.minutes} minutes to learn"), Paragraph((words,))))
    why: tuple[Element, ...] = (Paragraph((because,)),) if because else ()
    return Card(
        f"{name}: it takes {each.minutes} minutes, whenever it suits you.",
        (
            Title(f"{each.minutes} minutes to learn"),
            Paragraph((Bold(name), f"  {KINDS[each.kind]}")),
            *why,
            *_how(each),
            Buttons(_ways(each)),
            Note("Whenever it suits you, best before you begin the work."),
        ),
    )


def _how(each: TrainingModule) -> tuple[Element, ...]:
    if each.is_builtin:
        return (Group("", tuple(Line((task,)) for task in TASKS), numbered=True),)
    return (Paragraph((f"You find it here: {each.place}",)),) if each.place else ()


def _ways(each: TrainingModule) -> tuple[Button, ...]:
    finished = Button("I have finished it", "training.done", {"module": str(each.id)})
    if each.is_builtin:
        return Button("Try a practice huddle", "huddle.practice", opens_form=True), finished
    return Button("I begin now", "training.start", {"module": str(each.id)}), finished


FOR_WORK = "You were given something to do, and this helps with it."


def warned(name: str, each: TrainingModule, *, is_first: bool) -> str:
    """To who gives somebody work before they have finished what it needs."""
    sent = "I've sent it to them" if is_first else "They have it from me already"
    return (
        f"{name} has not finished “{each.name}” yet ({each.minutes} minutes). {sent}; the action stands as you gave it."
    )


def added(each: TrainingModule, initiative: str) -> Card:
    """A new module."""
    whom = f" Whoever gets an action of {initiative} is asked to go through it." if initiative else ""
    return says(f"Added “{each.name}”: {KINDS[each.kind]}, {each.minutes} minutes.{whom}")


def started(each: TrainingModule) -> Card:
    """Somebody has begun."""
    where = f" You find it here: {each.place}." if each.place else ""
    text = f"You have begun “{each.name}”.{where} It takes {each.minutes} minutes."
    return Card(text, (Paragraph((text,)), *_tasks(each), Buttons(_ways(each)[-1:])))


def _tasks(each: TrainingModule) -> tuple[Element, ...]:
    return _how(each) if each.is_builtin else ()


def finished(each: TrainingModule) -> Card:
    """Somebody has finished."""
    return says(f"“{each.name}” is finished. Thank you.")


def finished_before(each: TrainingModule) -> str:
    """A second press."""
    return f"You have finished “{each.name}” already. Nothing was changed."


def which(name: str, known: Sequence[str]) -> str:
    """E-04 for a module."""
    return f"I can't find a module called '{name}'. There are: {listing(known, 'and')}. Nothing was changed."


def needs_name() -> str:
    """`/train add` without a name."""
    return f'Please name it, as in {typed("train add")} "Calls in the field" minutes:20. Nothing was changed.'


def name_taken(name: str) -> str:
    """Two modules of one name."""
    return f"There is a module called “{name}” already. Nothing was changed."


def needs_minutes(most: int) -> str:
    """`/train add` without the minutes it takes."""
    return f"Please say how long it takes, from 1 to {most} minutes, as in minutes:20. Nothing was changed."


def needs_kind() -> str:
    """An unknown kind."""
    kinds = listing([each.value.replace("_", "-") for each in TrainingModule.Kind], "or")
    return f"A module is of one kind: {kinds}. Nothing was changed."
