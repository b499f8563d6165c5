"""Installing: `oauth.v2.access`, and the page on Slack's side where somebody allows it."""

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web

from adapters.slack.api import Fields
from tests.support.slack_double.calls import SaysNo
from tests.support.slack_double.world import CODE_S, TOKEN_S, Grant, World


def access(world: World, arguments: Mapping[str, object], authorization: str) -> Fields:
    """oauth.v2.access: a code, or a refresh token, becomes a token; each of them once."""
    client_id, client_secret = _client(arguments, authorization)
    if client_id != world.client_id:
        raise SaysNo("invalid_client_id")
    if client_secret != world.client_secret:
        raise SaysNo("bad_client_secret")
    if arguments.get("grant_type") == "refresh_token":
        grant = world.refreshes.pop(str(arguments.get("refresh_token", "")), None)
        if grant is None:
            raise SaysNo("invalid_refresh_token")
        return _issued(world, grant, rotates=True)
    code = str(arguments.get("code", ""))
    if code in world.used_codes:
        raise SaysNo("code_already_used")
    grant = world.codes.pop(code, None)
    if grant is None or world.now() - grant.made_at > CODE_S:
        raise SaysNo("invalid_code")
    if grant.redirect_uri and arguments.get("redirect_uri") != grant.redirect_uri:
        raise SaysNo("bad_redirect_uri")
    world.used_codes.add(code)
    return _issued(world, grant, rotates=world.rotates)


def allowed(world: World, grant: Grant, *, state: str) -> web.Response:
    """Somebody pressed Allow: the browser goes back to the app."""
    query = urlencode({"code": world.new_code(grant), "state": state})
    return web.Response(status=302, headers={"Location": f"{grant.redirect_uri}?{query}"})


def _issued(world: World, grant: Grant, *, rotates: bool) -> Fields:
    token = world.new_token(grant, ends_at=world.now() + TOKEN_S if rotates else 0.0)
    somewhere = next(
        each
        for each in world.workspaces.values()
        if each.id == grant.team_id or (not grant.team_id and each.enterprise_id == grant.enterprise_id)
    )
    found: Fields = {
        "app_id": world.app_id,
        "authed_user": {"id": grant.user_id},
        "scope": ",".join(sorted(grant.scopes)),
        "token_type": "bot",
        "access_token": token.value,
        "bot_user_id": somewhere.bot_user_id,
        "team": {"id": somewhere.id, "name": somewhere.name} if grant.team_id else None,
        "enterprise": {"id": grant.enterprise_id, "name": "Enterprise"} if grant.enterprise_id else None,
        "is_enterprise_install": not grant.team_id,
    }
    if rotates:
        refresh = f"xoxe-1-{world.number()}"
        world.refreshes[refresh] = grant
        found |= {"refresh_token": refresh, "expires_in": TOKEN_S}
    return found


def _client(arguments: Mapping[str, object], authorization: str) -> tuple[str, str]:
    if authorization.startswith("Basic "):
        try:
            name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return name, secret
    return str(arguments.get("client_id", "")), str(arguments.get("client_secret", ""))
