"""The words of who takes part in a huddle, and how its summary is read."""

from collections.abc import Mapping, Sequence

from bot.chat.forms import OPTIONS_MAX, Form, OneOf, Option, SomeOf
from storage.huddles import Huddle
from storage.people import Person

NOBODY_NAMED = "Please name at least one person, such as @Ann. Nothing was changed."
BOTH = "Somebody is ticked twice. Whoever observes is not asked; please choose one."
TICKED_TWICE = "observers"
_READ = (
    Option(Huddle.Grouping.TOPIC.value, "By topic: in the way, customers, focus"),
    Option(Huddle.Grouping.PERSON.value, "Person by person"),
)


def form(huddle: Huddle, people: Sequence[Person], values: Mapping[str, str]) -> Form:
    """Who is more or less than somebody who is asked and counted."""
    known = tuple(Option(str(each.id), each.name[:75]) for each in people[:OPTIONS_MAX])
    return Form(
        title="Who takes part",
        verb="huddle.parts",
        ids={"huddle": str(huddle.id)},
        note="Whoever is ticked nowhere is asked and counted, as far as they are in the team.",
        inputs=(
            SomeOf("optional", "Whose answer is optional?", known, hint=OPTIONAL_HINT, optional=True),
            SomeOf("observers", "Who observes?", known, hint=OBSERVER_HINT, optional=True),
            OneOf("grouped", "How is the summary read?", _READ, value=Huddle.Grouping.TOPIC.value),
        ),
        submit="Save",
    ).filled(values)


OPTIONAL_HINT = "They are asked without a reminder, and change no figure, whether they answer or not."
OBSERVER_HINT = "They are not asked, and get the summary in direct messages."
