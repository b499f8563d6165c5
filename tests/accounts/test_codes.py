"""Codes: they prove that both accounts are in one hand, once, for ten minutes, and can't be guessed."""

import asyncio
import re

import pytest
from sqlmodel import col, select

from bot.chat.cards import Card
from storage.accounts import AccountCode
from storage.engine import Database
from storage.events import EventSeen
from storage.people import Account, Person, Role
from storage.tx import SYSTEM
from tests.accounts.desks import Desks, labels, two_desks
from tests.support.company import NOON
from tests.support.reading import words_of


@pytest.fixture
async def desks(sqlite: Database) -> Desks:
    made = await two_desks(sqlite)
    await made.says("slack", "ben", "/account")
    return made


async def both(desks: Desks) -> tuple[Person, Person]:
    return await desks.person("slack", "ben"), await desks.person("teams", "ben")


async def test_a_code_from_the_new_account_typed_in_the_old_one_makes_them_one(desks: Desks) -> None:
    old = await desks.person("slack", "ben")
    assert "Your Slack and Teams accounts are one now" in await desks.join("ben")
    assert [each.id for each in await both(desks)] == [old.id, old.id]
    assert "Slack (Northwater), here" in await desks.says("slack", "ben", "/account")
    assert "Teams (Northwater), here" in await desks.says("teams", "ben", "/account")


async def test_neither_the_code_nor_the_answer_with_it_is_kept(desks: Desks) -> None:
    code = await desks.code("teams", "ben")
    (row,) = await desks.all(select(AccountCode))
    assert code not in row.code_hash
    assert all(code not in str(each.answer) for each in await desks.all(select(EventSeen)))


@pytest.mark.parametrize("spelled", ["{}", " {} ", "{}.", "{lower}", "{first} {second}", "{first}-{second}"])
async def test_however_it_is_spelled(desks: Desks, spelled: str) -> None:
    code = await desks.code("teams", "ben")
    typed = spelled.format(code, lower=code.lower(), first=code[:4], second=code[4:])
    assert "are one now" in await desks.says("slack", "ben", f"/account join {typed}")


async def test_the_line_that_is_shown_works_as_it_stands_on_every_platform(desks: Desks) -> None:
    shown = await desks.does("teams", "ben", "/account join")
    (line,) = re.findall(r"account join [A-Z0-9]{8}", words_of(shown))
    assert "are one now" in await desks.says("slack", "ben", line)


async def test_a_wrong_code_joins_nothing_and_five_of_them_mean_an_hour_s_rest(desks: Desks) -> None:
    code = await desks.code("teams", "ben")
    read = [await desks.says("slack", "ben", "/account join BBBBBBBB") for _ in range(5)]
    assert "you have 4 more tries" in read[0]
    assert "you have 1 more try" in read[3]
    assert "try again in an hour" in read[4]
    assert "Five codes were wrong" in await desks.says("slack", "ben", f"/account join {code}")
    old, new = await both(desks)
    assert old.id != new.id
    await desks.an_hour_later()
    assert "are one now" in await desks.says("slack", "ben", f"/account join {code}")


async def test_a_right_code_begins_the_count_anew(desks: Desks) -> None:
    for _ in range(4):
        await desks.says("slack", "ben", "/account join BBBBBBBB")
    await desks.join("ben")
    assert "you have 4 more tries" in await desks.says("slack", "ben", "/account join BBBBBBBB")


async def test_a_code_works_for_ten_minutes(desks: Desks) -> None:
    code = await desks.code("teams", "ben")
    await desks.ten_minutes_later()
    assert "worked until 3 minutes ago" in await desks.says("slack", "ben", f"/account join {code}")
    old, new = await both(desks)
    assert old.id != new.id


async def test_a_code_works_once(desks: Desks) -> None:
    code = await desks.code("teams", "ben")
    await desks.says("slack", "ben", f"/account join {code}")
    assert "used already" in await desks.says("slack", "ben", f"/account join {code}")
    assert "used already" in await desks.says("slack", "cem", f"/account join {code}")


async def test_a_new_code_takes_the_old_one_s_place(desks: Desks) -> None:
    first = await desks.code("teams", "ben")
    second = await desks.code("teams", "ben")
    assert "worked until" in await desks.says("slack", "ben", f"/account join {first}")
    assert "are one now" in await desks.says("slack", "ben", f"/account join {second}")


async def test_a_code_typed_in_its_own_account_says_where_it_belongs(desks: Desks) -> None:
    code = await desks.code("teams", "ben")
    assert "Please type it in your other account" in await desks.says("teams", "ben", f"/account join {code}")
    assert "are one now" in await desks.says("slack", "ben", f"/account join {code}")


async def test_somebody_of_another_name_is_asked_before_anything_is_joined(desks: Desks) -> None:
    code = await desks.code("teams", "mallory")
    asked = await desks.does("slack", "ben", f"/account join {code}")
    assert "from the account of Mallory on Teams. Is that you?" in words_of(asked)
    assert (await desks.person("teams", "mallory")).name == "Mallory"
    assert "used already" in await desks.says("slack", "cem", f"/account join {code}")
    assert "Nothing was joined" in await desks.presses("slack", "ben", asked, "No")
    assert "used already" in await desks.presses("slack", "ben", asked, "Yes, join them")
    assert (await desks.person("teams", "mallory")).name == "Mallory"


async def test_who_says_yes_is_joined_and_nobody_else_can_say_it(desks: Desks) -> None:
    code = await desks.code("teams", "benjamin")
    asked = await desks.does("slack", "ben", f"/account join {code}")
    assert "used already" in await desks.presses("slack", "cem", asked, "Yes, join them")
    assert "are one now" in await desks.presses("slack", "ben", asked, "Yes, join them")
    assert (await desks.person("teams", "benjamin")).id == (await desks.person("slack", "ben")).id
    assert "used already" in await desks.presses("slack", "ben", asked, "Yes, join them")
    assert "yours already" in await desks.presses("slack", "ben", asked, "No")


async def test_yes_comes_too_late_after_ten_minutes(desks: Desks) -> None:
    code = await desks.code("teams", "benjamin")
    asked = await desks.does("slack", "ben", f"/account join {code}")
    await desks.ten_minutes_later()
    assert "worked until" in await desks.presses("slack", "ben", asked, "Yes, join them")


async def test_two_who_type_it_at_once_do_not_both_get_it(desks: Desks) -> None:
    await desks.says("slack", "benjamin", "/account")
    code = await desks.code("teams", "ben")
    line = f"/account join {code}"
    answers = await asyncio.gather(desks.hands_in("slack", "ben", line), desks.hands_in("slack", "ben", line))
    read = sorted(words_of(each.content) for each in answers if each is not None and isinstance(each.content, Card))
    assert "are one now" in read[0]
    assert "used already" in read[1]


async def test_a_guest_and_a_member_are_never_joined(desks: Desks) -> None:
    async with desks.database.write(desks.organisation) as tx:
        tx.acts_for(by=None, event_id=None, now=NOON)
        gus = Person(name="Ben", zone="Europe/London", prefers="teams", is_external=True)
        tx.add(gus)
        await tx.flush()
        tx.add(Account(person_id=gus.id, install_id=2, external_id="gus"))
    code = await desks.code("teams", "gus")
    read = await desks.says("slack", "ben", f"/account join {code}")
    assert "the other account is a guest, so they can't be joined" in read
    back = await desks.code("slack", "ben")
    assert "You are a guest here" in await desks.says("teams", "gus", f"/account join {back}")


async def test_two_accounts_on_one_platform_are_not_joined(desks: Desks) -> None:
    code = await desks.code("slack", "ben")
    await desks.says("slack", "ben2", "/account")
    await desks.changes(Person, name="Ben")
    assert "accounts of different platforms only" in await desks.says("slack", "ben2", f"/account join {code}")


async def test_somebody_with_both_already_has_nothing_to_join(desks: Desks) -> None:
    await desks.join("ben")
    assert "Both accounts are yours already" in await desks.says("teams", "ben", "/account join")


async def test_only_an_administrator_pairs(desks: Desks) -> None:
    assert "Only an administrator" in await desks.says("slack", "ben", "/account pair")
    code = await desks.code("slack", "ada", "pair")
    assert "is a code of Northwater itself" in await desks.says("slack", "ada", f"/account pair {code}")
    assert "no such code" in await desks.says("slack", "ada", f"/account join {code}")


async def test_roles_come_along(desks: Desks) -> None:
    assert "are one now" in await desks.says("teams", "ada", f"/account join {await desks.code('slack', 'ada')}")
    ada = await desks.person("teams", "ada")
    async with desks.database.read(SYSTEM) as tx:
        assert await tx.all(select(col(Role.person_id))) == [ada.id]


async def test_where_i_am_on_one_platform_there_is_nothing_to_join(sqlite: Database) -> None:
    alone = await two_desks(sqlite, platforms=("slack",))
    assert "I am on one platform here" in await alone.says("slack", "ben", "/account join")
    assert labels(await alone.does("slack", "ben", "/account")) == []
