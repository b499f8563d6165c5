"""`/initiative frame`: the limits that were agreed for some time."""

from datetime import date, datetime

from bot.chat.cards import says
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies
from bot.initiatives import asking, finding, limits, reply_views, rules
from bot.work import handlers as work
from storage import portfolio
from storage.initiatives import StrategyFrame
from storage.people import Role, roles_of
from storage.tx import Tx

KEYS = ("starts", "ends", "flight", "budget", "days", "short", "mid", "currency")
_CURRENCY_LETTERS = 3
_DAYS_MOST = 1_000_000
_MAY = {Role.Kind.ADMIN, Role.Kind.CHAIR, Role.Kind.EXECUTIVE}


async def frame(event: Asked, tx: Tx, now: datetime) -> Replies:
    """Shows the one that is valid, or sets one for days on which none is."""
    asking.need_inside(event.by.person)
    today = finding.today_of(event.by.person, now)
    if not event.command.keys:
        found = await portfolio.frame_on(tx, today)
        if found is None:
            return Replies(answer=Answer(says(reply_views.no_frame())))
        return Replies(answer=Answer(reply_views.frame(found, over=await limits.over(tx, found))))
    if not _MAY & await roles_of(tx, event.by.person):
        raise Declined(reply_views.only_leaders(), code="E-03")
    new = await _read(event, tx, now)
    await portfolio.one_at_a_time(tx)
    overlapping = await portfolio.frame_within(tx, new.valid_from, new.valid_to)
    if overlapping is not None:
        raise Declined(reply_views.frame_overlaps(overlapping))
    tx.add(new)
    await tx.flush()
    return Replies(answer=Answer(reply_views.frame(new, over=await limits.over(tx, new))), undoable=True)


async def _read(event: Asked, tx: Tx, now: datetime) -> StrategyFrame:
    """Without columns of its own, short term are three months and mid term twelve."""
    keys = event.command.keys
    starts, ends = await _day(event, tx, "starts", now), await _day(event, tx, "ends", now)
    if starts is None or ends is None:
        missing = [word for word, on in (("starts:", starts), ("ends:", ends)) if on is None]
        raise Declined(reply_views.frame_needs(missing))
    if ends < starts:
        raise Declined(reply_views.ends_before_it_starts())
    short = await _day(event, tx, "short", now) or rules.months_after(starts, rules.SHORT_MONTHS)
    mid = await _day(event, tx, "mid", now) or rules.months_after(starts, rules.MID_MONTHS)
    if not starts <= short < mid:
        raise Declined(reply_views.frame_out_of_order())
    currency = _currency(keys.get("currency", rules.CURRENCY))
    budget = rules.money_of(keys.get("budget", "0"), currency)
    if budget is None:
        raise Declined(reply_views.not_money(keys["budget"], currency))
    new = StrategyFrame(valid_from=starts, valid_to=ends, short_end=short, mid_end=mid, budget=budget)
    new.currency = currency
    new.max_in_flight = _number(keys.get("flight", str(new.max_in_flight)), "flight", rules.IN_FLIGHT_MOST)
    new.person_days_per_month = _number(keys.get("days", "0"), "days", _DAYS_MOST)
    return new


async def _day(event: Asked, tx: Tx, key: str, now: datetime) -> date | None:
    text = event.command.keys.get(key, "")
    return await work.day_meant(tx, event.by, text, now, line=event.command.text) if text else None


def _number(text: str, name: str, most: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > most:
        raise Declined(reply_views.not_a_number(name, text))
    return int(text)


def _currency(text: str) -> str:
    if not (len(text) == _CURRENCY_LETTERS and text.isascii() and text.isalpha()):
        raise Declined(reply_views.not_one_of("currency", text, ["GBP", "EUR", "USD"]))
    return text.upper()
