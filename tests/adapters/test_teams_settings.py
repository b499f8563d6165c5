"""Settings of Teams: what does not go together is told in a sentence before anything is served."""

from typing import Any

import pytest

from adapters.teams import front
from adapters.teams.connector import HOSTS, LOOPBACK
from bot.house import platforms
from bot.settings import Settings, SettingsError
from storage.engine import Database
from tests.support.teams_hall import NORTH, SOUTH, a_double, a_hall, settings_of

GOOD: dict[str, Any] = {"MicrosoftAppId": "an-app", "MicrosoftAppPassword": "a-password", "MicrosoftAppTenantId": NORTH}
MANY: dict[str, Any] = {**GOOD, "MicrosoftAppType": "MultiTenant"}
INSECURE: dict[str, Any] = {"FOLKMOOT_TEAMS_INSECURE_LOOPBACK": True}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MicrosoftAppId": ""}, "MicrosoftAppPassword needs MicrosoftAppId beside it"),
        ({"MicrosoftAppPassword": ""}, "MicrosoftAppId needs MicrosoftAppPassword"),
        ({"MicrosoftAppTenantId": ""}, "MicrosoftAppTenantId is not set"),
        ({"MicrosoftAppTenantId": " , "}, "MicrosoftAppTenantId is not set"),
        ({"MicrosoftAppTenantId": "northwater.onmicrosoft.com"}, "'northwater.onmicrosoft.com' is the domain"),
        ({"FOLKMOOT_TEAMS_TENANTS": f"{NORTH}, northwater.com"}, "'northwater.com' is the domain"),
        ({"MicrosoftAppType": "MultiTenant"}, "could be added by any company"),
        ({"MicrosoftAppType": "MultiTenant", "FOLKMOOT_TEAMS_TENANTS": " , ,"}, "could be added by any company"),
        ({"FOLKMOOT_TEAMS_AUTHORITY": "http://login.example.org"}, "FOLKMOOT_TEAMS_AUTHORITY is 'http://login"),
        ({"FOLKMOOT_TEAMS_AUTHORITY": "login.example.org"}, "has to begin with https://"),
        ({"FOLKMOOT_TEAMS_METADATA": "http://login.example.org/keys"}, "FOLKMOOT_TEAMS_METADATA is 'http://login"),
        ({"FOLKMOOT_TEAMS_METADATA": "https://["}, "FOLKMOOT_TEAMS_METADATA is 'https://['"),
        ({"FOLKMOOT_TEAMS_METADATA": "http://127.0.0.1.example.org"}, "has to begin with https://"),
        ({**INSECURE, "HOST": "0.0.0.0"}, "lets anybody act as anybody, and HOST is '0.0.0.0'"),
        ({**INSECURE, "HOST": "127.0.0.1.example.org"}, "lets anybody act as anybody"),
        ({**INSECURE, "HOST": ""}, "lets anybody act as anybody, and HOST is ''"),
        ({**INSECURE, "MicrosoftAppPassword": "a-password"}, "say that real people are served"),
        ({**INSECURE, "FOLKMOOT_PUBLIC_URL": "https://bot.example.org"}, "say that real people are served"),
    ],
)
async def test_what_does_not_go_together_is_told_before_anything_is_served(
    sqlite: Database, given: dict[str, Any], said: str
) -> None:
    settings = Settings(**GOOD | given)
    with pytest.raises(SettingsError, match=said.replace("[", r"\[").replace(".", r"\.")) as refused:
        async with platforms(settings, sqlite):
            raise AssertionError("it came up")
    assert "a-password" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    [
        GOOD,
        MANY | {"FOLKMOOT_TEAMS_TENANTS": f"{NORTH},{SOUTH}"},
        MANY | {"FOLKMOOT_TEAMS_TENANTS": "*"},
        MANY | {"FOLKMOOT_TEAMS_TENANTS": "*", "MicrosoftAppTenantId": ""},
        GOOD | {"FOLKMOOT_TEAMS_AUTHORITY": "http://127.0.0.1:9000", "FOLKMOOT_TEAMS_METADATA": "http://localhost:9000/x"},
        INSECURE,
        INSECURE | {"HOST": "localhost"},
        INSECURE | {"HOST": "::1"},
        INSECURE | {"MicrosoftAppId": "an-app"},
    ],
)  # fmt: skip
def test_what_goes_together_is_taken(given: dict[str, Any]) -> None:
    front.check(Settings(**given))


@pytest.mark.parametrize(
    ("given", "who"),
    [
        (GOOD, {NORTH}),
        (GOOD | {"FOLKMOOT_TEAMS_TENANTS": f" {SOUTH} ,"}, {SOUTH}),
        (MANY | {"FOLKMOOT_TEAMS_TENANTS": f"{NORTH},{SOUTH}"}, {NORTH, SOUTH}),
        (MANY | {"FOLKMOOT_TEAMS_TENANTS": f"{NORTH},*"}, set()),
    ],
)
def test_who_may_use_the_bot_is_who_the_settings_name(given: dict[str, Any], who: set[str]) -> None:
    assert front.tenants(Settings(**given)) == who


def test_loopback_is_a_place_for_connectors_only_where_nothing_is_real() -> None:
    assert front.hosts(Settings(**GOOD)) == set(HOSTS)
    assert front.hosts(Settings(**GOOD, FOLKMOOT_TEAMS_SERVICE_HOSTS="a.example.org, b.example.org")) == {
        "a.example.org", "b.example.org",
    }  # fmt: skip
    assert front.hosts(Settings(**INSECURE)) == set(HOSTS) | LOOPBACK


@pytest.mark.parametrize(
    ("given", "authority"),
    [
        (GOOD, f"https://login.microsoftonline.com/{NORTH}"),
        (MANY, "https://login.microsoftonline.com/botframework.com"),
        (GOOD | {"FOLKMOOT_TEAMS_AUTHORITY": "https://login.microsoftonline.us/"}, f"https://login.microsoftonline.us/{NORTH}"),
    ],
)  # fmt: skip
def test_the_token_is_asked_for_where_the_kind_of_bot_wants_it(given: dict[str, Any], authority: str) -> None:
    found = front.identity(Settings(**given))
    assert found is not None
    assert found.authority == authority


def test_secrets_are_not_shown_with_the_settings() -> None:
    assert "a-password" not in repr(Settings(**GOOD))


async def test_without_authentication_on_loopback_anybody_is_let_in_and_no_token_is_asked_for(sqlite: Database) -> None:
    given: dict[str, Any] = INSECURE | {"MicrosoftAppId": "", "MicrosoftAppPassword": "", "MicrosoftAppTenantId": ""}
    async with a_hall(sqlite, installed=False, **given) as hall:
        headers = {"Content-Type": "application/json"}
        hall.double.world.tokens[""] = hall.double.world.now() + 3600
        heard = await hall.ada.says("Valve checks")
        assert heard is not None
        again = await hall.double.courier.post(hall.double.courier.sent[-1].body, headers)
        assert (heard.status, again.status) == (200, 200)
        await hall.settled()
        assert hall.double.called("token") == hall.double.called("metadata") == []


async def test_a_bot_for_any_company_gives_each_its_own_organisation(sqlite: Database) -> None:
    async with a_double() as double:
        settings = settings_of(double, MicrosoftAppType="MultiTenant", FOLKMOOT_TEAMS_TENANTS="*")
        async with front.connected(settings, sqlite) as teams:
            assert not teams.directory._joins  # noqa: SLF001 - what follows from it is the directory's law
        async with front.connected(settings_of(double), sqlite) as teams:
            assert teams.directory._joins  # noqa: SLF001 - as above
