"""A sheet as plain text that reads well by itself: nothing is folded away, and no sign stands for a word. Pure."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from adapters.email import views
from adapters.email.answers import Choice
from adapters.email.form_text import fields_of
from adapters.email.sheet import Sheet
from bot.chat.cards import (
    Buttons,
    Card,
    Divider,
    Element,
    Facts,
    Group,
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
from bot.chat.forms import Form
from bot.chat.spans import Link, Text, plain

RULE = "-" * 60


def text_of(sheet: Sheet) -> str:
    """The whole text; blocks have a blank line between them."""
    blocks: list[str] = []
    if sheet.card is not None:
        blocks += [each for each in _card(sheet.card, sheet) if each]
    if sheet.form is not None:
        if sheet.card is not None:
            blocks.append(RULE)
        blocks += _form(sheet.form, sheet)
    if sheet.foot:
        blocks.append("\n".join((RULE, *sheet.foot)))
    return "\n\n".join(blocks) + "\n"


def _card(card: Card, sheet: Sheet) -> Iterator[str]:
    left = list(sheet.choices)
    is_said = False
    for element in card.elements or (Paragraph((card.summary,)),):
        match element:
            case Row(text, detail, button):
                lines = [text, detail]
                if button is not None:
                    lines.append(views.reply_with(left.pop(0).words))
                yield _lines(lines)
            case Buttons(items):
                links = [f"{each.text}: {each.url}" for each in items if isinstance(each, LinkButton)]
                mine = [left.pop(0) for each in items if not isinstance(each, LinkButton)]
                yield _choices(mine, links, lead="" if is_said else views.CHOOSE)
                is_said = is_said or bool(mine)
            case _:
                yield _plain(element, sheet)


def _choices(choices: Sequence[Choice], links: Sequence[str], *, lead: str) -> str:
    lines = [*([lead] if choices and lead else []), *(views.reply_with(each.words) for each in choices), *links]
    return "\n".join(lines)


def _plain(element: Element, sheet: Sheet) -> str:
    match element:
        case Title(text):
            return f"{text}\n{'=' * min(len(text), len(RULE))}"
        case Note(text):
            return text
        case Paragraph(text):
            return _text(text, sheet)
        case Group():
            return _group(element, sheet)
        case Words(text, source):
            return f'"{text}"\n- {source}' if source else f'"{text}"'
        case Facts(pairs):
            return "\n".join(f"{label}: {_text(value, sheet)}" for label, value in pairs)
        case Numbers(items):
            return "\n".join(_number(each) for each in items)
        case Divider():
            return RULE
        case Picture(alt=alt):
            return alt
        case Row() | Buttons():
            raise AssertionError("what can be answered has its words above")
    assert_never(element)


def _group(group: Group, sheet: Sheet) -> str:
    lines = [group.label]
    for number, each in enumerate(group.lines, 1):
        mark = f"{number}." if group.numbered else "-"
        lines.append(f"{mark} {_indented(_text(each.text, sheet), mark)}")
        if each.detail:
            lines.append(f"{' ' * len(mark)} {_indented(_text(each.detail, sheet), mark)}")
    return "\n".join(lines)


def _indented(text: str, mark: str) -> str:
    return text.replace("\n", f"\n{' ' * (len(mark) + 1)}")


def _number(number: Number) -> str:
    change = f" ({number.change})" if number.change else ""
    return f"{number.label}: {number.value}{change}"


def _text(text: Text, sheet: Sheet) -> str:
    """A link's address stands behind its words, for there is nothing to press."""
    return "".join(
        f"{span.text} ({span.url})" if isinstance(span, Link) else plain((span,), sheet.zone) for span in text
    )


def _form(form: Form, sheet: Sheet) -> Iterator[str]:
    yield _lines([form.title, form.note])
    yield views.FILL_IN
    for each in fields_of(form, sheet.names):
        error = [f"! {each.error}"] if each.error else []
        yield "\n".join((each.head, *error, *each.hints, each.label, *each.value))
    yield "\n".join((views.END, *([form.closing_note] if form.closing_note else []), views.as_it_stands(form.submit)))


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(each for each in lines if each)
