"""`/huddle setup`: a form, or one line of text; and what a changed team means for its huddles."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from bot.chat.errors import Declined
from bot.chat.events import Asked, By, Pressed, Submitted
from bot.chat.forms import Form
from bot.chat.replies import Answer, Replies
from bot.guide import views as words
from bot.huddles import finding, following, running, setup_rules, setup_views, telling, wanting
from bot.teams import handlers as teams
from bot.teams.leading import answers_for
from storage.huddles import Huddle
from storage.measures import measures
from storage.teams import Team, team_at, team_named
from storage.tx import Change, Tx


async def ask(event: Asked, tx: Tx, now: datetime) -> Replies:
    """`/huddle setup`: with a name and everything readable it is stored, else the form comes with what was said."""
    team = await _team(tx, event.by, event.command.keys.get("team", ""), now)
    huddle = await _known(tx, team, event.command.title)
    values = await wanting.said(tx, event, team, huddle, now=now)
    read, errors = await wanting.read(tx, event.by, values, huddle, now=now)
    if read is None or not event.command.keys:
        form = await _form(tx, event.by, values, huddle=huddle, now=now)
        return Replies(answer=Answer(form.refused(values, errors) if errors and event.command.keys else form))
    return await _stored(tx, huddle, read, now)


async def change(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Change**: the same form, with the huddle as it is."""
    huddle, team = await led(tx, event.by, event.number("huddle"), now)
    values = await wanting.as_it_is(tx, team, huddle)
    return Replies(answer=Answer(await _form(tx, event.by, values, huddle=huddle, now=now)))


async def take_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """The form was sent."""
    if event.ids.get("huddle"):
        huddle: Huddle | None = (await led(tx, event.by, event.number("huddle"), now))[0]
    else:
        huddle = await _made_by_it(tx, event)
    if huddle is not None and not event.ids.get("huddle") and not _is_called(huddle, event):
        form = await _form(tx, event.by, event.values, huddle=None, now=now)
        return Replies(answer=Answer(form.refused(event.values, {"name": setup_views.made_before(huddle.name)})))
    read, errors = await wanting.read(tx, event.by, event.values, huddle, now=now)
    if huddle is not None and event.ids.get("version", str(huddle.version)) != str(huddle.version):
        errors["name"] = setup_views.OVERTAKEN
    if read is None or errors:
        form = await _form(tx, event.by, event.values, huddle=huddle, now=now)
        return Replies(answer=Answer(form.refused(event.values, errors)))
    return await _stored(tx, huddle, read, now)


async def _made_by_it(tx: Tx, event: Submitted) -> Huddle | None:
    """The huddle that the form of a new one has made already, when it is sent a second time."""
    made = (
        select(Huddle)
        .join(Change, col(Change.row_id) == Huddle.id)
        .where(Change.table == Huddle.__tablename__, col(Change.before).is_(None), Change.by == event.by.person.id)
        .where(Huddle.id > event.number("after"), col(Huddle.active).is_(True))
    )
    team = event.values.get("team", "")
    found = [each for each in await tx.all(made.order_by(col(Huddle.id))) if str(each.team_id) == team]
    return next((each for each in found if _is_called(each, event)), next(iter(found), None))


def _is_called(huddle: Huddle, event: Submitted) -> bool:
    return huddle.name.casefold() == event.values.get("name", "").strip().casefold()


async def make_local(event: Pressed, tx: Tx, now: datetime) -> Replies:
    """**Everybody's own time**: the huddle becomes a `local` one."""
    huddle, team = await led(tx, event.by, event.number("huddle"), now)
    before = await telling.standing(tx, huddle, team, now)
    huddle.mode = Huddle.Mode.LOCAL
    return await telling.saved(tx, huddle, team, now, before=before)


async def led(tx: Tx, by: By, number: int, now: datetime) -> tuple[Huddle, Team]:
    """A huddle with its team, for somebody who may set it up. Raises: Declined."""
    huddle = await tx.get(Huddle, number)
    team = None if huddle is None else await tx.need(Team, huddle.team_id)
    if huddle is None or team is None or not await answers_for(tx, by.person, team, now):
        raise Declined(words.only_admin(), code="E-03")
    return huddle, team


async def take_team_form(event: Submitted, tx: Tx, now: datetime) -> Replies:
    """A team was set up or changed: its huddles follow its members' zones."""
    known = await tx.get(Team, event.number("team"))
    place_id = None if known is None else known.place_id
    team, replies = await teams.save(event, tx, now)
    if team is not None:
        huddles = await tx.all(select(Huddle).where(Huddle.team_id == team.id))
        for huddle in huddles:
            await following.follow(tx, huddle, now)
        if team.place_id != place_id:
            replies += await running.in_new_room(tx, huddles, now)
    return replies


async def _stored(tx: Tx, huddle: Huddle | None, read: wanting.Wanted, now: datetime) -> Replies:
    before = None
    if huddle is None:
        huddle = Huddle(
            name=read.name, team_id=read.team.id, at_time=read.at_time, zone=read.zone, questions=read.questions
        )
        tx.add(huddle)
    else:
        before = await telling.standing(tx, huddle, await tx.need(Team, huddle.team_id), now)
    huddle.active = True
    huddle.name = read.name
    huddle.team_id = read.team.id
    huddle.weekdays = read.weekdays
    huddle.at_time = read.at_time
    huddle.zone = read.zone
    huddle.window_min = read.window_min
    huddle.mode = read.mode
    huddle.asks_in = read.asks_in
    huddle.former = setup_rules.replaced(huddle.former, huddle.questions, read.questions)
    huddle.questions = read.questions
    huddle.measure_id = read.measure.id if read.measure else None
    huddle.target_percent = read.target_percent
    huddle.grouped_by = read.grouped_by
    await tx.flush()
    await _anchored(tx, huddle, read, now)
    await tx.flush()
    return await telling.saved(tx, huddle, read.team, now, before=before)


async def _anchored(tx: Tx, huddle: Huddle, read: wanting.Wanted, now: datetime) -> None:
    """Every other week counts from the first huddle on, and an edit leaves it in the weeks in which it was."""
    begins_anew = read.from_on != huddle.from_on or huddle.anchor_on is None
    huddle.from_on, huddle.until_on = read.from_on, read.until_on
    huddle.every_weeks = 1
    if read.every_weeks == 1:
        huddle.anchor_on = None
    elif begins_anew:
        today = now.astimezone(ZoneInfo(huddle.zone)).date()
        huddle.anchor_on = await finding.next_date(tx, huddle, today, including=True, now=now) or today
    huddle.every_weeks = read.every_weeks


async def _team(tx: Tx, by: By, named: str, now: datetime) -> Team:
    """The team named, this channel's, or the first one leads. Raises: Declined."""
    team = await team_named(tx, named) if named else await team_at(tx, by.place.id)
    if named and team is None:
        raise Declined(setup_views.no_team(named), code="E-04")
    if team is None:
        choices = await wanting.teams_led(tx, by, now)
        if not choices:
            raise Declined(setup_views.needs_team())
        team = choices[0]
    if not await answers_for(tx, by.person, team, now):
        raise Declined(words.only_admin(), code="E-03")
    return team


async def _known(tx: Tx, team: Team, name: str) -> Huddle | None:
    """The team's huddle of that name; without a name its first, one that has ended only where no other is left."""
    every = await tx.all(
        select(Huddle).where(Huddle.team_id == team.id).order_by(col(Huddle.active).desc(), col(Huddle.id))
    )
    return next((each for each in every if not name or each.name.casefold() == name.casefold()), None)


async def _form(tx: Tx, by: By, values: Mapping[str, str], *, huddle: Huddle | None, now: datetime) -> Form:
    known = [(each.code, each.name) for each in await measures(tx)]
    choices = [(str(each.id), each.name) for each in await wanting.teams_led(tx, by, now)]
    if not choices:
        raise Declined(words.only_admin(), code="E-03")
    newest = await tx.first(select(Huddle).order_by(col(Huddle.id).desc()))
    return setup_views.form(choices, known, values, huddle, newest=newest.id if newest else 0)
