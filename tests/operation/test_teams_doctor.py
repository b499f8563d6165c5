"""`folkmoot doctor`: what an operator is told about Microsoft Teams, and what to do about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from adapters.teams.directory import Directory
from adapters.teams.happenings import Where, Who
from bot.chat.senders import Sender
from bot.doctor import examined, lines
from bot.settings import Settings
from storage import msteams
from storage.engine import Database
from storage.people import Account, Person
from storage.tx import SYSTEM
from tests.support.teams_double import RateLimit, Refuse, ServerError, TeamsDouble, teams_double

TENANT = "8d1f6a52-0000-4000-8000-000000000001"
OTHER = "8d1f6a52-0000-4000-8000-000000000002"
APP_ID = "8f2c4b6e-1a2b-4c3d-9e8f-0123456789ab"
GOVERNMENT = "https://api.botframework.us"  # another cloud than the public one
FIELD = "19:field@thread.tacv2"
ELSEWHERE = "https://smba.example.org/emea/"
ADA, BEN = Who("29:ada", "Ada", "Europe/London"), Who("29:ben", "Ben", "Europe/London")


@dataclass
class Practice:
    """An operator's machine, with Microsoft within its reach."""

    teams: TeamsDouble
    database: Database
    settings: dict[str, str] = field(default_factory=dict)

    async def lines(self, **settings: str) -> list[str]:
        """What the doctor prints."""
        return lines(await examined(Settings.model_validate(self.settings | settings)))

    async def wrong(self, **settings: str) -> list[str]:
        """What is wrong, each line with what to do."""
        told = await self.lines(**settings)
        return [
            " ".join([line, *(each for each in told[number + 1 : number + 2] if each.startswith(" "))])
            for number, line in enumerate(told)
            if line.startswith("wrong")
        ]

    def place(self, conversation: str, *, tenant: str = TENANT, address: str = "") -> Where:
        """A conversation, as an activity names it."""
        return Where(
            tenant=tenant,
            conversation=conversation,
            service_url=address or self.teams.service_url,
            bot="28:bot",
            is_direct=conversation.startswith("a:"),
            is_channel=conversation.startswith("19:"),
        )

    async def adds(self, who: Who, conversation: str, **more: str) -> None:
        """Somebody adds the app."""
        directory, place = Directory(self.database), self.place(conversation, **more)
        await directory.came(place, who)
        await directory.appoint_first(place, Sender(who.user, who.name, who.zone))

    async def removes(self, who: Who, conversation: str) -> None:
        """Somebody takes the app out."""
        await Directory(self.database).went(self.place(conversation), who)

    async def meets(self, who: Who) -> None:
        """The bot gets to know somebody."""
        async with self.database.write(SYSTEM) as tx:
            install = await msteams.install_of(tx, TENANT)
            assert install is not None
            tx.bind(install.organisation_id)
            tx.acts_for(by=None, event_id=None, now=datetime.now(UTC))
            tx.add(person := Person(name=who.name, zone=who.zone))
            await tx.flush()
            tx.add(Account(person_id=person.id, install_id=install.id, external_id=who.user))


@pytest.fixture
async def practice(sqlite: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Practice]:
    for name, about in Settings.model_fields.items():
        if name.startswith(("slack_", "teams_")) and about.alias:
            monkeypatch.delenv(about.alias, raising=False)
    async with teams_double() as double:
        double.world.app_id = APP_ID
        double.keys.name = GOVERNMENT
        double.add_tenant(TENANT)
        yield Practice(double, sqlite, {
            "DATABASE_URL": sqlite_url,
            "MicrosoftAppId": APP_ID,
            "MicrosoftAppPassword": double.app_password,
            "MicrosoftAppTenantId": TENANT,
            "FOLKMOOT_TEAMS_AUTHORITY": double.authority_url,
            "FOLKMOOT_TEAMS_ISSUER": double.issuer,
            "FOLKMOOT_TEAMS_METADATA": double.metadata_url,
            "FOLKMOOT_TEAMS_SERVICE_HOSTS": "127.0.0.1",
        })  # fmt: skip


# --- the settings


@pytest.mark.parametrize(("settings", "said"), [
    ({"MicrosoftAppId": ""}, "MicrosoftAppPassword needs MicrosoftAppId beside it"),
    ({"MicrosoftAppPassword": ""}, "MicrosoftAppId needs MicrosoftAppPassword"),
    ({"MicrosoftAppTenantId": ""}, "a SingleTenant bot needs its tenant"),
    ({"MicrosoftAppType": "MultiTenant"}, "name those that may in FOLKMOOT_TEAMS_TENANTS"),
    ({"FOLKMOOT_TEAMS_INSECURE_LOOPBACK": "1", "HOST": "0.0.0.0"}, "lets anybody act as anybody, and HOST is"),
    ({"MicrosoftAppId": "folkmoot"}, "MicrosoftAppId is 'folkmoot', which is no id."),
    ({"MicrosoftAppTenantId": "northwater"}, "MicrosoftAppTenantId is 'northwater', which is no id."),
    ({"MicrosoftAppTenantId": "northwater.example"}, "'northwater.example' is the domain of a tenant"),
    ({"FOLKMOOT_TEAMS_TENANTS": f"{TENANT}, acme"}, "FOLKMOOT_TEAMS_TENANTS is 'acme', which is no id."),
])  # fmt: skip
async def test_settings_of_teams_that_do_not_go_together_are_told_before_microsoft_is_asked(
    practice: Practice, settings: dict[str, str], said: str
) -> None:
    (wrong,) = await practice.wrong(**settings)
    assert wrong.startswith("wrong Teams: ")
    assert said in wrong
    assert practice.teams.calls == []


async def test_a_cloud_that_is_named_by_half_is_a_note_with_what_is_missing(practice: Practice) -> None:
    told = await practice.lines(FOLKMOOT_TEAMS_ISSUER="https://api.botframework.com")
    assert "note  Teams: another cloud is named, but not in FOLKMOOT_TEAMS_ISSUER." in told
    assert "      -> set all three as your cloud's documents say, or none of them" in told


async def test_a_bot_for_every_company_is_a_note(practice: Practice) -> None:
    told = await practice.lines(MicrosoftAppType="MultiTenant", FOLKMOOT_TEAMS_TENANTS="*")
    assert "note  Teams: FOLKMOOT_TEAMS_TENANTS is *: any company that gets the package can use the bot." in told
    assert "ok    Teams: Microsoft takes the bot's id and password." in told


async def test_on_loopback_without_a_password_microsoft_is_not_asked(practice: Practice) -> None:
    insecure = {"MicrosoftAppId": "", "MicrosoftAppPassword": "", "FOLKMOOT_TEAMS_INSECURE_LOOPBACK": "1"}
    told = await practice.lines(**insecure)
    assert any(line.startswith("note  Teams: FOLKMOOT_TEAMS_INSECURE_LOOPBACK is set") for line in told)
    assert await practice.wrong(**insecure) == []
    assert practice.teams.calls == []


async def test_where_only_teams_is_set_up_nothing_is_said_of_slack(practice: Practice) -> None:
    assert [line for line in await practice.lines() if "Slack" in line] == []


async def test_what_is_wrong_with_slack_does_not_hide_how_teams_is(practice: Practice) -> None:
    told = await practice.lines(SLACK_BOT_TOKEN="xoxb-1")
    assert any(line.startswith("wrong settings: ") and "SLACK_SIGNING_SECRET" in line for line in told)
    assert "ok    Teams: Microsoft takes the bot's id and password." in told


# --- Microsoft


async def test_before_anybody_has_added_the_app_it_says_how_that_is_done(practice: Practice) -> None:
    told = await practice.lines()
    assert told[0] == "ok    Teams: the settings of Teams go together."
    assert told[2:4] == [
        "ok    Teams: Microsoft takes the bot's id and password.",
        "ok    Teams: Microsoft's 2 keys can be read.",
    ]
    assert told[4] == "note  Teams: nobody has added the app yet."
    assert "folkmoot teams package" in told[5]


@pytest.mark.parametrize(("settings", "code", "todo"), [
    ({"MicrosoftAppPassword": "old"}, "AADSTS7000215", "make a new client secret, and copy its Value, not its ID"),
    ({"MicrosoftAppId": APP_ID.replace("8", "9")}, "AADSTS700016", "compare MicrosoftAppId, MicrosoftAppType and"),
    ({"MicrosoftAppTenantId": OTHER}, "AADSTS90002", "compare MicrosoftAppId, MicrosoftAppType and"),
])  # fmt: skip
async def test_an_id_or_password_that_microsoft_does_not_take_is_told_with_its_code(
    practice: Practice, settings: dict[str, str], code: str, todo: str
) -> None:
    (wrong,) = await practice.wrong(**settings)
    assert f"Microsoft does not take the bot's id or password ({code})" in wrong
    assert todo in wrong


@pytest.mark.parametrize(("method", "fault", "said"), [
    ("token", RateLimit(7), "Microsoft gave no token: teams asks to wait 7 s. "),
    ("token", ServerError(503), "Microsoft gave no token: "),
    ("token", Refuse(403, "access_denied"), "Microsoft does not take the bot's id or password (403)"),
    ("metadata", ServerError(500), "Microsoft's keys can't be read: "),
    ("keys", RateLimit(7), "Microsoft's keys can't be read: teams asks to wait 7 s. "),
    ("keys", Refuse(404, "NotFound"), "Microsoft's keys can't be read: teams answered 404"),
])  # fmt: skip
async def test_what_microsoft_does_not_answer_is_told_as_it_is(
    practice: Practice, method: str, fault: RateLimit | Refuse | ServerError, said: str
) -> None:
    practice.teams.faults.next(method, fault)
    (wrong,) = await practice.wrong()
    assert said in wrong
    assert "->" in wrong


@pytest.mark.parametrize(("setting", "said"), [
    ("FOLKMOOT_TEAMS_AUTHORITY", "look at this machine's network, and at FOLKMOOT_TEAMS_AUTHORITY"),
    ("FOLKMOOT_TEAMS_METADATA", "look at this machine's network, and at FOLKMOOT_TEAMS_METADATA"),
])  # fmt: skip
async def test_a_microsoft_that_is_not_there_is_told(practice: Practice, setting: str, said: str) -> None:
    (wrong,) = await practice.wrong(**{setting: "http://127.0.0.1:9/"})
    assert said in wrong


async def test_keys_that_can_not_be_used_are_no_keys(practice: Practice) -> None:
    (wrong,) = await practice.wrong(FOLKMOOT_TEAMS_METADATA=f"{practice.teams.url}/v1/.well-known/keys")
    assert "Microsoft's keys can't be read" in wrong


# --- tenants


async def test_a_tenant_where_all_is_well_has_no_line_that_asks_for_anything(practice: Practice) -> None:
    await practice.adds(ADA, "a:ada")
    await practice.adds(ADA, FIELD)
    told = await practice.lines()
    assert [line for line in told if not line.startswith("ok")] == []
    assert told[4:] == [
        f"ok    {TENANT}: it is run by Ada.",
        f"ok    {TENANT}: the bot knows 1 personal chat and 1 channel or group.",
        f"ok    {TENANT}: 1 member can be reached.",
    ]


async def test_who_took_the_app_out_is_named_with_what_helps(practice: Practice) -> None:
    await practice.adds(ADA, "a:ada")
    await practice.meets(BEN)
    await practice.adds(BEN, "a:ben")
    await practice.removes(BEN, "a:ben")
    told = await practice.lines()
    assert f"wrong {TENANT}: Ben can't be reached: Teams does not let the bot write to them." in told
    assert "      -> ask them to add the app for themselves (Apps, Folkmoot, Add); then it writes to them again" in told
    assert f"note  {TENANT}: the app was taken out of 1 conversation, and nothing is sent there." in told
    assert f"ok    {TENANT}: 1 member can be reached." in told


async def test_a_tenant_that_may_not_use_the_bot_any_more_is_a_note(practice: Practice) -> None:
    await practice.adds(ADA, "a:ada", tenant=OTHER)
    told = await practice.lines()
    assert f"note  {OTHER}: it is not among the tenants that may use the bot, so nothing from there is taken." in told
    assert await practice.wrong() == []


async def test_an_address_where_nothing_may_be_sent_is_told(practice: Practice) -> None:
    await practice.adds(ADA, "a:ada", address=ELSEWHERE)
    (wrong,) = await practice.wrong()
    assert f"its conversations are at {ELSEWHERE}, where nothing is sent" in wrong
    assert "FOLKMOOT_TEAMS_SERVICE_HOSTS" in wrong


async def test_the_doctor_writes_nothing_to_anybody_and_prints_no_secret(practice: Practice) -> None:
    await practice.adds(ADA, "a:ada")
    told = "\n".join([*await practice.lines(), *await practice.lines(MicrosoftAppPassword="an-old-secret")])
    assert {each.method for each in practice.teams.calls} <= {"token", "metadata", "keys"}
    secrets = [practice.teams.app_password, "an-old-secret", *practice.teams.world.tokens]
    assert [each for each in secrets if each in told] == []
