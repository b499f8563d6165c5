"""Blockers at Northwater: one that is there in some state, presses on it, and what stands about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from bot.chat.cards import Card
from bot.chat.replies import Answer
from bot.ports import Press, Submission
from storage.audit import AuditEvent
from storage.blockers import Blocker, BlockerAsk
from storage.people import Person
from storage.teams import Team
from storage.tx import SYSTEM
from tests.blockers.conftest import TUESDAY_NOON
from tests.support.reading import labels_of, words_of
from tests.support.workshop import Workshop

State = Blocker.State
TEXT = "3 of 8 jobs had no fault details"
RAISED = f'/huddle blocker "{TEXT}" dept:"Call centre"'


@dataclass(slots=True)
class Way:
    """B-1, raised by Cem of Field Dispatch and waiting for the call centre; Amy holds it where somebody does."""

    shop: Workshop

    async def put(self, state: State, *, held: bool = False, tier: int = 1) -> Blocker:
        """Writes it."""
        cem, amy = await self.shop.person("Cem"), await self.shop.person("Amy")
        team = await self.shop.row(Team, name="Field Dispatch")
        blocker = Blocker(
            code="B-1",
            text=TEXT,
            raised_by=cem.id,
            raised_on=TUESDAY_NOON.date() - timedelta(days=1),
            team_id=team.id,
            department_id=1,
            cross_department=True,
            taken_by=amy.id if held else None,
            state=state,
            tier=tier,
            told_tier=tier if tier > 1 else 0,
            resolved_at=TUESDAY_NOON - timedelta(hours=1) if state is State.RESOLVED else None,
        )
        async with self.shop.house.database.write(1) as tx:
            tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
            tx.add(blocker)
        return await self.now()

    async def now(self, code: str = "B-1") -> Blocker:
        """As it is."""
        return await self.shop.row(Blocker, code=code)

    async def press(self, who: str, verb: str, code: str = "B-1") -> str:
        """What somebody reads after a press on an older card, where the button still stands; a form by its title."""
        return await self._read(who, Press(verb, {"blocker": str((await self.now(code)).id)}))

    async def send(self, who: str, verb: str, values: Mapping[str, str], code: str = "B-1") -> str:
        """The same after a form."""
        return await self._read(who, Submission(verb, values, {"blocker": str((await self.now(code)).id)}))

    async def answer(self, who: str, blocker: str, **more: str) -> Answer | None:
        """Somebody sends the form of today's huddle, or changes what they sent."""
        prompt = next(post.card for post in reversed(self.shop.posts(who)) if ":prompt:" in post.key)
        label = next(each for each in labels_of(prompt) if each in {"Answer", "Change my answer"})
        form = await self.shop.opens(who, label, prompt)
        kept = {each.id: each.value for each in form.inputs} | {"focus": "Notes", "blocker": blocker, **more}
        return await self.shop.hand_in(who, Submission(form.verb, kept, form.ids))

    async def _read(self, who: str, action: Press | Submission) -> str:
        answer = await self.shop.ask(who, action)
        return words_of(answer.content) if isinstance(answer.content, Card) else answer.content.title

    async def entries(self) -> list[AuditEvent]:
        """What was written down, oldest first."""
        async with self.shop.house.database.read(SYSTEM) as tx:
            return list(await tx.all(select(AuditEvent).order_by(col(AuditEvent.id))))

    async def asked(self) -> list[tuple[str, int]]:
        """Who was asked on which tier, in order."""
        async with self.shop.house.database.read(SYSTEM) as tx:
            rows = await tx.columns(
                select(col(Person.name), col(BlockerAsk.tier))
                .join(BlockerAsk, col(BlockerAsk.person_id) == Person.id)
                .order_by(col(BlockerAsk.id))
            )
        return [*rows]

    async def person_change(self, name: str, **values: object) -> None:
        """Somebody is another one from here on."""
        async with self.shop.house.database.write(1) as tx:
            tx.acts_for(by=None, event_id=None, now=TUESDAY_NOON)
            (person,) = await tx.all(select(Person).where(Person.name == name))
            for key, value in values.items():
                setattr(person, key, value)

    async def until(self, at: datetime) -> None:
        """The bot runs until then."""
        await self.shop.until(at)

    def told(self, who: str) -> list[str]:
        """What somebody was told of blockers that went up, oldest first."""
        return [post.words for post in self.shop.posts(who) if post.key.startswith("blocker:up:")]
