"""From cards, forms and pages to HTML: pure. Whatever somebody typed is text; only our templates make elements."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import assert_never
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.environment import TemplateModule
from markupsafe import Markup

from adapters.pictures.drawing import tag_of
from bot.chat.cards import (
    LINES_SHOWN,
    Button,
    Buttons,
    Card,
    Divider,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
)
from bot.chat.forms import DateInput, Form, Input, OneOf, PersonInput, SomeOf, TextInput, TimeInput
from bot.chat.spans import Bold, Colour, Link, Mention, Span, Text, When, plain
from bot.chat.words import moment
from storage.local import LocalUser

_TITLE_SHOWN = 60  # characters of a post in the list of threads
# A web address or a path of ours; anything else (`javascript:`, `//elsewhere`) is shown as words.
_ADDRESS = re.compile(r"https?://|/(?![/\\])")


@dataclass(frozen=True, slots=True)
class Shown:
    """Where a card stands: its post and its reader's zone."""

    post_id: int
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Sending:
    """What a form carries besides its inputs: who sends it, from where, under which event id."""

    user_id: str
    room_id: str
    event_id: str
    back: Mapping[str, str]
    """The fields that lead back to the page, for a browser without script."""


class Renderer:
    """The templates, loaded once for each host."""

    def __init__(self) -> None:
        self._env = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._card: TemplateModule = self._env.get_template("card.html").make_module()
        self._form: TemplateModule = self._env.get_template("form.html").make_module()

    def template(self, name: str, **context: object) -> Markup:
        """A whole template."""
        return Markup(self._env.get_template(name).render(**context))  # noqa: S704 - autoescaped

    def card(self, card: Card, shown: Shown) -> Markup:
        """The elements of a card in their order; a card without any says its sentence."""
        elements = card.elements or (Paragraph((card.summary,)),)
        parts = []
        for number, element in enumerate(elements):
            is_state = isinstance(element, Note) and number > 0 and isinstance(elements[number - 1], Title)
            parts.append(self._state(element) if is_state else self._element(element, shown))
        return self._made(self._card, "card", parts, all(isinstance(each, Paragraph | Note) for each in elements))

    def words(self, text: str) -> Markup:
        """What somebody wrote, as a line of its own."""
        return self._made(self._card, "said", text)

    def form(self, form: Form, sending: Sending, people: Sequence[LocalUser]) -> Markup:
        """A form, with its errors where it was refused; `people` are whom one can choose."""
        inputs = [self._input(each, form.errors.get(each.id, ""), people) for each in form.inputs]
        refused = [(_field_id(each), each.label) for each in form.inputs if each.id in form.errors]
        first = refused[0][0] if refused else next((_field_id(each) for each in form.inputs), "")
        return self._made(self._form, "form", form, inputs, refused, sending, _packed(form.ids), first)

    def _element(self, element: Element, shown: Shown) -> Markup:
        match element:
            case Title(text):
                return self._made(self._card, "title", text, f"m{shown.post_id}-t")
            case Note(text):
                return self._made(self._card, "note", text)
            case Paragraph(text):
                return self._made(self._card, "paragraph", self._text(text, shown))
            case Group():
                return self._group(element, shown)
            case Words(text, source):
                return self._made(self._card, "words", text, source)
            case Facts(pairs):
                return self._made(self._card, "facts", [(label, self._text(text, shown)) for label, text in pairs])
            case Numbers(items):
                return self._made(self._card, "numbers", items)
            case Row(text, detail, button):
                pressed = "" if button is None else self._button(button, shown)
                return self._made(self._card, "row", text, detail, pressed)
            case Divider():
                return self._made(self._card, "divider")
            case Picture(drawing, alt):
                return self._made(self._card, "picture", f"/local/pictures/{shown.post_id}/{tag_of(drawing)}.svg", alt)
            case Buttons(items):
                return self._made(self._card, "buttons", [self._button(each, shown) for each in items])
        assert_never(element)

    def _state(self, element: Element) -> Markup:
        """The quiet line under a title: its parts apart from each other, what is still open standing out."""
        parts = element.text.split(" · ") if isinstance(element, Note) else []
        return self._made(self._card, "state", [(part, part.casefold().startswith("open")) for part in parts])

    def _group(self, group: Group, shown: Shown) -> Markup:
        lines = [self._line(line, shown) for line in group.lines]
        is_named = bool(group.lines) and all(_begins_with_name(line) for line in group.lines)
        return self._made(
            self._card, "group", group.label, lines[:LINES_SHOWN], lines[LINES_SHOWN:], group.numbered, is_named
        )

    def _line(self, line: Line, shown: Shown) -> tuple[Markup, Markup, Markup]:
        if _begins_with_name(line):
            name, after = line.text[0], _unspaced(line.text[1:])
            return self._span(name, shown), self._text(after, shown), self._text(line.detail, shown)
        return Markup(), self._text(line.text, shown), self._text(line.detail, shown)

    def _button(self, button: Button | LinkButton, shown: Shown) -> Markup:
        match button:
            case LinkButton(text, url):
                return self._made(self._card, "link_button", text, url if _ADDRESS.match(url) else "")
            case Button():
                value = _packed({"post": shown.post_id, "verb": button.verb, "ids": dict(button.ids)})
                return self._made(self._card, "button", button, value)

    def _text(self, text: Text, shown: Shown) -> Markup:
        return Markup().join(self._span(span, shown) for span in text)

    def _span(self, span: Span, shown: Shown) -> Markup:
        match span:
            case str():
                return self._made(self._card, "typed", span)
            case Bold(text):
                return self._made(self._card, "bold", text)
            case Link(text, url):
                return self._made(self._card, "link", text, url)
            case Mention(name=name):
                return self._made(self._card, "mention", name)
            case When(at):
                return self._made(self._card, "when", at.astimezone(UTC).isoformat(), moment(at, shown.zone))
            case Colour(hue, word):
                return self._made(self._card, "colour", hue.value, word)
        assert_never(span)

    def _input(self, each: Input, error: str, people: Sequence[LocalUser]) -> Markup:
        made = self._made
        match each:
            case TextInput():
                return made(self._form, "text_input", each, error)
            case OneOf():
                return made(self._form, "one_of", each, error, [("", each.options)], each.placeholder or "Choose…")
            case SomeOf():
                chosen = set(each.value.split(",")) if each.value else set[str]()
                return made(self._form, "some_of", each, error, chosen)
            case DateInput():
                return made(self._form, "plain_input", each, error, "date")
            case TimeInput():
                return made(self._form, "plain_input", each, error, "time")
            case PersonInput():
                return made(self._form, "one_of", each, error, by_team(people, as_accounts=True), "Nobody")
        assert_never(each)

    def _made(self, module: TemplateModule, macro: str, *arguments: object) -> Markup:
        make: Callable[..., Markup] = getattr(module, macro)
        return make(*arguments)


@dataclass(frozen=True, slots=True)
class Choice:
    """One person to choose, as a select shows them."""

    value: str
    label: str


def by_team(people: Sequence[LocalUser], *, as_accounts: bool = False) -> list[tuple[str, list[Choice]]]:
    """People under the headings of their teams, in the order given; `as_accounts` is how a form names them: `[amy]`."""
    teams: dict[str, list[Choice]] = {}
    for person in people:
        label = f"{person.name}, {person.title}" if person.title else person.name
        teams.setdefault(person.team, []).append(Choice(f"[{person.id}]" if as_accounts else person.id, label))
    return list(teams.items())


def headline(card: Card) -> str:
    """What a card is called in a list: its title, else the start of its sentence."""
    title = next((element.text for element in card.elements if isinstance(element, Title)), card.summary)
    return shortened(title)


def shortened(text: str) -> str:
    """The start of what somebody wrote, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _TITLE_SHOWN else f"{line[: _TITLE_SHOWN - 1].rstrip()}…"


def _begins_with_name(line: Line) -> bool:
    return len(line.text) > 1 and isinstance(line.text[0], Bold) and bool(plain(line.text[1:]).strip())


def _unspaced(text: Text) -> Text:
    """`text` without the blanks it begins with: after a name they stand for the column's edge."""
    match text:
        case (str(first), *rest) if first.startswith(" "):
            return (*((first.lstrip(" "),) if first.strip(" ") else ()), *rest)
        case _:
            return text


def _field_id(each: Input) -> str:
    return f"f-{each.id}-0" if isinstance(each, SomeOf) else f"f-{each.id}"


def _packed(value: Mapping[str, object]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))
