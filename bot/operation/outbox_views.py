"""The words of `folkmoot outbox`, for operators: numbers, states and times, never what somebody wrote."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.chat.words import listing
from bot.operation.views import what
from storage.messages import Lane, Message
from storage.outbox import Letter

State = Message.State
NOTHING = "No message is in trouble."
WHICH = "say which messages: give their numbers, or --all for every dead and parked one (not both)"
MEANING = {
    State.READY: "waits to be sent",
    State.SENDING: "is being sent",
    State.SHOWN: "stands there",
    State.DEAD: "was given up",
    State.UNKNOWN: "in doubt: it is being looked for",
    State.PARKED: "in doubt, and can't be looked for: it may stand there",
    State.CANCELLED: "is not to be sent",
    State.HELD: "is a line of its reader's digest",
}
QUEUES = {
    Lane.Traffic.REPLY: "answers to people",
    Lane.Traffic.PROMPT: "questions and reminders",
    Lane.Traffic.SUMMARY: "what is only to be read",
}
CELL_MAX = 60  # columns of a terminal; `show` has the whole of it
HEADS = ("number", "state", "due (UTC)", "tries", "to", "what", "why")


def table(letters: Sequence[Letter], *, is_cut: bool) -> list[str]:
    """A line for each message, under heads."""
    rows = [HEADS, *(_row(each) for each in letters)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(HEADS))]
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return [*lines, *(["There are more; --limit shows them."] if is_cut else [])]


def none_in(states: Sequence[Message.State]) -> str:
    """Nothing was found."""
    return f"There is no message in the state {listing([state.value for state in states], 'or')}."


def _row(letter: Letter) -> tuple[str, ...]:
    message = letter.message
    cells = (
        str(message.id),
        message.state,
        f"{message.due_at:%Y-%m-%d %H:%M}",
        str(message.attempts),
        _to(letter),
        what(message.view),
        message.error,
    )
    return tuple(_short(one_line(cell)) for cell in cells)


def _to(letter: Letter) -> str:
    return f"{_short(one_line(letter.to), CELL_MAX // 2)} ({letter.platform})"


def one_line(text: str) -> str:
    """The same words for a terminal, which would obey control characters and break lines."""
    return "".join(each for each in " ".join(text.split()) if each.isprintable())


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: two for a wide character, none for one that joins the one before."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in {"W", "F"} else 1
        for each in text
    )


def _short(text: str, columns: int = CELL_MAX) -> str:
    if _width(text) <= columns:
        return text
    while _width(text) > columns - 1:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def details(letter: Letter) -> list[str]:
    """A line for each fact."""
    message = letter.message
    facts = (
        ("number", str(message.id)),
        ("state", f"{message.state}: {MEANING[message.state]}"),
        ("why", message.error),
        ("to", f"{letter.to} ({letter.platform})"),
        ("what", f"{what(message.view)} ({message.view} {message.ids})"),
        ("key", message.key),
        ("due", _instant(message.due_at)),
        ("put off", _put_off(message)),
        ("not after", _instant(message.not_after)),
        ("first shown", _instant(message.first_shown_at)),
        ("last shown", _instant(message.shown_at)),
        ("reference", message.platform_ref or ""),
        ("tries", str(message.attempts)),
        ("sent again", _times(message.reposts)),
        ("next try", _instant(message.retry_at)),
        ("content", _content(message)),
        ("queue", _queue(letter)),
    )
    return [f"{name:<13} {one_line(value)}" for name, value in facts if value]


def _put_off(message: Message) -> str:
    """Since when it waits for its reader's quiet, and why."""
    return f"since {_instant(message.put_off_from)}: {message.put_off_why}" if message.put_off_from else ""


def _content(message: Message) -> str:
    if not message.shown_rev:
        return "nothing was shown for certain yet"
    if message.wanted_rev > message.shown_rev:
        return "something newer is wanted than what was shown last"
    return "nothing newer is wanted than what was shown last"


def _queue(letter: Letter) -> str:
    queue = f"{QUEUES[letter.lane.traffic]} on {letter.platform}"
    rests_until = letter.lane.blocked_until
    return queue if rests_until is None else f"{queue}, which rests until {_instant(rests_until)}"


def _times(reposts: int) -> str:
    return (
        f"{reposts} time{'' if reposts == 1 else 's'} after it could not be known whether it stood there"
        if reposts
        else ""
    )


def _instant(at: datetime | None) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%SZ}"


def requeued(letter: Letter) -> str:
    """It is on its way."""
    return f"{_name(letter)} is ready again."


def cancelled(letter: Letter) -> str:
    """It is given up."""
    if letter.message.state is State.SHOWN:
        return f"{_name(letter)} stays as it stands there."
    return f"{_name(letter)} will not be sent."


def not_requeued(letter: Letter, now: datetime) -> str:
    """Why not."""
    not_after = letter.message.not_after
    if letter.message.state in {State.READY, State.SENDING}:
        return f"{_name(letter)} {MEANING[letter.message.state]} already."
    if letter.message.state is not State.SHOWN and not_after is not None and not_after < now:
        return f"{_name(letter)} would come too late: its time was over at {_instant(not_after)}."
    return f"{_name(letter)} {MEANING[letter.message.state]}."


def not_cancelled(letter: Letter, _now: datetime) -> str:
    """Why not."""
    if letter.message.state is State.SENDING:
        return f"{_name(letter)} is being sent right now; look again in a minute."
    return f"{_name(letter)} {MEANING[letter.message.state]}."


def some_left(number: int) -> str:
    """The end of a command that could not do all of it."""
    return f"{number} of them stayed as {'it was' if number == 1 else 'they were'}; the reason stands above"


def unknown(number: int) -> str:
    """A number that no message has."""
    return f"there is no message {number}; `folkmoot outbox list` shows the numbers. Nothing was changed"


def _name(letter: Letter) -> str:
    return f"{letter.message.id}: {what(letter.message.view)} for {one_line(letter.to)}"
