"""A sheet as simple HTML: a few elements that every mail program shows. Whatever somebody typed is text. Pure."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import assert_never
from urllib.parse import quote

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
from bot.chat.forms import Form
from bot.chat.spans import Bold, Colour, Hue, Link, Mention, Span, Text, When
from bot.chat.words import moment

INKS = {Hue.RED: "#b3261e", Hue.AMBER: "#8a5a00", Hue.GREEN: "#1b6e3c", Hue.BLUE: "#1f5fa8"}
"""Dark enough to be read on white."""
QUIET = "color:#555"
BODY = "font-family:sans-serif;font-size:15px;line-height:1.45;color:#1d1d1f;max-width:40em"


def html_of(sheet: Sheet, subject: str) -> str:
    """The whole page."""
    parts: list[str] = []
    if sheet.card is not None:
        parts += _card(sheet.card, sheet)
    if sheet.form is not None:
        parts += [*(["<hr>"] if sheet.card is not None else []), *_form(sheet.form, sheet)]
    if sheet.foot:
        parts.append(f'<hr><p style="{QUIET}">{"<br>".join(escape(each) for each in sheet.foot)}</p>')
    head = f'<meta charset="utf-8"><title>{escape(subject)}</title>'
    body = "\n".join(parts)
    return f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head>\n<body style="{BODY}">\n{body}\n</body></html>\n'


def _card(card: Card, sheet: Sheet) -> Iterator[str]:
    left = list(sheet.choices)
    for element in card.elements or (Paragraph((card.summary,)),):
        match element:
            case Row(text, detail, button):
                answer = "" if button is None else f"<br>{_choice(left.pop(0), sheet)}"
                quiet = f'<br><span style="{QUIET}">{_broken(detail)}</span>' if detail else ""
                yield f"<p>{_broken(text)}{quiet}{answer}</p>"
            case Buttons(items):
                shown = [
                    f'<a href="{escape(each.url)}">{escape(each.text)}</a>'
                    if isinstance(each, LinkButton)
                    else _choice(left.pop(0), sheet)
                    for each in items
                ]
                yield f"<p>{'<br>'.join(shown)}</p>"
            case _:
                yield _element(element, sheet)


def _choice(choice: Choice, sheet: Sheet) -> str:
    """The line to answer with; a press on it begins that mail, which says what it answers."""
    words = escape(choice.words)
    if not sheet.address:
        return f"{views.REPLY_WITH} <b>{words}</b>"
    body = quote(f"{choice.words}\r\n\r\n{views.ref(sheet.token)}\r\n")
    link = escape(f"mailto:{quote(sheet.address, safe='@')}?subject={quote(choice.words)}&body={body}")
    return f'{views.REPLY_WITH} <a href="{link}"><b>{words}</b></a>'


def _element(element: Element, sheet: Sheet) -> str:
    match element:
        case Title(text):
            return f'<h2 style="font-size:19px;margin-bottom:0">{escape(text)}</h2>'
        case Note(text):
            return f'<p style="{QUIET};margin-top:2px">{_broken(text)}</p>'
        case Paragraph(text):
            return f"<p>{_text(text, sheet)}</p>"
        case Group(label, lines, numbered):
            kind = "ol" if numbered else "ul"
            items = "".join(_item(each, sheet) for each in lines)
            return f"<p><b>{escape(label)}</b></p><{kind}>{items}</{kind}>"
        case Words(text, source):
            return f"<blockquote>{_broken(text)}<br><i>{escape(source)}</i></blockquote>"
        case Facts(pairs):
            return f"<p>{'<br>'.join(f'<b>{escape(label)}:</b> {_text(value, sheet)}' for label, value in pairs)}</p>"
        case Numbers(items):
            return f"<p>{'<br>'.join(_number(each) for each in items)}</p>"
        case Divider():
            return "<hr>"
        case Picture():
            return _picture(element, sheet)
        case Row() | Buttons():
            raise AssertionError("what can be answered has its words above")
    assert_never(element)


def _item(line: Line, sheet: Sheet) -> str:
    detail = f'<br><span style="{QUIET}">{_text(line.detail, sheet)}</span>' if line.detail else ""
    return f"<li>{_text(line.text, sheet)}{detail}</li>"


def _number(number: Number) -> str:
    change = f" ({escape(number.change)})" if number.change else ""
    return f"<b>{escape(number.value)}</b> {escape(number.label)}{change}"


def _picture(picture: Picture, sheet: Sheet) -> str:
    found = sheet.pictures.get(picture.drawing)
    if found is None:
        return f"<p>{_broken(picture.alt)}</p>"
    return f'<p><img src="cid:{escape(found)}" alt="{escape(picture.alt)}" style="max-width:100%"></p>'


def _text(text: Text, sheet: Sheet) -> str:
    return "".join(_span(span, sheet) for span in text)


def _span(span: Span, sheet: Sheet) -> str:
    match span:
        case str():
            return _broken(span)
        case Bold(text):
            return f"<b>{_broken(text)}</b>"
        case Link(text, url):
            return f'<a href="{escape(url)}">{escape(text)}</a>'
        case Mention(name=name):
            return f"@{escape(name)}"
        case When(at):
            return escape(moment(at, sheet.zone))
        case Colour(hue, word):
            return f'<b style="color:{INKS[hue]}">{escape(word)}</b>'
    assert_never(span)


def _form(form: Form, sheet: Sheet) -> Iterator[str]:
    note = f"<br>{_broken(form.note)}" if form.note else ""
    yield f"<p><b>{escape(form.title)}</b>{note}</p>"
    yield f'<p style="{QUIET}">{escape(views.FILL_IN)}</p>'
    for each in fields_of(form, sheet.names):
        error = f"<br><b>! {escape(each.error)}</b>" if each.error else ""
        hints = "".join(f"<br>{_broken(hint)}" for hint in each.hints)
        quiet = f'<span style="{QUIET}">{escape(each.head)}{error}{hints}</span>'
        yield f"<p>{quiet}<br><b>{escape(each.label)}</b><br>{_lines(each.value)}<br></p>"
    closing = [views.END, *([form.closing_note] if form.closing_note else []), views.as_it_stands(form.submit)]
    yield f'<p style="{QUIET}">{_lines(closing)}</p>'


def _lines(lines: Sequence[str]) -> str:
    return "<br>".join(escape(each) for each in lines)


def _broken(text: str) -> str:
    """Typed words, with the ends of their lines."""
    return escape(text).replace("\n", "<br>")
