"""The words of somebody's own settings: working days, holidays, quiet hours, messages a day, reminders."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat.cards import Button, Buttons, Card, Facts, Note, Paragraph, Title
from bot.chat.forms import Form, Input, OneOf, Option, SomeOf, TextInput, TimeInput
from bot.chat.words import clock, count, cut, listing, place_of, typed
from bot.people.calendars import EXAMPLES
from bot.people.rules import WEEKDAYS, first_name
from bot.quiet.rules import A_DAY_MOST, Quiet
from storage.people import Person, zone_of

ON, OFF = "on", "off"
NEEDS_DAYS = "Please choose at least one day."
NEEDS_HOURS = "Please give both times, or neither."
NEEDS_NUMBER = f"Please write a number from 0 to {A_DAY_MOST}."
_SHORT = {each: each.capitalize() for each in WEEKDAYS}
_LONG = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for somebody; `common` are the holidays of their team or the organisation."""

    person: Person
    quiet: Quiet
    common: str


def settings(mine: Settings) -> Card:
    """`/settings`: everything at a glance, with the way to change it."""
    person = mine.person
    facts = (
        ("Working days", (days(person.working_days),)),
        ("Holidays", (calendar(mine),)),
        ("Time zone", (place_of(zone_of(person)),)),
        ("Quiet hours", (hours(mine),)),
        ("Messages a day", (number(mine),)),
        ("Reminders", ("on" if person.reminders else "off",)),
    )
    return Card(
        f"Your settings: working days {days(person.working_days)}, quiet hours {hours(mine)}.",
        (
            Title("Your settings"),
            Facts(facts),
            Note("In quiet hours, on days off and while you are away, only answers and what is urgent reach you."),
            Buttons((Button("Change", "settings.form", primary=True, opens_form=True), reminders_button(person))),
        ),
    )


def days(working_days: str) -> str:
    """`Mon to Fri`, `Mon to Wed and Fri`."""
    numbers = [WEEKDAYS.index(each) for each in working_days.split(",") if each in WEEKDAYS]
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return listing([word for run in runs for word in _run(run)])


def _run(numbers: Sequence[int]) -> list[str]:
    names = [_SHORT[WEEKDAYS[each]] for each in numbers]
    return [f"{names[0]} to {names[-1]}"] if len(names) > 2 else names  # noqa: PLR2004 - two are no span


def calendar(mine: Settings) -> str:
    """Whose holidays are theirs."""
    if mine.person.calendar:
        return mine.person.calendar
    return f"{mine.common} (your team's)" if mine.common else "none"


def hours(mine: Settings) -> str:
    """When it is quiet."""
    if mine.quiet.begins == mine.quiet.ends:
        return "none"
    own = mine.person.quiet_from is not None
    return f"{clock(mine.quiet.begins)} to {clock(mine.quiet.ends)}{'' if own else ' (as for everybody)'}"


def number(mine: Settings) -> str:
    """How many messages a day."""
    own = mine.person.messages_a_day is not None
    rest = "the rest in one digest at 16:30"
    return f"{mine.quiet.a_day}, {rest}{'' if own else ' (as for everybody)'}"


def reminders_button(person: Person) -> Button:
    """The other way round than it is."""
    if person.reminders:
        return Button("Stop reminders", "settings.reminders", {"turn": OFF})
    return Button("Remind me again", "settings.reminders", {"turn": ON})


def form(mine: Settings, *, with_zone: bool) -> Form:
    """All of it in a form; the zone only where nobody else tells it."""
    person = mine.person
    inputs: list[Input] = [
        SomeOf(
            "days",
            "On which days do you work?",
            tuple(Option(each, _LONG[n]) for n, each in enumerate(WEEKDAYS)),
            value=person.working_days,
        )
    ]
    if with_zone:
        inputs.append(TextInput("zone", "Time zone", person.zone, longest=60, placeholder="Europe/London"))
    inputs += [
        TextInput(
            "holidays",
            "Your holidays, if they are not your team's",
            person.calendar or "",
            f"A country, or a part of one: {listing(EXAMPLES[:3], 'or')}",
            "GB-SCT",
            optional=True,
            longest=60,
        ),
        TimeInput("quiet_from", "Quiet from", clock(mine.quiet.begins), "Empty: as for everybody", optional=True),
        TimeInput("quiet_to", "Quiet until", clock(mine.quiet.ends), "The same time twice: no quiet", optional=True),
        TextInput("messages", "Messages a day, the rest in a digest", str(mine.quiet.a_day), longest=3),
        OneOf(
            "reminders",
            "Reminders of what falls due",
            (Option(ON, "On"), Option(OFF, "Off")),
            value=ON if person.reminders else OFF,
        ),
    ]
    return Form(title="Your settings", verb="settings.save", inputs=tuple(inputs), submit="Save")


def saved(mine: Settings) -> Card:
    """What holds from now on."""
    card = settings(mine)
    return Card(f"Noted. {card.summary}", (Title("Your settings are noted"), *card.elements[1:]))


def _said(text: str) -> Card:
    return Card(text, (Paragraph((text,)),))


def days_noted(person: Person, *, other: bool) -> Card:
    """Working days were stored."""
    who, whom = (f"{first_name(person)} works", "them") if other else ("You work", "you")
    return _said(f"{who} {days(person.working_days)}. On other days I ask {whom} nothing, and messages wait.")


def days_noted_for(people: Sequence[Person]) -> Card:
    """Working days of several people were stored."""
    names = listing([first_name(each) for each in people])
    return _said(f"{names} work {days(people[0].working_days)}. On other days I ask them nothing, and messages wait.")


def holidays_noted(mine: Settings) -> Card:
    """A calendar was stored."""
    if mine.person.calendar:
        return _said(f"Your holidays are those of {mine.person.calendar}. On them I ask you nothing.")
    common = f", {mine.common}" if mine.common else ""
    return _said(f"Your holidays are those of your team{common}.")


def team_holidays_noted(team: str, name: str, common: str) -> Card:
    """A team's calendar was stored."""
    if name:
        return _said(f"The holidays of {team} are those of {name}. Who has chosen others keeps them.")
    return _said(f"The holidays of {team} are those of everybody{f', {common}' if common else ''}.")


def quiet_noted(mine: Settings) -> Card:
    """Quiet hours were stored."""
    if mine.quiet.begins == mine.quiet.ends:
        return _said("You have no quiet hours now. On days off and while you are away messages still wait.")
    return _said(f"Quiet hours are {hours(mine)}, on your clock. Only answers and what is urgent reach you then.")


def number_noted(mine: Settings) -> Card:
    """How many messages a day was stored."""
    many = count(mine.quiet.a_day, "message")
    return _said(
        f"At most {many} a day besides answers and huddles; the rest waits in one digest at 16:30."
        if mine.quiet.a_day
        else "Everything but answers and huddles waits in one digest a day, at 16:30."
    )


def reminders_noted(person: Person) -> Card:
    """Reminders were stopped, or come again."""
    if person.reminders:
        return _said("I remind you again of what falls due.")
    return _said(
        f"I stop reminding you. What falls due stands in {typed('today')}, "
        f"and {typed('settings reminders on')} brings reminders back."
    )


def unknown_days(text: str) -> str:
    """Days that can't be read."""
    way = f"Write for example {typed('settings days mon-wed,fri')}."
    return f"I can't read '{cut(text)}' as days. {way} Nothing was changed."


def unknown_hours(text: str) -> str:
    """Hours that can't be read."""
    return (
        f"I can't read '{cut(text)}' as hours. Write for example {typed('settings quiet 18:00 to 08:00')}, "
        f"{typed('settings quiet off')} or {typed('settings quiet default')}. Nothing was changed."
    )


def unknown_number(text: str) -> str:
    """A number that is none."""
    return f"I can't take '{cut(text)}'. Write a number from 0 to {A_DAY_MOST}, such as {typed('settings messages 4')}."


def on_or_off(text: str) -> str:
    """Neither."""
    told = f"'{cut(text)}' is neither on nor off. " if text else ""
    return f"{told}Write {typed('settings reminders off')} or {typed('settings reminders on')}. Nothing was changed."


def unknown_calendar(text: str, near: Sequence[str]) -> str:
    """A calendar that there is not."""
    way = f"Did you mean {listing(near, 'or')}?" if near else f"Write for example {listing(EXAMPLES[:3], 'or')}."
    return f"I know no holidays of '{cut(text)}'. {way} Nothing was changed."


def calendar_wanted(now: str) -> str:
    """No calendar was named."""
    is_now = f"The holidays are those of {now}. " if now else ""
    return f"{is_now}Name a country or a part of one, such as {listing(EXAMPLES[:3], 'or')}; `none` takes it out."


def no_zone(text: str) -> str:
    """A zone that does not exist."""
    return f"I don't know the time zone '{cut(text)}'. Write it as Europe/London or America/New_York."


def only_one_team(names: Sequence[str]) -> str:
    """Several teams, and none was named."""
    quoted = [f'"{each}"' for each in names]
    return f"Which team? Write its name behind it, in quotes: {listing(quoted, 'or')}."


def no_team() -> str:
    """Nobody's lead."""
    return "You lead no team, and I can't see which one you mean. Ask its lead, or write this in its channel."
