"""What forty people do in a month: who answers when, who is away, what gets in the way, what is to be done."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random
from zoneinfo import ZoneInfo

from bot.chat.cards import Button, Card, LinkButton, buttons_of
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Action, Incoming, Press, Sender, Submission, Text
from tests.simulation.forty import CREWS, PLATFORM, TENANT, Crew, Diary

DAY = timedelta(days=1)
SATURDAY = 5
ON_TIME, LATE = 0.74, 0.12  # of those who are asked; the others are silent
BLOCKED, HEARD = 0.05, 0.08  # of the answers: something is in the way, a customer said something
WORK = (
    "Check eight calls", "Send the text to Billing", "Book the desks", "Order meter seals", "Call back three customers",
    "Read last week's fault notes", "Plan the January rota", "Test the new questions",
)  # fmt: skip
FOCUS = ("Last Mill Lane job before noon", "Close the open invoices", "Two repeat visits at Harbour Road", "The rota")
OBSTACLES = ("No fault details on three jobs", "Van 12 is out of seals", "Waiting for the list from IT", "No desk free")
WORDS = ("He was kind, but nobody had told him what was wrong.", "She thanked us for calling back the same day.")


@dataclass(slots=True)
class Crowd:
    """Does what people do, through the doors that people use."""

    dispatcher: Dispatcher
    chat: Diary
    _numbers: Iterator[int] = field(default_factory=count)

    async def say(self, who: str, line: str, *, room: str = "") -> Answer | None:
        """Somebody types a line."""
        return await self.do(who, Text(line), room=room)

    async def do(self, who: str, what: Action, *, room: str = "") -> Answer | None:
        """Somebody does something in direct messages, or in a room."""
        account = who.lower()
        return await self.dispatcher.handle(
            Incoming(
                platform=PLATFORM,
                tenant=TENANT,
                event_id=f"did-{next(self._numbers)}",
                conversation=room or f"dm-{account}",
                is_direct=not room,
                sender=Sender(account, who, ""),
                action=what,
            )
        )

    async def press(self, who: str, verb: str, values: dict[str, str] | None = None) -> bool:
        """Somebody presses the newest button of a verb, and sends the form that it opens; False where there is none."""
        button = self._button(who, verb)
        if button is None:
            return False
        answer = await self.do(who, Press(button.verb, button.ids))
        if answer is not None and isinstance(answer.content, Form):
            form = answer.content
            kept = {each.id: each.value for each in form.inputs} | (values or {})
            await self.do(who, Submission(form.verb, kept, form.ids))
        return True

    def _button(self, who: str, verb: str) -> Button | None:
        cards = self.chat.cards(who.lower(), since=4 * DAY)
        return next((each for card in cards for each in _plain_buttons(card) if each.verb == verb), None)


def _plain_buttons(card: Card) -> list[Button]:
    return [each for each in buttons_of(card) if not isinstance(each, LinkButton)]


Deed = tuple[datetime, str, Callable[[Crowd], Awaitable[object]]]
"""When, in which order among those of one instant, and what."""


def deeds(begins_on: date, days: int, seed: int) -> list[Deed]:
    """Everything that people do, oldest first."""
    found: list[Deed] = []
    for crew in CREWS:
        for number, name in enumerate(crew.members):
            chance = Random(f"{seed} {name}")  # noqa: S311 - the same month each time, no secret
            person = _Person(crew, name, crew.zones[number % len(crew.zones)], chance, is_lead=number == 0)
            found += person.month(begins_on, days)
    return sorted(found, key=lambda deed: deed[:2])


@dataclass(slots=True)
class _Person:
    crew: Crew
    name: str
    zone: str
    chance: Random
    is_lead: bool

    def month(self, begins_on: date, days: int) -> list[Deed]:
        found = self._absence(begins_on, days)
        for on in (begins_on + n * DAY for n in range(days)):
            if on.weekday() < SATURDAY:
                found += [
                    *self._huddle(on),
                    *self._tasks(on),
                    *self._week(on),
                    *(self._leads(on) if self.is_lead else ()),
                ]
        return found

    def _absence(self, begins_on: date, days: int) -> list[Deed]:
        """Half of them are away for a while."""
        if self.chance.random() < 1 / 2:
            return []
        first = begins_on + self.chance.randrange(2, max(days, 3)) * DAY
        last = first + self.chance.randrange(5) * DAY
        line = f"away {first:%Y-%m-%d} to {last:%Y-%m-%d}"
        return [self._at(first - DAY, time(15, 40), lambda crowd: crowd.say(self.name, line))]

    def _huddle(self, on: date) -> list[Deed]:
        draw = self.chance.random()
        if draw > ON_TIME + LATE:
            return []
        minutes = self.chance.randrange(1, 14) if draw < ON_TIME else self.chance.randrange(60, 300)
        values = {"finished": self.chance.choice(WORK), "focus": self.chance.choice(FOCUS)}
        if self.chance.random() < BLOCKED:
            values["blocker"] = self.chance.choice(OBSTACLES)
        if self.chance.random() < HEARD:
            values["customer"] = self.chance.choice(WORDS)
        begins = datetime.combine(on, _hour(self.crew), tzinfo=ZoneInfo(self._huddle_zone()))
        at = begins + timedelta(minutes=minutes)
        if len(values) > 2 or self.chance.random() < 1 / 2:
            return [self._instant(at, lambda crowd: crowd.press(self.name, "huddle.form", values))]
        return [self._instant(at, _says(self.name, values["focus"]))]

    def _tasks(self, on: date) -> list[Deed]:
        """They look at what was asked of them, and at what is due."""
        found = [self._at(on, time(13, 30), lambda crowd: crowd.press(self.name, "action.accept"))]
        draw = self.chance.random()
        if draw < 0.5:
            found.append(self._at(on, time(15, 20), lambda crowd: crowd.press(self.name, "action.done")))
        elif draw < 0.6:
            later = {"due": f"{on + 7 * DAY:%Y-%m-%d}", "why": "waiting for parts"}
            found.append(self._at(on, time(15, 20), lambda crowd: crowd.press(self.name, "action.redate", later)))
        if self.chance.random() < 0.4:
            found.append(self._at(on, time(14, 45), lambda crowd: crowd.press(self.name, "blocker.solve")))
        return found

    def _week(self, on: date) -> list[Deed]:
        thursday = 3
        if on.weekday() != thursday or self.chance.random() > 0.7:
            return []
        return [self._at(on, time(16, 5), lambda crowd: crowd.press(self.name, "weekly.right"))]

    def _leads(self, on: date) -> list[Deed]:
        """A lead hands out work, helps with what is in the way, and confirms the week's plan."""
        found: list[Deed] = []
        for number in range(self.chance.randrange(3)):
            title, owner = self.chance.choice(WORK), self.chance.choice(self.crew.members)
            due = on + self.chance.randrange(1, 10) * DAY
            line = f'/action add "{title}" @{owner} due:{due:%Y-%m-%d}'
            found.append(self._at(on, time(11, number), _says(self.name, line)))
        if self.name == CREWS[-1].members[0] and on.isocalendar().week % 4 == 2 and on.weekday() == 1:
            found += [
                self._at(on, time(12, n), _says(self.name, f'/action add "Call desk {n}" @Zoe due:fri'))
                for n in range(9)
            ]
        if self.chance.random() < 0.7:
            found.append(self._at(on, time(10, 20), lambda crowd: crowd.press(self.name, "blocker.take")))
        friday = 4
        if on.weekday() == friday:
            found.append(self._at(on, time(11, 15), lambda crowd: crowd.press(self.name, "weekly.confirm")))
        return found

    def _huddle_zone(self) -> str:
        return self.zone if "mode:local" in self.crew.huddle else self.crew.zones[0]

    def _at(self, on: date, at: time, deed: Callable[[Crowd], Awaitable[object]]) -> Deed:
        return self._instant(datetime.combine(on, at, tzinfo=ZoneInfo(self.zone)), deed)

    def _instant(self, at: datetime, deed: Callable[[Crowd], Awaitable[object]]) -> Deed:
        return at.astimezone(ZoneInfo("UTC")), self.name, deed


def _says(who: str, line: str) -> Callable[[Crowd], Awaitable[object]]:
    return lambda crowd: crowd.say(who, line)


def _hour(crew: Crew) -> time:
    return time.fromisoformat(crew.huddle.split("at:")[1][:5])
