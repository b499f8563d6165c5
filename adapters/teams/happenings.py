"""What happens on Teams, and where, as the rest of the adapter knows it."""

from dataclasses import dataclass, field
from typing import TypeAlias

from adapters.teams.render_press import Pressed
from adapters.teams.wiring import THREAD, Fields
from bot.ports import Edited, Submission, TakenBack


@dataclass(frozen=True, slots=True)
class Where:
    """A conversation: how it is reached, and the message in whose thread something happened."""

    tenant: str
    conversation: str
    """Without the thread."""
    service_url: str
    bot: str
    """The bot's own id there."""
    is_direct: bool
    is_channel: bool = False
    thread: str = ""
    name: str = ""
    team: str = ""
    chosen: str = ""
    """Of an installation in a team: the channel that was chosen for the app."""
    is_targeted: bool = False
    """Whether nobody but the one who acts sees what happened: a line behind a slash, or a button on its answer."""

    @property
    def full(self) -> str:
        """The conversation as it is answered in: with its thread."""
        return f"{self.conversation}{THREAD}{self.thread}" if self.thread else self.conversation


@dataclass(frozen=True, slots=True)
class Who:
    """Who acts, as far as the activity says it."""

    user: str
    name: str = ""
    zone: str = ""
    directory_id: str = ""
    """Entra ID's object id; guests and some events lack it."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A line in the personal chat, or one that calls the bot by its name."""

    who: Who
    where: Where
    text: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A line that somebody changed or took back."""

    who: Who
    where: Where
    change: Edited | TakenBack
    event_id: str


@dataclass(frozen=True, slots=True)
class PressedOn:
    """A button. `wants_form` says that Teams waits for a dialog; `is_invoke` that it waits for a card."""

    who: Who
    where: Where
    pressed: Pressed
    event_id: str
    message: str = ""
    wants_form: bool = False
    is_invoke: bool = False


@dataclass(frozen=True, slots=True)
class SentForm:
    """A dialog that was sent."""

    who: Who
    where: Where
    submission: Submission
    event_id: str
    data: Fields
    """What the form carried, and what was filled in, as Teams brought it."""


@dataclass(frozen=True, slots=True)
class Installed:
    """The app came to a person, a group or a team, or went."""

    who: Who
    where: Where
    is_there: bool
    event_id: str
    greets: bool = False
    """Whether it came just now, and not in a newer version: then the bot says who it is."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A channel, or a group, has another name."""

    where: Where


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel was deleted, or brought back."""

    where: Where
    is_there: bool


@dataclass(frozen=True, slots=True)
class Members:
    """Who came to a team or group, and who left it."""

    where: Where
    came: tuple[str, ...] = field(default=())
    left: tuple[str, ...] = field(default=())


Act: TypeAlias = Typed | Rewritten | PressedOn | SentForm
Happening: TypeAlias = Act | Installed | Renamed | Channel | Members
