"""What the double knows: workspaces with their people, channels, messages and views; tokens, triggers, addresses."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count

from adapters.slack.api import Fields

TRIGGER_S = 3.0
HOOK_USES = 5
HOOK_S = 30 * 60.0
CODE_S = 10 * 60.0
TOKEN_S = 12 * 60 * 60
REQUIRED_SCOPES = frozenset({"commands", "chat:write", "im:write", "users:read"})
ALL_SCOPES = REQUIRED_SCOPES | {
    "users:read.email",
    "im:history",
    "app_mentions:read",
    "dnd:read",
    "channels:read",
    "channels:history",
    "groups:read",
    "groups:history",
    "files:write",
    "team:read",
}


@dataclass(slots=True)
class User:
    """Somebody in a workspace."""

    id: str
    name: str
    tz: str = "Europe/London"
    email: str = ""
    is_restricted: bool = False
    is_stranger: bool = False
    is_bot: bool = False
    deleted: bool = False
    is_admin: bool = False


@dataclass(slots=True)
class Message:
    """A message as it stands in a channel; with `only_for` it is ephemeral."""

    ts: str
    author: str
    text: str
    blocks: list[Fields] = field(default_factory=list)
    bot_id: str = ""
    thread_ts: str = ""
    metadata: Fields = field(default_factory=dict)
    only_for: str = ""
    edited_ts: str = ""
    unfurls: bool = True
    files: list[Fields] = field(default_factory=list)


@dataclass(slots=True)
class Channel:
    """A channel, or somebody's direct messages with the bot (`direct_with`)."""

    id: str
    name: str
    members: set[str] = field(default_factory=set)
    is_private: bool = False
    is_archived: bool = False
    direct_with: str = ""
    messages: list[Message] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """As events name it."""
        if self.direct_with:
            return "im"
        return "group" if self.is_private else "channel"

    def at(self, ts: str) -> Message | None:
        """The message of that time."""
        return next((each for each in self.messages if each.ts == ts), None)


@dataclass(slots=True)
class View:
    """A modal on somebody's screen, or their Home; `typed` is what they entered, by block."""

    id: str
    given: Fields
    hash: str
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Workspace:
    """One workspace and the app in it."""

    id: str
    name: str
    enterprise_id: str = ""
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    modals: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    messages_tab_off: bool = False
    directs: str = "D"
    """How its direct messages' ids begin: no two workspaces have a conversation of the same id."""

    def direct_id(self, user_id: str) -> str:
        """The id of somebody's direct messages with the bot, open or not."""
        return f"{self.directs}{user_id[1:]}"

    def direct(self, user_id: str) -> Channel:
        """Somebody's direct messages with the bot."""
        channel_id = self.direct_id(user_id)
        if channel_id not in self.channels:
            members = {user_id, self.bot_user_id}
            self.channels[channel_id] = Channel(channel_id, "directmessage", members, direct_with=user_id)
        return self.channels[channel_id]

    def find_view(self, view_id: str) -> View | None:
        """An open modal or a Home by its id."""
        stacks: list[View] = [*self.homes.values(), *(each for stack in self.modals.values() for each in stack)]
        return next((each for each in stacks if each.id == view_id), None)


@dataclass(slots=True)
class Token:
    """A bot's token: for one workspace, or for all of an enterprise."""

    value: str
    team_id: str
    enterprise_id: str
    scopes: frozenset[str]
    ends_at: float = 0.0
    """0: never."""
    trouble: str = ""
    """What it is answered with once it does not work any more."""
    is_users: bool = False
    """It stands for a person who installed the app, not for its bot."""


@dataclass(slots=True)
class Trigger:
    """The right to open one modal."""

    team_id: str
    user_id: str
    made_at: float
    is_used: bool = False
    from_view: str = ""


@dataclass(slots=True)
class Hook:
    """A response_url: where it leads, and how often it was used."""

    team_id: str
    channel_id: str
    user_id: str
    made_at: float
    message_ts: str = ""
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """What a person allowed; a code or a refresh token stands for it."""

    team_id: str
    enterprise_id: str
    user_id: str
    scopes: frozenset[str]
    made_at: float
    redirect_uri: str = ""


@dataclass(slots=True)
class World:
    """Everything."""

    app_id: str = "A0FOLKMOOT"
    client_id: str = "111.222"
    client_secret: str = "a-client-secret"
    app_token: str = "xapp-1-a-token"
    base_url: str = ""
    rotates: bool = False
    """Whether tokens end after 12 hours and come with a refresh token."""
    passed_s: float = 0.0
    workspaces: dict[str, Workspace] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    codes: dict[str, Grant] = field(default_factory=dict)
    used_codes: set[str] = field(default_factory=set)
    refreshes: dict[str, Grant] = field(default_factory=dict)
    uploads: dict[str, Fields] = field(default_factory=dict)
    looks_at_files: int = 0
    """In how many messages a file that was just uploaded can't be shown yet, since Slack still looks at it."""
    complaints: list[str] = field(default_factory=list)
    """What Slack would take, and a well-behaved app still never does."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def now(self) -> float:
        """Seconds since 1970, with what a test let pass."""
        return time.time() + self.passed_s

    def number(self) -> int:
        """A new number."""
        return next(self._numbers)

    def ts(self) -> str:
        """A message's name: no two are equal, later ones are greater."""
        return f"{int(self.now())}.{self.number():06d}"

    def new_token(self, grant: Grant, *, ends_at: float = 0.0) -> Token:
        """A token for what was allowed; earlier ones stay as they are."""
        value = f"xoxb-{grant.team_id or grant.enterprise_id}-{self.number()}"
        token = Token(value, grant.team_id, grant.enterprise_id, grant.scopes, ends_at)
        self.tokens[value] = token
        return token

    def new_code(self, grant: Grant) -> str:
        """What the browser brings back from Slack's page."""
        code = f"code-{self.number()}"
        self.codes[code] = replace(grant, made_at=self.now())
        return code

    def new_trigger(self, workspace: Workspace, user_id: str, *, from_view: str = "") -> str:
        """The right to open a modal."""
        trigger_id = f"{self.number()}.{workspace.id}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = Trigger(workspace.id, user_id, self.now(), from_view=from_view)
        return trigger_id

    def new_hook(self, workspace: Workspace, channel_id: str, user_id: str, *, message_ts: str = "") -> str:
        """An address to answer at."""
        key = f"{workspace.id}/{self.number()}/{secrets.token_hex(8)}"
        self.hooks[key] = Hook(workspace.id, channel_id, user_id, self.now(), message_ts)
        return f"{self.base_url}/hooks/{key}"

    def new_view(self, given: Fields) -> View:
        """A view that is about to be shown."""
        return View(f"V{self.number():06d}", given, f"{self.number()}.{secrets.token_hex(4)}")
