"""A customer's words are kept without what could name them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.customers.rules import redacted


@pytest.mark.parametrize(
    "address",
    [
        "ada@northwater.example",
        "Ada.Lovelace+bills@mail.northwater.co.uk",
        "ada_l@nw-water.example",
        "ÄDA@wässer.example",
    ],
)
def test_an_e_mail_address_is_hidden(address: str) -> None:
    assert redacted(f"Write to {address}, please.") == "Write to …, please."


@pytest.mark.parametrize(
    "number",
    [
        "020 7946 0958",
        "(020) 7946 0958",
        "02079460958",
        "07700 900123",
        "07700-900-123",
        "+44 20 7946 0958",
        "+44 (0)20 7946 0958",
        "020/7946/0958",
        "020.7946.0958",
        "7946 0958",
        "555-010-9999",
    ],
)
def test_a_phone_number_is_hidden(number: str) -> None:
    assert redacted(f"Call me on {number} after six.") == "Call me on … after six."


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "4111111111111111",
        "378282246310005",
        "12345678",
        "123456",
        "20-00-00 12345678",
        "60161331",
        "NW12345678",
        "GB29 NWBK 6016 1331 9268 19",
    ],
)
def test_a_card_or_account_number_is_hidden(number: str) -> None:
    assert redacted(f"It is {number}.") == "It is …."


@pytest.mark.parametrize(
    "words",
    [
        "I took a second morning off for this.",
        "It cost me £15,000 and 20 minutes.",
        "That is £150000 a year, or €1250000.50.",
        "3 of 8 jobs were late",
        "See B-7 and A-104, item 3.2",
        "They came on 24 Nov 2026 at 09:15, not on 2026-11-18.",
        "Promised for 24/11/2026, then for 3.12.2026.",
        "From 2025-12-24 to 2026-01-02 nobody called.",
        "Van 12, 8-10 in the morning",
        "on 3 - 4 - 5 occasions",
        "12 (3) 4 times",
        "1,200,000 litres",
        "80% of 12345 calls",
        "He said (2 times) that 10/12 are done",
        "@Dana was kind",
        "9.30 - 10.30 each day",
    ],
)
def test_dates_amounts_and_codes_are_kept(words: str) -> None:
    assert redacted(words) == words


def test_everything_in_a_sentence_is_hidden_at_once() -> None:
    words = "Ada (ada@northwater.example, 020 7946 0958), account 12345678, paid £40 on 2026-11-20."
    assert redacted(words) == "Ada (…, …), account …, paid £40 on 2026-11-20."


@given(st.text(max_size=60))
def test_hiding_twice_hides_nothing_more(words: str) -> None:
    assert redacted(redacted(words)) == redacted(words)


@given(st.text(alphabet="0123456789 +-()/.@£ax", max_size=40))
def test_hiding_figures_twice_hides_nothing_more(words: str) -> None:
    assert redacted(redacted(words)) == redacted(words)


@given(st.text(alphabet="abc XYZ,.!?'\n", max_size=60))
def test_plain_words_are_kept_letter_by_letter(words: str) -> None:
    assert redacted(words) == words


@given(st.text(alphabet="abc ,", max_size=20), st.text(alphabet=" ,abc", max_size=20))
def test_no_address_is_left_wherever_it_stands(before: str, after: str) -> None:
    assert "@" not in redacted(f"{before} ada@northwater.example {after}")


@given(st.integers(min_value=10**10, max_value=10**16 - 1), st.sampled_from(["", " ", "-"]), st.integers(2, 5))
def test_no_long_number_is_left_however_it_is_grouped(number: int, sign: str, size: int) -> None:
    figures = str(number)
    grouped = sign.join(figures[n : n + size] for n in range(0, len(figures), size))
    assert not re.search(r"\d{2}", redacted(f"It is {grouped} then"))
