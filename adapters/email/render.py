"""A card or a form as a mail: its subject, its plain text and its HTML, which say the same. Pure."""

from dataclasses import dataclass

from adapters.email.render_html import html_of
from adapters.email.render_text import text_of
from adapters.email.sheet import Sheet
from bot.chat.cards import Card, Title
from bot.chat.forms import Form

SUBJECT_MAX = 120  # characters; lists of mails show fewer


@dataclass(frozen=True, slots=True)
class Page:
    """The two ways in which a mail says the same."""

    text: str
    html: str


def page(sheet: Sheet, subject: str) -> Page:
    """A sheet as plain text and as HTML."""
    return Page(text_of(sheet), html_of(sheet, subject))


def subject_of(content: Card | Form) -> str:
    """What a mail is called: the title, else the card's sentence, on one line."""
    match content:
        case Form(title=title):
            return shortened(title)
        case Card(summary=summary, elements=elements):
            return shortened(next((each.text for each in elements if isinstance(each, Title)), summary))


def reply_subject(subject: str) -> str:
    """`Re:` once."""
    return subject if subject.casefold().startswith("re:") else f"Re: {subject}"


def shortened(text: str) -> str:
    """Words on one line, cut between two of them; a header holds no others."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if len(line) <= SUBJECT_MAX:
        return line or "Folkmoot"
    return f"{line[:SUBJECT_MAX].rpartition(' ')[0] or line[:SUBJECT_MAX]}…"
