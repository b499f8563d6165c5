"""What leads type and press to say who takes part, to let huddles rest, and to read their figures."""

from bot.chat.commands import Rest, Usage
from bot.chat.routing import Command, Who
from bot.huddles import answering, counting, noticing, presence, resting, setup, taking_part

COMMANDS = (
    Command(
        Usage("huddle withdraw"),
        "Take today's answer back",
        answering.withdraw,
        example="/huddle withdraw",
    ),
    Command(
        Usage("huddle start", rest=Rest.WORDS, keys=("team",), bare=""),
        "Hold today's huddle right now",
        resting.start,
        who=Who.LEAD,
        example="/huddle start",
        also='/huddle start team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle pause", rest=Rest.WORDS, keys=("team",), dates=True, bare="(until)?"),
        "Let a huddle rest",
        resting.pause,
        who=Who.LEAD,
        example="/huddle pause until 1 Jan",
        also='/huddle pause team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle resume", rest=Rest.WORDS, keys=("team",), bare=""),
        "Let a huddle go on after a pause",
        resting.resume,
        who=Who.LEAD,
        example="/huddle resume",
        also='/huddle resume team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle end", rest=Rest.WORDS, keys=("team",), bare=""),
        "End a huddle for good",
        resting.end,
        who=Who.LEAD,
        example='/huddle end "Field Dispatch"',
        also='/huddle end "Night shift" team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle observers", rest=Rest.WORDS, keys=("team",), people=True, bare="(none)?"),
        "Who gets the summaries without being asked",
        taking_part.observers,
        who=Who.LEAD,
        example="/huddle observers @Raj",
        also="/huddle observers @Raj @Carl",
    ),
    Command(
        Usage("huddle optional", rest=Rest.WORDS, keys=("team",), people=True, bare="(none)?"),
        "Whose answer is optional",
        taking_part.optional,
        who=Who.LEAD,
        example="/huddle optional @Cem",
        also="/huddle optional @Cem @Dee",
    ),
    Command(
        Usage("huddle stats", rest=Rest.WORDS, keys=("weeks", "team"), bare=""),
        "A huddle in figures: rate, reach, streak, what is in the way",
        counting.stats,
        example="/huddle stats weeks:4",
        also='/huddle stats weeks:13 team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle export", rest=Rest.WORDS, keys=("team",), bare=""),
        "A huddle's runs as a CSV file",
        counting.export,
        who=Who.LEAD,
        example="/huddle export",
        also='/huddle export team:"Field Dispatch"',
    ),
    Command(
        Usage("huddle streaks", choices=("on", "off")),
        "Whether summaries tell of streaks",
        resting.streaks,
        who=Who.ADMIN,
        example="/huddle streaks off",
        also="/huddle streaks on",
    ),
)

PRESSES = {
    "huddle.local": setup.make_local,
    "huddle.change": setup.change,
    "huddle.people": taking_part.open_form,
    "huddle.export": counting.open_file,
    "huddle.streak_keep": resting.keep_streak,
    "huddle.streak_off": resting.switch_streak_off,
}

FORMS = {"huddle.parts": taking_part.take_form}

VIEWS = {
    noticing.QUIET: noticing.quiet,
    noticing.NOVELTY: noticing.novelty,
    presence.DAYS_SET: presence.days_set,
}
