"""What an operator reads about Slack: the findings of `folkmoot doctor`, and what `folkmoot slack` says."""

from collections.abc import Sequence
from datetime import datetime

from adapters.slack.secrets import HOW
from bot.chat.words import count, listing

NOT_SET_UP = "Slack is not connected; the bot has only its local chat"
SET_UP = (
    "to connect it, make an app from what `folkmoot slack manifest --socket` prints, install it in your workspace, and "
    "set SLACK_BOT_TOKEN (xoxb-…) and SLACK_APP_TOKEN (xapp-…)"
)
NO_WORKSPACE = "no workspace has installed the app yet"


def open_install_page(url: str) -> str:
    """Where a workspace installs the app."""
    return f"open {url} and choose a workspace"


def wrong_kind(name: str, found: str, wanted: str) -> str:
    """A token stands where another kind belongs; `found` and `wanted` are how they begin."""
    return f"{name} begins with {found}, but has to begin with {wanted}"


FROM_OAUTH_PAGE = "copy the Bot User OAuth Token from your app's OAuth & Permissions page"
FROM_BASIC_PAGE = "make an app-level token with the scope connections:write on your app's Basic Information page"
SOCKET_WORKS = "Socket Mode: Slack takes the app's token"


def socket_refused(why: str) -> str:
    """Socket Mode does not work."""
    return f"Socket Mode does not work: {why}"


KEYS_MISSING = "FOLKMOOT_SECRET_KEYS is not set, so no workspace can install the app"
MAKE_KEY = f"set it: {HOW}"
SETTINGS_WELL = "the settings of Slack go together"

CLOSED = "its token is there, but can't be opened"
NOTHING_THERE = "there is no token for it"
SET_IT_AGAIN = "it stood in SLACK_BOT_TOKEN: set that again, or install the app by OAuth"
INSTALL_AGAIN = "install the app there again"
INSTALL_AGAIN_IF = "to have it back, install the app there again"
NEW_TOKEN = f"install the app again and {FROM_OAUTH_PAGE} to SLACK_BOT_TOKEN"
RENEW = "start the bot, which renews it; where it runs already, install the app there again"
LATER = "run `folkmoot doctor` again in a minute"
LOOK_AT_NETWORK = "look at this machine's network, and at SLACK_API_URL if you have set it"
SCOPES_UNKNOWN = "Slack does not say which scopes the token has"
SCOPES_HELD = "it has every scope that the bot needs"
ADD_SCOPES = "add them on your app's OAuth & Permissions page, or take the newest manifest, and install the app again"
INSTALL_NEWEST = "take the newest manifest (`folkmoot slack manifest`), and install the app again"
ADD_HISTORY = "if you want that, make the manifest with --history and install the app again"
NO_ADMIN = "nobody there may set anything up"
NOT_STARTED = "the bot has not run with this token yet"
START = "start it: folkmoot serve"
TAKE_OUT = "if they are still in a team, its lead takes them out; nothing is sent to them"
ASK_TO_WRITE = "ask them to write `help` to the bot in direct messages; then it writes to them again"


def ended(at: datetime, why: str) -> str:
    """It was there once."""
    how = "the app was taken out" if why == "uninstalled" else "the app's token was taken back"
    return f"{how} on {at:%Y-%m-%d %H:%M} UTC, and nothing is sent there"


def token_works(bot_name: str) -> str:
    """The first thing one wants to know."""
    return f"its token works; the bot is @{bot_name} there"


def token_refused(code: str) -> str:
    """It does not."""
    return f"Slack does not take its token ({code})"


def silent(why: str) -> str:
    """No answer that can be used."""
    return f"Slack gave no answer that can be used: {why}"


def compare_scopes(needed: Sequence[str]) -> str:
    """What to look for by hand."""
    return f"compare your app's OAuth & Permissions page with {', '.join(sorted(needed))}"


def scopes_missing(missing: Sequence[str]) -> str:
    """Rights that the bot can't do without."""
    return f"it lacks {count(len(missing), 'scope')} that the bot needs: {', '.join(missing)}"


def no_pictures(scope: str) -> str:
    """A right that came later."""
    return f"without the scope {scope} numbers come in words, not as pictures"


def no_history(missing: Sequence[str]) -> str:
    """Rights that it can do without."""
    return f"without {listing(list(missing))} the bot can't look in channels for a message whose fate Slack left open"


def make_admin(tenant: str) -> str:
    """How somebody may."""
    return f"folkmoot slack admin USER-ID --workspace {tenant}; a member's id stands in their Slack profile under More"


def run_by(names: Sequence[str]) -> str:
    """Who may."""
    return f"it is run by {listing(list(names))}"


def members_unknown(why: str) -> str:
    """They could not be looked at."""
    return f"its members could not be looked at: {why}"


def reached(number: int) -> str:
    """How many are well."""
    return f"{count(number, 'member')} can be reached"


def who(name: str, external_id: str) -> str:
    """Somebody, so that they can be found in Slack."""
    return f"{name} ({external_id})"


def has_left(member: str) -> str:
    """Slack does not know them any more."""
    return f"{member} has left Slack"


def not_reached(member: str) -> str:
    """Slack refused the last message to them."""
    return f"{member} can't be reached: Slack refused a message to them"


def guest(member: str) -> str:
    """They are looked at twice."""
    return f"{member} is a guest, and sees the bot only where the workspace lets guests use apps"


def appointed(name: str, workspace: str) -> str:
    """Done."""
    return f"{name} runs Folkmoot in {workspace} from now on."


NO_SUCH_WORKSPACE = "there is no such workspace; `folkmoot doctor` lists those there are"
WHICH_WORKSPACE = "there are several workspaces, so say which: --workspace with one of the ids `folkmoot doctor` shows"
HOW_REACHED = (
    "say how Slack reaches the bot: --socket (the bot opens a connection, which needs no address), "
    "or --url https://your-bot.example.org"
)
HTTPS_ONLY = "Slack calls only addresses that begin with https://"
OAUTH_NEEDS_URL = "--oauth needs an address where Slack leads people back to: --url https://your-bot.example.org"
NAME_LENGTH = "--name has to have 1 to 35 characters, as Slack wants it"
