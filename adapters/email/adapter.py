"""E-mail as the bot sees it: a message is a mail, which is sent once and never changed.

What refreshes a message is no mail of its own: a mail can't be changed, and one for every change is noise. What is
worth a mail is a message of its own, which a feature shows under its own key. Who answers a mail, or asks to see it
again, is sent how it stands then.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import col, select

from adapters.email import views
from adapters.email.answers import Choice, choices_of, stored
from adapters.email.drop import Drop
from adapters.email.enclosing import attached
from adapters.email.mime import Attachment, Envelope, Identity, mail, token_of
from adapters.email.render import page, reply_subject, subject_of
from adapters.email.sheet import Sheet
from adapters.email.smtp import Smtp
from adapters.papers.calendars import Invited
from adapters.pictures.drawing import drawn_small, tag_of
from bot.chat.cards import Button, Card, drawings_in
from bot.chat.codec import encoded
from bot.chat.forms import Form, people_in
from bot.chat.pictures import Drawing
from bot.chat.replies import Answer
from bot.chat.routing import Enclosing
from bot.ports import (
    SEND_UNTIL,
    Action,
    CannotLook,
    ChatError,
    Clock,
    Destination,
    Incoming,
    MaybeSent,
    NotSent,
    Press,
    Refused,
    Sender,
    steady_s,
)
from storage.engine import Database
from storage.errors import DatabaseError
from storage.inserting import add_once
from storage.mail import PLATFORM, MailSent, member, sent_as, sent_under, take_back
from storage.organisations import Install
from storage.people import Account, Person, zone_of
from storage.tx import SYSTEM

DRAW_WITHIN_S = 3.0  # the pictures of one card; its words must not wait longer
ENCLOSE_WITHIN_S = 5.0  # the files that go along with one mail
PEEK_WITHIN_S = 3.0  # the form of a card; without it the card's button brings the form

Peek: TypeAlias = Callable[[Incoming], Awaitable[Answer | None]]
"""What would be answered to an event that did not happen."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who gets a mail."""

    install: Install
    account: Account
    person: Person

    @property
    def zone(self) -> ZoneInfo:
        """Theirs."""
        return zone_of(self.person)


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be written."""

    key: str
    content: Card | Form
    about: str = ""
    """The key of the message whose state it shows."""
    subject: str = ""
    """That of its thread; empty for a mail that begins one."""
    references: Sequence[str] = ()
    is_reply: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """What can be answered to a mail."""

    choices: Sequence[Choice]
    form: Form | None


class MailChat:
    """`bot.ports.Chat` over a drop of files, and a server where there is one. A reference is a mail's Message-ID."""

    doubt_s = 0.0  # what was put out and what was not can be told at once, or never
    messages_per_s = math.inf

    def __init__(
        self,
        database: Database,
        clock: Clock,
        drop: Drop,
        identity: Identity,
        *,
        smtp: Smtp | None = None,
        enclosing: Enclosing | None = None,
    ) -> None:
        """Without `smtp` mails are put out as files; `enclosing` says what goes along with them."""
        self._smtp = smtp
        self._database = database
        self._clock = clock
        self._drop = drop
        self._peek: Peek | None = None
        self._enclosing = enclosing
        self.identity = identity

    def opens_forms_with(self, peek: Peek) -> None:
        """From now on the form behind a card's button stands in its mail."""
        self._peek = peek

    async def post(self, to: Destination, card: Card, *, key: str) -> str:
        """Sends a mail, once for each key. Raises: RateLimited, NotSent, MaybeSent, Refused."""
        async with self._plain_errors():
            reader = await self._reader(to)
            subject, references = await self._thread(to)
            draft = Draft(key, card, about=key, subject=subject, references=references)
            return await self.send(reader, draft)

    async def update(self, to: Destination, ref: str, card: Card) -> None:
        """Nothing: see above. Whoever asks how it stands is answered from the newest rows."""

    async def delete(self, to: Destination, ref: str) -> None:  # noqa: ARG002 - a Message-ID says all
        """A mail stays where it is, but the same key may be sent anew. Raises: NotSent."""
        async with self._plain_errors():
            await asyncio.to_thread(self._drop.unmake, ref.partition("@")[0])
            async with self._database.write(SYSTEM) as tx:
                await take_back(tx, ref)

    async def find(self, to: Destination, key: str) -> str | None:
        """The Message-ID of the mail that was put out with `key`. Raises: NotSent, Refused, CannotLook."""
        async with self._plain_errors():
            reader = await self._reader(to)
            async with self._database.read(SYSTEM) as tx:
                known = await sent_under(tx, reader.account.id, key)
            if known is None or known.taken_back:
                return None
            token = known.message_id.partition("@")[0]
            if await asyncio.to_thread(self._drop.is_in_doubt, token):
                raise CannotLook("a mail server can't be asked whether it took a mail")
            return None if await asyncio.to_thread(self._drop.is_made, token) else known.message_id

    async def send(self, reader: Reader, draft: Draft) -> str:
        """Makes a mail's file, notes it, and puts it out; one that was put out before stays as it is.

        Raises: RateLimited, NotSent, MaybeSent, Refused, DatabaseError, OSError.
        """
        async with self._database.read(SYSTEM) as tx:
            known = await sent_under(tx, reader.account.id, draft.key)
        turn = 0 if known is None else known.turn + known.taken_back
        token = token_of(reader.install.external_id, reader.account.external_id, draft.key, turn)
        row = None if known is None or known.taken_back else known
        if row is not None and not await asyncio.to_thread(self._drop.is_made, token):
            return row.message_id
        if row is None:
            row = await self._written(reader, draft, token, turn)
        await self._put(row, reader.account.external_id)
        return row.message_id

    async def _written(self, reader: Reader, draft: Draft, token: str, turn: int) -> MailSent:
        """The mail's file, and its row: in this order, so that a row without a file was put out."""
        choices = choices_of(draft.content) if isinstance(draft.content, Card) else ()
        form = draft.content if isinstance(draft.content, Form) else await self._form_behind(reader, choices)
        subject = reply_subject(draft.subject) if draft.subject else subject_of(draft.content)
        row = MailSent(
            organisation_id=reader.install.organisation_id,
            install_id=reader.install.id,
            account_id=reader.account.id,
            message_id=self.identity.message_id(token),
            key=draft.key,
            about=draft.about,
            turn=turn,
            is_reply=draft.is_reply,
            subject=subject,
            answers=stored(choices),
            form=None if form is None else _kept(form),
            at=datetime.now(UTC),
        )
        raw = await self._mail(reader, draft, row, Content(choices, form))
        await asyncio.to_thread(self._drop.make, token, raw)
        async with self._database.write(reader.install.organisation_id) as tx:
            await add_once(tx, row)
        return row

    async def _mail(self, reader: Reader, draft: Draft, row: MailSent, content: Content) -> bytes:
        card = draft.content if isinstance(draft.content, Card) else None
        now, token = self._clock.now(), row.message_id.partition("@")[0]
        files = () if card is None else await self._enclosed(reader, card, now)
        drawn = {} if card is None else await _pictures(card)
        sheet = Sheet(
            card=card,
            zone=reader.zone,
            choices=content.choices,
            form=content.form,
            names=await self.names_in(content.form),
            foot=(
                *([views.encloses([each.name for each in files])] if files else []),
                *([views.stood(now, reader.zone)] if draft.about else []),
                views.ref(token),
            ),
            pictures={each: _picture_id(each) for each in drawn},
            address=self.identity.address,
            token=token,
        )
        envelope = Envelope(
            message_id=row.message_id,
            subject=row.subject,
            to=reader.account.external_id,
            name=reader.person.name,
            at=now,
            is_reply=draft.is_reply,
            references=draft.references,
        )
        pictures = {_picture_id(each): png for each, png in drawn.items()}
        return mail(page(sheet, row.subject), envelope, self.identity, pictures=pictures, attachments=files)

    async def _enclosed(self, reader: Reader, card: Card, now: datetime) -> Sequence[Attachment]:
        """The files that go along, as their reader may have them; whatever goes wrong with that, the words go out."""
        if self._enclosing is None or not card.encloses:
            return ()
        try:
            async with asyncio.timeout(ENCLOSE_WITHIN_S):
                async with self._database.read(reader.install.organisation_id) as tx:
                    tx.acts_for(by=reader.person.id, event_id=None, now=now)
                    found = [await self._enclosing(tx, reader.person, each, now) for each in card.encloses]
                invited = Invited(reader.account.external_id, reader.person.name, self.identity.address)
                return [await asyncio.to_thread(attached, each, invited) for each in found if each is not None]
        except Exception as problem:  # noqa: BLE001 - as for pictures
            log.warning("not_enclosed", why=type(problem).__name__)
            return ()

    async def _put(self, row: MailSent, to: str) -> None:
        token = row.message_id.partition("@")[0]
        if self._smtp is None:
            _in_time()
            await asyncio.to_thread(self._drop.put, token, f"{row.at:%Y%m%dT%H%M%S%fZ}-{token[:12]}")
            return
        kept = await asyncio.to_thread(self._drop.kept, token)
        if kept is not None:  # else somebody else was faster
            await self._send(self._smtp, row, kept, to)

    async def _send(self, smtp: Smtp, row: MailSent, kept: bytes, to: str) -> None:
        token = row.message_id.partition("@")[0]

        async def begins() -> None:
            _in_time()
            await asyncio.to_thread(self._drop.doubt, token)

        try:
            await smtp.send(kept, to, begins=begins)
        except MaybeSent:
            raise
        except Refused:
            await asyncio.to_thread(self._drop.unmake, token)
            async with self._database.write(SYSTEM) as tx:
                await take_back(tx, row.message_id)  # whoever wants it sent again wants a new one
            raise
        except ChatError:
            await asyncio.to_thread(self._drop.was_not_sent, token)
            raise
        try:
            await asyncio.to_thread(self._drop.unmake, token)
        except OSError as problem:  # it was sent, whatever becomes of its file
            log.warning("mail_kept", why=problem.strerror)

    async def _form_behind(self, reader: Reader, choices: Sequence[Choice]) -> Form | None:
        """The form of the first button that opens one: then a mail can be answered by the next one."""
        button = next((each.button for each in choices if each.button.opens_form), None)
        if button is None or self._peek is None:
            return None
        try:
            async with asyncio.timeout(PEEK_WITHIN_S):
                answer = await self._peek(press_by(reader, button))
        except Exception as problem:  # noqa: BLE001 - the button brings the form then, or says why it can't
            log.warning("form_not_opened", verb=button.verb, why=type(problem).__name__)
            return None
        return answer.content if answer is not None and isinstance(answer.content, Form) else None

    async def names_in(self, form: Form | None) -> Mapping[str, str]:
        """The people whom a form holds, by its values. Raises: DatabaseError."""
        numbers = frozenset[int]() if form is None else people_in(form)
        if not numbers:
            return {}
        async with self._database.read(SYSTEM) as tx:
            found = await tx.columns(select(col(Person.id), col(Person.name)).where(col(Person.id).in_(numbers)))
        return {str(number): name for number, name in found}

    async def _reader(self, to: Destination) -> Reader:
        """Raises: Refused, for there are no rooms in the mail, and nobody whom no organisation knows."""
        address = to.account or to.conversation
        async with self._database.read(SYSTEM) as tx:
            found = await member(tx, to.tenant, address)
        if found is None:
            raise Refused("no member has that mail account", target_gone=True)
        return Reader(*found)

    async def _thread(self, to: Destination) -> tuple[str, Sequence[str]]:
        if not to.thread_ref:
            return "", ()
        async with self._database.read(SYSTEM) as tx:
            found = await sent_as(tx, (to.thread_ref,))
        return found[0].subject if found else "", (to.thread_ref,)

    @asynccontextmanager
    async def _plain_errors(self) -> AsyncIterator[None]:
        try:
            yield
        except DatabaseError as problem:
            raise NotSent(str(problem)) from problem
        except OSError as problem:
            # Before it is put out nothing was sent, and to put it out is one step that happened or did not.
            raise NotSent(f"the mail drop can't be written ({problem.strerror})") from problem


def _in_time() -> None:
    """Raises: NotSent where the attempt belongs to another worker by now."""
    if steady_s() > SEND_UNTIL.get():
        raise NotSent("the lease is over, so another worker may be sending it")


def press_by(reader: Reader, button: Button) -> Incoming:
    """A press that nobody made, to see what it would open."""
    return incoming(reader, Press(button.verb, button.ids), f"peek:{button.verb}")


def incoming(reader: Reader, action: Action, event_id: str) -> Incoming:
    """An event of a member's, as the bot gets it."""
    address = reader.account.external_id
    return Incoming(
        platform=PLATFORM,
        tenant=reader.install.external_id,
        event_id=event_id,
        conversation=address,
        is_direct=True,
        sender=Sender(address, reader.person.name, reader.person.zone, is_guest=True, email=address),
        action=action,
    )


def _kept(form: Form) -> dict[str, object]:
    kept = encoded(form)
    return dict(kept) if isinstance(kept, dict) else {}


def _picture_id(drawing: Drawing) -> str:
    return f"{tag_of(drawing)}@folkmoot"


async def _pictures(card: Card) -> Mapping[Drawing, bytes]:
    """What a card draws; whatever goes wrong with that, the words stand there instead."""
    found: dict[Drawing, bytes] = {}
    try:
        async with asyncio.timeout(DRAW_WITHIN_S):
            for each in drawings_in(card):
                found[each] = await asyncio.to_thread(drawn_small, each)
    except Exception as problem:  # noqa: BLE001 - a picture must never take its words with it
        log.warning("picture_not_drawn", why=type(problem).__name__)
    return found
