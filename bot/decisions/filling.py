"""What somebody types or fills in becomes the draft of a decision, or says what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.chat.errors import Declined
from bot.chat.events import Asked, By
from bot.chat.forms import Form
from bot.council.rules import Count
from bot.decisions import form_views, rules, standing, views
from bot.decisions.rules import Draft
from bot.people import handlers as people
from bot.work import handlers as work
from bot.work.rules import day_in
from storage.agenda import ON_PAPER, AgendaItem, item_numbered, items_of
from storage.councils import Council
from storage.decisions import CouncilVote, decision_coded
from storage.meetings import CouncilMeeting
from storage.people import departments
from storage.tx import Tx

KEYS = (
    "reason", "means", "moved", "for", "against", "abstain", "votes", "review", "from", "item", "customer", "internal",
    "replaces", "council",
)  # fmt: skip
_YES = frozenset({"yes", "y", "true", "on"})


@dataclass(frozen=True, slots=True)
class Where:
    """What a decision is made in: a meeting, a vote, or a vote between two meetings."""

    council: Council
    meeting: CouncilMeeting | None
    vote: CouncilVote | None = None

    @property
    def counted(self) -> Count | None:
        """The result of the vote."""
        vote = self.vote
        if vote is None or vote.votes_for is None or vote.votes_against is None or vote.votes_abstain is None:
            return None
        return Count(vote.votes_for, vote.votes_against, vote.votes_abstain)


async def typed(event: Asked, tx: Tx, where: Where, now: datetime) -> dict[str, str]:
    """The values of the form, from one line. Raises: Declined for an item, a person or a day that there is not."""
    keys = event.command.keys
    values = {"text": event.command.title} | {name: keys.get(name, "") for name in ("reason", "means", "customer")}
    values |= {name: keys.get(name, "") for name in ("votes", "replaces")}
    values["internal"] = "yes" if keys.get("internal", "").casefold() in _YES else ""
    if any(each in keys for each in ("for", "against", "abstain")):
        values["votes"] = "-".join(keys.get(each, "0") for each in ("for", "against", "abstain"))
    if "moved" in keys:
        values["moved"] = str((await work.one_person(tx, event.by, keys["moved"])).id)
    for name in ("from", "review"):
        if name in keys:
            on = await work.day_meant(tx, event.by, keys[name], now, line=event.command.text)
            values[name] = on.isoformat()
    item = await _item_meant(tx, where.meeting, keys.get("item", ""))
    return values | {"item": "" if item is None else str(item.id)}


async def _item_meant(tx: Tx, meeting: CouncilMeeting | None, text: str) -> AgendaItem | None:
    """The item `5.2` of a meeting; without one the item that was called up. Raises: Declined (E-04)."""
    if meeting is None:
        return None
    if not text:
        return None if meeting.item_id is None else await tx.get(AgendaItem, meeting.item_id)
    section, _, seq = text.partition(".")
    if not (section.isdecimal() and (not seq or seq.isdecimal())):
        raise Declined(views.no_item(text), code="E-04")
    if not seq:
        inside = await items_of(tx, meeting.id, ON_PAPER, section=int(section))
        return inside[0] if len(inside) == 1 else None
    return work.known(await item_numbered(tx, meeting.id, int(section), int(seq)), text, "item")


async def form(tx: Tx, by: By, where: Where, values: Mapping[str, str]) -> Form:
    """The form for a decision, filled with what is known; the result of a vote stands in it and can't be changed."""
    items = () if where.meeting is None else await items_of(tx, where.meeting.id, ON_PAPER)
    ids = {"meeting": str(where.meeting.id)} if where.meeting is not None else {}
    if where.vote is not None:
        ids["vote"] = str(where.vote.id)
    veiled = {each.id for each in items if each.internal and by.person.is_external}
    return form_views.decision(ids, values, items, veiled, counted=where.counted)


async def read(tx: Tx, by: By, where: Where, values: Mapping[str, str]) -> tuple[Draft | None, dict[str, str]]:
    """The decision that a form's values say, and what is missing or wrong, by input."""
    errors = _wrong(values)
    code = values.get("replaces", "").strip()
    replaces = await decision_coded(tx, code) if code else None
    is_known = replaces is not None and replaces.council_id == where.council.id
    if code and not (is_known and replaces is not None and await standing.may_read(tx, by.person, replaces)):
        errors["replaces"] = form_views.NO_DECISION
    known = await departments(tx)
    stray = rules.unknown_label(values.get("means", ""), rules.by_name(known))
    if stray and "means" not in errors:
        errors["means"] = views.no_department(stray, [each.name for each in known])
    if errors:
        return None, errors
    moved = values.get("moved", "")
    mover = await people.chosen(tx, by.place, moved) if moved else None
    draft = Draft(
        text=" ".join(values["text"].split()),
        reason=values["reason"].strip(),
        implications=values["means"].strip(),
        means=rules.means_of(values["means"], rules.by_name(known)),
        customer_view=values.get("customer", "").strip(),
        moved_by=None if mover is None else mover.id,
        count=where.counted or rules.count_meant(values.get("votes", "")),
        from_on=day_in(values.get("from", "")),
        review_on=day_in(values.get("review", "")),
        internal=values.get("internal", "") == "yes",
        replaces=replaces,
    )
    return await _about(tx, where, draft, values.get("item", "")), {}


def _wrong(values: Mapping[str, str]) -> dict[str, str]:
    errors = {name: why for name, why in form_views.REQUIRED.items() if not values.get(name, "").strip()}
    limits = {"text": rules.TEXT_MAX, "reason": rules.REASON_MAX, "means": rules.MEANS_MAX}
    for name, most in limits.items():
        if len(values.get(name, "")) > most:
            errors[name] = views.too_long(most, len(values[name]))
    votes = values.get("votes", "").strip()
    if votes and rules.count_meant(votes) is None:
        errors["votes"] = form_views.NO_COUNT
    for name in ("from", "review"):
        if values.get(name, "").strip() and day_in(values[name]) is None:
            errors[name] = form_views.NO_DAY
    return errors


async def _about(tx: Tx, where: Where, draft: Draft, item_id: str) -> Draft:
    """The draft with the item it is about; an internal item makes the decision internal too."""
    number = where.vote.item_id if where.vote is not None and not item_id else None
    item = await tx.get(AgendaItem, int(item_id) if item_id.isdecimal() else number or 0)
    if item is None or where.meeting is None or item.meeting_id != where.meeting.id:
        return draft
    return replace(draft, item_id=item.id, section=item.section, internal=draft.internal or item.internal)
