"""Everything that can be typed about customer numbers."""

from bot.chat.commands import Rest, Usage
from bot.chat.routing import Command
from bot.measures import adding, handlers, shaping, standing, taking

_FIGURES = ("period", *taking.KEYS)

COMMANDS: tuple[Command, ...] = (
    Command(
        Usage("measure record", rest=Rest.WORDS, keys=_FIGURES, dates=True, past=True, values=True, plain=False),
        "Store a number: yesterday's, last month's",
        handlers.record,
        example="/measure record FTF 78",
        also="/measure record NPS period:2026-11 promoters:221 passives:141 detractors:138",
        keys=("value:5.43 n:200", "met:920 n:1000", 'counts:"80,210,140,110,160,180,120"'),
    ),
    Command(
        Usage(
            "measure correct",
            rest=Rest.WORDS,
            keys=(*_FIGURES, "reason"),
            dates=True,
            past=True,
            values=True,
            plain=False,
        ),
        "Put a number right, with the reason; both stay",
        handlers.correct,
        example='/measure correct FTF 23 Nov 80 reason:"two late returns"',
        also='/measure correct FTF period:2026-11 met:921 n:1000 reason:"a late return"',
    ),
    Command(
        Usage("measure list", ("measure",), choices=(standing.STALE, standing.UNANCHORED), keys=("dept",)),
        "The customer numbers; stale or unanchored ones",
        handlers.show_all,
        example="/measure list dept:Field",
        also="/measure list stale",
    ),
    Command(
        Usage("measure show", rest=Rest.WORDS, plain=False),
        "One customer number and how it came there",
        handlers.show,
        example="/measure show FTF",
        also="/measure show CWR",
    ),
    Command(
        Usage("measure add", rest=Rest.WORDS, keys=adding.KEYS, plain=False),
        "Add a customer number",
        adding.add,
        example='/measure add "First-time fix" code:FTF unit:percent',
        also='/measure add NPS kind:nps question:"Would you recommend us?" frequency:monthly target:20 amber:10',
        keys=('team:"Field Dispatch"', "dept:Field", "better:down", "hard:no", "scale:1-10 top:8"),
    ),
    Command(
        Usage("measure link", rest=Rest.WORDS, keys=shaping.LINK_KEYS, plain=False),
        "What it serves, brings, and is read beside",
        shaping.link,
        example='/measure link FTF objective:"Right first time" outcome:"fewer visits paid twice"',
        also="/measure link NPS pair:FTF",
    ),
    Command(
        Usage("measure headline", rest=Rest.WORDS, plain=False),
        "The council sees it each time, or no more",
        shaping.headline,
        example="/measure headline NPS",
        also="/measure headline NPS off",
    ),
    Command(
        Usage("measure target", rest=Rest.WORDS, keys=shaping.TARGET_KEYS, values=True, plain=False),
        "Where it should go, and why that changed",
        shaping.target,
        example="/measure target FTF 90 amber:85",
        also='/measure target AHT 200 reason:"time to ask what is broken"',
    ),
    Command(
        Usage("measure conflict", rest=Rest.WORDS, keys=shaping.CONFLICT_KEYS, plain=False, apart=True),
        "Two numbers that pull people apart; all of them",
        shaping.conflict,
        example='/measure conflict AHT FTF "Short calls leave out the diagnosis"',
        also="/measure conflict AHT FTF decision:D-3",
    ),
)
