"""Who signs what Teams sends to the bot: keys that are published and change, and tokens, good ones and bad ones."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import RSAAlgorithm

from tests.support.teams_double.world import Fields

LIFE_S = 60 * 60
LONG_AGO_S = 24 * 60 * 60
BOT_FRAMEWORK = "https://api.botframework.com"
CHANNEL = "msteams"
UNENDORSED = 1
STRANGER = 2
FIRST = 3


class Flaw(StrEnum):
    """What is wrong with a token."""

    AUDIENCE = "it is for another app"
    EXPIRED = "it ran out a day ago"
    HS256 = "it is signed with the public key as if that were a secret"
    ISSUER = "somebody else made it"
    MALFORMED = "it is no token at all"
    NONE = "its algorithm is none"
    NOT_YET = "it is good tomorrow"
    NO_EXP = "it never ends"
    NO_KEY_ID = "it does not say which key it is signed with"
    NO_SERVICE_URL = "it says no serviceUrl"
    NO_TOKEN = "there is none"
    SERVICE_URL = "it is for another serviceUrl"
    TAMPERED = "a claim was changed after it was signed"
    UNENDORSED = "its key is not endorsed for Teams"
    UNKNOWN_KEY = "its key was never published"


class Issuer:
    """Makes tokens, and says with which keys they can be checked."""

    def __init__(self) -> None:
        self.name = BOT_FRAMEWORK
        self.published: list[int] = [FIRST]

    @property
    def key_id(self) -> str:
        """The key that tokens are signed with now."""
        return _key_id(self.published[-1])

    def rotate(self, *, keeps_old: bool = False) -> None:
        """Another key signs from now on; with `keeps_old` the earlier ones are still published."""
        newest = self.published[-1] + 1
        self.published = [*(self.published if keeps_old else []), newest]

    def metadata(self, base_url: str) -> Fields:
        """The OpenID document."""
        return {
            "issuer": self.name,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{base_url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def keys(self) -> Fields:
        """The keys that are published."""
        endorsed = [_jwk(each, [CHANNEL]) for each in self.published]
        return {"keys": [_jwk(UNENDORSED, ["webchat"]), *endorsed]}

    def token(self, *, audience: str, service_url: str, flaw: Flaw | None = None) -> str:
        """A token for one request to the bot; '' for `Flaw.NO_TOKEN`."""
        if flaw is Flaw.NO_TOKEN:
            return ""
        if flaw is Flaw.MALFORMED:
            return "no.token"
        claims = _claims(self.name, audience, service_url, flaw)
        number = {Flaw.UNENDORSED: UNENDORSED, Flaw.UNKNOWN_KEY: STRANGER}.get(flaw or Flaw.AUDIENCE)
        number = number or self.published[-1]
        header = {} if flaw is Flaw.NO_KEY_ID else {"kid": _key_id(number), "x5t": _key_id(number)}
        if flaw is Flaw.HS256:
            public = _private(number).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return _by_hand(
                header | {"alg": "HS256"}, claims, lambda signed: hmac.digest(public, signed, hashlib.sha256)
            )
        if flaw is Flaw.NONE:
            return _by_hand(header | {"alg": "none"}, claims, lambda _: b"")
        token = jwt.encode(claims, _private(number), algorithm="RS256", headers=header)
        return _tampered(token, claims) if flaw is Flaw.TAMPERED else token


def _claims(issuer: str, audience: str, service_url: str, flaw: Flaw | None) -> Fields:
    # A bot looks at its own clock, which no test moves on: the token's times are real.
    now = int(time.time())
    claims: Fields = {
        "serviceurl": service_url,
        "iss": issuer,
        "aud": audience,
        "nbf": now - 300,
        "exp": now + LIFE_S,
    }
    match flaw:
        case Flaw.AUDIENCE:
            claims["aud"] = "another-app"
        case Flaw.ISSUER:
            claims["iss"] = "https://sts.example.org/"
        case Flaw.EXPIRED:
            claims |= {"nbf": now - LONG_AGO_S - LIFE_S, "exp": now - LONG_AGO_S}
        case Flaw.NOT_YET:
            claims |= {"nbf": now + LONG_AGO_S, "exp": now + LONG_AGO_S + LIFE_S}
        case Flaw.NO_EXP:
            del claims["exp"]
        case Flaw.SERVICE_URL:
            claims["serviceurl"] = "https://smba.example.org/emea/"
        case Flaw.NO_SERVICE_URL:
            del claims["serviceurl"]
        case _:
            pass
    return claims


@cache
def _private(number: int) -> RSAPrivateKey:
    """A key; making one takes a while, so that every double of a process has the same."""
    assert number
    return generate_private_key(public_exponent=65537, key_size=2048)


def _key_id(number: int) -> str:
    return f"key-{number}"


def _jwk(number: int, endorsements: list[str]) -> Fields:
    public = RSAAlgorithm.to_jwk(_private(number).public_key(), as_dict=True)
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": _key_id(number),
        "x5t": _key_id(number),
        "n": public["n"],
        "e": public["e"],
        "endorsements": endorsements,
    }


def _by_hand(header: Fields, claims: Fields, sign: Callable[[bytes], bytes]) -> str:
    signed = f"{_packed({'typ': 'JWT'} | header)}.{_packed(claims)}"
    return f"{signed}.{_base64(sign(signed.encode()))}"


def _tampered(token: str, claims: Fields) -> str:
    head, _, signature = token.split(".")
    return f"{head}.{_packed(claims | {'exp': claims['exp'] + 1})}.{signature}"


def _packed(value: Fields) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
