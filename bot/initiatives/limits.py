"""What was approved stays within the frame: money and working days. Source: domain.md 2.4, invariant 15."""

from datetime import date

from bot.chat.errors import Declined
from bot.initiatives import reply_views, rules
from storage import portfolio
from storage.initiatives import Charter, Initiative, StrategyFrame
from storage.tx import Tx


async def over(tx: Tx, frame: StrategyFrame) -> tuple[int, int, int]:
    """By how much money, days a month and initiatives in flight what is approved by now goes beyond a frame."""
    spent, days = await portfolio.approved(tx, frame.currency, but=0)
    beyond = await portfolio.in_flight(tx, but=0) - frame.max_in_flight
    return (*rules.over(frame, spent, days), max(beyond, 0))


async def need_room(tx: Tx, initiative: Initiative, charter: Charter, today: date) -> None:
    """Raises: Declined (E-08) where an approved charter would go over the frame of the day, with by how much.

    Amounts in another currency than the frame's are not converted, so they are not counted. A frame that names no
    budget or no days has no such limit.
    """
    await portfolio.one_at_a_time(tx)  # two approvals at once can't both take what is left
    frame = await portfolio.frame_on(tx, today)
    if frame is None:
        return
    spent, days = await portfolio.approved(tx, frame.currency, but=initiative.id)
    spent += charter.budget or 0 if charter.currency == frame.currency else 0
    days += charter.days_per_month or 0
    beyond = rules.over(frame, spent, days)
    if beyond != (0, 0):
        raise Declined(reply_views.over_frame(initiative.code, frame, *beyond), code="E-08")
