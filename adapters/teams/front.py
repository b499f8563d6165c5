"""Teams as the settings say: connected for sending, and ready to serve."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from adapters.teams.adapter import TeamsChat
from adapters.teams.connector import HOSTS, LOOPBACK, Connector
from adapters.teams.credentials import Identity, Tokens
from adapters.teams.desk import Core, Desk
from adapters.teams.directory import Directory
from adapters.teams.host import CHANNEL, Host
from adapters.teams.members import Members
from adapters.teams.trust import Trust
from adapters.teams.wiring import PLATFORM
from adapters.wire import Wire, a_wire
from adapters.work import working
from bot.settings import LOOPBACK as OUR_LOOPBACK
from bot.settings import Settings, SettingsError
from storage.engine import Database

ANY_TENANT = "*"
MANY_TENANTS = "botframework.com"  # where a bot for many tenants gets its token


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams; it sends, and what it serves begins with `serving`."""

    settings: Settings
    database: Database
    wire: Wire
    tokens: Tokens
    connector: Connector
    directory: Directory
    chat: TeamsChat

    @property
    def before_verbs(self) -> str:
        """A slash, as on the local chat: Teams sends lines that begin with one as they are."""
        return "/"

    @property
    def standing(self) -> tuple[bool, str]:
        """Whether the bot can answer: Teams calls it, and takes what it says with a token alone."""
        if self.tokens.refused:
            return False, "waits for a MicrosoftAppPassword that Microsoft takes; it is tried again each minute"
        return True, "waits for nothing"

    @asynccontextmanager
    async def serving(self, core: Core) -> AsyncIterator[list[web.RouteDef]]:
        """`POST /api/messages`. The block's end waits for what is under way."""
        async with working() as work:
            members = Members(self.database, self.connector, learn=core.learn)
            desk = Desk(core, self.chat, self.connector, directory=self.directory, members=members, work=work)
            may = tenants(self.settings)
            yield Host(desk, self.connector, trust=self._trust(), tenants=may, channels=self._channels()).routes()

    def _trust(self) -> Trust | None:
        settings = self.settings
        if settings.teams_insecure:
            return None
        return Trust(
            self.wire,
            app_id=settings.teams_app_id,
            issuers=(settings.teams_issuer,),
            metadata_url=settings.teams_metadata,
        )

    def _channels(self) -> tuple[str, ...]:
        """On loopback Microsoft's test clients are other channels."""
        return () if self.settings.teams_insecure else (CHANNEL,)


@asynccontextmanager
async def connected(settings: Settings, database: Database) -> AsyncIterator[Teams]:
    """Teams as the settings say. Raises: SettingsError."""
    check(settings)
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(a_wire(PLATFORM))
        tokens = Tokens(wire, identity(settings))
        connector = Connector(wire, tokens, hosts=hosts(settings))
        # Where any company may add the bot, one that nobody named is a stranger and gets an organisation of its own.
        directory = Directory(database, joins=len(tenants(settings)) == 1 or settings.teams_insecure)
        yield Teams(settings, database, wire, tokens, connector, directory, TeamsChat(database, connector, directory))


def identity(settings: Settings) -> Identity | None:
    """Who the bot is to Microsoft; None where nobody asks."""
    if settings.teams_insecure and not settings.teams_app_password:
        return None
    tenant = settings.teams_app_tenant if settings.teams_app_type == "SingleTenant" else MANY_TENANTS
    authority = f"{settings.teams_authority.rstrip('/')}/{tenant}"
    return Identity(settings.teams_app_id, settings.teams_app_password, authority, settings.teams_scope)


def hosts(settings: Settings) -> frozenset[str]:
    """Where connectors may be."""
    named = _listed(settings.teams_hosts) or HOSTS
    return frozenset(named) | (LOOPBACK if settings.teams_insecure else frozenset())


def tenants(settings: Settings) -> frozenset[str]:
    """Who may use the bot; empty for everybody."""
    named = _listed(settings.teams_tenants) or _listed(settings.teams_app_tenant)
    return frozenset() if ANY_TENANT in named else frozenset(named)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for each in text.split(",") if (part := each.strip()))


def check(settings: Settings) -> None:
    """Raises: SettingsError for settings of Teams that do not go together."""
    _check_addresses(settings)
    if settings.teams_insecure:
        if settings.host not in OUR_LOOPBACK:
            raise SettingsError(
                f"FOLKMOOT_TEAMS_INSECURE_LOOPBACK lets anybody act as anybody, and HOST is {settings.host!r}; "
                "leave HOST out, so that only this machine is served, or leave the setting out"
            )
        if settings.public_url or settings.teams_app_password or "slack" in settings.real_platforms:
            raise SettingsError(
                "FOLKMOOT_TEAMS_INSECURE_LOOPBACK lets anybody act as anybody, and FOLKMOOT_PUBLIC_URL, "
                "MicrosoftAppPassword or Slack say that real people are served; leave the one or the others out"
            )
        return
    if not settings.teams_app_id:
        raise SettingsError("MicrosoftAppPassword needs MicrosoftAppId beside it; Azure shows it as the bot's App ID")
    if not settings.teams_app_password:
        raise SettingsError("MicrosoftAppId needs MicrosoftAppPassword, a client secret of the app's registration")
    if settings.teams_app_type == "SingleTenant" and not _listed(settings.teams_app_tenant):
        raise SettingsError(
            "MicrosoftAppTenantId is not set, and a SingleTenant bot needs its tenant; "
            "set it, or MicrosoftAppType=MultiTenant"
        )
    if settings.teams_app_type == "MultiTenant" and not _listed(settings.teams_tenants):
        raise SettingsError(
            "a MultiTenant bot could be added by any company; name those that may in FOLKMOOT_TEAMS_TENANTS, "
            "with commas between their ids, or * for all"
        )
    domain = next((each for each in sorted(tenants(settings)) if "." in each), "")
    if domain:
        raise SettingsError(
            f"{domain!r} is the domain of a tenant, and Teams names tenants by their ids alone; "
            "write the Directory (tenant) ID that the app's registration shows"
        )


def _check_addresses(settings: Settings) -> None:
    """Raises: SettingsError where what is trusted or secret would go over the network as it stands."""
    for name, address in (
        ("FOLKMOOT_TEAMS_AUTHORITY", settings.teams_authority),
        ("FOLKMOOT_TEAMS_METADATA", settings.teams_metadata),
    ):
        if not _is_safe(address):
            raise SettingsError(f"{name} is {address!r}; it has to begin with https://")


def _is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(host)) or (parts.scheme == "http" and host in LOOPBACK)
