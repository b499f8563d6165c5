"""The Undo button: who may press it, for how long, and what it takes back."""

from datetime import timedelta

from sqlmodel import select

from bot.chat.cards import Button, Card
from bot.chat.replies import Answer
from bot.dispatch import Dispatcher
from bot.ports import Press
from schedules.delivery import Delivery
from schedules.simulated import SimulatedClock
from storage.engine import Database
from storage.people import Person
from tests.support.company import NOON, Company, a_company, acting, an_event
from tests.support.fake_chat import FakeChat
from tests.support.notebook import NOTEBOOK, words_in
from tests.support.reading import button_of, words_of


class Scene:
    """A company, its dispatcher, a platform and the clock."""

    def __init__(self, database: Database, company: Company) -> None:
        self.database, self.company = database, company
        self.clock = SimulatedClock(NOON)
        self.chat = FakeChat()
        self.dispatcher = Dispatcher(database, NOTEBOOK, self.clock)
        self.delivery = Delivery(database, {"fake": self.chat}, NOTEBOOK.views, self.clock, name="worker")

    async def do(self, who: str, what: str | Press, event: str) -> Card:
        """Somebody acts, everything is delivered, and this is the answer."""
        answer = await self.dispatcher.handle(an_event(who, what, event=event))
        await self.delivery.drain()
        assert isinstance(answer, Answer)
        assert isinstance(answer.content, Card)
        return answer.content

    async def undo(self, who: str, card: Card, event: str = "undo") -> str:
        """Somebody presses Undo on an answer, and this is what they read."""
        button: Button = button_of(card, "Undo")
        return words_of(await self.do(who, Press(button.verb, button.ids), event))

    async def notes(self) -> list[str]:
        async with self.database.read(self.company.id) as tx:
            return await words_in(tx)


async def a_scene(database: Database) -> Scene:
    return Scene(database, await a_company(database))


UNDONE = "Undone. Everything is as it was before."


async def test_undo_takes_the_note_and_its_message_back(database: Database) -> None:
    scene = await a_scene(database)
    noted = await scene.do("ada", "the bill was wrong", "note")
    assert scene.chat.words == ["the bill was wrong"]
    assert await scene.undo("ada", noted) == UNDONE
    assert await scene.notes() == []
    assert scene.chat.words == []


async def test_undo_shows_again_what_was_there_before(database: Database) -> None:
    scene = await a_scene(database)
    await scene.do("ada", "hot", "note")
    loud = await scene.do("ada", Press("note.shout", {"note": "1"}), "press")
    assert scene.chat.words == ["HOT"]
    assert await scene.undo("ada", loud) == UNDONE
    assert scene.chat.words == ["hot"]


async def test_a_newcomer_may_undo_their_first_words_and_stays_registered(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ben", "hello", "note")
    assert await scene.undo("ben", noted) == UNDONE
    assert await scene.notes() == []
    async with sqlite.read(scene.company.id) as tx:
        assert await tx.first(select(Person).where(Person.name == "Ben")) is not None


async def test_the_first_words_in_a_new_room_may_be_undone(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    assert await scene.undo("ada", noted) == UNDONE


async def test_nobody_undoes_what_somebody_else_did(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    assert await scene.undo("dana", noted) == "Only the person who did it can undo it. Nothing was changed."
    assert await scene.notes() == ["hello"]


async def test_undo_ends_after_five_minutes(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    scene.clock.move_to(NOON + timedelta(minutes=5, seconds=1))
    assert "those are over. Nothing was changed" in await scene.undo("ada", noted)
    assert await scene.notes() == ["hello"]


async def test_undo_twice_is_undone_once(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    await scene.undo("ada", noted)
    assert await scene.undo("ada", noted, "undo again") == "That was undone already. Nothing was changed."


async def test_undo_leaves_alone_what_somebody_has_changed_since(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    await scene.do("dana", Press("note.more", {"note": "1"}), "press")
    assert "This has changed since" in await scene.undo("ada", noted)
    assert await scene.notes() == ["hello!"]


async def test_the_number_of_a_code_is_not_given_again_after_undo(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    noted = await scene.do("ada", "hello", "note")
    await scene.undo("ada", noted)
    assert words_of(await scene.do("ada", "hello again", "later")).startswith("V-2 noted")


async def test_undo_of_an_event_of_another_company_is_refused(sqlite: Database) -> None:
    scene = await a_scene(sqlite)
    await a_company(sqlite, "Southgas", people=("Sue",))
    noted = await scene.do("ada", "hello", "note")
    button = button_of(noted, "Undo")
    elsewhere = an_event("sue", Press("undo", button.ids), company="Southgas")
    answer = await scene.dispatcher.handle(elsewhere)
    assert answer is not None
    assert "Nothing was changed" in words_of(answer.content)  # type: ignore[arg-type]
    async with acting(sqlite, scene.company) as tx:
        assert await words_in(tx) == ["hello"]
