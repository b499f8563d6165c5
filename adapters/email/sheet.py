"""What stands on one mail, before it is text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from adapters.email.answers import Choice
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.pictures import Drawing


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on a mail, and for whom."""

    card: Card | None
    zone: ZoneInfo
    choices: Sequence[Choice] = ()
    form: Form | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    """The people whom the form holds, by its values."""
    foot: Sequence[str] = ()
    pictures: Mapping[Drawing, str] = field(default_factory=dict)
    """By which id a picture is found that travels with the mail."""
    address: str = ""
    """Where answers go."""
    token: str = ""
    """By which an answer says what it answers."""
