"""`chat.*`: messages are posted, replaced and taken away."""

from adapters.slack.api import Fields
from tests.support.slack_double.blocks import message_trouble
from tests.support.slack_double.calls import Call, Method, Methods, SaysNo
from tests.support.slack_double.files import shows
from tests.support.slack_double.payloads import message_fields
from tests.support.slack_double.reading import everybody_called
from tests.support.slack_double.world import Channel, Message, Workspace

TEXT_LONGEST = 40_000  # characters; Slack cuts there


def post(call: Call) -> Fields:
    """chat.postMessage."""
    workspace, channel = _open_channel(call)
    message = _composed(call, workspace)
    message.thread_ts = _thread(call, channel)
    message.metadata = _metadata(call)
    message.unfurls = call.flag("unfurl_links", default=True) or call.flag("unfurl_media", default=True)
    if message.unfurls:
        call.world.complaints.append(f"chat.postMessage may unfurl links: {message.text[:60]!r}")
    channel.messages.append(message)
    return {"channel": channel.id, "ts": message.ts, "message": message_fields(workspace, message)}


def post_ephemeral(call: Call) -> Fields:
    """chat.postEphemeral."""
    workspace, channel = _open_channel(call)
    user_id = call.need("user")
    if user_id not in channel.members:
        raise SaysNo("user_not_in_channel")
    message = _composed(call, workspace)
    message.only_for = user_id
    message.thread_ts = _thread(call, channel)
    channel.messages.append(message)
    return {"message_ts": message.ts}


def update(call: Call) -> Fields:
    """chat.update; blocks that are not sent again are gone."""
    workspace, channel = call.channel()
    message = _own(call, workspace, channel, refusal="cant_update_message")
    new = _composed(call, workspace)
    message.text, message.blocks, message.edited_ts = new.text, new.blocks, new.ts
    if "metadata" in call.arguments:
        message.metadata = _metadata(call)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message_fields(workspace, message),
    }


def delete(call: Call) -> Fields:
    """chat.delete."""
    workspace, channel = call.channel()
    message = _own(call, workspace, channel, refusal="cant_delete_message")
    channel.messages.remove(message)
    return {"channel": channel.id, "ts": message.ts}


def _open_channel(call: Call) -> tuple[Workspace, Channel]:
    workspace, channel = call.channel(may_be_person=True)
    if channel.is_archived:
        raise SaysNo("is_archived")
    if channel.direct_with:
        if workspace.users[channel.direct_with].deleted:
            raise SaysNo("user_disabled")
        if workspace.messages_tab_off:
            raise SaysNo("messages_tab_disabled")
    elif workspace.bot_user_id not in channel.members and "chat:write.public" not in call.token.scopes:
        raise SaysNo("not_in_channel")
    return workspace, channel


def _composed(call: Call, workspace: Workspace) -> Message:
    """The message that the arguments describe."""
    text, blocks = call.text("text"), call.packed("blocks", "invalid_blocks_format") or []
    if not text and not blocks:
        raise SaysNo("no_text")
    if not isinstance(blocks, list):
        raise SaysNo("invalid_blocks_format")
    code, problems = message_trouble(blocks)
    if code:
        raise SaysNo(code, response_metadata={"messages": [f"[ERROR] {each}" for each in problems]})
    hidden = [each["slack_file"].get("id") for each in blocks if "slack_file" in each]
    if not all(shows(call, each) for each in hidden):
        why = "invalid slack file [json-pointer:/blocks/0/slack_file]"
        raise SaysNo("invalid_blocks", errors=[why], response_metadata={"messages": [f"[ERROR] {why}"]})
    if not text.strip():
        call.world.complaints.append("a message has blocks and no text: nothing to notify with or to read out")
    call.world.complaints.extend(f"a message calls everybody: {sign}" for sign in everybody_called(text, blocks))
    if call.flag("link_names"):
        call.world.complaints.append("link_names makes mentions of what people typed")
    blocks = [each | {"block_id": each.get("block_id") or f"b{call.world.number()}"} for each in blocks]
    return Message(
        call.world.ts(), author=workspace.bot_user_id, bot_id=workspace.bot_id, text=text[:TEXT_LONGEST], blocks=blocks
    )


def _thread(call: Call, channel: Channel) -> str:
    ts = call.text("thread_ts")
    if not ts:
        return ""
    top = channel.at(ts)
    if top is None or top.only_for:
        raise SaysNo("thread_not_found")
    return top.thread_ts or top.ts


def _metadata(call: Call) -> Fields:
    found = call.packed("metadata", "invalid_metadata_format")
    if found is None:
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("event_payload"), dict) or not found.get("event_type"):
        raise SaysNo("invalid_metadata_format")
    return found


def _own(call: Call, workspace: Workspace, channel: Channel, *, refusal: str) -> Message:
    message = channel.at(call.need("ts"))
    if message is None or message.only_for:
        raise SaysNo("message_not_found")
    if message.author != workspace.bot_user_id:
        raise SaysNo(refusal)
    return message


METHODS: Methods = {
    "chat.postMessage": Method(post, "chat:write"),
    "chat.postEphemeral": Method(post_ephemeral, "chat:write"),
    "chat.update": Method(update, "chat:write"),
    "chat.delete": Method(delete, "chat:write"),
}
