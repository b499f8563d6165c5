"""What the bot asks: forms, free of any platform. Inputs live in forms only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from bot.chat.cards import at_most, between

FORM_TITLE_MAX = 24  # characters (Slack modal title and submit)
LABEL_MAX = 75  # characters of a label; Slack allows 2,000, more than a line is not read
OPTION_MAX = 75  # characters of an option (Slack)
OPTIONS_MAX = 100  # options of one input (Slack static_select)
TEXT_MAX = 3000  # characters in one text input (Slack plain_text_input)

Values: TypeAlias = Mapping[str, str]
"""What was filled in, by input id. Several choices are joined by commas; a day is `2026-12-18`, a time `09:15`."""


@dataclass(frozen=True, slots=True)
class TextInput:
    """Words; at most `longest` characters."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    placeholder: str = ""
    multiline: bool = False
    optional: bool = False
    longest: int = 1500

    def __post_init__(self) -> None:
        at_most(LABEL_MAX, self.label, "label")
        between(1, TEXT_MAX, self.longest, f"longest of {self.id}")


@dataclass(frozen=True, slots=True)
class Option:
    """One choice."""

    value: str
    label: str

    def __post_init__(self) -> None:
        at_most(OPTION_MAX, self.label, "option")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of `options`."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    placeholder: str = ""
    optional: bool = False

    def __post_init__(self) -> None:
        at_most(LABEL_MAX, self.label, "label")
        between(1, OPTIONS_MAX, len(self.options), f"options of {self.id}")


@dataclass(frozen=True, slots=True)
class SomeOf:
    """Any of `options`; the value is their values joined by commas."""

    id: str
    label: str
    options: tuple[Option, ...]
    value: str = ""
    hint: str = ""
    optional: bool = False

    def __post_init__(self) -> None:
        at_most(LABEL_MAX, self.label, "label")
        between(1, OPTIONS_MAX, len(self.options), f"options of {self.id}")


@dataclass(frozen=True, slots=True)
class DateInput:
    """A day, as `2026-12-18`."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class TimeInput:
    """A wall-clock time, as `09:15`."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class PersonInput:
    """A person: `value` is their number. What comes back is that number, or their account on the platform: `[U123]`."""

    id: str
    label: str
    value: str = ""
    hint: str = ""
    optional: bool = False


Input: TypeAlias = TextInput | OneOf | SomeOf | DateInput | TimeInput | PersonInput


@dataclass(frozen=True, slots=True)
class Form:
    """A dialog. `verb`, `ids` and the values by input id come back in `Submitted`."""

    title: str
    verb: str
    inputs: tuple[Input, ...]
    ids: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    closing_note: str = ""
    submit: str = "Send"
    errors: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        at_most(FORM_TITLE_MAX, self.title, "form title")
        at_most(FORM_TITLE_MAX, self.submit, "form submit")

    def filled(self, values: Values) -> "Form":
        """The same form holding `values` where it has an input of that id."""
        return replace(self, inputs=tuple(_holding(each, values) for each in self.inputs))

    def refused(self, values: Values, errors: Mapping[str, str]) -> "Form":
        """The same form with what was typed and, by input id, why it was not taken."""
        unknown = errors.keys() - {each.id for each in self.inputs}
        if unknown:
            raise ValueError(f"{self.title} has no input {', '.join(sorted(unknown))}")
        return replace(self.filled(values), errors=errors)


def _holding(each: Input, values: Values) -> Input:
    return replace(each, value=values.get(each.id, each.value))


def people_in(form: Form) -> frozenset[int]:
    """The people whom a form names, by their numbers."""
    named = (each.value for each in form.inputs if isinstance(each, PersonInput))
    return frozenset(int(value) for value in named if value.isascii() and value.isdigit())


def with_accounts(form: Form, accounts: Mapping[int, str]) -> Form:
    """The same form, where a platform knows people by their accounts: each value is one, or what it was."""
    known = {str(number): account for number, account in accounts.items()}
    return replace(
        form,
        inputs=tuple(
            replace(each, value=known.get(each.value, each.value)) if isinstance(each, PersonInput) else each
            for each in form.inputs
        ),
    )
