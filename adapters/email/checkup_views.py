"""What `folkmoot doctor` says about the mail."""

from bot.chat.words import count

STUCK_AT = 20  # mails that nobody took: then whoever should take them probably does not
MAKE_IT = "folkmoot serve makes it; or make it yourself, for the user that the bot runs as"
TAKE_THEM = "Does your mail server send what lies in out/, and take it away from there?"
READ_THEM = "Does folkmoot serve (or worker) run, with these settings?"
LOOK_AT_THEM = "Each one's reason is in the log, at mail_refused; whoever is to take part: /people mail."


def no_folder(folder: str) -> str:
    """The folder is not there yet."""
    return f"there is no folder {folder} yet"


def lies(address: str, out: int, incoming: int) -> str:
    """What waits."""
    waits = f"{count(out, 'mail')} to be sent, {incoming} to be read"
    return f"the drop can be written; mails come from {address}; {waits}"


def not_taken(out: int) -> str:
    """Nobody empties `out/`."""
    return f"{count(out, 'mail')} to be sent lie in out/"


def not_read(incoming: int) -> str:
    """Nobody empties `in/`."""
    return f"{count(incoming, 'mail')} to be read lie in in/"


def refused(number: int) -> str:
    """What was laid aside."""
    return f"{count(number, 'mail')} in refused/"
