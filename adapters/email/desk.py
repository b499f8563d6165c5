"""Takes the mails that come in, hands each to the bot as one event, and sends the answer back as a reply."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Never, Protocol, assert_never

import structlog

from adapters.email import parse, views
from adapters.email.adapter import Draft, MailChat, Reader, incoming
from adapters.email.addressing import command_for, tag_of
from adapters.email.answers import restored
from adapters.email.bounces import Bounce, bounce
from adapters.email.drop import DONE, REFUSED, Drop, TooLarge
from adapters.email.form_reading import Meant, meant
from adapters.email.parse import Letter, Unreadable
from adapters.email.quoting import lines_of, own_text
from adapters.email.reading import MESSAGE_MAX as TEXT_MAX
from adapters.email.reading import Again, Asked, Empty, Filled, Several, TooLong, act
from bot.chat.cards import Card
from bot.chat.codec import decoded
from bot.chat.forms import Form, PersonInput
from bot.chat.localtime import today_in
from bot.chat.replies import Answer
from bot.ports import Action, ChatError, Clock, Incoming, MaybeSent, Press, Refused, Submission, Text
from storage import events
from storage.cadences import plan_report
from storage.engine import Database
from storage.errors import BotError, DatabaseError
from storage.mail import PLATFORM, MailSent, came_back, members, replies_since, sent_as
from storage.organisations import Organisation
from storage.people import people_named
from storage.tx import SYSTEM

POLL_S = 1.0  # how often it is looked what has come in
TRIES = 5  # of one mail, when what it wants can't be kept; after them its writer is told
WAIT_S = 2.0  # until the first of them is made anew; each wait is twice as long as the one before
REPLIES_MOST = 30  # mails that one account is sent in an hour because it wrote: more than that is two machines talking
REPLIES_SINCE = timedelta(hours=1)

log = structlog.get_logger(__name__)


class Core(Protocol):
    """The bot, for a platform that waits for nothing."""

    async def handle(self, incoming: Incoming) -> Answer | None:
        """Handles an event once."""
        ...

    async def peek(self, incoming: Incoming) -> Answer | None:
        """What would be answered to an event."""
        ...

    async def standing(self, platform: str, tenant: str, key: str) -> Card | None:
        """What a message shows by now."""
        ...


class Refusal(BotError):
    """A mail that is not answered; the words say why and hold none of its own."""


class NotKept(BotError):
    """What a mail wants could not be kept, and it may be tried again; `answer` says so."""

    def __init__(self, answer: Answer | None) -> None:
        super().__init__("it could not be kept")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of a member's, and the one of ours that it answers."""

    letter: Letter
    reader: Reader
    sent: MailSent | None
    is_one_too_many: bool = False
    """Whether its writer was sent so many answers that this one is only done, and not answered."""

    @property
    def form(self) -> Form | None:
        """The form that stood in ours."""
        found = None if self.sent is None or self.sent.form is None else decoded(self.sent.form)
        return found if isinstance(found, Form) else None


class Desk:
    """One for each drop; several processes may read the same one."""

    def __init__(self, core: Core, chat: MailChat, drop: Drop, *, database: Database, clock: Clock) -> None:
        self._core = core
        self._chat = chat
        self._drop = drop
        self._database = database
        self._clock = clock
        self._tries: dict[str, tuple[int, float]] = {}
        self._doubted: set[str] = set()
        """Files whose answer may have been sent."""
        self.trouble = ""
        """Why the drop can't be read; empty where it can."""
        chat.opens_forms_with(core.peek)

    async def run(self) -> None:
        """Takes what comes in, until it is cancelled."""
        await self._recover(everything=self._database.is_sqlite)
        while True:
            try:
                await self.collect()
                await self._recover()
                self.trouble = ""
            except OSError as problem:
                self.trouble = f"the mail drop can't be read ({problem.strerror})"
                log.warning("mail_waits", why=self.trouble)
            except Exception:  # what one round stumbles over must not be the end of the mails
                log.exception("mail_failed")
            await asyncio.sleep(POLL_S)

    async def collect(self) -> int:
        """Takes every mail that lies there now, in the order of their names; how many. Raises: OSError."""
        now = asyncio.get_running_loop().time()
        names = [
            name for name in await asyncio.to_thread(self._drop.arrived) if self._tries.get(name, (0, 0.0))[1] <= now
        ]
        for name in names:
            await self._take(name)
        return len(names)

    async def _recover(self, *, everything: bool = False) -> None:
        try:
            await asyncio.to_thread(self._drop.recover, everything=everything)
        except OSError as problem:
            log.warning("mail_waits", why=problem.strerror)

    async def _take(self, name: str) -> None:
        """One mail, from the folder in which it came to the one in which it ends."""
        try:
            raw = await asyncio.to_thread(self._drop.take, name)
            if raw is None:
                return
            await self._handled(name, raw)
        except (Refusal, Unreadable, TooLarge, Refused) as problem:
            log.warning("mail_refused", file=name, why=str(problem))
            await self._file(name, REFUSED)
        except MaybeSent as problem:
            await self._in_doubt(name, str(problem))
        except (DatabaseError, ChatError) as problem:
            await self._later(name, str(problem))
        except OSError as problem:
            await self._later(name, f"the mail drop can't be used ({problem.strerror})")
        except Exception:  # a mail that nobody thought of must not hold up those behind it
            log.exception("mail_failed", file=name)
            await self._file(name, REFUSED)
        else:
            await self._file(name, DONE)

    async def _handled(self, name: str, raw: bytes) -> None:
        """Raises: Refusal, Unreadable, DatabaseError, ChatError, OSError."""
        report = await asyncio.to_thread(bounce, raw)
        if report is not None and await self._came_back(report):
            return
        identity = self._chat.identity
        letter = await asyncio.to_thread(
            parse.envelope, raw, own_address=identity.address, own_domain=identity.id_domain
        )
        if letter.no_answer:
            raise Refusal(letter.no_answer)
        known = await self._members(letter.sender)
        mail = await self._of_member(await asyncio.to_thread(parse.opened, letter, raw), known)
        try:
            await self._answered(mail)
        except NotKept as problem:
            if self._tries.get(name, (0, 0.0))[0] + 1 < TRIES:
                raise ChatError(str(problem)) from problem
            await self._reply(mail, problem.answer)
            raise Refusal(f"after {TRIES} attempts {problem}; who wrote it was told") from problem

    async def _came_back(self, report: Bounce) -> bool:
        """Notes that a mail did not arrive; False where it is none of ours. Raises: DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            sent = await sent_as(tx, report.message_ids)
        if not sent:
            return False
        lost, now = _nearest(sent, report.message_ids)[0], self._clock.now()
        async with self._database.write(lost.organisation_id) as tx:
            tx.acts_for(by=None, event_id=None, now=now)
            if await came_back(tx, lost, report.why, is_gone=report.is_gone):
                await plan_report(tx, tx.organisation_id, now)
        log.warning("mail_came_back", account=lost.account_id, status=report.status, is_gone=report.is_gone)
        return True

    async def _later(self, name: str, why: str) -> None:
        """Gives a mail back, to be taken again after a while."""
        tries = self._tries.get(name, (0, 0.0))[0] + 1
        wait_s = WAIT_S * 2 ** min(tries - 1, 8)
        self._tries[name] = (tries, asyncio.get_running_loop().time() + wait_s)
        log.warning("mail_waits", file=name, why=why, wait_s=wait_s)
        await asyncio.to_thread(self._drop.give_back, name)

    async def _in_doubt(self, name: str, why: str) -> None:
        """An answer that may have been sent is sent once more: twice is a small nuisance, again and again is not."""
        if name in self._doubted:
            log.warning("answer_in_doubt", file=name, why=why)
            await self._file(name, DONE)
            return
        self._doubted.add(name)
        await self._later(name, why)

    async def _file(self, name: str, folder: str) -> None:
        self._tries.pop(name, None)
        self._doubted.discard(name)
        await asyncio.to_thread(self._drop.file, name, folder)

    # --- who wrote, and in answer to what

    async def _members(self, address: str) -> list[Reader]:
        """Who has an address, once for each organisation. Raises: Refusal for nobody, DatabaseError."""
        async with self._database.read(SYSTEM) as tx:
            known = [Reader(*each) for each in await members(tx, address)]
        if not known:
            raise Refusal("no member has that address")
        return known

    async def _of_member(self, letter: Letter, known: Sequence[Reader]) -> Mail:
        """Raises: Refusal where nobody knows which organisation is meant, DatabaseError."""
        tokens = [self._chat.identity.message_id(each) for each in letter.refs]
        async with self._database.read(SYSTEM) as tx:
            sent = [*_nearest(await sent_as(tx, letter.answers), letter.answers), *await sent_as(tx, tokens)]
            lately = datetime.now(UTC) - REPLIES_SINCE
            often = [await replies_since(tx, each.account.id, lately) for each in known]
        mine = {each.account.id: each for each in known}
        theirs = next((each for each in sent if each.account_id in mine), None)
        reader = known[0] if theirs is None else mine[theirs.account_id]
        mail = Mail(letter, reader, theirs, is_one_too_many=sum(often) >= REPLIES_MOST)
        if theirs is None and len(known) > 1:
            await self._ask_home(mail, known)
        return mail

    async def _ask_home(self, mail: Mail, known: Sequence[Reader]) -> Never:
        """Of several organisations that know an address, none can be chosen for them: they are asked."""
        async with self._database.read(SYSTEM) as tx:
            homes = [await tx.session.get_one(Organisation, each.install.organisation_id) for each in known]
        await self._reply(mail, Answer(views.several_homes([each.name for each in homes])))
        raise Refusal(
            "several organisations know that address, and it answers no mail of theirs; who wrote it was told"
        )

    # --- what they want, and what is said

    async def _answered(self, mail: Mail) -> None:
        """Raises: NotKept, DatabaseError, ChatError, OSError."""
        if mail.letter.is_of_calendar:
            await self._reply(mail, Answer(views.of_calendar()))
            return
        sent, form = mail.sent, mail.form
        names = await self._chat.names_in(form)
        choices = () if sent is None else restored(sent.answers)
        can_again = bool(sent is not None and sent.about)
        asked = Asked(choices, form, names, can_show_again=can_again)
        meaning = self._addressed(mail) or act(mail.letter.text, mail.letter.subject, asked)
        match meaning:
            case Filled(filled, typed):
                today = today_in(mail.reader.zone, self._clock.now())
                await self._submitted(mail, filled, await self._with_people(mail, filled, meant(filled, typed, today)))
            case Press() | Text():
                await self._done(mail, meaning)
            case Again():
                await self._reply(mail, Answer(await self._standing(mail) or views.over()), about=_about(mail))
            case Several(words):
                await self._reply(mail, Answer(views.several(words)))
            case TooLong(length):
                await self._reply(mail, Answer(views.too_long(length, TEXT_MAX)))
            case Empty():
                await self._reply(mail, Answer(views.empty()))
            case _:
                assert_never(meaning)

    def _addressed(self, mail: Mail) -> Text | None:
        """The command that the address of a mail stands for."""
        own = self._chat.identity.address
        tag = next((tag for each in mail.letter.to if (tag := tag_of(each, own))), "")
        lines = own_text(lines_of(mail.letter.text)).split("\n")
        command = command_for(tag, mail.letter.subject, lines) if tag else ""
        return Text(command) if command else None

    async def _submitted(self, mail: Mail, form: Form, found: Meant) -> None:
        if found.errors:
            await self._reply(mail, Answer(form.refused(found.values, found.errors)))
            return
        answer = await self._handle(mail, Submission(form.verb, found.values, form.ids))
        if answer is not None and isinstance(answer.content, Card) and answer.refuses:
            # Nothing was changed, and what was typed is not to be typed again.
            first = {form.inputs[0].id: answer.content.summary}
            answer = replace(answer, content=form.refused(found.values, first))
        await self._said(mail, answer)

    async def _done(self, mail: Mail, action: Action) -> None:
        await self._said(mail, await self._handle(mail, action))

    async def _said(self, mail: Mail, answer: Answer | None) -> None:
        """The answer; where there is none, how that stands now which was answered."""
        if answer is not None:
            await self._reply(mail, answer)
            return
        standing = await self._standing(mail)
        await self._reply(mail, Answer(standing or views.taken()), about=_about(mail) if standing else "")

    async def _handle(self, mail: Mail, action: Action) -> Answer | None:
        """Raises: NotKept where the event was not taken, so that it may come again."""
        event = incoming(mail.reader, action, mail.letter.event_id)
        answer = await self._core.handle(event)
        async with self._database.read(mail.reader.install.organisation_id) as tx:
            kept = await events.seen(
                tx,
                install_id=mail.reader.install.id,
                conversation=event.conversation,
                external_id=event.event_id,
            )
        if kept is None:
            raise NotKept(answer)
        return answer

    async def _standing(self, mail: Mail) -> Card | None:
        about = _about(mail)
        return await self._core.standing(PLATFORM, mail.reader.install.external_id, about) if about else None

    async def _reply(self, mail: Mail, answer: Answer | None, *, about: str = "") -> None:
        if mail.is_one_too_many:
            log.warning("mail_not_answered", account=mail.reader.account.id, answers_an_hour=REPLIES_MOST)
            return
        content = views.not_kept() if answer is None else answer.content
        letter, sent = mail.letter, mail.sent
        before = () if sent is None else (sent.message_id,)
        chain = dict.fromkeys(
            (*before, *reversed(letter.answers), *((letter.message_id,) if letter.message_id else ()))
        )
        subject = letter.subject or ("" if sent is None else sent.subject)
        await self._chat.send(
            mail.reader,
            Draft(
                key=f"answer:{letter.event_id}",
                content=content,
                about=about,
                subject=subject,
                references=tuple(chain),
                is_reply=True,
            ),
        )

    async def _with_people(self, mail: Mail, form: Form, found: Meant) -> Meant:
        """Names become people's numbers, where they are one person's."""
        values, errors = dict(found.values), dict(found.errors)
        for each in form.inputs:
            typed = values.get(each.id, "")
            if not isinstance(each, PersonInput) or not typed:
                continue
            async with self._database.read(mail.reader.install.organisation_id) as tx:
                people = await people_named(tx, typed.lstrip("@"))
            match people:
                case [person]:
                    values[each.id] = str(person.id)
                case []:
                    errors[each.id] = views.nobody(typed)
                case _:
                    errors[each.id] = views.several_people(typed, [one.name for one in people])
        return Meant(values, errors)


def _about(mail: Mail) -> str:
    return "" if mail.sent is None else mail.sent.about


def _nearest(sent: Sequence[MailSent], ids: Sequence[str]) -> list[MailSent]:
    """In the order of their Message-IDs."""
    return sorted(sent, key=lambda each: ids.index(each.message_id))
