"""The vault: what only the bot may read is sealed before it is stored, each secret for its own place alone."""

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.settings import SettingsError
from storage.errors import BotError

NAME = "FOLKMOOT_SECRET_KEYS"
KEY_BYTES = 32  # AES-256
NONCE_BYTES = 12  # NIST SP 800-38D section 8.2.2: chosen by chance for each text
HOW = "write a name, a colon and 32 random bytes in base64, as in: k1:$(head -c 32 /dev/urandom | base64)"

_VERSION = "v1"
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")


class CannotOpen(BotError):
    """A sealed text can't be read: its key is not there, or it was sealed for another place, or changed."""


class Vault:
    """Seals with the first of its keys, opens with any of them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}

    @classmethod
    def from_text(cls, keys: str) -> "Vault":
        """With keys as in `k2:base64,k1:base64`; without any it only refuses. Raises: SettingsError."""
        return cls(_read(keys))

    @property
    def is_empty(self) -> bool:
        """Whether there is no key at all."""
        return not self._keys

    def seal(self, text: str, context: str) -> str:
        """`text` for the place that `context` names: `v1.<key>.<base64>`. Raises: SettingsError without a key."""
        if self.is_empty:
            raise SettingsError(f"{NAME} is not set, so Slack's tokens can't be kept; {HOW}")
        key_id, key = next(iter(self._keys.items()))
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + key.encrypt(nonce, text.encode(), _bound(key_id, context))
        return f"{_VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, sealed: str, context: str) -> str:
        """The text that was sealed for this place. Raises: CannotOpen."""
        key_id, body = _parts(sealed)
        key = self._keys.get(key_id)
        if key is None:
            raise CannotOpen(f"it was sealed with the key {key_id!r}, which is not in {NAME}; add that key again")
        try:
            return key.decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], _bound(key_id, context)).decode()
        except (InvalidTag, ValueError) as problem:
            raise CannotOpen(
                f"it does not open with the key {key_id!r} of {NAME}: that is another key by now, "
                "or what was stored was changed or moved"
            ) from problem

    def is_current(self, sealed: str) -> bool:
        """Whether it was sealed with the key that seals now; what was not is to be sealed anew."""
        return sealed.startswith(f"{_VERSION}.{next(iter(self._keys), '')}.")


def _bound(key_id: str, context: str) -> bytes:
    """What a sealed text is tied to, so that it opens nowhere else."""
    return f"{_VERSION}.{key_id}.{context}".encode()


def _parts(sealed: str) -> tuple[str, bytes]:
    version, _, rest = sealed.partition(".")
    key_id, _, body = rest.partition(".")
    try:
        found = base64.b64decode(body, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as problem:
        raise CannotOpen("what was stored is damaged") from problem
    if version != _VERSION or not _KEY_ID.fullmatch(key_id) or len(found) <= NONCE_BYTES:
        raise CannotOpen("what was stored is damaged, or was sealed by a newer Folkmoot")
    return key_id, found


def _read(text: str) -> dict[str, bytes]:
    """The keys of the setting, in its order; a mistake is named by its place, never by what stands there."""
    found: dict[str, bytes] = {}
    for place, each in enumerate(filter(None, (part.strip() for part in text.split(","))), 1):
        key_id, colon, value = each.partition(":")
        if not colon or not _KEY_ID.fullmatch(key_id):
            raise SettingsError(f"key {place} of {NAME} has no name before its colon; {HOW}")
        if key_id in found:
            raise SettingsError(f"key {place} of {NAME} has the name of another one; give each its own")
        found[key_id] = _key(value.strip(), place)
    return found


def _key(value: str, place: int) -> bytes:
    try:
        key = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        # Without its cause: that may hold a part of the key.
        raise SettingsError(f"key {place} of {NAME} is not 32 bytes in base64; {HOW}") from None
    return key
