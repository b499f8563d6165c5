"""Customers' words that somebody heard."""

from datetime import date

from bot.customers.rules import redacted
from storage.customers import VocItem
from storage.organisations import next_code
from storage.tx import Tx


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
