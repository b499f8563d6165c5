"""What a platform says of its members is kept, and the huddles follow where they live."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select

from bot.listening import UnknownTenant
from bot.ports import Profile
from storage.cadences import Cadence
from storage.engine import Database
from storage.huddles import Huddle
from storage.organisations import Install
from storage.people import Account, Person
from tests.support.field_dispatch import NORTHWATER, FieldDispatch, field_dispatch

MONDAY = datetime(2026, 11, 23, 6, tzinfo=UTC)

HUDDLE = col(Cadence.kind) == "huddle.open"


async def amy(here: FieldDispatch) -> tuple[Install, Account, Person]:
    """Amy, her account, and where that is."""
    async with here.database.read(NORTHWATER) as tx:
        account = await tx.first(select(Account).where(Account.external_id == "amy"))
        assert account is not None
        person = await tx.need(Person, account.person_id)
        return await tx.need(Install, account.install_id), account, person


async def learn(here: FieldDispatch, **told: object) -> Person:
    """The platform says something of Amy; she, afterwards."""
    install, account, _ = await amy(here)
    profile = Profile(account.external_id, **told)  # type: ignore[arg-type]  # each test names what it says
    await here.dispatcher.learn(install.platform, install.external_id, profile)
    return (await amy(here))[2]


async def test_a_name_and_a_zone_are_kept_and_what_is_not_said_stays(database: Database) -> None:
    here = await field_dispatch(database, MONDAY)
    moved = await learn(here, name="Amy Chen", zone="America/New_York")
    assert (moved.name, moved.zone) == ("Amy Chen", "America/New_York")
    same = await learn(here)
    assert (same.name, same.zone) == ("Amy Chen", "America/New_York")


async def test_a_zone_that_does_not_exist_is_not_believed(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    assert (await learn(here, zone="Mars/Olympus")).zone == "Europe/London"


async def test_who_left_is_not_asked_and_who_comes_back_is(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    gone = await learn(here, is_active=False)
    assert (gone.active, (await amy(here))[1].reachable) == (False, False)
    back = await learn(here)
    assert (back.active, (await amy(here))[1].reachable) == (True, True)


async def test_who_left_gets_no_prompt(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    await learn(here, is_active=False)
    await here.until(MONDAY.replace(hour=9, minute=16))
    assert "amy" not in here.asked
    assert here.asked


async def test_a_huddle_at_local_times_begins_earlier_when_somebody_moves_east(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    async with sqlite.write(NORTHWATER) as tx:
        tx.acts_for(by=None, event_id=None, now=MONDAY)
        (huddle,) = await tx.all(select(Huddle))
        huddle.mode = Huddle.Mode.LOCAL
    before = await _rhythm(sqlite)
    await learn(here, zone="Asia/Tokyo")
    after = await _rhythm(sqlite)
    assert (before, after) == ("Europe/London", "Asia/Tokyo")


async def test_a_huddle_whose_first_zone_stays_keeps_its_rhythm_untouched(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    async with sqlite.read(NORTHWATER) as tx:
        before = await tx.all(select(Cadence.revision).where(HUDDLE))
    await learn(here, zone="Asia/Tokyo")  # this huddle is held at once, by the team's own clock
    async with sqlite.read(NORTHWATER) as tx:
        assert await tx.all(select(Cadence.revision).where(HUDDLE)) == before


async def test_members_whom_the_bot_does_not_know_are_not_kept(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    install, _, _ = await amy(here)
    await here.dispatcher.learn(install.platform, install.external_id, Profile("somebody", "Some Body"))
    async with sqlite.read(NORTHWATER) as tx:
        assert await tx.all(select(Account).where(col(Account.external_id) == "somebody")) == []


async def test_another_workspace_with_the_same_member_changes_nothing_here(sqlite: Database) -> None:
    here = await field_dispatch(sqlite, MONDAY)
    install, account, before = await amy(here)
    with pytest.raises(UnknownTenant):
        await here.dispatcher.learn(install.platform, "elsewhere", Profile(account.external_id, "Mallory"))
    assert (await amy(here))[2].name == before.name


async def _rhythm(database: Database) -> str:
    async with database.read(NORTHWATER) as tx:
        (zone,) = await tx.all(select(Cadence.zone).where(HUDDLE))
    return zone
