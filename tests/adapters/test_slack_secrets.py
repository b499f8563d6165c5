"""The vault: what is sealed opens in its own place alone, keys rotate, and no error tells a key or a secret."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.secrets import CannotOpen, Vault
from bot.settings import SettingsError

OLD, NEW = base64.b64encode(b"o" * 32).decode(), base64.b64encode(b"n" * 32).decode()
HERE = "T0NORTH/slack_workspace.token"
TOKEN = "xoxb-north-1"


def vault(keys: str = f"k1:{OLD}") -> Vault:
    return Vault.from_text(keys)


@given(st.text(), st.text(max_size=80))
def test_what_is_sealed_opens_again(text: str, context: str) -> None:
    clean = text.encode("utf-8", "ignore").decode()
    place = context.encode("utf-8", "ignore").decode()
    assert vault().open(vault().seal(clean, place), place) == clean


def test_a_sealed_token_shows_its_key_and_nothing_of_itself() -> None:
    sealed = vault().seal(TOKEN, HERE)
    assert sealed.startswith("v1.k1.")
    assert TOKEN not in sealed
    assert sealed != vault().seal(TOKEN, HERE), "equal tokens look different"


@pytest.mark.parametrize("elsewhere", ["T0SOUTH/slack_workspace.token", "T0NORTH/slack_workspace.refresh_token", ""])
def test_a_token_that_is_moved_to_another_row_or_column_does_not_open(elsewhere: str) -> None:
    with pytest.raises(CannotOpen):
        vault().open(vault().seal(TOKEN, HERE), elsewhere)


def test_what_was_changed_does_not_open() -> None:
    sealed = vault().seal(TOKEN, HERE)
    head, body = sealed.rsplit(".", 1)
    raw = bytearray(base64.urlsafe_b64decode(body))
    for place in (0, 12, len(raw) - 1):
        changed = bytearray(raw)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            vault().open(f"{head}.{base64.urlsafe_b64encode(changed).decode()}", HERE)


@pytest.mark.parametrize("damaged", ["", "xoxb-plain", "v1.k1.", "v1.k1.!!!", "v1.k1.AAAA", "v2.k1.AAAA", "v1..AAAA"])
def test_what_is_no_sealed_text_is_refused_plainly(damaged: str) -> None:
    with pytest.raises(CannotOpen, match="damaged"):
        vault().open(damaged, HERE)


def test_the_first_key_seals_and_every_key_opens() -> None:
    sealed = vault().seal(TOKEN, HERE)
    rotating = vault(f"k2:{NEW}, k1:{OLD}")
    assert rotating.open(sealed, HERE) == TOKEN
    assert not rotating.is_current(sealed)
    assert rotating.seal(TOKEN, HERE).startswith("v1.k2.")
    assert rotating.is_current(rotating.seal(TOKEN, HERE))


def test_a_key_that_was_taken_away_is_named() -> None:
    with pytest.raises(CannotOpen, match="key 'k1', which is not in FOLKMOOT_SECRET_KEYS; add that key again"):
        vault(f"k2:{NEW}").open(vault().seal(TOKEN, HERE), HERE)


def test_another_key_under_the_same_name_is_noticed() -> None:
    with pytest.raises(CannotOpen, match="that is another key by now"):
        vault(f"k1:{NEW}").open(vault().seal(TOKEN, HERE), HERE)


def test_without_a_key_nothing_is_sealed_and_the_way_is_shown() -> None:
    with pytest.raises(SettingsError, match=r"FOLKMOOT_SECRET_KEYS is not set.*write a name, a colon and 32 random"):
        vault("").seal(TOKEN, HERE)


@pytest.mark.parametrize(("keys", "why"), [
    (OLD, "key 1 of FOLKMOOT_SECRET_KEYS has no name before its colon"),
    (f"my key:{OLD}", "key 1 of FOLKMOOT_SECRET_KEYS has no name"),
    (f"k1:{OLD},k2:dG9vIHNob3J0", "key 2 of FOLKMOOT_SECRET_KEYS is not 32 bytes in base64"),
    ("k1:not base64 ü", "key 1 of FOLKMOOT_SECRET_KEYS is not 32 bytes in base64"),
    (f"k1:{OLD},k1:{NEW}", "key 2 of FOLKMOOT_SECRET_KEYS has the name of another one"),
])  # fmt: skip
def test_a_key_that_can_not_be_read_is_named_by_its_place_and_never_shown(keys: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        vault(keys)
    shown = f"{caught.value!r} {caught.value.__cause__!r}"
    assert not any(secret in shown for secret in (OLD, NEW, "dG9vIHNob3J0", "not base64"))


def test_keys_may_be_written_in_either_alphabet_of_base64() -> None:
    key = bytes(range(224, 256))
    both = (base64.b64encode(key).decode(), base64.urlsafe_b64encode(key).decode())
    assert both[0] != both[1]
    sealed = vault(f"k1:{both[0]}").seal(TOKEN, HERE)
    assert vault(f"k1:{both[1]}").open(sealed, HERE) == TOKEN
