"""What Slack sends and answers, as JSON: pure."""

from collections.abc import Mapping

from adapters.slack.api import Fields
from tests.support.slack_double.entries import state_of
from tests.support.slack_double.world import Channel, Message, User, View, Workspace, World

ELSEWHERE = "T0ELSEWHERE"


def user_fields(workspace: Workspace, user: User, *, with_email: bool = False) -> Fields:
    """Somebody, as users.info and user_change show them."""
    profile = {"real_name": user.name, "display_name": user.name}
    if with_email and user.email:
        profile["email"] = user.email
    found: Fields = {
        "id": user.id,
        "team_id": home_of(workspace, user),
        "name": user.name.lower().replace(" ", "."),
        "real_name": user.name,
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
    }
    if user.deleted:
        return found
    more = {"tz": user.tz, "tz_label": user.tz, "tz_offset": 0, "is_admin": user.is_admin, "is_owner": False}
    guest = {"is_restricted": user.is_restricted, "is_ultra_restricted": False}
    return found | more | guest | ({"is_stranger": True} if user.is_stranger else {})


def channel_fields(workspace: Workspace, channel: Channel) -> Fields:
    """A channel, as conversations.info shows it."""
    found: Fields = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "group",
        "is_im": channel.kind == "im",
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": workspace.bot_user_id in channel.members,
    }
    return found | ({"user": channel.direct_with} if channel.direct_with else {"name": channel.name})


def message_fields(workspace: Workspace, message: Message, *, with_metadata: bool = True) -> Fields:
    """A message, as history and payloads show it."""
    found: Fields = {
        "type": "message",
        "ts": message.ts,
        "user": message.author,
        "text": message.text,
        "team": workspace.id,
    }
    if message.bot_id:
        found["bot_id"] = message.bot_id
    if message.blocks:
        found["blocks"] = message.blocks
    if message.thread_ts:
        found["thread_ts"] = message.thread_ts
    if message.edited_ts:
        found["edited"] = {"user": message.author, "ts": message.edited_ts}
    if message.files:
        found["files"] = message.files
    if message.metadata and with_metadata:
        found["metadata"] = message.metadata
    return found


def view_fields(world: World, workspace: Workspace, view: View) -> Fields:
    """A view with what is entered in it."""
    given = {"private_metadata": "", "callback_id": "", "close": None, "submit": None, "external_id": ""} | view.given
    return given | {
        "id": view.id,
        "team_id": workspace.id,
        "app_id": world.app_id,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.bot_id,
        "hash": view.hash,
        "root_view_id": view.id,
        "previous_view_id": None,
        "state": {"values": state_of(view)},
    }


def event(world: World, workspace: Workspace, what: Fields, *, at: float | None = None) -> Fields:
    """An `event_callback`."""
    happened_at = world.now() if at is None else at
    authorization = {
        "enterprise_id": workspace.enterprise_id or None,
        "team_id": workspace.id,
        "user_id": workspace.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": "a-verification-token",
        "team_id": workspace.id,
        "enterprise_id": workspace.enterprise_id or None,
        "context_team_id": workspace.id,
        "api_app_id": world.app_id,
        "event": {"event_ts": f"{happened_at:.6f}"} | what,
        "type": "event_callback",
        "event_id": f"Ev{world.number():08d}",
        "event_time": int(happened_at),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-context-{world.number()}",
    }


def command(
    world: World, workspace: Workspace, user: User, *, channel: Channel, name: str, text: str
) -> dict[str, str]:
    """A slash command, whose fields come as a form."""
    channel_name = {"im": "directmessage", "group": "privategroup"}.get(channel.kind, channel.name)
    enterprise = {"enterprise_id": workspace.enterprise_id, "enterprise_name": "Enterprise"}
    return {
        "token": "a-verification-token",
        "team_id": workspace.id,
        "team_domain": workspace.id.lower(),
        **(enterprise if workspace.enterprise_id else {}),
        "channel_id": channel.id,
        "channel_name": channel_name,
        "user_id": user.id,
        "user_name": user.name.lower().replace(" ", "."),
        "command": name,
        "text": text,
        "api_app_id": world.app_id,
        "is_enterprise_install": "false",
        "response_url": world.new_hook(workspace, channel.id, user.id),
        "trigger_id": world.new_trigger(workspace, user.id),
    }


def press(world: World, workspace: Workspace, user: User, *, element: Mapping[str, object], where: Fields) -> Fields:
    """A `block_actions`; `where` says on what the element stands."""
    action = {name: element[name] for name in ("action_id", "block_id", "text", "value", "style") if name in element}
    return _interaction(world, workspace, user) | {
        "type": "block_actions",
        "actions": [action | {"type": "button", "action_ts": f"{world.now():.6f}"}],
        **where,
    }


def on_message(world: World, workspace: Workspace, user: User, *, channel: Channel, message: Message) -> Fields:
    """What a press on a message says of it; an ephemeral one is named and not shown."""
    container: Fields = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": bool(message.only_for),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    found: Fields = {
        "container": container,
        "channel": {"id": channel.id, "name": channel.name},
        "state": {"values": {}},
        "trigger_id": world.new_trigger(workspace, user.id),
        "response_url": world.new_hook(workspace, channel.id, user.id, message_ts=message.ts),
    }
    return found if message.only_for else found | {"message": message_fields(workspace, message)}


def on_view(world: World, workspace: Workspace, user: User, *, view: View) -> Fields:
    """What a press on a modal or a Home says of it."""
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view_fields(world, workspace, view),
        "trigger_id": world.new_trigger(workspace, user.id, from_view=view.id),
    }


def submission(world: World, workspace: Workspace, user: User, *, view: View) -> Fields:
    """A `view_submission`."""
    return _interaction(world, workspace, user) | {
        "type": "view_submission",
        "trigger_id": world.new_trigger(workspace, user.id, from_view=view.id),
        "view": view_fields(world, workspace, view),
        "response_urls": [],
    }


def closing(world: World, workspace: Workspace, user: User, *, view: View) -> Fields:
    """A `view_closed`."""
    shown = view_fields(world, workspace, view)
    return _interaction(world, workspace, user) | {"type": "view_closed", "view": shown, "is_cleared": False}


def shortcut(
    world: World, workspace: Workspace, user: User, *, name: str, on: tuple[Channel, Message] | None
) -> Fields:
    """A shortcut: on a message, or from anywhere."""
    found = _interaction(world, workspace, user) | {
        "callback_id": name,
        "action_ts": f"{world.now():.6f}",
        "trigger_id": world.new_trigger(workspace, user.id),
    }
    if on is None:
        return found | {"type": "shortcut"}
    channel, message = on
    return found | {
        "type": "message_action",
        "channel": {"id": channel.id, "name": channel.name},
        "message_ts": message.ts,
        "message": message_fields(workspace, message),
        "response_url": world.new_hook(workspace, channel.id, user.id, message_ts=message.ts),
    }


def home_of(workspace: Workspace, user: User) -> str:
    """The workspace that somebody belongs to: another one for those who come through Slack Connect."""
    return ELSEWHERE if user.is_stranger else workspace.id


def _interaction(world: World, workspace: Workspace, user: User) -> Fields:
    name = user.name.lower().replace(" ", ".")
    enterprise = {"id": workspace.enterprise_id, "name": "Enterprise"} if workspace.enterprise_id else None
    return {
        "team": {"id": workspace.id, "domain": workspace.id.lower()},
        "user": {"id": user.id, "username": name, "name": name, "team_id": home_of(workspace, user)},
        "api_app_id": world.app_id,
        "token": "a-verification-token",
        "enterprise": enterprise,
        "is_enterprise_install": False,
    }
