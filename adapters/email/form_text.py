"""A form as lines of a mail: what is asked, how it is answered, and the line below which the answer stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from adapters.email import views
from bot.chat.forms import DateInput, Form, Input, OneOf, PersonInput, SomeOf, TextInput, TimeInput
from bot.chat.words import day

IN_A_LINE = 160  # characters of options that are named in one line


@dataclass(frozen=True, slots=True)
class Field:
    """One input: its head, what is said before it, its label, and the lines that it holds."""

    head: str
    error: str
    hints: tuple[str, ...]
    label: str
    value: tuple[str, ...]


def fields_of(form: Form, names: Mapping[str, str]) -> tuple[Field, ...]:
    """The inputs of a form in their order; `names` are the people whom it holds, by its values."""
    total = len(form.inputs)
    return tuple(
        Field(
            head=views.head(number, total),
            error=form.errors.get(each.id, ""),
            hints=hints_of(each),
            label=label_of(each),
            value=tuple(held_by(each, names).split("\n")),
        )
        for number, each in enumerate(form.inputs, 1)
    )


def label_of(each: Input) -> str:
    """The label on one line."""
    return " ".join(each.label.split())


def held_by(each: Input, names: Mapping[str, str]) -> str:
    """What an input holds, as somebody would write it."""
    match each:
        case TextInput(value=value) | TimeInput(value=value):
            return value
        case OneOf(options=options, value=value):
            return next((option.label for option in options if option.value == value), value)
        case SomeOf(options=options, value=value):
            labels = {option.value: option.label for option in options}
            return "\n".join(labels.get(one, one) for one in value.split(",") if one)
        case DateInput(value=value):
            try:
                return day(date.fromisoformat(value))
            except ValueError:
                return value
        case PersonInput(value=value):
            return names.get(value, value)
    assert_never(each)


def hints_of(each: Input) -> tuple[str, ...]:
    """How an input is answered."""
    found = [each.hint] if each.hint else []
    match each:
        case TextInput(placeholder=placeholder):
            found += [views.such_as(placeholder)] if placeholder else []
        case OneOf(options=options):
            found += _listed(views.ONE_OF, [option.label for option in options])
        case SomeOf(options=options):
            found += _listed(views.SOME_OF, [option.label for option in options])
        case DateInput():
            found.append(views.A_DAY)
        case TimeInput():
            found.append(views.A_TIME)
        case PersonInput():
            found.append(views.A_PERSON)
        case _:
            assert_never(each)
    if each.optional:
        found.append(views.OPTIONAL)
    return tuple(line for hint in found for line in hint.split("\n"))


def _listed(lead: str, options: list[str]) -> list[str]:
    line = f"{lead} {', '.join(options)}"
    return [line] if len(line) <= IN_A_LINE else [lead, *(f"- {option}" for option in options)]
