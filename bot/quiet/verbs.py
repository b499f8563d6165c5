"""Everything that can be typed, pressed and sent about somebody's quiet and their days."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.chat.cards import Card
from bot.chat.commands import Rest, Usage
from bot.chat.events import Pressed, Submitted
from bot.chat.replies import Replies
from bot.chat.routing import Command, Handler, Manners, Reader, Routes, Step, Who
from bot.quiet import digest, projections, settings, status, team_settings
from storage.quiet import DIGEST_VIEW
from storage.tx import Tx

# What stands behind a verb that is meant for the bot, also without a slash.
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_DAYS = rf"({_DAY})([ ,-]+(and |to )?{_DAY})*"
_CALENDAR = r"([a-z]{2}(-[a-z]{2,3})?|team|none|default)?"
_HOURS = r"(\d{1,2}([:.]\d\d)?( to |-| - )\d{1,2}([:.]\d\d)?|none|no|off|default|usual|everybody|reset)?"
_NUMBER = r"(\d{1,3}|default|usual|everybody|reset)?"

COMMANDS = (
    Command(
        Usage("settings"),
        "Your working days, holidays, quiet hours, messages and reminders",
        settings.show,
    ),
    Command(
        Usage("settings days", rest=Rest.WORDS, people=True, bare=_DAYS),
        "On which days you work; a lead also for others",
        settings.work_days,
        example="/settings days mon-wed,fri",
        also="/settings days mon-thu",
    ),
    Command(
        Usage("settings holidays", rest=Rest.WORDS, bare=_CALENDAR),
        "Holidays of your own, if they are not your team's",
        settings.own_holidays,
        example="/settings holidays GB-SCT",
        also="/settings holidays US",
    ),
    Command(
        Usage("settings quiet", rest=Rest.WORDS, bare=_HOURS),
        "When only answers and what is urgent reach you",
        settings.quiet_hours,
        example="/settings quiet 18:00 to 08:00",
        also="/settings quiet 20:00 to 07:00",
    ),
    Command(
        Usage("settings messages", rest=Rest.WORDS, bare=_NUMBER),
        "How many messages a day, before the rest waits for a digest",
        settings.a_day,
        example="/settings messages 4",
        also="/settings messages 10",
    ),
    Command(
        Usage("settings reminders", rest=Rest.WORDS, bare="on|off"),
        "Whether you are reminded of what falls due",
        settings.reminders,
        example="/settings reminders off",
        also="/settings reminders on",
    ),
    Command(
        Usage("team holidays", rest=Rest.WORDS, apart=True, bare=_CALENDAR),
        "The holidays of your team",
        team_settings.holidays,
        who=Who.LEAD,
        example="/team holidays GB-ENG",
        also="/team holidays GB-SCT",
    ),
    Command(
        Usage("team deputy", rest=Rest.WORDS, apart=True, people=True, bare="(none|off|no)?"),
        "Who stands in for your team's lead",
        team_settings.deputy,
        who=Who.LEAD,
        example="/team deputy @Ben",
        also="/team deputy @Raj",
    ),
)


def with_quiet(routes: Routes, manners: Manners) -> Routes:
    """The same routes, whose messages mind people's quiet: the digest shows what the views of all features say."""
    manners = replace(manners, uncounted=manners.uncounted | {DIGEST_VIEW})
    views = routes.views

    async def open_one(event: Pressed, tx: Tx, now: datetime) -> Replies:
        return await digest.open_one(event, tx, now, views_of=views)

    async def more(event: Pressed, tx: Tx, now: datetime) -> Replies:
        return await digest.more(event, tx, now, views_of=views, manners=manners)

    async def save(event: Submitted, tx: Tx, now: datetime) -> Replies:
        has_moved, replies = await settings.save(event, tx, now)
        if has_moved and routes.moved is not None:
            await routes.moved(tx, event.by.person, now)
        return replies

    async def show(tx: Tx, ids: Mapping[str, int], reader: Reader, now: datetime) -> Card | None:
        return await projections.digest(tx, ids, reader, now, views_of=views, manners=manners)

    presses: Mapping[str, Handler[Pressed]] = {
        "quiet.open": open_one,
        "quiet.more": more,
        "settings.form": settings.open_form,
        "quiet.status_yes": status.yes,
        "quiet.status_no": status.no,
        "settings.reminders": settings.turn_reminders,
    }
    return replace(
        routes,
        presses={**routes.presses, **presses},
        forms={**routes.forms, "settings.save": save},
        steps={**routes.steps, status.STEP: Step(status.ask, "", grace=status.LATE)},
        views={**views, status.VIEW: status.question, DIGEST_VIEW: show},
        noticed=status.noticed,
        manners=manners,
    )
