"""One call of the Web API: its arguments, whose token it bears, and what every method needs to answer it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from aiohttp import web

from adapters.slack.api import Fields
from tests.support.slack_double.world import Channel, Token, User, Workspace, World

READS_TAKE_FORMS = frozenset({
    "apps.connections.open", "auth.test", "bots.info", "conversations.history", "conversations.info",
    "conversations.members", "conversations.replies", "files.getUploadURLExternal", "oauth.v2.access", "team.info",
    "users.info", "users.list",
})  # fmt: skip


class SaysNo(Exception):
    """`ok: false`; `more` stands beside the code."""

    def __init__(self, code: str, **more: object) -> None:
        super().__init__(code)
        self.code = code
        self.more = more


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made, for a test to look at."""

    method: str
    team_id: str
    arguments: Mapping[str, object]
    outcome: str
    """`ok`, Slack's code, a status, or what went wrong on purpose."""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token was found good."""

    world: World
    token: Token
    arguments: Mapping[str, object]

    def text(self, name: str) -> str:
        """An argument as text; '' where it is missing."""
        found = self.arguments.get(name)
        if found is None:
            return ""
        return found if isinstance(found, str) else json.dumps(found)

    def need(self, name: str) -> str:
        """An argument that has to be there."""
        found = self.text(name)
        if not found:
            raise SaysNo(
                "invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]}
            )
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Yes or no, as JSON or as a form says it."""
        found = self.arguments.get(name, default)
        return found.lower() in {"1", "true"} if isinstance(found, str) else bool(found)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        found = self.text(name)
        return int(found) if found.isdigit() else default

    def packed(self, name: str, code: str) -> object:
        """JSON: as it is in JSON, as text in a form; None where it is missing."""
        found = self.arguments.get(name)
        if not isinstance(found, str):
            return found
        try:
            return json.loads(found)
        except ValueError:
            raise SaysNo(code) from None

    def asks_for(self, scope: str) -> None:
        """Refuses where the token lacks a right."""
        if scope and scope not in self.token.scopes:
            raise SaysNo("missing_scope", needed=scope, provided=",".join(sorted(self.token.scopes)))

    @property
    def workspaces(self) -> list[Workspace]:
        """Where the token works: one workspace, or all of its enterprise."""
        if self.token.team_id:
            return [self.world.workspaces[self.token.team_id]]
        return [each for each in self.world.workspaces.values() if each.enterprise_id == self.token.enterprise_id]

    @property
    def workspace(self) -> Workspace:
        """The workspace that is meant; an enterprise's token has to name one."""
        if self.token.team_id:
            return self.workspaces[0]
        wanted = self.text("team_id")
        found = next((each for each in self.workspaces if each.id == wanted), None)
        if found is None:
            raise SaysNo("missing_argument" if not wanted else "team_not_found")
        return found

    def user(self, user_id: str) -> tuple[Workspace, User]:
        """Somebody whom the token may see."""
        for workspace in self.workspaces:
            if user_id in workspace.users:
                return workspace, workspace.users[user_id]
        raise SaysNo("user_not_found")

    def channel(self, *, may_be_person: bool = False) -> tuple[Workspace, Channel]:
        """The channel that is meant; a person stands for their direct messages where that is allowed."""
        channel_id = self.text("channel")
        for workspace in self.workspaces:
            found = workspace.channels.get(channel_id)
            if found is None and may_be_person and channel_id in workspace.users:
                found = workspace.direct(channel_id)
            if found is not None and not (found.is_private and workspace.bot_user_id not in found.members):
                return workspace, found
        raise SaysNo("channel_not_found")


@dataclass(frozen=True, slots=True)
class Method:
    """What a method does, and the right it takes."""

    run: Callable[[Call], Fields]
    scope: str = ""


Methods: TypeAlias = Mapping[str, Method]


async def arguments_of(request: web.Request, method: str) -> dict[str, object]:
    """The arguments of a call: of the form or the query, or of JSON, which methods that read do not see."""
    found: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        given = await request.json()
        if method not in READS_TAKE_FORMS and isinstance(given, dict):
            found |= given
    else:
        found |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    return found


def token_of(request: web.Request, arguments: dict[str, object]) -> str:
    """The token a call bears, in its header or among its arguments."""
    header = request.headers.get("Authorization", "")
    given = arguments.pop("token", "")
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(given)


def good_token(world: World, value: str) -> Token:
    """The token, while it works."""
    if not value:
        raise SaysNo("not_authed")
    token = world.tokens.get(value)
    if token is None:
        raise SaysNo("invalid_auth")
    if token.trouble:
        raise SaysNo(token.trouble)
    if token.ends_at and token.ends_at <= world.now():
        raise SaysNo("token_expired")
    return token
