"""Who and what there is: `auth`, `bots`, `conversations`, `team` and `users`."""

from collections.abc import Sequence
from typing import TypeVar

from adapters.slack.api import Fields
from tests.support.slack_double.calls import Call, Method, Methods, SaysNo
from tests.support.slack_double.payloads import channel_fields, message_fields, user_fields
from tests.support.slack_double.world import Channel, Message, Workspace

PAGE = 100
T = TypeVar("T")

HISTORY_SCOPES = {"im": "im:history", "channel": "channels:history", "group": "groups:history"}
READ_SCOPES = {"im": "im:read", "channel": "channels:read", "group": "groups:read"}


def auth_test(call: Call) -> Fields:
    """auth.test."""
    workspace = call.workspaces[0]
    who = {"user_id": workspace.bot_user_id, "user": "folkmoot"}
    who |= {} if call.token.is_users else {"bot_id": workspace.bot_id}
    if not call.token.team_id:
        enterprise = {"team": "Enterprise", "team_id": call.token.enterprise_id}
        return who | enterprise | {"enterprise_id": call.token.enterprise_id, "is_enterprise_install": True}
    found = {"url": f"https://{workspace.id.lower()}.slack.com/", "team": workspace.name, "team_id": workspace.id}
    if workspace.enterprise_id:
        found["enterprise_id"] = workspace.enterprise_id
    return who | found | {"is_enterprise_install": False}


def auth_revoke(call: Call) -> Fields:
    """auth.revoke."""
    call.token.trouble = "token_revoked"
    return {"revoked": True}


def bots_info(call: Call) -> Fields:
    """bots.info."""
    for workspace in call.workspaces:
        if call.text("bot") in {"", workspace.bot_id}:
            bot = {"id": workspace.bot_id, "name": "Folkmoot", "user_id": workspace.bot_user_id, "deleted": False}
            return {"bot": bot | {"app_id": call.world.app_id}}
    raise SaysNo("bot_not_found")


def team_info(call: Call) -> Fields:
    """team.info."""
    workspace = call.workspaces[0]
    return {"team": {"id": workspace.id, "name": workspace.name, "domain": workspace.id.lower()}}


def users_info(call: Call) -> Fields:
    """users.info."""
    workspace, user = call.user(call.need("user"))
    return {"user": user_fields(workspace, user, with_email="users:read.email" in call.token.scopes)}


def users_list(call: Call) -> Fields:
    """users.list, in pages."""
    workspace = call.workspace
    users, cursor = _page(call, list(workspace.users.values()))
    with_email = "users:read.email" in call.token.scopes
    return {
        "members": [user_fields(workspace, each, with_email=with_email) for each in users],
        "response_metadata": {"next_cursor": cursor},
    }


def conversations_open(call: Call) -> Fields:
    """conversations.open, for one person."""
    wanted = [each for each in call.need("users").split(",") if each]
    if len(wanted) != 1:
        raise SaysNo("not_enough_users" if not wanted else "method_not_supported_for_channel_type")
    workspace, user = call.user(wanted[0])
    if user.is_bot:
        raise SaysNo("cannot_dm_bot")
    if user.deleted:
        raise SaysNo("user_disabled")
    is_open = workspace.direct_id(user.id) in workspace.channels
    more = {"no_op": True, "already_open": True} if is_open else {}
    return {"channel": {"id": workspace.direct(user.id).id}, **more}


def conversations_info(call: Call) -> Fields:
    """conversations.info."""
    workspace, channel = call.channel()
    call.asks_for(READ_SCOPES[channel.kind])
    return {"channel": channel_fields(workspace, channel)}


def conversations_members(call: Call) -> Fields:
    """conversations.members, in pages."""
    _, channel = call.channel()
    call.asks_for(READ_SCOPES[channel.kind])
    members, cursor = _page(call, sorted(channel.members))
    return {"members": list(members), "response_metadata": {"next_cursor": cursor}}


def conversations_history(call: Call) -> Fields:
    """conversations.history: newest first, without what stands in threads."""
    workspace, channel = _readable(call)
    return _shown(call, workspace, [each for each in channel.messages if not each.thread_ts and not each.only_for])


def conversations_replies(call: Call) -> Fields:
    """conversations.replies: a thread's first message and what stands under it."""
    workspace, channel = _readable(call)
    ts = call.need("ts")
    top = channel.at(ts)
    if top is None or top.only_for:
        raise SaysNo("thread_not_found")
    under = [each for each in channel.messages if each.thread_ts == ts and not each.only_for]
    return _shown(call, workspace, [top, *under], newest_first=False)


def _readable(call: Call) -> tuple[Workspace, Channel]:
    workspace, channel = call.channel()
    call.asks_for(HISTORY_SCOPES[channel.kind])
    if workspace.bot_user_id not in channel.members:
        raise SaysNo("not_in_channel")
    return workspace, channel


def _shown(call: Call, workspace: Workspace, messages: Sequence[Message], *, newest_first: bool = True) -> Fields:
    oldest, latest = call.text("oldest") or "0", call.text("latest") or "9999999999.999999"
    is_inclusive = call.flag("inclusive")
    within = [
        each
        for each in messages
        if float(oldest) < float(each.ts) < float(latest) or (is_inclusive and each.ts in {oldest, latest})
    ]
    found, cursor = _page(call, within[::-1] if newest_first else within)
    with_metadata = call.flag("include_all_metadata")
    return {
        "messages": [message_fields(workspace, each, with_metadata=with_metadata) for each in found],
        "has_more": bool(cursor),
        "response_metadata": {"next_cursor": cursor},
    }


def _page(call: Call, everything: Sequence[T]) -> tuple[Sequence[T], str]:
    """The part that is asked for, and where the next one begins."""
    cursor = call.text("cursor")
    if cursor and not cursor.removeprefix("from:").isdigit():
        raise SaysNo("invalid_cursor")
    start = int(cursor.removeprefix("from:") or 0)
    end = start + call.number("limit", PAGE)
    return everything[start:end], f"from:{end}" if end < len(everything) else ""


METHODS: Methods = {
    "auth.test": Method(auth_test),
    "auth.revoke": Method(auth_revoke),
    "bots.info": Method(bots_info, "users:read"),
    "team.info": Method(team_info, "team:read"),
    "users.info": Method(users_info, "users:read"),
    "users.list": Method(users_list, "users:read"),
    "conversations.open": Method(conversations_open, "im:write"),
    "conversations.info": Method(conversations_info),
    "conversations.members": Method(conversations_members),
    "conversations.history": Method(conversations_history),
    "conversations.replies": Method(conversations_replies),
}
