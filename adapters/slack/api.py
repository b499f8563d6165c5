"""Slack's Web API: one call, one attempt, and what each of its errors means for a message.

Source: https://docs.slack.dev/reference/methods and https://docs.slack.dev/apis/web-api.
"""

import json
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias
from urllib.parse import urlsplit

from adapters.wire import Wire
from bot.ports import ChatError, MaybeSent, NotSent, RateLimited, Refused

PLATFORM = "slack"
BASE_URL = "https://slack.com/api/"
HOOKS = ("hooks.slack.com", "hooks.slack-gov.com")
FILES = ("files.slack.com", "files.slack-gov.com")
REST_WHEN_GONE_S = 300.0  # a lane whose workspace has thrown the bot out waits for it to be installed again

Fields: TypeAlias = dict[str, Any]
"""A JSON object of Slack's."""

# Slack's methods that take form fields only: those that read, and where an upload begins. The others take JSON.
TAKE_FORMS = frozenset({
    "apps.connections.open",
    "auth.test",
    "bots.info",
    "conversations.history",
    "conversations.info",
    "conversations.members",
    "conversations.replies",
    "files.getUploadURLExternal",
    "oauth.v2.access",
    "oauth.v2.exchange",
    "team.info",
    "users.info",
    "users.list",
})  # fmt: skip

TARGET_GONE = frozenset({
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "not_in_channel",
    "user_disabled",
    "user_not_found",
    "user_not_visible",
})  # fmt: skip
WORKSPACE_GONE = frozenset({
    "account_inactive",
    "app_uninstalled",
    "enterprise_is_restricted",
    "invalid_auth",
    "not_authed",
    "org_login_required",
    "team_access_not_granted",
    "team_not_found",
    "token_expired",
    "token_revoked",
})  # fmt: skip
NOT_NOW = frozenset({"accesslimited", "request_timeout", "service_unavailable", "team_added_to_org"})
IN_DOUBT = frozenset({"fatal_error", "internal_error"})
TOO_FAST = frozenset({"message_limit_exceeded", "rate_limited", "ratelimited"})
NO_SCOPE = frozenset({"missing_scope", "no_permission", "not_allowed_token_type"})


class SlackRefused(Refused):
    """Slack understood and will not do it; `code` is its own word for why."""

    def __init__(self, method: str, code: str, *, target_gone: bool = False, about: str = "") -> None:
        """`about` is what Slack said of single blocks: for who knows its words, not for people."""
        super().__init__(f"Slack refused {method}: {code}", target_gone=target_gone)
        self.code = code
        self.about = about


class MissingScope(SlackRefused):
    """The app was installed without a right that the call needs."""

    def __init__(self, method: str, code: str, needed: str) -> None:
        super().__init__(method, code)
        self.needed = needed


class WorkspaceGone(RateLimited):
    """The workspace does not take this token (any more): its lanes rest until the app is installed again."""

    def __init__(self, code: str) -> None:
        super().__init__(PLATFORM, REST_WHEN_GONE_S)
        self.code = code


class SlackApi:
    """The Web API at `base_url`; tests and other clouds have their own."""

    def __init__(self, wire: Wire, base_url: str = BASE_URL) -> None:
        self._wire = wire
        self.base_url = base_url.rstrip("/") + "/"

    async def call(self, method: str, token: str = "", /, **arguments: object) -> Fields:
        """One attempt. Raises: RateLimited, WorkspaceGone, NotSent, MaybeSent, SlackRefused, MissingScope."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        given = {name: value for name, value in arguments.items() if value is not None}
        url = f"{self.base_url}{method}"
        if method in TAKE_FORMS:
            reply = await self._wire.call("POST", url, form=_form(given), headers=headers)
        else:
            reply = await self._wire.call("POST", url, json=given, headers=headers)
        found = _object(reply.body)
        if found is None:
            raise MaybeSent(f"Slack answered {method} with something that is no JSON")
        if not found.get("ok"):
            raise trouble_of(method, found)
        if method == "auth.test":  # what the token may do stands nowhere else
            found["scopes"] = reply.headers.get("X-OAuth-Scopes", "")
        return found

    async def respond(self, response_url: str, message: Mapping[str, object]) -> None:
        """Answers an interaction at the address that came with it.

        Raises: as `call`, and Refused where that address is not Slack's.
        """
        if not self._is_slack_s(response_url, HOOKS):
            raise Refused("the address to answer at is not Slack's")
        await self._wire.call("POST", response_url, json=dict(message))

    async def upload(self, upload_url: str, file: bytes) -> None:
        """Brings a file to the address that Slack named for it.

        Raises: as `call`, and Refused where that address is not Slack's.
        """
        if not self._is_slack_s(upload_url, FILES):
            raise Refused("the address to upload to is not Slack's")
        await self._wire.call("POST", upload_url, file=file, headers={"Content-Type": "application/octet-stream"})

    def _is_slack_s(self, url: str, hosts: Collection[str]) -> bool:
        given, own = urlsplit(url), urlsplit(self.base_url)
        if (given.scheme, given.netloc) == (own.scheme, own.netloc):
            return True
        return given.scheme == "https" and given.netloc in hosts


def trouble_of(method: str, answer: Fields) -> ChatError:
    """What an answer with `ok: false` means."""
    code = str(answer.get("error", "no reason given"))[:100]
    if code in TOO_FAST:
        return RateLimited(PLATFORM)
    if code in WORKSPACE_GONE:
        return WorkspaceGone(code)
    if code in NO_SCOPE:
        return MissingScope(method, code, str(answer.get("needed", ""))[:200])
    if code in NOT_NOW:
        return NotSent(f"Slack can't do {method} now: {code}")
    if code in IN_DOUBT:
        return MaybeSent(f"Slack had a fault in {method}: {code}")
    about = json.dumps([answer.get("errors"), answer.get("response_metadata")])[:2000]
    return SlackRefused(method, code, target_gone=code in TARGET_GONE, about=about)


def _form(arguments: Mapping[str, object]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in arguments.items()}


def _object(body: bytes) -> Fields | None:
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
