"""From forms to Teams' dialogs, and from what was filled in back to values: pure.

Source: https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/task-modules/task-modules-bots and
https://adaptivecards.io/explorer/Input.Text.html.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from types import MappingProxyType
from typing import assert_never

from adapters.teams.render import adaptive_card
from adapters.teams.render_fit import CARD_MAX
from adapters.teams.render_press import OURS, TARGETED, checked, pressed
from adapters.teams.render_spans import BOLD, QUIET, Person, words
from adapters.teams.render_text import cleaned, escaped, inert, one_line, shortened, size_of, units
from adapters.teams.render_views import (
    CHOOSE_A_PERSON,
    FILL_IN,
    KEPT,
    LOOK_AGAIN,
    NO_WORDS,
    NOBODY,
    NOT_SENT,
    NOTHING_CHOSEN,
    SEND_AGAIN,
    labelled,
    look_at,
    refused,
    some_people,
)
from adapters.teams.wiring import Fields
from bot.chat.forms import (
    TEXT_MAX,
    DateInput,
    Form,
    Input,
    OneOf,
    Option,
    PersonInput,
    SomeOf,
    TextInput,
    TimeInput,
)

CARD = "application/vnd.microsoft.card.adaptive"
RESERVED = {OURS, "msteams"}  # beside what is filled in
LABEL_MAX = 200  # characters without "(optional)"
PLACEHOLDER_MAX = 150  # characters
HINT_MAX = 2000  # characters
EXPANDED_MAX = 10  # options that may be seen all at once, each with a box
RADIO_MAX = 5  # options seen at a glance; more are chosen from a list
PEOPLE_MAX = 200  # in a list in which one types to find; they take a third of what a card may have
TALL = 4  # inputs that need more than a dialog of middling height
NOTHING = "~-"  # chosen to choose nothing; Teams can't let go of a choice once made
NO_PEOPLE: Mapping[int, Person] = MappingProxyType({})
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T.*)?")
_TIME = re.compile(r"(\d{2}:\d{2})(?::\d{2})?")
_ONE, _SOME, _DATE, _CLOCK, _TEXT = "one", "some", "day", "time", "text"


def dialog(form: Form, *, people: Mapping[int, Person] = NO_PEOPLE, is_targeted: bool = False) -> Fields:
    """`form` as the `task` of an answer to task/fetch or task/submit; `people` are whom one can choose.

    It brings back whether it `is_targeted`: opened from what one person alone sees.
    Raises: ValueError when the form could not come back: its ids are too long, or an input has a name of Teams' own.
    """
    carried = _carried(form, is_targeted=is_targeted)
    known = {each.id for each in form.inputs}
    body = [*words(form.note, QUIET)]
    if form.errors:
        body += words(look_at(len(form.errors)), BOLD)
    for name, why in form.errors.items():
        body += [] if name in known else [_refusal(why)]
    for each in form.inputs:
        body += _asked(each, form.errors.get(each.id), people)
    body += [each | {"spacing": "Medium"} for each in words(form.closing_note, QUIET)]
    submit = {"type": "Action.Submit", "title": _line(form.submit), "style": "positive", "data": carried}
    return _task(_line(form.title), body, submit, height="large" if len(form.inputs) > TALL else "medium")


def kept(data: Fields, why: str) -> Fields:
    """What was filled in and could not be taken, as the `task` that follows: it can be sent again, and be copied.

    Whoever takes it needs no memory of the form: `data` is what Teams brought, and the button brings it once more.
    Raises: ValueError when it is none of ours.
    """
    pressed(data)
    kinds = _kinds_in(data.get(OURS))
    typed = [value for name, kind in kinds.items() if kind == _TEXT and (value := _value(kind, data.get(name)).strip())]
    carried = {name: value for name, value in data.items() if name == OURS or name in kinds}
    submit = {"type": "Action.Submit", "title": SEND_AGAIN, "style": "positive", "data": carried}
    body = [_refusal(why), *words(KEPT, QUIET)]
    shown = [{"type": "Container", "style": "emphasis", "items": words(each)} for each in typed]
    whole = _task(NOT_SENT, body + shown, submit, height="medium")
    return whole if size_of(whole) <= CARD_MAX else _task(NOT_SENT, body, submit, height="medium")


def _task(title: str, body: list[Fields], submit: Fields, *, height: str) -> Fields:
    card = adaptive_card(body, fallback=inert(title)) | {"actions": [submit]}
    del card["msteams"]  # a dialog has a width of its own
    value = {"title": title, "height": height, "width": "medium", "card": {"contentType": CARD, "content": card}}
    return {"type": "continue", "value": value}


def values_of(data: object, inputs: Sequence[Input] | None = None) -> dict[str, str]:
    """What was filled in, by input id, '' where nothing was; of no more inputs than `inputs`, or than the form had.

    Nothing that comes back is believed: what has another type than Teams gives it counts as not filled in.
    """
    fields = data if isinstance(data, dict) else {}
    kinds = _kinds(inputs) if inputs is not None else _kinds_in(fields.get(OURS))
    return {name: _value(kind, fields.get(name)) for name, kind in kinds.items()}


def _carried(form: Form, *, is_targeted: bool) -> Fields:
    verb, ids = checked(form.verb, dict(form.ids))
    if taken := {each.id for each in form.inputs} & RESERVED:
        names = ", ".join(sorted(taken))
        raise ValueError(f"the form {form.title!r} itself carries {names}; choose other names")
    ours = {"verb": verb, "ids": ids, "form": True, "fields": _kinds(form.inputs)}
    return {OURS: {**ours, **(TARGETED if is_targeted else {})}}


def _asked(each: Input, why: str | None, people: Mapping[int, Person]) -> list[Fields]:
    """An input, above it why it was not taken, and below it what helps to fill it in."""
    label = labelled(_line(each.label or each.id), is_optional=each.optional, is_refused=why is not None)
    found: Fields = {
        "id": each.id,
        "label": inert(label),
        **_element(each, people),
        **({} if each.optional else {"isRequired": True, "errorMessage": FILL_IN}),
        **({} if why is None else {"errorMessage": inert(_line(why or LOOK_AGAIN))}),
    }
    above = [] if why is None else [_refusal(why) | {"spacing": "Medium"}]
    hints = words(shortened(cleaned(each.hint), HINT_MAX), QUIET)
    if isinstance(each, PersonInput) and len(people) > PEOPLE_MAX:
        hints += words(some_people(PEOPLE_MAX, len(people)), QUIET)
    below = [hint | {"spacing": "Small"} for hint in hints]
    return [*above, found | {"spacing": "Small" if above else "Medium"}, *below]


def _element(each: Input, people: Mapping[int, Person]) -> Fields:
    match each:
        case TextInput():
            return _text_input(each)
        case OneOf():
            return _one_of(each)
        case SomeOf():
            return _some_of(each)
        case DateInput(value=value):
            return {"type": "Input.Date"} | ({"value": value} if _is_day(value) else {})
        case TimeInput(value=value):
            return {"type": "Input.Time"} | ({"value": value} if _is_time(value) else {})
        case PersonInput():
            return _person(each, people)
    assert_never(each)


def _text_input(each: TextInput) -> Fields:
    """Words that are longer than the input takes stay as they are: the bot says so, and they can be shortened."""
    value = shortened(cleaned(each.value), TEXT_MAX)
    return {
        "type": "Input.Text",
        "isMultiline": each.multiline or "\n" in value,
        "maxLength": max(each.longest, units(value)),
        **_placeholder(each.placeholder),
        **({"value": value} if value else {}),
    }


def _one_of(each: OneOf) -> Fields:
    choices = _choices(each.options)
    chosen = _written(each.value) if _written(each.value) in choices else ""
    is_seen = not each.optional and len(choices) <= RADIO_MAX
    if is_seen and not any(_is_mark_up(title) for title in choices.values()):
        # A button once chosen can't be let go again, so it stands only where one must be.
        return _choice_set(choices, chosen, "expanded") | {"wrap": True}
    nothing = {NOTHING: NOTHING_CHOSEN} if each.optional and _written("") not in choices else {}
    return _choice_set(choices | nothing, chosen, "compact") | _placeholder(each.placeholder)


def _some_of(each: SomeOf) -> Fields:
    choices = _choices(each.options)
    wanted = [_written(value) for value in each.value.split(",")] if each.value else []
    chosen = ",".join(value for value in choices if value in wanted)
    is_seen = len(choices) <= EXPANDED_MAX
    shown = {value: escaped(title) if is_seen else title for value, title in choices.items()}
    found = _choice_set(shown, chosen, "expanded" if is_seen else "compact")
    return found | {"isMultiSelect": True, "wrap": True}


def _person(each: PersonInput, people: Mapping[int, Person]) -> Fields:
    first = [*people][:PEOPLE_MAX]
    chosen = [number for number in people if str(number) == each.value and number not in first]
    choices = {str(number): _line(people[number].name) for number in [*first, *chosen]}
    nobody = {NOTHING: NOBODY} if each.optional else {}
    found = _choice_set(choices | nobody, each.value if each.value in choices else "", "filtered")
    return found | _placeholder(CHOOSE_A_PERSON)


def _choices(options: Iterable[Option]) -> dict[str, str]:
    """The words of each option by what stands for it; of two that stand for the same, the first."""
    found: dict[str, str] = {}
    for each in options:
        found.setdefault(_written(each.value), _line(each.label or each.value))
    return found


def _choice_set(choices: Mapping[str, str], chosen: str, style: str) -> Fields:
    return {
        "type": "Input.ChoiceSet",
        "style": style,
        "choices": [{"title": inert(title), "value": each} for each, title in choices.items()],
        **({"value": chosen} if chosen else {}),
    }


def _written(value: str) -> str:
    """What stands for `value`: never nothing, which would be no choice, and never with a comma, which parts several."""
    return value.replace("~", "~~").replace(",", "~.") or "~"


def _read(written: str) -> str:
    """The inverse of `_written`; '' for NOTHING."""
    if written in {"~", NOTHING}:
        return ""
    return re.sub("~([~.])", lambda found: "," if found[1] == "." else "~", written)


def _is_mark_up(title: str) -> bool:
    """Whether Teams may read Markdown in the words beside a button, which it does not in those of a list."""
    return escaped(title) != title


def _kinds(inputs: Iterable[Input]) -> dict[str, str]:
    """What each input gives back."""
    kinds: dict[type, str] = {OneOf: _ONE, PersonInput: _ONE, SomeOf: _SOME, DateInput: _DATE, TimeInput: _CLOCK}
    return {each.id: kinds.get(type(each), _TEXT) for each in inputs}


def _kinds_in(ours: object) -> dict[str, str]:
    match ours:
        case {"fields": dict(fields)}:
            return {name: str(kind) for name, kind in fields.items() if isinstance(name, str) and name not in RESERVED}
        case _:
            return {}


def _value(kind: str, value: object) -> str:
    if not isinstance(value, str):
        return ""
    match kind:
        case "one":
            return _read(value)
        case "some":
            return ",".join(_read(each) for each in value.split(",")) if value else ""
        case "day":
            return found[1] if (found := _DAY.fullmatch(value)) else value
        case "time":
            return found[1] if (found := _TIME.fullmatch(value)) else value
        case _:
            return value


def _placeholder(text: str) -> Fields:
    shown = shortened(one_line(text), PLACEHOLDER_MAX)
    return {"placeholder": inert(shown)} if shown else {}


def _refusal(why: str) -> Fields:
    """On the colour of attention rather than in it: red letters are too faint in the dark theme."""
    said = words(refused(one_line(why) or LOOK_AGAIN), BOLD)
    return {"type": "Container", "style": "attention", "items": said}


def _line(text: str) -> str:
    return shortened(one_line(text) or NO_WORDS, LABEL_MAX)


def _is_day(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", value) and date.fromisoformat(value))
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{2}:\d{2}", value) and time.fromisoformat(value) is not None)
    except ValueError:
        return False
