"""What `folkmoot doctor` says about the mail."""

from collections.abc import Sequence

from bot.chat.words import count, listing

NAMED_MOST = 8  # people in one line
STUCK_AT = 20  # mails that nobody took: then whoever should take them probably does not
GIVE_A_WAY = 'an administrator gives them one: /people mail sam@metering.example "Sam Okello"; or takes them out'
MAKE_IT = "folkmoot serve makes it; or make it yourself, for the user that the bot runs as"
TAKE_THEM = "Does your mail server send what lies in out/, and take it away from there?"
READ_THEM = "Does folkmoot serve (or worker) run, with these settings?"
LOOK_AT_SERVER = "Are the host, port, user, password and kind of TLS in FOLKMOOT_MAIL_SMTP those of your mail server?"
LOOK_AT_THEM = "Each one's reason is in the log, at mail_refused; whoever is to take part: /people mail."


def no_folder(folder: str) -> str:
    """The folder is not there yet."""
    return f"there is no folder {folder} yet"


def lies(address: str, out: int, incoming: int) -> str:
    """What waits."""
    waits = f"{count(out, 'mail')} to be sent, {incoming} to be read"
    return f"the drop can be written; mails come from {address}; {waits}"


def not_reached(names: Sequence[str]) -> str:
    """People who have no account, or none that can be written to."""
    named = list(names[:NAMED_MOST])
    rest = [f"{len(names) - NAMED_MOST} more"] if len(names) > NAMED_MOST else []
    return f"nothing reaches {listing([*named, *rest])}: no account in a chat, and no mail"


def let_in(server: str) -> str:
    """Mails can be sent."""
    return f"the mail server {server} lets me in"


def not_taken(out: int) -> str:
    """Nobody empties `out/`."""
    return f"{count(out, 'mail')} to be sent lie in out/"


def not_read(incoming: int) -> str:
    """Nobody empties `in/`."""
    return f"{count(incoming, 'mail')} to be read lie in in/"


def refused(number: int) -> str:
    """What was laid aside."""
    return f"{count(number, 'mail')} in refused/"
