"""`/initiative case I-1 faults:1000 call:3 visit:150 repeats:20% then:8%`: what it saves, from a few numbers."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TypeAlias

from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.initiatives import asking, case_views, economics, finding, rules
from bot.initiatives.case_views import ALSO, KEYS
from storage import portfolio
from storage.initiatives import BusinessCase, Initiative, charter_of
from storage.tx import Tx

FAULTS_MOST, MONTHS_MOST = 100_000_000, 120
_SHARE = re.compile(r"(?P<number>\d{1,3}(?:\.\d{1,2})?) ?%?", re.ASCII)
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")

Value: TypeAlias = int | bool


async def case(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Shows it, or takes the numbers that were typed; the others stay. Raises: Declined."""
    initiative = await asking.the_initiative(tx, event)
    kept = await portfolio.case_of(tx, initiative.id)
    given = {key: text for key, text in event.command.keys.items() if key in KEYS}
    if not given:
        return Replies(answer=Answer(case_views.card(initiative, kept)))
    going = await asking.step(tx, event.by, initiative, verb="set", now=now)
    currency = kept.currency if kept else await _currency(tx, initiative, finding.today_of(event.by.person, now))
    read = {ALSO.get(key, key): _read(key, text, currency) for key, text in given.items()}
    if kept is None:
        kept = BusinessCase(initiative_id=initiative.id, currency=currency)
        tx.add(kept)
    before = {key: getattr(kept, case_views.COLUMNS[key]) for key in read}
    for key, value in read.items():
        setattr(kept, case_views.COLUMNS[key], value)
        if before[key] != value:
            going.note(f"case {key}", _words(before[key]), _words(value))
    _need_shares(kept)
    await tx.flush()
    return Replies(answer=Answer(case_views.card(initiative, kept)), undoable=True)


def _words(value: Value | None) -> str:
    return "" if value is None else str(value)


async def _currency(tx: Tx, initiative: Initiative, today: date) -> str:
    """That of its charter, else of the frame; amounts are never converted."""
    charter = await charter_of(tx, initiative.id)
    if charter is not None:
        return charter.currency
    frame = await portfolio.frame_on(tx, today)
    return frame.currency if frame else rules.CURRENCY


def _read(key: str, text: str, currency: str) -> Value:
    """What was typed. Raises: Declined where it is no such number."""
    match ALSO.get(key, key):
        case "faults" | "months":
            most = FAULTS_MOST if key == "faults" else MONTHS_MOST
            bare = text.replace(",", "")
            if not (bare.isascii() and bare.isdigit()) or not 0 < int(bare) <= most:
                raise Declined(case_views.not_a_number(key, text, most))
            return int(bare)
        case "repeats" | "then":
            return _share(key, text)
        case "again":
            if text.casefold() not in {*_YES, *_NO}:
                raise Declined(case_views.not_yes_or_no(key, text))
            return text.casefold() in _YES
        case _:
            amount = rules.money_of(text, currency)
            if amount is None:
                raise Declined(case_views.not_money(key, text, currency))
            return amount


def _share(key: str, text: str) -> int:
    found = _SHARE.fullmatch(text.strip())
    share = int(Decimal(found["number"]) * 100) if found else economics.BASIS + 1
    if share > economics.BASIS:
        raise Declined(case_views.not_a_share(key, text))
    return share


def _need_shares(kept: BusinessCase) -> None:
    """Raises: Declined where every visit would be repeated for ever."""
    if kept.can_repeat and economics.BASIS in {kept.repeats_now, kept.repeats_then}:
        raise Declined(case_views.for_ever())
