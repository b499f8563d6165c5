"""Microsoft's Bot Connector: one call, one attempt, and what each of its refusals means for a message.

Source: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference and
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit; of what only one person sees,
https://learn.microsoft.com/microsoftteams/platform/agents-in-teams/targeted-messages.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from adapters.teams.credentials import Tokens
from adapters.teams.wiring import PLATFORM, THREAD, Fields, object_in
from adapters.wire import Answered, Wire
from bot.ports import ChatError, MaybeSent, NotSent, RateLimited, Refused, steady_s

HOSTS = (
    "smba.trafficmanager.net",
    "smba.infra.gcc.teams.microsoft.com",
    "smba.infra.gov.teams.microsoft.us",
    "smba.infra.dod.teams.microsoft.us",
)
"""Where Microsoft's connectors are; others are settings."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HTTPS_PORT = 443
NOT_FOUND = 404
MEMBERS_AT_ONCE = 500
PAGES_MOST = 200  # a team has up to 25,000 members, and a page at least 200 of them where 500 are asked for
REST_S = 1.0  # of a conversation that was too fast where Teams does not say for how long

_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f-\uffff\\?#@]")  # what readers of addresses disagree about


@dataclass(frozen=True, slots=True)
class Room:
    """A conversation as the connector is asked for it, with its thread."""

    tenant: str
    service_url: str
    conversation: str
    is_targeted: bool = False
    """Whether what is said there is seen by nobody but the activity's recipient."""


class TooLarge(Refused):
    """A card that Teams does not take for its size."""


class Connector:
    """The connector of whatever address an event came from, when that is one of Microsoft's."""

    def __init__(self, wire: Wire, tokens: Tokens, *, hosts: Collection[str] = HOSTS) -> None:
        self._wire = wire
        self._tokens = tokens
        self._hosts = frozenset(each.casefold() for each in hosts)
        self._throttled: dict[tuple[str, str], float] = {}
        """Until when conversations rest, by tenant and id."""

    def is_allowed(self, service_url: str) -> bool:
        """Whether the bot's token may go to an address: a known host by https on its usual port.

        Loopback, where the settings name it, may be on any port and without https.
        """
        if _NO_ADDRESS.search(service_url):
            return False
        try:
            parts = urlsplit(service_url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return False
        if host not in self._hosts:
            return False
        if host in LOOPBACK:
            return parts.scheme in {"https", "http"}
        return parts.scheme == "https" and port in {None, HTTPS_PORT}

    async def send(self, to: Room, activity: Fields) -> str:
        """Posts an activity and gives its id. Raises: ChatError."""
        with self._paced(to):
            answer = await self._call("POST", to.service_url, _path(to), activity)
        return _id_in(answer)

    async def update(self, to: Room, activity_id: str, activity: Fields) -> None:
        """Replaces an activity. Raises: ChatError."""
        with self._paced(to):
            await self._call("PUT", to.service_url, _path(to, activity_id), activity)

    async def delete(self, to: Room, activity_id: str) -> None:
        """Takes an activity away; nothing happens where it is gone already. Raises: ChatError."""
        try:
            with self._paced(to):
                await self._call("DELETE", to.service_url, _path(to, activity_id))
        except (Gone, MessageGone) as problem:
            if problem.status != NOT_FOUND:
                raise

    async def begin(self, service_url: str, *, bot: str, member: str, tenant: str) -> str:
        """The personal conversation with a member, which is always the same one. Raises: ChatError."""
        about = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": member}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        try:
            return _id_in(await self._call("POST", service_url, "v3/conversations", about))
        except MaybeSent as problem:  # begun or not: nothing was said there yet
            raise NotSent(str(problem)) from problem

    async def member(self, service_url: str, conversation: str, member: str) -> Fields:
        """What Teams says of somebody in a conversation. Raises: ChatError."""
        path = f"v3/conversations/{_quoted(conversation)}/members/{_quoted(member)}"
        return await self._call("GET", service_url, path)

    async def members(self, service_url: str, conversation: str) -> list[Fields]:
        """Everybody in a conversation, page by page. Raises: ChatError."""
        found: list[Fields] = []
        token = ""
        for _ in range(PAGES_MOST):
            more = f"&continuationToken={_quoted(token)}" if token else ""
            path = f"v3/conversations/{_quoted(conversation)}/pagedmembers?pageSize={MEMBERS_AT_ONCE}{more}"
            page = await self._call("GET", service_url, path)
            told = page.get("members")
            found += [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
            token = str(page.get("continuationToken") or "")
            if not token:
                break
        return found

    async def channels(self, service_url: str, team: str) -> dict[str, str]:
        """The channels of a team: their names by id, '' for the first, which each person sees in their own language.

        Raises: ChatError.
        """
        told = (await self._call("GET", service_url, f"v3/teams/{_quoted(team)}/conversations")).get("conversations")
        found = [each for each in told if isinstance(each, dict)] if isinstance(told, list) else []
        return {str(each.get("id") or ""): str(each.get("name") or "") for each in found}

    @contextmanager
    def _paced(self, to: Room) -> Iterator[None]:
        """One conversation rests; when a second one is throttled meanwhile, it is the tenant that is too fast."""
        try:
            yield
        except RateLimited as problem:
            if type(problem) is not RateLimited:
                raise
            now = steady_s()
            room = to.conversation.partition(THREAD)[0]
            self._throttled = {where: until for where, until in self._throttled.items() if until > now}
            others = any(each != room for tenant, each in self._throttled if tenant == to.tenant)
            if not problem.only_here:  # 412 is about one conversation, whatever others do
                self._throttled[to.tenant, room] = now + (problem.retry_after_s or REST_S)
            only_here = problem.only_here or not others
            raise RateLimited(PLATFORM, problem.retry_after_s, only_here=only_here) from problem

    async def _call(
        self, method: str, service_url: str, path: str, about: Mapping[str, object] | None = None
    ) -> Fields:
        if not self.is_allowed(service_url):
            raise Refused("the address of that conversation is not one of Microsoft's")
        token = await self._tokens.current()
        headers = {"Content-Type": "application/json"} if about is not None else {}
        headers |= {"Authorization": f"Bearer {token}"} if token else {}
        try:
            reply = await self._wire.call(
                method, f"{service_url.rstrip('/')}/{path}", file=_packed(about), headers=headers
            )
        except Answered as problem:
            if problem.status == 401:  # noqa: PLR2004
                self._tokens.forget(token)
            raise _trouble_of(problem) from problem
        return object_in(reply.body)


class Gone(Refused):
    """A conversation or person that is not there for the bot (any more)."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason, target_gone=True)
        self.status = status


class MessageGone(Refused):
    """A message that is not there any more, in a conversation that is."""

    status = NOT_FOUND


def _trouble_of(problem: Answered) -> ChatError:
    """What a status means beyond what every platform means by it."""
    code = _code_in(problem.body)
    said = f"Teams answered {problem.status} {code}".strip()
    if code == "MessageSizeTooBig":
        return TooLarge(said)
    match problem.status:
        case 401:
            return NotSent(said)
        case 404 if code == "ActivityNotFoundInConversation":
            return MessageGone(said)
        case 403 | 404:
            return Gone(said, problem.status)
        case 412:  # it is busy with the same conversation
            return RateLimited(PLATFORM, only_here=True)
        case 413:
            return TooLarge(said)
        case _:
            return Refused(said)


def _path(to: Room, activity_id: str = "") -> str:
    one = f"/{_quoted(activity_id)}" if activity_id else ""
    targeted = "?isTargetedActivity=true" if to.is_targeted else ""
    return f"v3/conversations/{_quoted(to.conversation)}/activities{one}{targeted}"


def _id_in(answer: Fields) -> str:
    """The id of what was just made. Raises: MaybeSent where there is none, as nobody knows then what was made."""
    found = answer.get("id")
    if not isinstance(found, str) or not found:
        raise MaybeSent("Teams answered without an id")
    return found


def _packed(about: Mapping[str, object] | None) -> bytes | None:
    """JSON as small as can be: Teams counts how long a message is."""
    return None if about is None else json.dumps(about, ensure_ascii=False, separators=(",", ":")).encode()


def _code_in(body: bytes) -> str:
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, KeyError, TypeError):
        return ""
    return code[:80] if isinstance(code, str) and code.isascii() and code.isprintable() else ""


def _quoted(text: str) -> str:
    return quote(text, safe="")
