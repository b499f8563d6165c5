"""Cards and forms as text that a reviewer reads: what stands where, and what each press does."""

from typing import assert_never

from bot.chat.cards import (
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
from bot.chat.pictures import Drawing, Map, Trend
from bot.chat.spans import Bold, Colour, Link, Mention, Span, Text, When, plain


def drawn(shown: Card | Form) -> str:
    """`# title`, `~ note`, `- line`, `> a customer`, `= number`, `[ button ]`, `? input`; `*bold*`."""
    return drawn_form(shown) if isinstance(shown, Form) else drawn_card(shown)


def drawn_card(card: Card) -> str:
    """A card: its plain-text sentence in brackets, then its elements."""
    return "\n\n".join([f"({card.summary})", *("\n".join(_lines(each)) for each in card.elements)]) + "\n"


def drawn_form(form: Form) -> str:
    """A form: what it asks, with what is filled in and why it was refused."""
    head = [f"# {form.title}", *([f"~ {form.note}"] if form.note else [])]
    inputs = ["\n".join(_asked(each, form.errors.get(each.id, ""))) for each in form.inputs]
    foot = [
        *([f"~ {form.closing_note}"] if form.closing_note else []),
        f"[ {form.submit} ]  -> {_sent(form.verb, form.ids)}",
    ]
    return "\n\n".join(["\n".join(head), *inputs, "\n".join(foot)]) + "\n"


def _lines(element: Element) -> list[str]:
    match element:
        case Title(text):
            return [f"# {text}"]
        case Note(text):
            return [f"~ {text}"]
        case Paragraph(text):
            return [_text(text)]
        case Group(label, lines, numbered):
            marks = [f"{n}." if numbered else "-" for n in range(1, len(lines) + 1)]
            return [
                *([f"{label}:"] if label else []),
                *(drawn for mark, line in zip(marks, lines, strict=True) for drawn in _line(mark, line)),
            ]
        case Words(text, source):
            return [f"> {text}", f"  -- {source}"]
        case Facts(pairs):
            return [f"{label}: {_text(value)}" for label, value in pairs]
        case Numbers(items):
            return [f"= {each.value}  {each.label}{f'  ({each.change})' if each.change else ''}" for each in items]
        case Buttons(items):
            return [_button(each) for each in items]
        case Row(text, detail, button):
            return [text, *([f"  {detail}"] if detail else []), *([_button(button)] if button else [])]
        case Divider():
            return ["---"]
        case Picture(drawing, alt):
            return [f"({alt})", *_drawing(drawing)]
    assert_never(element)


def _drawing(drawing: Drawing) -> list[str]:
    match drawing:
        case Trend(points):
            (first, low), (last, high) = points[0], points[-1]
            return [f"  a line of {len(points)} points, {first} {low} to {last} {high}"]
        case Map(columns, rows, arrows):
            boxes = len(list(drawing.boxes()))
            size = f"{len(columns)} by {len(rows)} with {boxes} boxes and {len(arrows)} arrows"
            return [f"  a map of {size}", *(f"  | {row.name}" for row in rows)]


def _line(mark: str, line: Line) -> list[str]:
    return [f"{mark} {_text(line.text)}", *([f"    {_text(line.detail)}"] if line.detail else [])]


def _button(button: Button | LinkButton) -> str:
    if isinstance(button, LinkButton):
        return f"[ {button.text} ]  -> {button.url}"
    facts = [_sent(button.verb, button.ids)]
    facts += ["opens a form"] if button.opens_form else []
    facts += ["primary"] if button.primary else []
    facts += [f"spoken: {button.spoken}"] if button.spoken else []
    return f"[ {button.text} ]  -> {', '.join(facts)}"


def _sent(verb: str, ids: object) -> str:
    pairs = ids.items() if isinstance(ids, dict) else ()
    return " ".join([verb, *(f"{name}={value}" for name, value in pairs)])


def _asked(each: Input, error: str) -> list[str]:
    kind = {
        TextInput: "text",
        OneOf: "one of",
        SomeOf: "some of",
        DateInput: "day",
        TimeInput: "time",
        PersonInput: "person",
    }[type(each)]
    placeholder = each.placeholder if isinstance(each, TextInput | OneOf) else ""
    options = each.options if isinstance(each, OneOf | SomeOf) else ()
    return [
        f"? {each.label}{' (optional)' if each.optional else ''}  <{kind} {each.id}>",
        *(f"    ( ) {option.label}  = {option.value}" for option in options),
        *([f"    placeholder: {placeholder}"] if placeholder else []),
        *([f"    hint: {each.hint}"] if each.hint else []),
        *([f"    filled in: {each.value}"] if each.value else []),
        *([f"    refused: {error}"] if error else []),
    ]


def _text(text: Text) -> str:
    return "".join(_span(each) for each in text)


def _span(span: Span) -> str:
    match span:
        case Bold(text):
            return f"*{text}*"
        case Colour(hue, word):
            return f"({hue}) {word}"
        case Link(text, url):
            return f"{text} <{url}>"
        case str() | Mention() | When():
            return plain((span,))
    assert_never(span)
