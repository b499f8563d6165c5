"""What somebody types, as Slack tells the app of it: pure."""

import re

from tests.support.slack_double.world import Workspace

_ADDRESS = re.compile(r"https?://[^\s<>|]+")
_BROADCAST = re.compile(r"(?<!\w)@(here|channel|everyone)\b")


def spelled(workspace: Workspace, text: str, *, with_names: bool = False) -> str:
    """`text` with its signs escaped, and with people, channels and addresses as Slack marks them.

    `@Ada` is Ada where somebody is called so: people take a name from the list that opens. A slash command says the
    names beside the ids (`with_names`).
    """
    text = escaped(text)
    for user in sorted(workspace.users.values(), key=lambda each: -len(each.name)):
        mark = f"<@{user.id}|{user.name.lower()}>" if with_names else f"<@{user.id}>"
        text = _marked(text, "@", escaped(user.name), mark)
    for channel in workspace.channels.values():
        if not channel.direct_with:
            text = _marked(text, "#", channel.name, f"<#{channel.id}|{channel.name}>")
    text = _BROADCAST.sub(r"<!\1>", text)
    return _ADDRESS.sub(lambda found: f"<{found[0]}>", text)


def _marked(text: str, sign: str, name: str, mark: str) -> str:
    return re.sub(rf"(?<![\w@#&]){sign}{re.escape(name)}\b", mark.replace("\\", r"\\"), text)


def escaped(text: str) -> str:
    """The three signs that stand for markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
