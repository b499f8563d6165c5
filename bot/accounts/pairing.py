"""`/account pair`: a code from an administrator of one side, typed by one of the other, makes both one organisation."""

from datetime import datetime

from bot.accounts import codes, standing, views
from bot.chat.cards import Card
from bot.chat.errors import Declined
from bot.chat.events import Asked
from bot.chat.replies import Answer, Replies, Show
from storage import accounts, pairing
from storage.accounts import AccountCode, Purpose
from storage.errors import Conflict
from storage.messages import Lane
from storage.organisations import organisation_of
from storage.people import Person, admins, zone_of
from storage.tx import Tx

PAIRED_VIEW = "account.paired"


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/account pair` shows a code, `/account pair CODE` takes one. Raises: Declined."""
    person = event.by.person
    if not event.command.words:
        account = await standing.here(tx, person, event.by.place)
        new = await codes.shown(tx, account, Purpose.PAIR, now)
        card = views.code_to_pair(new.code, new.until, zone_of(person), (await organisation_of(tx)).name)
        return Replies(answer=Answer(card, kept=False))
    found = await codes.typed(tx, event, Purpose.PAIR, now)
    if isinstance(found, Card):
        return Replies(answer=Answer(found))
    return await _paired(tx, person, found, now)


async def _paired(tx: Tx, person: Person, code: AccountCode, now: datetime) -> Replies:
    away, home = tx.organisation_id, code.organisation_id
    if home == away:
        raise Declined(views.own_code((await organisation_of(tx)).name))
    try:
        await pairing.hold(tx, away)
    except pairing.Gone as problem:
        raise Conflict from problem  # somebody paired it a moment ago: this is looked at anew, from there
    to = await accounts.organisation_named(tx, home)
    platforms = await standing.everywhere(tx)
    taken = await pairing.taken(tx, platforms, home)
    if taken:
        raise Declined(views.platform_taken(taken, to))
    found = await pairing.in_the_way(tx, away)
    if found:
        raise Declined(views.has_records(found, to))
    await codes.use(tx, code, person, now)
    moved = await pairing.rehome(tx, away, home, now)
    for each in moved.people:
        await accounts.plan_hint(tx, each, now)
    told = [each for each in await admins(tx) if each not in moved.people]
    shows = tuple(
        Show(f"{PAIRED_VIEW}:{install.id}:{admin.id}", admin, PAIRED_VIEW, {"install": install.id},
             Lane.Traffic.REPLY, urgent=True)
        for install in moved.installs for admin in told
    )  # fmt: skip
    return Replies(answer=Answer(views.paired(platforms, to, len(moved.people))), show=shows)
