"""`/council setup` by form or in one line: a new council, or another rhythm, place or chair of one that there is."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo, available_timezones

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.localtime import today_in
from bot.chat.replies import Answer, Replies
from bot.council import dates, reading, relieving, replanning, rooms, setup_views, standing, summing_up, telling, views
from bot.council.reading import quorum_meant
from bot.council.rules import NAME_MAX, WHERE_MAX
from bot.guide.views import old_button
from bot.huddles.setup_rules import read_time, read_zone
from bot.people import handlers as people
from bot.work.handlers import one_person
from storage.councils import Council, CouncilRoom, Seat, council_named, councils, councils_in
from storage.meetings import coming
from storage.organisations import organisation_of, zone_of
from storage.people import Person, Role, roles_of
from storage.tx import Tx

PEOPLE = (setup_views.CHAIR, setup_views.SECRETARY, setup_views.SPONSOR)
KEYS = (
    "council", setup_views.RULE, setup_views.AT, setup_views.LENGTH, setup_views.WHERE, setup_views.LINK, *PEOPLE,
    setup_views.QUORUM, setup_views.CUSTOMER, setup_views.ZONE,
)  # fmt: skip
FOUNDERS = frozenset({Role.Kind.ADMIN, Role.Kind.SPONSOR, Role.Kind.EXECUTIVE})
NOBODY = frozenset({"", "off", "nobody", "none"})


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/council setup "CX Council" rule:"first thursday" at:10:00 chair:@Cora`; with nothing said the form."""
    command = event.command
    council = await _meant(tx, event.by, command.title, command.keys.get("council", ""))
    await _may(tx, event.by.person, council)
    said = {name: value for name, value in command.keys.items() if name != "council"}
    rule = said.get(setup_views.RULE, "")
    if rule and dates.is_ambiguous(rule):
        raise setup_views.which_rhythm(command.text, rule)
    name = command.title or command.keys.get("council", "")
    values = await _values(tx, event.by.person, council, name) | await _read_people(tx, event.by, said)
    errors = await _errors(tx, event.by, values, council)
    if said and not errors:
        return await _stored(tx, event.by, council, values, now=now)
    form = setup_views.form(values, council)
    return Replies(answer=Answer(form.refused(values, errors) if said else form))


async def open_form(event: Pressed, tx: Tx, _now: datetime) -> Replies:
    """**Change it**."""
    council = await of_ids(tx, event)
    await _may(tx, event.by.person, council)
    return Replies(answer=Answer(setup_views.form(await _values(tx, event.by.person, council, council.name), council)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    council = await of_ids(tx, event) if event.ids.get("council") else None
    await _may(tx, event.by.person, council)
    values = dict(event.values)
    errors = await _errors(tx, event.by, values, council)
    if errors:
        form: Form = setup_views.form(values, council).refused(values, errors)
        return Replies(answer=Answer(form, refuses=True))
    return await _stored(tx, event.by, council, values, now=now)


async def of_ids(tx: Tx, event: Pressed | Submitted) -> Council:
    """The council of a button or form. Raises: Declined where there is none."""
    council = await tx.get(Council, event.number("council"))
    if council is None:
        raise Declined(old_button())
    return council


async def _meant(tx: Tx, by: By, title: str, named: str) -> Council | None:
    """The council that is changed; None for a new one. Raises: Declined."""
    wanted = title or named
    if wanted:
        found = await council_named(tx, wanted)
        if found is None and named:
            raise Declined(views.unknown_council(named, [each.name for each in await councils(tx)]), code="E-04")
        if found is not None and found.state is Council.State.ENDED:
            raise Declined(setup_views.ended(found.name), code="E-05")
        return found
    if not await councils_in(tx, by.place.id) and not await councils(tx):
        return None
    return await standing.council_meant(tx, by)


async def _may(tx: Tx, person: Person, council: Council | None) -> None:
    """Raises: Declined (E-03)."""
    roles = await roles_of(tx, person)
    if council is None:
        if roles.isdisjoint(FOUNDERS):
            raise Declined(setup_views.only_founders(), code="E-03")
        return
    await standing.must_run(tx, person, council)


# --- what was said


async def _values(tx: Tx, person: Person, council: Council | None, name: str) -> dict[str, str]:
    """What a council is; for a new one what it usually is, with a sponsor who founds it as its sponsor."""
    organisation = await organisation_of(tx)
    if council is None:
        sponsors = Role.Kind.SPONSOR in await roles_of(tx, person)
        return {
            setup_views.NAME: " ".join(name.split()), setup_views.RULE: views.rhythm(dates.DEFAULT_RULE),
            setup_views.AT: f"{dates.DEFAULT_AT:%H:%M}", setup_views.LENGTH: "90", setup_views.WHERE: "",
            setup_views.LINK: "", setup_views.CHAIR: "", setup_views.SECRETARY: "",
            setup_views.SPONSOR: str(person.id) if sponsors else "",
            setup_views.QUORUM: "majority", setup_views.CUSTOMER: Council.Customer.ADVISORY.value,
            setup_views.ZONE: zone_of(organisation).key,
        }  # fmt: skip
    return {
        setup_views.NAME: council.name, setup_views.RULE: views.rhythm(council.rule),
        setup_views.AT: f"{council.at_time:%H:%M}", setup_views.LENGTH: str(council.length_min),
        setup_views.WHERE: council.where, setup_views.LINK: council.link, **await _numbers(tx, council),
        setup_views.QUORUM: reading.quorum_text(council), setup_views.CUSTOMER: council.customer.value,
        setup_views.ZONE: council.zone,
    }  # fmt: skip


async def _numbers(tx: Tx, council: Council) -> dict[str, str]:
    """Who runs it, by part; who has left the organisation runs nothing."""
    ran_by = zip(PEOPLE, (council.chair_id, council.secretary_id, council.sponsor_id), strict=True)
    people_known = {part: None if number is None else await tx.get(Person, number) for part, number in ran_by}
    return {part: str(each.id) if each is not None and each.active else "" for part, each in people_known.items()}


async def _read_people(tx: Tx, by: By, said: Mapping[str, str]) -> dict[str, str]:
    """What was said, with people as their numbers. Raises: Declined (E-10)."""
    found = dict(said)
    for part in PEOPLE:
        if part in said:
            is_nobody = said[part].casefold() in NOBODY
            found[part] = "" if is_nobody else str((await one_person(tx, by, said[part])).id)
    if customer := reading.customer_meant(said.get(setup_views.CUSTOMER, "")):
        found[setup_views.CUSTOMER] = customer.value
    return found


async def _errors(tx: Tx, by: By, values: Mapping[str, str], council: Council | None) -> dict[str, str]:
    def said(name: str) -> str:
        return values.get(name, "").strip()

    name, link = " ".join(said(setup_views.NAME).split()), said(setup_views.LINK)
    namesake = await council_named(tx, name) if name else None
    is_taken = namesake is not None and (council is None or namesake.id != council.id)
    rule = said(setup_views.RULE)
    why_rule = setup_views.NEEDS_RULE
    if dates.is_ambiguous(rule):
        why_rule = setup_views.which(rule)
    checks = {
        setup_views.NAME: (0 < len(name) <= NAME_MAX, setup_views.NEEDS_NAME),
        setup_views.RULE: (dates.rule_meant(rule) is not None, why_rule),
        setup_views.AT: (read_time(said(setup_views.AT)) is not None, setup_views.NEEDS_TIME),
        setup_views.LENGTH: (reading.length_meant(said(setup_views.LENGTH)) is not None, setup_views.NEEDS_LENGTH),
        setup_views.ZONE: (read_zone(said(setup_views.ZONE)) in available_timezones(), setup_views.NEEDS_ZONE),
        setup_views.WHERE: (len(said(setup_views.WHERE)) <= WHERE_MAX, setup_views.TOO_LONG),
        setup_views.LINK: (not link or _is_address(link), setup_views.NEEDS_LINK),
        setup_views.QUORUM: (quorum_meant(said(setup_views.QUORUM)) is not None, setup_views.NEEDS_QUORUM),
        setup_views.CUSTOMER: (
            reading.customer_meant(said(setup_views.CUSTOMER)) is not None, setup_views.NEEDS_CUSTOMER,
        ),
    }  # fmt: skip
    errors = {each: why for each, (fine, why) in checks.items() if not fine}
    if is_taken:
        errors[setup_views.NAME] = setup_views.NAME_TAKEN
    return errors | await _wrong_people(tx, by, values, council)


async def _wrong_people(tx: Tx, by: By, values: Mapping[str, str], council: Council | None) -> dict[str, str]:
    found: dict[str, Person | None] = {}
    errors: dict[str, str] = {}
    for part in PEOPLE:
        value = values.get(part, "").strip()
        found[part] = await people.chosen(tx, by.place, value) if value else None
        if value and found[part] is None:
            errors[part] = setup_views.WHO_IS_THAT
    chair, secretary = found[setup_views.CHAIR], found[setup_views.SECRETARY]
    for part, person in ((setup_views.CHAIR, chair), (setup_views.SECRETARY, secretary)):
        if person is None or not person.is_external:
            continue
        if council is None or not await standing.may_run(tx, person, council):
            errors[part] = setup_views.from_outside(person.name)
    if chair is not None and secretary is not None and chair.id == secretary.id:
        errors[setup_views.SECRETARY] = setup_views.NOT_BOTH
    return errors


def _is_address(text: str) -> bool:
    return text.startswith("https://") and not any(each.isspace() for each in text)


# --- stored


async def _stored(tx: Tx, by: By, council: Council | None, values: Mapping[str, str], *, now: datetime) -> Replies:
    is_new = council is None
    before = None if council is None else (council.rule, council.at_time, council.zone)
    ran_by = (None, None) if council is None else (council.chair_id, council.secretary_id)
    held = {} if council is None else await standing.offices(tx, council)
    if council is None:
        calendar = (await organisation_of(tx)).calendar
        council = Council(
            name="", rule="", starts_on=today_in(zone_of(await organisation_of(tx)), now), at_time=time(), zone="",
            calendar=calendar,
        )  # fmt: skip
        tx.add(council)
    await _write(tx, by, council, values, now=now)
    await tx.flush()
    if is_new:
        today = today_in(ZoneInfo(council.zone), now)
        tx.add(Seat(council_id=council.id, kind=Seat.Kind.CUSTOMER, from_on=today))
        if not by.is_direct:
            await rooms.attach(tx, council, by.place, CouncilRoom.Purpose.COUNCIL)
    replies, moved = await replanning.follow(
        tx, council, now, is_other_rhythm=before is not None and before != (council.rule, council.at_time, council.zone)
    )
    if not is_new and ran_by != (council.chair_id, council.secretary_id):
        replies += await _in_the_middle(tx, council, *ran_by)
    replies += Replies(show=await relieving.told(tx, council, held))
    card = setup_views.saved(await summing_up.set_up(tx, council, now, moved=moved), is_new=is_new)
    return replies + Replies(answer=Answer(card))


async def _write(tx: Tx, by: By, council: Council, values: Mapping[str, str], *, now: datetime) -> None:
    """The values, which were found to be right, as columns."""
    rule = dates.rule_meant(values[setup_views.RULE]) or dates.DEFAULT_RULE
    council.zone = read_zone(values[setup_views.ZONE])
    if rule != council.rule:
        council.rule = rule
        council.starts_on = dates.first_day(rule, replanning.day_before_first(council.zone, now))
    council.name = " ".join(values[setup_views.NAME].split())
    council.at_time = read_time(values[setup_views.AT]) or dates.DEFAULT_AT
    council.length_min = reading.length_meant(values[setup_views.LENGTH]) or council.length_min
    council.where, council.link = values[setup_views.WHERE].strip(), values[setup_views.LINK].strip()
    quorum = quorum_meant(values[setup_views.QUORUM])
    if quorum is not None:
        council.quorum, council.quorum_number = quorum
    council.customer = reading.customer_meant(values[setup_views.CUSTOMER]) or council.customer
    chosen = {
        part: await people.chosen(tx, by.place, value) if (value := values.get(part, "").strip()) else None
        for part in PEOPLE
    }
    numbers = {part: None if person is None else person.id for part, person in chosen.items()}
    council.chair_id, council.secretary_id = numbers[setup_views.CHAIR], numbers[setup_views.SECRETARY]
    council.sponsor_id = numbers[setup_views.SPONSOR]


async def _in_the_middle(tx: Tx, council: Council, was_chair: int | None, was_secretary: int | None) -> Replies:
    """Another chair or secretary, or nobody, takes over where a meeting is on, unless that one has its own.

    Of another secretary, and where nobody chairs, who runs it is told at once; they have the running cards too.
    """
    for meeting in await coming(tx, council.id):
        found = standing.Around(meeting, council)
        if standing.is_running(found):
            ran_by = (meeting.chair_id, meeting.secretary_id)
            chair = council.chair_id if meeting.chair_id == was_chair else meeting.chair_id
            secretary = council.secretary_id if meeting.secretary_id == was_secretary else meeting.secretary_id
            await relieving.now_run_by(tx, found, chair, secretary)
            people = await standing.run_by(tx, found)
            is_news = secretary != ran_by[1] or (chair is None and ran_by[0] is not None)
            mark = f"{secretary or 0}:{tx.acting.event_id or 0}"
            news = telling.to_people(found, telling.VACANCY, people if is_news else (), mark=mark, urgent=True)
            cards = telling.to_people(found, telling.CHAIRS, people, urgent=True)
            return Replies(show=news + cards, refresh=telling.running_anew(found))
    return Replies()
