"""Takes what people do on Teams: hands it to the bot, and shows the answer where and how Teams can."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Protocol

import structlog

from adapters.teams import happenings, parse, views
from adapters.teams.adapter import CARD, TeamsChat
from adapters.teams.connector import Connector, Gone, Room
from adapters.teams.dialog import dialog, kept
from adapters.teams.directory import Directory
from adapters.teams.happenings import (
    Act,
    Channel,
    Happening,
    Installed,
    PressedOn,
    Renamed,
    Rewritten,
    SentForm,
    Typed,
    Where,
    Who,
)
from adapters.teams.members import Members
from adapters.teams.rooms import Rooms
from adapters.teams.wiring import PLATFORM, THREAD, Fields
from adapters.work import Work, at_last
from bot.chat.cards import Card, says
from bot.chat.forms import Form
from bot.chat.replies import Answer
from bot.ports import Action, ChatError, Incoming, MaybeSent, Profile, Refused, Sender, Text, TookTooLong
from storage.errors import DatabaseError

WITHIN_S = 4.0  # Teams waits 10 to 15 seconds, a person less
MEET_WITHIN_S = 4.0  # for the members of a channel
NEEDS_MEMBERS = "team"  # the verb whose form offers everybody in the room
ANSWERED_MOST = 10_000  # events whose redelivery is noticed
SENTENCE = "application/vnd.microsoft.activity.message"

log = structlog.get_logger()


class Core(Protocol):
    """The bot, as this platform needs it."""

    async def handle(self, incoming: Incoming, *, within_s: float | None = None) -> Answer | None:
        """Takes an event and gives the immediate answer."""
        ...

    async def home(self, platform: str, tenant: str, external_id: str, *, before_verbs: str = "/") -> Card | None:
        """A member's day, None for who never spoke with the bot."""
        ...

    async def rooms(self, platform: str, tenant: str, external_ids: Sequence[str], *, is_open: bool) -> None:
        """Keeps whether the bot may write in some rooms."""
        ...

    async def learn(self, platform: str, tenant: str, profile: Profile) -> None:
        """Keeps what is known of a member."""
        ...

    async def acquaint(self, platform: str, tenant: str, who: Sequence[Sender]) -> None:
        """Gets to know the members of a room."""
        ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """The HTTP answer; what else there is to do goes on after it. A message is answered without a body."""

    status: int = HTTPStatus.OK
    body: Fields = field(default_factory=dict)


class Desk:
    """One for each process."""

    def __init__(
        self, core: Core, chat: TeamsChat, connector: Connector, *, directory: Directory, members: Members, work: Work
    ) -> None:
        self._core = core
        self._chat = chat
        self._connector = connector
        self._directory = directory
        self._members = members
        self._rooms = Rooms(connector)
        self._work = work
        self._answered: OrderedDict[tuple[str, str, str], None] = OrderedDict()

    async def take(self, happened: Happening) -> Reaction:
        """Handles it, and says what Teams gets at once. Raises: DatabaseError."""
        match happened:
            case Installed(who, where, is_there=True):
                rooms = await self._directory.came(where, who)
                await self._core.rooms(PLATFORM, where.tenant, rooms, is_open=True)
                await self._appoint(where, who)
                if happened.greets and self._is_first(happened):
                    self._work.spawn("greeting", self._greet(happened))
                return Reaction()
            case Installed(who, where):
                rooms = await self._directory.went(where, who)
                await self._core.rooms(PLATFORM, where.tenant, rooms, is_open=False)
                return Reaction()
            case Renamed(where):
                await self._directory.renamed(where)
                return Reaction()
            case Channel(where, is_there):
                await self._directory.renamed(where)
                rooms = await self._directory.channel(where, is_there=is_there)
                await self._core.rooms(PLATFORM, where.tenant, rooms, is_open=is_there)
                return Reaction()
            case happenings.Members():
                return Reaction()  # who comes is met when they write, and who goes stays who they were
            case _:
                await self._directory.note(happened.where, happened.who)
        match happened:
            case Typed():
                return await self._typed(happened)
            case Rewritten():
                return await self._rewritten(happened)
            case PressedOn():
                return await self._pressed(happened)
            case SentForm():
                return await self._sent(happened)

    async def _appoint(self, where: Where, who: Who) -> None:
        """Who brought the app somewhere first runs it; where Teams does not say who that is, nobody does yet."""
        try:
            async with asyncio.timeout(WITHIN_S):
                await self._directory.appoint_first(where, await self._members.sender(where, who))
        except (ChatError, TimeoutError) as problem:
            log.warning("nobody_runs_the_bot", tenant=where.tenant, why=type(problem).__name__)

    async def _greet(self, came: Installed) -> None:
        """Says who the bot is, where it was just added."""
        where = came.where
        if where.is_direct:
            card = await self._core.home(PLATFORM, where.tenant, came.who.user) or views.hello()
        else:
            card = views.hello_everybody()
        room = Room(where.tenant, where.service_url, where.chosen or where.conversation)
        shown = await self._chat.activity(where.tenant, card)
        await at_last(lambda: self._connector.send(room, shown))

    async def _typed(self, typed: Typed) -> Reaction:
        try:
            await self._meet(typed)
            answer = await self._answer(typed, Text(typed.text))
        except (TookTooLong, ChatError, DatabaseError) as problem:
            # Not noted as answered: it may come again and be done after all, and that has to be told.
            self._work.spawn("answer", self._show(typed, Answer(says(_why(problem)))))
            return Reaction()
        if answer is None or not self._is_first(typed):
            return Reaction()
        if isinstance(answer.content, Form):
            # Where it was asked for: a team is set up in its channel, and the button holds only what stands there.
            answer = Answer(views.open_form(typed.text, answer.content.title), private=typed.where.is_targeted)
        self._work.spawn("answer", self._show(typed, answer))
        return Reaction()

    async def _rewritten(self, here: Rewritten) -> Reaction:
        if not await self._members.knows(here.where.tenant, here.who.user):
            return Reaction()  # the bot never took a line of theirs
        try:
            answer = await self._answer(here, here.change)
        except (TookTooLong, ChatError, DatabaseError):
            return Reaction(HTTPStatus.SERVICE_UNAVAILABLE)  # it comes again; what is deleted can't be deleted again
        if answer is not None and isinstance(answer.content, Card) and self._is_first(here):
            self._work.spawn("answer", self._show(here, answer))
        return Reaction()

    async def _meet(self, typed: Typed) -> None:
        """A team is made of the members of its channel, also of those who never wrote to the bot."""
        first = typed.text.removeprefix("/").split(maxsplit=1)[:1]
        if [each.casefold() for each in first] != [NEEDS_MEMBERS] or typed.where.is_direct:
            return
        try:
            async with asyncio.timeout(MEET_WITHIN_S):
                new = await self._members.of_room(typed.where)
                await self._core.acquaint(PLATFORM, typed.where.tenant, new)
        except (ChatError, TimeoutError) as problem:
            log.info("members_not_read", why=type(problem).__name__)

    async def _pressed(self, pressed: PressedOn) -> Reaction:
        try:
            answer = await self._answer(pressed, parse.press_of(pressed))
        except (TookTooLong, ChatError, DatabaseError) as problem:
            return _said(pressed, _why(problem))
        if answer is None:
            return _said(pressed, "")
        if isinstance(answer.content, Form):
            if pressed.wants_form:
                return Reaction(body={"task": await self._dialog(pressed.where, answer.content)})
            found = pressed.pressed
            answer = replace(answer, content=views.open_pressed(answer.content.title, found.verb, found.ids))
        assert isinstance(answer.content, Card)  # noqa: S101 - a form was made a card above
        where = pressed.where
        takes_place = answer.settles and pressed.pressed.is_reply
        if takes_place and (where.is_direct or answer.private == where.is_targeted):
            shown = await self._shown(where, answer)
            if self._is_first(pressed):
                self._work.spawn("answer", self._replace(pressed, shown))
            return _card(pressed, shown)
        if self._is_first(pressed):
            self._work.spawn("answer", self._show(pressed, answer))
        return _said(pressed, views.IN_OUR_CHAT if _goes_elsewhere(where, answer) else "")

    async def _dialog(self, where: Where, form: Form) -> Fields:
        people = await self._members.offered(where.tenant, form)
        return dialog(form, people=people, is_targeted=where.is_targeted)

    async def _sent(self, sent: SentForm) -> Reaction:
        try:
            answer = await self._answer(sent, sent.submission)
        except (TookTooLong, ChatError, DatabaseError) as problem:
            return Reaction(body={"task": kept(sent.data, _why(problem))})
        if answer is None:
            return Reaction()
        if isinstance(answer.content, Form):
            return Reaction(body={"task": await self._dialog(sent.where, answer.content)})
        if answer.refuses:
            return Reaction(body={"task": kept(sent.data, answer.content.summary)})
        if self._is_first(sent):
            self._work.spawn("answer", self._show(sent, answer))
        if _goes_elsewhere(sent.where, answer):
            return Reaction(body={"task": {"type": "message", "value": views.IN_OUR_CHAT}})
        return Reaction()

    async def _answer(self, here: Act, action: Action) -> Answer | None:
        """Raises: TookTooLong, ChatError where Teams can't say who somebody new is."""
        now = asyncio.get_running_loop().time
        deadline = now() + WITHIN_S
        try:
            async with asyncio.timeout_at(deadline):
                here = replace(here, where=await self._rooms.named(here.where))
                sender = await self._members.sender(here.where, here.who)
                text = action.text if isinstance(action, Text) else ""
                mentioned = await self._members.mentioned(here.where, here.who, text)
        except TimeoutError as problem:
            raise TookTooLong from problem
        incoming = parse.incoming(here, action, sender, before_verbs="/")
        answer = await self._core.handle(replace(incoming, mentioned=mentioned), within_s=deadline - now())
        self._work.spawn("member", self._members.heed(here.where, here.who))
        return answer

    def _is_first(self, here: Act | Installed) -> bool:
        """Whether this process has not answered the event yet: one that comes again is not answered twice."""
        key = (here.where.tenant, here.where.conversation, here.event_id)
        if key in self._answered:
            return False
        self._answered[key] = None
        while len(self._answered) > ANSWERED_MOST:
            self._answered.popitem(last=False)
        return True

    async def _show(self, here: Act, answer: Answer) -> None:
        """An answer's card as a message: where it is for one person alone, in the way that only they see it."""
        where = here.where
        if not _goes_elsewhere(where, answer):
            targeted = where.is_targeted and answer.private
            shown = await self._shown(where if targeted else replace(where, is_targeted=False), answer)
            if not targeted:
                await self._say(where, shown, below=_top(here))
                return
            with suppress(Refused):  # then in the personal chat
                await self._say_alone(here, shown)
                return
        try:
            await self._say_in_chat(here, await self._shown(replace(where, is_targeted=False), answer))
        except Gone:
            sentence = await self._chat.activity(where.tenant, says(views.OUR_CHAT_IS_SHUT))
            await self._say(where, sentence, below=_top(here))
            return
        if isinstance(here, Typed) and not where.is_targeted:
            sentence = await self._chat.activity(where.tenant, says(views.IN_OUR_CHAT))
            await self._say(where, sentence, below=_top(here))

    async def _shown(self, where: Where, answer: Answer) -> Fields:
        """An answer's card as an activity."""
        assert isinstance(answer.content, Card)  # noqa: S101 - forms are opened or made cards before
        return await self._chat.activity(
            where.tenant, answer.content, is_reply=not answer.stays, is_targeted=where.is_targeted
        )

    async def _say(self, where: Where, activity: Fields, *, below: str) -> None:
        room = Room(where.tenant, where.service_url, _thread_of(where, below))
        await _twice_at_most(lambda: self._connector.send(room, activity))

    async def _say_alone(self, here: Act, activity: Fields) -> None:
        """What one person alone sees, among what everybody sees."""
        where = here.where
        room = Room(where.tenant, where.service_url, _thread_of(where, where.thread), is_targeted=True)
        about = [{"type": "targetedMessageInfo", "messageId": here.event_id}] if isinstance(here, Typed) else []
        body = activity | {"recipient": {"id": here.who.user}} | ({"entities": about} if about else {})
        await _twice_at_most(lambda: self._connector.send(room, body))

    async def _say_in_chat(self, here: Act, activity: Fields) -> None:
        tenant = here.where.tenant

        async def say() -> None:
            there = await self._chat.direct(tenant, here.who.user)
            await self._connector.send(Room(tenant, there.service_url, there.external_id), activity)

        await _twice_at_most(say)

    async def _replace(self, pressed: PressedOn, activity: Fields) -> None:
        where = pressed.where
        if pressed.message:
            room = Room(where.tenant, where.service_url, where.full, is_targeted=where.is_targeted)
            body = activity | {"id": pressed.message}
            await at_last(lambda: self._connector.update(room, pressed.message, body))


async def _twice_at_most(call: Callable[[], Awaitable[object]]) -> None:
    """An answer twice is a small nuisance, none is a broken promise: one of unknown fate is sent once more."""
    try:
        await at_last(call)
    except MaybeSent:
        await at_last(call)


def _goes_elsewhere(where: Where, answer: Answer) -> bool:
    """Whether it is for one person alone and can't be said where everybody reads."""
    return answer.private and not where.is_direct and not where.is_targeted


def _thread_of(where: Where, below: str) -> str:
    return f"{where.conversation}{THREAD}{below}" if where.is_channel and below else where.conversation


def _top(here: Act) -> str:
    """The message in whose thread an answer belongs."""
    return here.where.thread or (here.event_id if isinstance(here, Typed) else "")


def _card(pressed: PressedOn, activity: Fields) -> Reaction:
    if not pressed.is_invoke:
        return Reaction()
    return Reaction(body={"statusCode": 200, "type": CARD, "value": activity["attachments"][0]["content"]})


def _said(pressed: PressedOn, sentence: str) -> Reaction:
    """A sentence that only the one who pressed sees."""
    if pressed.wants_form:
        return Reaction(body={"task": {"type": "message", "value": sentence or views.DONE}})
    if not pressed.is_invoke:
        return Reaction()
    return Reaction(body={"statusCode": 200, "type": SENTENCE, "value": sentence or views.DONE})


def _why(problem: Exception) -> str:
    return views.LOOKED_IN_VAIN if isinstance(problem, ChatError | DatabaseError) else views.TOO_LATE
