"""What an app answers at a response_url or to a slash command: a message beside or in the place of another."""

from adapters.slack.api import Fields
from tests.support.slack_double.blocks import message_trouble
from tests.support.slack_double.world import HOOK_S, HOOK_USES, Hook, Message, World


def used(world: World, key: str, given: object) -> str:
    """A message came to an address; '' when it was taken, else Slack's code."""
    hook = world.hooks.get(key)
    if hook is None:
        return "invalid_url"
    if world.now() - hook.made_at > HOOK_S:
        return "expired_url"
    if hook.uses >= HOOK_USES:
        return "used_url"
    if not isinstance(given, dict):
        return "invalid_payload"
    trouble = show(world, hook, given)
    if not trouble:
        hook.uses += 1
    return trouble


def show(world: World, hook: Hook, given: Fields) -> str:
    """Shows what an app answered; '' when it could be, else Slack's code."""
    channel = world.workspaces[hook.team_id].channels[hook.channel_id]
    source = channel.at(hook.message_ts) if hook.message_ts else None
    if given.get("delete_original"):
        if source is not None:
            channel.messages.remove(source)
        return ""
    text, blocks = str(given.get("text", "")), given.get("blocks") or []
    if not text and not blocks:
        return "no_text"
    code, _ = message_trouble(blocks)
    if code:
        return code
    blocks = [each | {"block_id": each.get("block_id") or f"b{world.number()}"} for each in blocks]
    if given.get("replace_original") and source is not None:
        source.text, source.blocks, source.edited_ts = text, blocks, world.ts()
        return ""
    workspace = world.workspaces[hook.team_id]
    if not text.strip():
        world.complaints.append("an answer has blocks and no text: nothing to notify with or to read out")
    is_public = given.get("response_type") == "in_channel"
    channel.messages.append(
        Message(
            world.ts(),
            author=workspace.bot_user_id,
            bot_id=workspace.bot_id,
            text=text,
            blocks=blocks,
            thread_ts=str(given.get("thread_ts", "")),
            only_for="" if is_public else hook.user_id,
        )
    )
    return ""
