"""What the bot is sent is signed so that PyJWT, which nobody here wrote, takes the good tokens and no other."""

import json

import jwt
import pytest
from aiohttp import ClientSession

from tests.support.teams_double import Flaw, TeamsDouble, Tenant
from tests.support.teams_double.sample_app import App
from tests.support.teams_double.world import Fields


async def _claims(teams: TeamsDouble, header: str) -> Fields:
    """The claims of a token, as a careful bot checks it. Raises: jwt.PyJWTError, LookupError."""
    async with ClientSession() as session:
        async with session.get(teams.metadata_url) as response:
            document = await response.json()
        async with session.get(document["jwks_uri"]) as response:
            keys = {each["kid"]: each for each in (await response.json())["keys"]}
    token = header.removeprefix("Bearer ")
    key = keys[jwt.get_unverified_header(token)["kid"]]
    if "msteams" not in key["endorsements"]:
        raise LookupError("the key is not endorsed")
    claims = jwt.decode(
        token,
        jwt.PyJWK(key),
        algorithms=["RS256"],
        audience=teams.app_id,
        issuer=document["issuer"],
        options={"require": ["exp", "iss", "aud"]},
    )
    if claims["serviceurl"] != json.loads(teams.courier.sent[-1].body)["serviceUrl"]:
        raise LookupError("another serviceUrl")
    return claims


async def test_a_good_token_is_for_this_bot_and_this_service_url(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    await tenant.user("29:ada").says("agenda")
    claims = await _claims(teams, app.got[-1][1]["Authorization"])
    assert (claims["iss"], claims["aud"]) == (teams.issuer, teams.app_id)
    assert claims["serviceurl"] == tenant.service_url


@pytest.mark.parametrize("flaw", [each for each in Flaw if each is not Flaw.NO_TOKEN])
async def test_a_token_with_a_flaw_is_refused_by_who_checks_it(
    teams: TeamsDouble, tenant: Tenant, app: App, flaw: Flaw
) -> None:
    teams.spoil(flaw)
    await tenant.user("29:ada").says("agenda")
    with pytest.raises((jwt.PyJWTError, LookupError)):
        await _claims(teams, app.got[-1][1]["Authorization"])
    await teams.again()
    assert await _claims(teams, app.got[-1][1]["Authorization"])
    assert app.got[0][0] == app.got[1][0]


async def test_a_request_can_come_without_any_token(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    teams.spoil(Flaw.NO_TOKEN)
    await tenant.user("29:ada").says("agenda")
    assert "Authorization" not in app.got[-1][1]


async def test_after_a_rotation_only_the_new_key_is_published(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    ada = tenant.user("29:ada")
    await ada.says("agenda")
    before = app.got[-1][1]["Authorization"]
    teams.rotate()
    await ada.says("agenda")
    assert await _claims(teams, app.got[-1][1]["Authorization"])
    with pytest.raises(LookupError):
        await _claims(teams, before)


async def test_an_old_key_can_stay_for_a_while(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    await tenant.user("29:ada").says("agenda")
    teams.rotate(keeps_old=True)
    assert await _claims(teams, app.got[-1][1]["Authorization"])


async def test_a_replayed_request_has_the_same_token(teams: TeamsDouble, tenant: Tenant, app: App) -> None:
    await tenant.user("29:ada").says("agenda")
    await teams.replayed()
    first, second = (headers["Authorization"] for _, headers in app.got)
    assert (first, app.got[0][0]) == (second, app.got[1][0])
