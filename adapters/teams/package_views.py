"""What Teams shows of the app before anybody has written to it, and what an operator reads about Teams."""

from collections.abc import Sequence

from bot.chat.words import count, listing

DEVELOPER = "Folkmoot"
COLOUR = "#1d5b47"
PAPER = "#ffffff"
AMBER = "#ebb355"
SHORT = "Huddles, follow-ups and council meetings, kept going."
FULL = (
    "Folkmoot asks a team for its huddle at the set time, gathers the answers, shows the summary in the channel, "
    "and keeps what was agreed: who does what, until when, and what became of it. "
    "Write help to it to see what it can do."
)

# --- folkmoot teams package

NEEDS_APP_ID = "MicrosoftAppId is not set: it is the bot's App ID, which Azure shows with the bot"
NEEDS_URL = "Teams wants the bot's address: say --url https://your-bot.example.org, or set FOLKMOOT_PUBLIC_URL"
HTTPS_ONLY = "Teams takes addresses with https only, such as https://your-bot.example.org"
AN_ID = "it looks like 8f2c4b6e-1a2b-4c3d-9e8f-0123456789ab"


def no_app_id(found: str) -> str:
    """MicrosoftAppId holds something else."""
    return f"MicrosoftAppId is {found!r}: that is no App ID; {AN_ID}"


def name_length(most: int) -> str:
    """The bot's name is too long, or holds what can't be shown."""
    return f"--name has to have 1 to {most} characters that can be read, as Teams wants it"


def no_version(found: str) -> str:
    """Not the kind of version that Teams compares."""
    return f"--app-version is {found!r}; it has to be three numbers, such as 1.0.1"


def no_manifest_version(found: str) -> str:
    """A manifest that this program can't make."""
    return f"--manifest-version is {found!r}; it can be 1.25 or 1.30"


def not_written(path: str, why: str) -> str:
    """There is no package."""
    return f"{path} can't be written: {why}"


def written(path: str) -> str:
    """Where the package lies, and what to do with it."""
    return f"{path} is written. In Teams: Apps, Manage your apps, Upload an app, Upload a custom app."


# --- folkmoot doctor

SETTINGS_WELL = "the settings of Teams go together"
INSECURE = "FOLKMOOT_TEAMS_INSECURE_LOOPBACK is set: anybody on this machine may act as anybody"
LEAVE_INSECURE_OUT = "leave it out as soon as Microsoft Teams itself is to reach the bot"
EVERYBODY = "FOLKMOOT_TEAMS_TENANTS is *: any company that gets the package can use the bot"
NAME_TENANTS = "name those that may, with commas between their ids"
COPY_ID = "copy the Application (client) ID from the app registration's Overview page"
COPY_TENANT = (
    f"copy the Directory (tenant) ID from the app registration's Overview page; {AN_ID}. Teams names a tenant by this "
    "id alone, never by its domain"
)
ONE_CLOUD = "set all three as your cloud's documents say, or none of them"
LATER = "run `folkmoot doctor` again in a minute"
LOOK_AT_AUTHORITY = "look at this machine's network, and at FOLKMOOT_TEAMS_AUTHORITY if you have set it"
LOOK_AT_METADATA = "look at this machine's network, and at FOLKMOOT_TEAMS_METADATA if you have set it"
RENEW = (
    "copy MicrosoftAppId again; under Certificates & secrets make a new client secret, and copy its Value, not its ID, "
    "to MicrosoftAppPassword"
)
LOOK_AT_APP = (
    "compare MicrosoftAppId, MicrosoftAppType and MicrosoftAppTenantId with the app registration's Overview page"
)
ADMITTED = "Microsoft takes the bot's id and password"
NO_KEYS = "Microsoft's keys were read, but there is none among them that can be used"
NO_TENANT = "nobody has added the app yet"
ADD_IT = (
    "start the bot, make the package with `folkmoot teams package`, upload it, and add the app for yourself: who "
    "brings it to a tenant first runs the bot there"
)
NO_ADMIN = "nobody there may set anything up"
NO_WAY_YET = "who runs the bot on another platform can still set things up; on Teams nobody can be appointed yet"
ASK_TO_ADD = "ask them to add the app for themselves (Apps, Folkmoot, Add); then it writes to them again"
NOT_ALLOWED = "it is not among the tenants that may use the bot, so nothing from there is taken"
ALLOW_IT = "if it may, add its id to FOLKMOOT_TEAMS_TENANTS"
ALLOW_HOST = "if that is one of Microsoft's, add its host to FOLKMOOT_TEAMS_SERVICE_HOSTS"


def no_id(name: str, found: str) -> str:
    """A setting holds something that is no id."""
    return f"{name} is {found!r}, which is no id"


def half_a_cloud(missing: Sequence[str]) -> str:
    """Some of another cloud's addresses, and some of the public one's."""
    return f"another cloud is named, but not in {listing(list(missing))}"


def token_refused(status: int, code: str) -> str:
    """Microsoft gives the bot no token; `code` is Microsoft's own, where it says one."""
    return f"Microsoft does not take the bot's id or password ({code or status})"


def no_token(why: str) -> str:
    """There was no answer that can be used."""
    return f"Microsoft gave no token: {why}"


def keys_read(number: int) -> str:
    """Requests can be checked."""
    return f"Microsoft's {count(number, 'key')} can be read"


def keys_away(why: str) -> str:
    """Requests can't be checked."""
    return f"Microsoft's keys can't be read: {why}"


def run_by(names: Sequence[str]) -> str:
    """Who may set things up."""
    return f"it is run by {listing(list(names))}"


def conversations(personal: int, rooms: int) -> str:
    """Where the bot may write."""
    several = count(rooms, "channel or group", "channels or groups")
    return f"the bot knows {count(personal, 'personal chat')} and {several}"


def shut(number: int) -> str:
    """Where it may not any more."""
    return f"the app was taken out of {count(number, 'conversation')}, and nothing is sent there"


ADD_TO_ROOM = "to have it back, add the app there again"


def strange_address(address: str) -> str:
    """Its conversations are not where Microsoft's are."""
    return f"its conversations are at {address}, where nothing is sent"


def reached(number: int) -> str:
    """How many are well."""
    return f"{count(number, 'member')} can be reached"


def not_reached(name: str) -> str:
    """Teams refused the last message to them, or they took the app out."""
    return f"{name} can't be reached: Teams does not let the bot write to them"


WHICH_TENANT = "the bot is in several tenants; name one with --tenant, as folkmoot doctor lists them"
NO_SUCH_TENANT = "the bot is in no such tenant; it is there from the first message or installation on"


def nobody_named(name: str) -> str:
    """Who never wrote to the bot can't be told apart from who does not exist."""
    return f"nobody called {name!r} is known there; ask them to write a line to the bot, and try again"


def several_named(name: str) -> str:
    """Two people with one name."""
    return f"several people are called {name!r}; nobody was appointed"


def appointed(name: str, tenant: str) -> str:
    """Who runs the bot."""
    return f"{name} runs the bot in {tenant} now."
