"""What a mail means: a form that was filled in, a button that was named, a command, or words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from adapters.email import views
from adapters.email.answers import Choice, chosen, folded
from adapters.email.form_reading import Typed, as_it_stands, filled_in
from adapters.email.quoting import lines_of, own_text
from bot.chat.forms import Form
from bot.ports import Press, Text

MESSAGE_MAX = 12_000  # characters of one message
BROKEN_AT = 60  # characters from which on a mail program may have broken a line


@dataclass(frozen=True, slots=True)
class Asked:
    """The mail that is answered, as it was sent."""

    choices: Sequence[Choice] = ()
    form: Form | None = None
    names: Mapping[str, str] | None = None
    """The people whom the form holds, by its values."""
    can_show_again: bool = False


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what was typed into it."""

    form: Form
    typed: Typed


@dataclass(frozen=True, slots=True)
class Again:
    """They want to see how it stands now."""


@dataclass(frozen=True, slots=True)
class Several:
    """More than one button was named."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooLong:
    """More words than one message holds."""

    length: int


@dataclass(frozen=True, slots=True)
class Empty:
    """No words at all."""


Act: TypeAlias = Filled | Press | Text | Again | Several | TooLong | Empty


def act(text: str, subject: str, asked: Asked) -> Act:
    """What a mail's text means, as an answer to what was asked; the first of these that it can be."""
    lines = lines_of(text)
    names = asked.names or {}
    if asked.form is not None and (typed := filled_in(asked.form, lines, names)) is not None:
        return Filled(asked.form, typed)
    own = own_text(lines)
    own_lines = own.split("\n")
    if (pressed := _pressed(own_lines, asked, names)) is not None:
        return pressed
    command = _command(own_lines)
    if not own:
        command = subject if subject.startswith("/") else ""
    if not (own or command):
        return Empty()
    said = command or own
    return TooLong(len(said)) if len(said) > MESSAGE_MAX else Text(said)


def _pressed(own: Sequence[str], asked: Asked, names: Mapping[str, str]) -> Filled | Press | Again | Several | None:
    found = chosen(asked.choices, own)
    submit = asked.form is not None and any(folded(line) == folded(asked.form.submit) for line in own)
    if len(found) + submit > 1:
        return Several((*(each.words for each in found), *([asked.form.submit] if submit and asked.form else [])))
    if found:
        return Press(found[0].button.verb, found[0].button.ids)
    if submit and asked.form is not None:
        return Filled(asked.form, as_it_stands(asked.form, names))
    if asked.can_show_again and any(folded(line) == folded(views.AGAIN) for line in own):
        return Again()
    return None


def _command(own: Sequence[str]) -> str:
    """The first line with a slash, and what a mail program broke off it; empty where there is none."""
    at = next((n for n, line in enumerate(own) if line.startswith("/") and line[1:2].isalpha()), None)
    if at is None:
        return ""
    parts = [own[at]]
    for line in own[at + 1 :]:
        if len(parts[-1]) < BROKEN_AT or not line.strip():
            break
        parts.append(line)
    return " ".join(part.strip() for part in parts)
