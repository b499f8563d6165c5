"""Meetings in which anything happens in any order: what holds of every one of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count, pairwise
from random import Random

import pytest

from bot.chat.cards import Card
from bot.chat.forms import Form, OneOf
from bot.ports import Action, Incoming, Press, Sender, Submission, Text
from storage.agenda import OPEN, AgendaItem
from storage.meetings import RUNNING, CouncilMeeting
from tests.meeting.hall import BEGINS, Hall
from tests.support.reading import button_of, labels_of

PURPOSES = tuple(AgendaItem.Purpose)
PEOPLE = ("ann", "raj", "bea", "dov", "mia", "ivo", "fin")
_NUMBERS = count(1)


@dataclass(slots=True)
class AnyMeeting:
    """Somebody who does what comes to their mind, and what the meeting must look like then."""

    hall: Hall
    random: Random
    now: datetime = BEGINS
    recess: timedelta = timedelta()
    stopped_at: datetime | None = None

    async def does(self, who: str, what: str | Action) -> Card | Form | None:
        """Nothing is sent: only what is written down counts here."""
        action = Text(what) if isinstance(what, str) else what
        incoming = Incoming(
            "local", "local", f"any-{next(_NUMBERS)}", f"dm-{who}", True, _sender(who), action
        )  # fmt: skip
        answer = await self.hall.house.dispatcher.handle(incoming)
        return None if answer is None else answer.content

    async def time_passes(self) -> None:
        self.now += timedelta(seconds=self.random.randint(0, 400))
        self.hall.house.clock.move_to(self.now)

    async def step(self) -> None:
        """One thing that somebody does, with some time before it."""
        await self.time_passes()
        deeds: list[Callable[[], str]] = [
            lambda: "/council next", lambda: "/council next", lambda: "/council extend 3", lambda: "/council recess",
            lambda: "/council resume", lambda: f"/council item {self.random.randint(1, 9)}",
            lambda: f"/council item 7.{self.random.randint(1, 3)}",
        ]  # fmt: skip
        if self.random.random() < 0.4:
            verb = self.random.choice(["here", "here", "leave"])
            await self.does(self.random.choice(PEOPLE), f"/council {verb}")
        else:
            await self.does(self.random.choice(["cora", "sev"]), self.random.choice(deeds)())
        await self._look()

    async def _look(self) -> None:
        state = (await self.hall.meeting()).state
        if state is CouncilMeeting.State.IN_RECESS and self.stopped_at is None:
            self.stopped_at = self.now
        if state is CouncilMeeting.State.IN_SESSION and self.stopped_at is not None:
            self.recess += self.now - self.stopped_at
            self.stopped_at = None

    async def ends(self) -> None:
        """As proposed, or whatever is chosen for each."""
        await self.time_passes()
        if self.stopped_at is not None:
            self.recess += self.now - self.stopped_at
        card = await self.does("cora", "/council end")
        for _ in range(4):
            if (await self.hall.meeting()).state not in RUNNING:
                return
            assert isinstance(card, Card)
            if self.random.random() < 0.5 and "As proposed" in labels_of(card):
                button = button_of(card, "As proposed")
                card = await self.does("cora", Press(button.verb, button.ids))
            else:
                button = button_of(card, "Choose for each")
                form = await self.does("cora", Press(button.verb, button.ids))
                assert isinstance(form, Form)
                card = await self.does("cora", Submission(form.verb, self._chosen(form), form.ids))
        assert (await self.hall.meeting()).state not in RUNNING

    def _chosen(self, form: Form) -> dict[str, str]:
        return {
            each.id: self.random.choice(each.options).value if isinstance(each, OneOf) else "" for each in form.inputs
        }


@pytest.mark.req("S2-08", "S2-15")
@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(each, marks=pytest.mark.slow) for each in range(2, 6))])
async def test_whatever_happens_the_time_adds_up_and_nothing_is_lost(hall: Hall, seed: int) -> None:
    random = Random(seed)  # noqa: S311 - a story, no secret
    mia = await hall.person("Mia")
    for number in range(random.randint(0, 3)):
        await hall.put(f"Item {number}", purpose=random.choice(PURPOSES), deferrals=random.choice([0, 1, 2]),
                       owner_id=random.choice([None, mia.id]), consent=random.random() < 0.2)  # fmt: skip
    hall.house.clock.move_to(BEGINS)
    story = AnyMeeting(hall, random)
    await story.does("cora", "/council start")
    for _ in range(14):
        await story.step()
    await story.ends()
    await _time_adds_up(hall, story)
    await _nothing_is_lost(hall)
    await _nobody_is_in_two_places(hall)


async def _time_adds_up(hall: Hall, story: AnyMeeting) -> None:
    """Stretches follow each other without overlapping, and are the meeting but for its recesses."""
    meeting, stretches = await hall.meeting(), await hall.stretches()
    assert meeting.opened_at is not None
    assert meeting.adjourned_at == story.now
    assert all(each.to_at is not None and each.to_at >= each.from_at for each in stretches)
    assert all(one.to_at is not None and one.to_at <= other.from_at for one, other in pairwise(stretches))
    spent = sum((each.to_at - each.from_at for each in stretches if each.to_at is not None), timedelta())
    assert spent == meeting.adjourned_at - meeting.opened_at - story.recess
    assert stretches[0].section == 1


async def _nothing_is_lost(hall: Hall) -> None:
    """Nothing is open any more, and what was put off is on the next agenda exactly once."""
    items = await hall.items(hall.meeting_id)
    assert not [each.title for each in items if each.state in OPEN]
    put_off = sorted(each.id for each in items if each.state is AgendaItem.State.DEFERRED)
    again = await hall.items((await hall.following()).id)
    assert sorted(each.carried_from_id or 0 for each in again if each.kind is AgendaItem.Kind.ITEM) == put_off
    assert all(each.deferrals <= 2 for each in again)


async def _nobody_is_in_two_places(hall: Hall) -> None:
    stays: dict[int, list[tuple[datetime, datetime]]] = {}
    for each in await hall.presences():
        assert each.to_at is not None
        stays.setdefault(each.attendance_id, []).append((each.from_at, each.to_at))
    for mine in stays.values():
        assert all(one[1] <= other[0] for one, other in pairwise(sorted(mine)))


def _sender(who: str) -> Sender:
    return Sender(who, who.title(), "Europe/London")
