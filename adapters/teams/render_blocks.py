"""From the elements of a card to the body of an Adaptive Card: pure.

Source: https://adaptivecards.io/explorer and https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never

from adapters.teams.render_press import VERB, press_data
from adapters.teams.render_spans import BIG, BOLD, FAINT, QUIET, Ats, element, is_address, words
from adapters.teams.render_text import cleaned, escaped, inert, one_line, shortened
from adapters.teams.render_views import FROM_A_CUSTOMER, FROM_CUSTOMERS, NO_WORDS, more, quoted
from adapters.teams.wiring import Fields
from bot.chat.cards import (
    LINES_SHOWN,
    Button,
    Buttons,
    Divider,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Number,
    Numbers,
    Paragraph,
    Picture,
    Row,
    Title,
    Words,
)
from bot.chat.pictures import Drawing

Gap: TypeAlias = Literal["None", "Small", "Default", "Medium", "Large"]

ROW_WIDTH = 440  # pixels of buttons side by side; what is wider is cut off where a card is narrow
BUTTON_WIDTH, SIGN_WIDTH = 34, 7.2  # pixels of a button without words, its gap included, and of a sign in it
BESIDE_MAX = 20  # characters of a button beside words; a wider one leaves them no room on a phone
SHORT_VALUE = 10  # characters of a figure that leaves room beside it
SPOKEN_MAX = 100  # characters of a tooltip
ALT_MAX = 1000  # characters
MARK_WIDTH, FACT_WIDTH = "18px", "112px"
NUMBER_WIDTH = "24px"  # "10."


@dataclass(frozen=True, slots=True)
class Setting:
    """What a card is drawn with: who is mentioned how, where pictures are, how short it has to be."""

    ats: Ats = field(default_factory=lambda: MappingProxyType({}))
    pictures: Mapping[Drawing, bytes] = field(default_factory=lambda: MappingProxyType({}))
    is_reply: bool = False
    is_targeted: bool = False
    lines: int = LINES_SHOWN
    is_bare: bool = False


def body_of(elements: Sequence[Element], setting: Setting) -> list[Fields]:
    """`elements` one below the other, with the air and the rules between them."""
    body: list[Fields] = []
    before: Element | None = None
    is_ruled = False
    for place, each in enumerate(elements):
        if isinstance(each, Divider):
            is_ruled = bool(body)
            continue
        after = elements[place + 1] if place + 1 < len(elements) else None
        made = [*_labelled(each, before, after), *_made(each, setting)]
        if not made:
            continue
        if body:
            made[0] |= {"spacing": "Medium" if is_ruled else _gap(before, each)}
        if is_ruled:
            made[0] |= {"separator": True}
        body += made
        before, is_ruled = each, False
    return body


def _gap(before: Element | None, each: Element) -> Gap:
    match before, each:
        case Title(), Note():
            return "None"
        case _, Title():
            return "Large"
        case (Note(), Note()) | (Paragraph(), Paragraph() | Note()) | (Words(), Words()):
            return "Small"
        case Paragraph(), Group(label=""):
            return "Small"
        case _:
            return "Medium"


def _labelled(each: Element, before: Element | None, after: Element | None) -> list[Fields]:
    """The label of customers' words, which the second of two in a row goes without."""
    if not isinstance(each, Words) or isinstance(before, Words) or not (each.text.strip() or each.source.strip()):
        return []
    return words(FROM_CUSTOMERS if isinstance(after, Words) else FROM_A_CUSTOMER, BOLD)


def _made(each: Element, setting: Setting) -> list[Fields]:
    match each:
        case Title(text):
            return _title(text)
        case Note(text):
            return words(text, QUIET)
        case Paragraph(text):
            return element(text, setting.ats)
        case Group():
            return _group(each, setting)
        case Words(text, source):
            return _words(text.strip(), source)
        case Facts(pairs):
            return _stacked(_fact(label, element(value, setting.ats)) for label, value in pairs)
        case Numbers(items):
            return _numbers(items)
        case Row():
            return _row(each, setting)
        case Picture():
            return _picture(each, setting.pictures)
        case Buttons(items):
            return _buttons(items, setting)
        case Divider():
            return []
    assert_never(each)


def _title(text: str) -> list[Fields]:
    shown = escaped(one_line(text))
    look = {"size": "Large", "weight": "Bolder", "style": "heading", "wrap": True}
    return [{"type": "TextBlock", "text": shown, **look}] if shown else []


def _group(group: Group, setting: Setting) -> list[Fields]:
    lines = [found for each in group.lines if (found := _line(each, setting))]
    shown = [
        _beside(f"{number}." if group.numbered else "•", found, NUMBER_WIDTH if group.numbered else MARK_WIDTH)
        for number, found in enumerate(lines[: setting.lines], start=1)
    ]
    hidden = len(lines) - len(shown)
    return _close_to([*words(group.label, BOLD), *shown, *(words(more(hidden), QUIET) if hidden else [])])


def _line(line: Line, setting: Setting) -> list[Fields]:
    return _tight([*element(line.text, setting.ats), *element(line.detail, setting.ats, QUIET)])


def _beside(mark: str, found: list[Fields], width: str) -> Fields:
    return _columns(_column(words(mark, FAINT), width), _column(found) | {"spacing": "None"})


def _words(text: str, source: str) -> list[Fields]:
    said = _tight([*(words(quoted(text)) if text else []), *_quiet(source)])
    return [{"type": "Container", "style": "emphasis", "spacing": "Small", "items": said}] if said else []


def _fact(label: str, value: list[Fields]) -> Fields | None:
    name = words(one_line(label), FAINT)
    if not (name and value):
        return next(iter([*name, *value]), None)
    return _columns(_column(name, FACT_WIDTH), _column(value) | {"spacing": "Small"})


def _numbers(items: Sequence[Number]) -> list[Fields]:
    """Figures side by side, one alone with its words beside it; a number is called what people called it."""
    columns = []
    for each in items:
        value, said = words(one_line(each.value), BIG), [*words(one_line(each.label)), *_quiet(each.change)]
        if len(items) == 1 and value and said and len(each.value) <= SHORT_VALUE:
            middle = {"verticalContentAlignment": "Center"}
            columns = [_column(value, "auto") | middle, _column(_tight(said)) | middle]
        elif value or said:
            columns.append(_column(_tight([*value, *said])))
    return [_columns(*columns)] if columns else []


def _quiet(text: str) -> list[Fields]:
    return words(one_line(text), QUIET)


def _row(row: Row, setting: Setting) -> list[Fields]:
    said = _tight([*words(row.text), *words(row.detail, QUIET)])
    buttons = _buttons((row.button,), setting) if row.button else []
    if not said or row.button is None or len(row.button.text) > BESIDE_MAX:
        return [*said, *(each | {"spacing": "Small"} for each in buttons)]
    middle = {"verticalContentAlignment": "Center"}
    return [_columns(_column(said) | middle, _column(buttons, "auto") | middle)]


def _picture(picture: Picture, pictures: Mapping[Drawing, bytes]) -> list[Fields]:
    png, alt = pictures.get(picture.drawing, b""), cleaned(picture.alt).strip()
    if not png:
        return words(alt, QUIET)
    url = f"data:image/png;base64,{b64encode(png).decode()}"
    shown = {"type": "Image", "url": url, "altText": shortened(alt, ALT_MAX) or NO_WORDS, "size": "Stretch"}
    return [shown | {"msteams": {"allowExpand": True}}]


def _buttons(items: Sequence[Button | LinkButton], setting: Setting) -> list[Fields]:
    """Rows of buttons, none wider than a card is where it is narrow; links that can't be opened in words."""
    rows: list[list[Button | LinkButton]] = []
    left = 0.0
    for each in items:
        if isinstance(each, LinkButton) and not is_address(each.url):
            continue
        width = BUTTON_WIDTH + SIGN_WIDTH * len(each.text)
        if left < width:
            rows.append([])
            left = ROW_WIDTH
        rows[-1].append(each)
        left -= width
    sets: list[Fields] = [{"type": "ActionSet", "actions": [_action(each, setting) for each in row]} for row in rows]
    dead = [each.text for each in items if isinstance(each, LinkButton) and not is_address(each.url)]
    return _close_to([*sets, *(found for text in dead for found in words(one_line(text), QUIET))])


def _action(button: Button | LinkButton, setting: Setting) -> Fields:
    title = {"title": inert(one_line(button.text)) or NO_WORDS}
    if isinstance(button, LinkButton):
        return {"type": "Action.OpenUrl", **title, "url": button.url}
    data = press_data(button.verb, button.ids, is_reply=setting.is_reply, is_targeted=setting.is_targeted)
    spoken = inert(shortened(one_line(button.spoken), SPOKEN_MAX))
    look = {
        **title,
        **({"style": "positive"} if button.primary else {}),
        **({"tooltip": spoken} if spoken and not setting.is_bare else {}),
        "associatedInputs": "none",
    }
    submit = {"type": "Action.Submit", **look, "data": data}
    if button.opens_form:
        return submit | {"data": data | {"msteams": {"type": "task/fetch"}}}
    if setting.is_bare:  # every client knows it, and it carries everything once
        return submit
    return {"type": "Action.Execute", **look, "verb": VERB, "data": data, "fallback": submit}


def _columns(*columns: Fields) -> Fields:
    return {"type": "ColumnSet", "columns": list(columns)}


def _column(items: list[Fields], width: str = "stretch") -> Fields:
    return {"type": "Column", "width": width, "items": items}


def _stacked(found: Iterator[Fields | None]) -> list[Fields]:
    return _close_to([each for each in found if each])


def _tight(found: list[Fields]) -> list[Fields]:
    """`found` without air between."""
    return [*found[:1], *(each | {"spacing": "None"} for each in found[1:])]


def _close_to(found: list[Fields]) -> list[Fields]:
    """`found` with little air between."""
    return [*found[:1], *(each | {"spacing": "Small"} for each in found[1:])]
