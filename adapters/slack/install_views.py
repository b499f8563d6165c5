"""What people read while they install the app: the manifest's words, and the pages of the installation."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

BACKGROUND = "#1f4e4a"
DESCRIPTION = "Runs your team's daily huddle: asks, reminds once, shows one summary."
LONG_DESCRIPTION = (
    "Folkmoot asks everybody in a team at the set time what they finished, what they will do today and what is in "
    "their way. It takes answers in a form or as a plain line, reminds once, and shows one summary in the team's "
    "channel. What is in the way is kept until it is solved. It knows who is away, on holiday or in another time "
    "zone, and never names those who said nothing."
)
COMMANDS: Mapping[str, tuple[str, str]] = MappingProxyType({
    "root": ("Everything Folkmoot can do", "help, or what you want, such as: huddle"),
    "agenda": ("Topics for the next meeting", "what you want to talk about"),
    "milestones": ("What is to be reached, and by when", ""),
    "action": ("Something to be done, by somebody, until a day", "what, who and until when"),
    "council": ("The council's meetings", ""),
    "today": ("Your day: huddles, what is in the way, what comes next", ""),
    "weekly": ("The weekly follow-up", "show, update, plan or confirm"),
})  # fmt: skip
"""What each command is for, and the hint beside it."""

SHORTCUTS: Mapping[str, str] = MappingProxyType({"make_action": "Make action", "add_to_agenda": "Add to agenda"})
SHORTCUT_ABOUT: Mapping[str, str] = MappingProxyType({
    "make_action": "Makes this message something to be done",
    "add_to_agenda": "Puts this message on the agenda of the next meeting",
})  # fmt: skip

AGAIN = "Please begin again."


def begin(add_url: str) -> str:
    """The page with the way to Slack."""
    return _page(
        "Add Folkmoot to Slack",
        "<p>Slack will ask which workspace you mean, and show what Folkmoot may do there. "
        "You need the right to install apps.</p>"
        f'<p><a href="{escape(add_url)}">Add to Slack</a></p>',
    )


def installed(name: str, root: str) -> str:
    """It is done, and what comes next. `root` is the name of the root command."""
    return _page(
        f"Folkmoot is installed in {escape(name)}",
        f"<p>Go back to Slack and write <code>{escape(root)} help</code>. To begin, invite Folkmoot to a channel and "
        f"write <code>{escape(root)} team setup</code> there.</p>",
    )


def not_installed(why: str, again_url: str) -> str:
    """It did not work: `why` is one of the sentences below."""
    return _page(
        "Folkmoot is not installed",
        f'<p>{escape(why)}</p><p><a href="{escape(again_url)}">Begin again</a></p>',
    )


CANCELLED = "You said no on Slack's page, so nothing was changed."
NOT_WHERE_IT_BEGAN = (
    "This page was opened without the one before it, in another browser, or more than ten minutes later. "
    f"Nothing was changed. {AGAIN}"
)
CODE_USED = f"Slack did not take the code that came with this page; it works once and for ten minutes. {AGAIN}"
WRONG_APP = (
    "Slack does not know this app's client id and secret. Nothing was changed. "
    "Who runs Folkmoot has to copy SLACK_CLIENT_ID and SLACK_CLIENT_SECRET from the app's Basic Information page."
)
WRONG_ADDRESS = (
    "Slack does not know this address. Nothing was changed. Who runs Folkmoot has to add it to the redirect URLs on "
    "the app's OAuth & Permissions page, and set FOLKMOOT_PUBLIC_URL to the same address."
)
ONLY_ITS_OWN = (
    "This app may be installed in its own workspace only. Nothing was changed. Who runs Folkmoot can open it to other "
    "workspaces on the app's Manage Distribution page."
)
SLACK_SILENT = f"Slack did not answer in a way that can be read. Please wait a minute. {AGAIN}"
NO_BOT = "Slack gave no bot token, so the app has no bot user. Who runs Folkmoot has to make the app from its manifest."
CANNOT_KEEP = (
    "Folkmoot can't keep what Slack gave it, so it is not connected. Who runs Folkmoot finds the reason in its log."
)


def refused(code: str) -> str:
    """Slack said no with a word of its own."""
    if code == "access_denied":
        return CANCELLED
    if code in {"invalid_client_id", "bad_client_secret"}:
        return WRONG_APP
    if code in {"bad_redirect_uri", "invalid_redirect_uri"}:
        return WRONG_ADDRESS
    if code in {"invalid_code", "code_already_used", "code_expired"}:
        return CODE_USED
    if code == "invalid_team_for_non_distributed_app":
        return ONLY_ITS_OWN
    return f"Slack refused it: {code[:60]}. Nothing was changed."


def _page(title: str, body: str) -> str:
    """`title` and `body` are HTML."""
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )


STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.0625rem/1.5 system-ui,sans-serif;margin:0}"
    "main{max-width:36rem;margin:12vh auto;padding:0 1.25rem}"
    "h1{font-size:1.5rem;line-height:1.25;overflow-wrap:anywhere}"
    "a{display:inline-block;padding:.6rem 0}"
)
