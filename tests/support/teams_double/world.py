"""What the double knows: tenants with their people, teams, conversations and dialogs; tokens and complaints."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

Fields: TypeAlias = dict[str, Any]

SEPARATOR = ";messageid="
"""Between a channel and the first message of a thread in it."""
TOKEN_S = 60 * 60
PAGE_LEAST = 50
PAGE_MOST = 500
PAGE = 200


@dataclass(slots=True)
class User:
    """Somebody in a tenant."""

    id: str
    name: str
    email: str = ""
    timezone: str = "Europe/London"
    aad_object_id: str = ""
    principal_name: str = ""
    locale: str = "en-GB"
    country: str = "GB"
    platform: str = "Windows"
    is_guest: bool = False
    has_app: bool = True
    """It was added for this person alone."""
    has_blocked: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands in a conversation."""

    id: str
    author: str
    text: str
    cards: list[Fields] = field(default_factory=list)
    summary: str = ""
    text_format: str = "markdown"
    entities: list[Fields] = field(default_factory=list)
    thread: str = ""
    """In a channel the id of the message that began the thread, which may be its own."""
    is_edited: bool = False
    seen_by: str = ""
    """Of a targeted message: the one person who sees it, beside the bot."""
    only_for: dict[str, Fields] = field(default_factory=dict)
    """Cards that answered a press, by person: they alone see them, until they load the conversation again."""
    typed: dict[str, str] | None = None
    """What was last sent from the card's inputs, until the card is replaced."""


@dataclass(slots=True)
class Conversation:
    """A personal chat with the bot, a group chat or a channel."""

    id: str
    kind: str
    """`personal`, `groupChat` or `channel`."""
    name: str = ""
    members: set[str] = field(default_factory=set)
    team_id: str = ""
    has_app: bool = True
    """Of a group chat: it was added there."""
    messages: list[Message] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    """Of a channel: the first messages of its threads, which outlive them."""

    def add(self, message: Message, *, thread: str = "") -> None:
        """A message at the end; in a channel it is in a thread or begins one."""
        if self.kind == "channel":
            message.thread = thread or message.id
            self.begun.add(message.thread)
        self.messages.append(message)

    def at(self, message_id: str) -> Message | None:
        """The message of that id."""
        return next((each for each in self.messages if each.id == message_id), None)


@dataclass(slots=True)
class TeamRoom:
    """A team; its id is its first channel's."""

    id: str
    name: str
    aad_group_id: str
    members: set[str] = field(default_factory=set)
    channel_ids: list[str] = field(default_factory=list)
    has_app: bool = True


@dataclass(slots=True)
class Dialog:
    """What is open on somebody's screen; `typed` is what they entered, by input."""

    title: str
    card: Fields
    conversation_id: str
    message_id: str
    thread: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Realm:
    """One tenant and the app in it."""

    id: str
    service_url: str
    is_app_disabled: bool = False
    users: dict[str, User] = field(default_factory=dict)
    teams: dict[str, TeamRoom] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    dialogs: dict[str, Dialog] = field(default_factory=dict)
    notices: dict[str, list[str]] = field(default_factory=dict)
    """What the client showed somebody for a moment, oldest first."""

    def personal(self, user_id: str, app_id: str) -> Conversation:
        """Somebody's chat with the bot."""
        found_id = f"a:1{uuid5(NAMESPACE_URL, f'{self.id}/{user_id}/{app_id}').hex}"
        if found_id not in self.conversations:
            self.conversations[found_id] = Conversation(found_id, "personal", members={user_id})
        return self.conversations[found_id]

    def members_of(self, conversation: Conversation) -> set[str]:
        """Who is in it; in a channel everybody of the team."""
        return self.teams[conversation.team_id].members if conversation.team_id else conversation.members

    def is_reached(self, user_id: str) -> bool:
        """The app may write to them: it is theirs, or one of a team they are in."""
        teams = (each for each in self.teams.values() if each.has_app and user_id in each.members)
        return self.users[user_id].has_app or any(teams)


@dataclass(slots=True)
class World:
    """Everything."""

    app_id: str = "0f01c0de-0000-4000-8000-00000000beef"
    app_password: str = "an-app-password"
    bot_name: str = "Folkmoot"
    base_url: str = ""
    passed_s: float = 0.0
    page_least: int = PAGE_LEAST
    """The fewest members of a page; smaller ones are not given, whatever is asked for."""
    may_make_group_chats: bool = True
    """Whether the app may open a chat with several people by itself."""
    has_targeted: bool = True
    """Whether messages may be for one person of many."""
    realms: dict[str, Realm] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict)
    """The app's tokens, and when each of them ends."""
    complaints: list[str] = field(default_factory=list)
    """What Teams would take, and a well-behaved bot still never does."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _last_id: int = 0

    @property
    def bot_id(self) -> str:
        """The bot among the members of a conversation."""
        return f"28:{self.app_id}"

    def now(self) -> float:
        """Seconds since 1970, with what a test let pass."""
        return time.time() + self.passed_s

    def number(self) -> int:
        """A new number."""
        return next(self._numbers)

    def message_id(self) -> str:
        """A message's name: milliseconds since 1970; no two are equal, later ones are greater."""
        self._last_id = max(self._last_id + 1, int(self.now() * 1000))
        return str(self._last_id)

    def new_token(self) -> str:
        """A token of the app."""
        value = f"an-access-token-{self.number()}"
        self.tokens[value] = self.now() + TOKEN_S
        return value

    def complain(self, *complaints: str) -> None:
        """Notes what no well-behaved bot does."""
        self.complaints += complaints
