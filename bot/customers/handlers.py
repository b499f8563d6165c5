"""Customers' words that somebody heard: kept from a huddle's answer, `/voc add` and `/voc list`."""

from datetime import date, datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.customers import alerting, views
from bot.customers.alerting import NOBODY
from bot.customers.rules import redacted, score_of
from bot.people.proposing import offered
from bot.people.rules import first_name
from storage.customers import VocItem, heard_newest
from storage.organisations import next_code
from storage.people import Person, zone_of
from storage.tx import Tx

LISTED = 10  # of customers' words, the newest ones
KEYS = ("stage", "score", "dept")
HIGH = "high"


async def heard(tx: Tx, *, words: str, by: int, on: date, source: str) -> VocItem:
    """A new item, without what could name the customer."""
    item = VocItem(code=await next_code(tx, "V"), words=redacted(words), heard_by=by, received_on=on, source=source)
    tx.add(item)
    await tx.flush()
    return item


async def corrected(tx: Tx, item_id: int, words: str) -> None:
    """The one who heard it puts it differently, or takes it back."""
    item = await tx.need(VocItem, item_id)
    if words:
        item.words = redacted(words)
        item.state = VocItem.State.NEW
    else:
        item.state = VocItem.State.WITHDRAWN


async def add(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/voc add "I took a second morning off" stage:Visit dept:Field high`. Raises: Declined."""
    command, person = event.command, event.by.person
    words = command.title.strip()
    if not words:
        raise Declined(views.needs_words())
    is_high = bool(command.quoted) and command.words.casefold() == HIGH
    if command.quoted and command.words and not is_high:
        raise Declined(views.not_high(command.words))
    fits("That", words, views.WORDS_MAX)
    *said, last = words.split()
    if not command.quoted and last.casefold() == HIGH:
        raise Declined(views.is_it_high(" ".join(said), command.keys) if said else views.needs_words())
    stage = fits("That stage", command.keys.get("stage", "").strip(), views.STAGE_MAX)
    typed = command.keys.get("score", "")
    score = score_of(typed, views.SCORE_MAX) if typed else None
    if typed and score is None:
        raise Declined(views.not_a_score(typed))
    department = await alerting.department_named(tx, command.keys.get("dept", ""))
    on = today_in(zone_of(person), now)
    item = await heard(tx, words=words, by=person.id, on=on, source="voc")
    item.stage, item.score, item.is_high = stage, score, is_high
    await tx.flush()
    alert = await alerting.alerted(tx, item, person, department, now) if is_high else NOBODY
    more = await offered(tx, person, item.code)
    if is_high and not alert.people and not person.is_external:
        more = (views.make_action(item), *more)
    card = views.kept(item, words, told=[first_name(each) for each in alert.people], more=more)
    return Replies(answer=Answer(card), show=alert.shows, undoable=True)


async def show_list(event: Asked, tx: Tx, _now: datetime) -> Replies:
    """What customers said, newest first; guests see what they heard themselves."""
    person = event.by.person
    found = await heard_newest(tx, LISTED, heard_by=person.id if person.is_external else None)
    return Replies(answer=Answer(views.voices(found)))


def fits(what: str, text: str, longest: int) -> str:
    """`text` as it is. Raises: Declined where no card could show it."""
    if len(text) > longest:
        raise Declined(views.too_long(what, longest, len(text)))
    return text


def need_inside(person: Person) -> None:
    """Raises: Declined (E-03) for people of other companies."""
    if person.is_external:
        raise Declined(views.only_inside(), code="E-03")
