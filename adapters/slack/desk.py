"""Takes what people do on Slack: hands it to the bot, and shows the answer where and how Slack can."""

import asyncio
import hashlib
import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Protocol

import structlog

from adapters.slack import parse, views
from adapters.slack.adapter import QUIET, SlackChat
from adapters.slack.api import PLATFORM, Fields, SlackApi, SlackRefused
from adapters.slack.members import Members, is_foreign, profile_of
from adapters.slack.modal import modal, refusals
from adapters.slack.parse import Act, Happening, PressedOn, Rewritten, SentForm, Shortcut, Typed, Where, Who
from adapters.slack.render import home, message
from adapters.slack.workspaces import Bot
from adapters.work import Work, at_last
from bot.chat.cards import Card, drawings_in, says
from bot.chat.forms import Form, people_in, with_accounts
from bot.chat.replies import Answer
from bot.ports import (
    Action,
    ChatError,
    Incoming,
    MaybeSent,
    Press,
    Profile,
    Sender,
    Submission,
    Text,
    TookTooLong,
)
from storage.errors import DatabaseError

WITHIN_S = 2.0  # Slack waits three seconds, and the way there and back takes some
MEET_WITHIN_S = 0.8  # for the members of a channel, of the time that Slack waits
NEEDS_MEMBERS = "team"  # the verb whose form offers everybody in the room
ANSWERED_MOST = 10_000  # events whose redelivery is noticed
SHORTCUTS: Mapping[str, tuple[str, str]] = {
    "make_action": ("action.from_message", "an action"),
    "add_to_agenda": ("agenda.from_message", "an agenda item"),
}

_ACCOUNT = re.compile(r"\[[UW][A-Z0-9]+\]")  # a person's account, as a form gives it back

_BEGAN: ContextVar[float | None] = ContextVar("_BEGAN", default=None)

log = structlog.get_logger()


@contextmanager
def since_now() -> Iterator[None]:
    """Slack began to wait now: what is decided in the block has to be decided in time from here on."""
    token = _BEGAN.set(asyncio.get_running_loop().time())
    try:
        yield
    finally:
        _BEGAN.reset(token)


class Core(Protocol):
    """The bot, as this platform needs it."""

    async def handle(self, incoming: Incoming, *, within_s: float | None = None) -> Answer | None:
        """Takes an event and gives the immediate answer."""
        ...

    async def home(self, platform: str, tenant: str, external_id: str, *, before_verbs: str = "/") -> Card | None:
        """A member's day, None for who never spoke with the bot."""
        ...

    async def acquaint(self, platform: str, tenant: str, who: Sequence[Sender]) -> None:
        """Gets to know the members of a room."""
        ...

    async def learn(self, platform: str, tenant: str, profile: Profile) -> None:
        """Keeps what is known of a member."""
        ...

    def knows(self, verb: str) -> bool:
        """Whether there is a button of that verb."""
        ...


@dataclass(frozen=True, slots=True)
class Reaction:
    """The HTTP answer; what else there is to do goes on after it."""

    status: int = 200
    body: Fields = field(default_factory=dict)


class Desk:
    """One for each process."""

    def __init__(
        self, core: Core, chat: SlackChat, api: SlackApi, members: Members, *, work: Work, before_verbs: str
    ) -> None:
        self._core = core
        self._chat = chat
        self._api = api
        self._members = members
        self._work = work
        self._before_verbs = before_verbs
        self._answered: OrderedDict[tuple[str, str], None] = OrderedDict()

    async def take(self, bot: Bot, happened: Happening) -> Reaction:
        """Handles it, and says what Slack gets at once. Raises: DatabaseError."""
        match happened:
            case Typed():
                return await self._typed(bot, happened)
            case Rewritten():
                return await self._rewritten(bot, happened)
            case PressedOn():
                return await self._pressed(bot, happened)
            case SentForm():
                return await self._sent(bot, happened)
            case Shortcut():
                return await self._shortcut(bot, happened)
            case parse.Opened(who, shown):
                self._work.spawn("home", self._show_home(bot, who, shown=shown))
            case parse.Changed(user):
                self._members.forget(bot.tenant, str(user.get("id")))
                profile = profile_of(user)
                guest = profile.is_guest or is_foreign(user, bot)
                await self._core.learn(PLATFORM, bot.tenant, replace(profile, is_guest=guest))
            case parse.Ended():
                raise AssertionError("the host ends workspaces")
        return Reaction()

    async def _typed(self, bot: Bot, typed: Typed) -> Reaction:
        try:
            await self._meet(bot, typed)
            answer = await self._answer(bot, typed, Text(typed.text))
        except (TookTooLong, ChatError, DatabaseError) as problem:
            if not typed.trigger:
                return Reaction(503)  # an event comes again
            return Reaction(body=_ephemeral(says(_why(problem)), {}))
        if answer is None:
            return Reaction()
        if isinstance(answer.content, Form):
            if typed.trigger:
                self._work.spawn("form", self._open(bot, typed, typed.trigger, answer.content))
                return Reaction()
            answer = replace(answer, content=views.open_form(typed.text, answer.content.title))
        assert isinstance(answer.content, Card)  # noqa: S101 - a form was made a card above
        if typed.trigger and not drawings_in(answer.content):  # an answer in a response can't show a file
            shown = await self._in_response(bot, answer.content, stays=answer.stays)
            return Reaction(body=shown if answer.private else shown | {"response_type": "in_channel"})
        if self._is_first(bot, typed):
            self._work.spawn("answer", self._show(bot, typed, answer.content, answer))
        return Reaction()

    async def _in_response(self, bot: Bot, card: Card, *, stays: bool) -> Fields:
        """What was decided is told in any case, at least in its one sentence."""
        try:
            return _ephemeral(card, await self._chat.accounts(bot.tenant, card), stays=stays)
        except (DatabaseError, ValueError):
            log.exception("answer_not_drawn")
            return _ephemeral(says(card.summary), {})

    async def _meet(self, bot: Bot, typed: Typed) -> None:
        """A team is made of the members of its channel, also of those who never wrote to the bot."""
        first = typed.text.removeprefix("/").split(maxsplit=1)[:1]
        if first != [NEEDS_MEMBERS] or typed.where.is_direct:
            return
        try:
            async with asyncio.timeout(MEET_WITHIN_S):
                if await self._members.is_known(bot.tenant, typed.who.user):
                    new = await self._members.of_room(bot, typed.where.conversation)
                    await self._core.acquaint(PLATFORM, bot.tenant, new)
        except (ChatError, TimeoutError) as problem:
            log.info("members_not_read", why=type(problem).__name__)

    def _is_first(self, bot: Bot, here: Typed | Rewritten | PressedOn | SentForm) -> bool:
        """Whether this process has not answered the event yet: one that comes again is not answered twice."""
        key = (bot.tenant, here.event_id)
        if key in self._answered:
            return False
        self._answered[key] = None
        while len(self._answered) > ANSWERED_MOST:
            self._answered.popitem(last=False)
        return True

    async def _pressed(self, bot: Bot, pressed: PressedOn) -> Reaction:
        try:
            answer = await self._answer(bot, pressed, pressed.press)
        except (TookTooLong, ChatError, DatabaseError) as problem:
            answer = Answer(says(_why(problem)))
        if answer is None or not self._is_first(bot, pressed):
            return Reaction()
        if isinstance(answer.content, Form):
            self._work.spawn("form", self._open(bot, pressed, pressed.trigger, answer.content))
        else:
            self._work.spawn("answer", self._show_pressed(bot, pressed, answer, answer.content))
        if pressed.where.conversation.startswith(parse.HOME):
            self._work.spawn("home", self._show_home(bot, pressed.who))
        return Reaction()

    async def _rewritten(self, bot: Bot, here: Rewritten) -> Reaction:
        if not await self._members.is_known(bot.tenant, here.who.user):
            return Reaction()  # the bot never took a line of theirs
        try:
            answer = await self._answer(bot, here, here.change)
        except (TookTooLong, ChatError, DatabaseError):
            return Reaction(503)  # it comes again
        if answer is not None and isinstance(answer.content, Card) and self._is_first(bot, here):
            self._work.spawn("answer", self._show(bot, here, answer.content, answer))
        return Reaction()

    async def _sent(self, bot: Bot, sent: SentForm) -> Reaction:
        try:
            answer = await self._answer(bot, sent, sent.submission)
        except (TookTooLong, ChatError, DatabaseError) as problem:
            return _kept_open(sent, _why(problem))
        if answer is None:
            return Reaction()
        if isinstance(answer.content, Card) and answer.refuses and sent.submission.values:
            return _kept_open(sent, answer.content.summary)
        if isinstance(answer.content, Card):
            if self._is_first(bot, sent):
                self._work.spawn("answer", self._show(bot, sent, answer.content, answer))
            return Reaction()
        if answer.content.errors:
            return Reaction(body={"response_action": "errors", "errors": refusals(answer.content)})
        return Reaction(body={"response_action": "update", "view": await self._modal(bot, answer.content, sent.where)})

    async def _shortcut(self, bot: Bot, shortcut: Shortcut) -> Reaction:
        verb, what = SHORTCUTS.get(shortcut.callback, ("", "that"))
        if not verb or not self._core.knows(verb):
            self._work.spawn("answer", self._tell(bot, shortcut, views.not_from_here(what)))
            return Reaction()
        ids = {"message": f"{shortcut.where.conversation}:{shortcut.message}", "text": shortcut.text}
        press = PressedOn(
            who=shortcut.who,
            where=shortcut.where,
            press=Press(verb, ids),
            event_id=shortcut.event_id,
            trigger=shortcut.trigger,
            response_url=shortcut.response_url,
        )
        return await self._pressed(bot, press)

    async def _answer(self, bot: Bot, here: Act, action: Action) -> Answer | None:
        """Raises: TookTooLong, ChatError where Slack can't say who somebody new is."""
        now = asyncio.get_running_loop().time
        deadline = (_BEGAN.get() or now()) + WITHIN_S
        try:
            async with asyncio.timeout_at(deadline):
                sender = await self._members.sender(bot, here.who)
                mentioned = await self._mentioned(bot, here.who, action)
            left = deadline - now()
            incoming = parse.incoming(bot.tenant, here, action, sender)
            return await self._core.handle(
                replace(incoming, before_verbs=self._before_verbs, mentioned=mentioned), within_s=left
            )
        except TimeoutError as problem:
            raise TookTooLong from problem

    async def _mentioned(self, bot: Bot, who: Who, action: Action) -> Sequence[Sender]:
        """Whom a line mentions or a form names; not for strangers, who must not use up what Slack lets the bot ask."""
        match action:
            case Text(text):
                said = text
            case Submission(values=values):
                said = " ".join(f"@{value}" for value in values.values() if _ACCOUNT.fullmatch(value))
            case _:
                return ()
        if "@" not in said or not await self._members.is_known(bot.tenant, who.user):
            return ()
        return await self._members.mentioned(bot, said)

    async def _modal(self, bot: Bot, form: Form, where: Where) -> Fields:
        """A form as Slack opens it, with its people as the users they are there."""
        named = with_accounts(form, await self._chat.users(bot.tenant, people_in(form)))
        return modal(named, conversation=where.conversation, thread=where.thread, is_direct=where.is_direct)

    async def _open(self, bot: Bot, here: Typed | PressedOn, trigger: str, form: Form) -> None:
        try:
            view = await self._modal(bot, form, here.where)
            await self._api.call("views.open", bot.token, trigger_id=trigger, view=view)
        except MaybeSent:
            await self._tell(bot, here, says(views.FORM_IN_DOUBT))
        except (ChatError, ValueError) as problem:
            log.warning("form_not_opened", why=type(problem).__name__)
            await self._tell(bot, here, says(views.FORM_TOO_LATE))

    async def _show_pressed(self, bot: Bot, here: PressedOn, answer: Answer, card: Card) -> None:
        """The answer to a press: in the place of the reply that it settles, else beside it."""
        others = not (here.is_ephemeral or here.where.is_direct)
        if not (answer.settles and here.is_reply) or (others and answer.private):
            await self._show(bot, here, card, answer)
        elif here.is_ephemeral or not here.message:
            shown = _ephemeral(card, await self._chat.accounts(bot.tenant, card))
            await at_last(lambda: self._api.respond(here.response_url, shown | {"replace_original": True}))
        else:
            channel = here.where.conversation
            await at_last(
                lambda: self._chat.show("chat.update", bot, card, is_reply=True, channel=channel, ts=here.message)
            )

    async def _tell(self, bot: Bot, here: Typed | PressedOn | Shortcut, card: Card) -> None:
        await self._show(bot, here, card, Answer(card))

    async def _show(self, bot: Bot, here: Act, card: Card, answer: Answer) -> None:
        """An answer's card as a message: to one person alone where others are about."""
        where, is_reply = here.where, not answer.stays
        thread = where.thread or None
        if where.is_direct or not answer.private:
            # Direct messages may also be those of two people, where the bot is not: then it writes in its own.
            channel = await self._chat.direct(bot, here.who.user) if where.is_direct else where.conversation
            thread = thread if channel == where.conversation else None
            await at_last(
                lambda: self._chat.show(
                    "chat.postMessage", bot, card, is_reply=is_reply, channel=channel, thread_ts=thread, **QUIET
                )
            )
            return
        url = here.response_url if isinstance(here, Typed | PressedOn | Shortcut) else ""
        if not url or drawings_in(card):  # what is answered at such an address can't show a file
            try:
                await at_last(
                    lambda: self._chat.show(
                        "chat.postEphemeral",
                        bot,
                        card,
                        is_reply=is_reply,
                        channel=where.conversation,
                        user=here.who.user,
                        thread_ts=thread,
                    )
                )
            except ChatError as problem:
                log.info("answered_otherwise", why=type(problem).__name__)
                if not url and not isinstance(problem, SlackRefused):
                    raise
            else:
                return
        if url:
            said = _ephemeral(card, await self._chat.accounts(bot.tenant, card), stays=answer.stays)
            said |= {"response_type": "ephemeral", "replace_original": False, "thread_ts": where.thread}
            await at_last(lambda: self._api.respond(url, said))
            return
        channel = await self._chat.direct(bot, here.who.user)  # not in that channel: then to the person alone
        await self._chat.show("chat.postMessage", bot, card, is_reply=is_reply, channel=channel, **QUIET)

    async def _show_home(self, bot: Bot, who: Who, *, shown: str = "") -> None:
        """The person's day; published only when it is another one than what is `shown`."""
        found = await self._core.home(PLATFORM, bot.tenant, who.user, before_verbs=self._before_verbs)
        view = home((found or views.no_day_yet(),))
        digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if digest == shown:
            return
        view["private_metadata"] = digest
        await at_last(lambda: self._api.call("views.publish", bot.token, user_id=who.user, view=view))


def _ephemeral(card: Card, accounts: Mapping[int, str], *, stays: bool = False) -> Fields:
    shown = message(card, accounts=accounts, is_reply=not stays)
    return {"response_type": "ephemeral", "text": shown.text, "blocks": shown.blocks}


def _kept_open(sent: SentForm, why: str) -> Reaction:
    """The form stays as it was typed, with what is wrong below its first input."""
    first = next(iter(sent.submission.values), "")
    return Reaction(body={"response_action": "errors", "errors": {first: why}})


def _why(problem: Exception) -> str:
    return views.LOOKED_IN_VAIN if isinstance(problem, ChatError | DatabaseError) else views.TOO_LATE
