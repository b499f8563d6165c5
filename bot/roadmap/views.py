"""The words of the transformation map. Source: domain.md K-19, S3-11 to S3-14."""

from collections.abc import Sequence

from bot.chat.cards import (
    Button,
    Buttons,
    Card,
    Element,
    Facts,
    Group,
    Line,
    LinkButton,
    Note,
    Paragraph,
    Picture,
    Title,
)
from bot.chat.pictures import Box, Cell, Map, MapRow
from bot.chat.spans import Bold, Colour, Hue
from bot.chat.words import count, day, listing, typed
from bot.initiatives.rules import Horizon
from bot.initiatives.views import HUE_WORDS
from bot.roadmap import rules
from bot.roadmap.rules import Board, Covered, Item, Row, Side
from storage.people import Department

TITLE = "Transformation map"
ALL_UP_TO, LINES_MOST = 15, 10  # initiatives on one card: all of a few, else so many
ROWS_TOLD = 6
NAMED_MOST = 5
ALT_MOST = 1000  # characters; Slack takes no more
NO_DOMAIN = "No domain"
COLUMNS = {Horizon.SHORT: "Short", Horizon.MID: "Mid", Horizon.LONG: "Long"}


def card(board: Board, *, can_open: bool) -> Card:
    """K-19: what ends when, and what waits for what, by domain."""
    if not board.items:
        return _empty()
    elements: list[Element] = [Title(TITLE), Note(heads(board)), *_picture(board)]
    filled = [row for row in board.rows if row.items]
    most = ALL_UP_TO if len(board.items) <= ALL_UP_TO else max(1, LINES_MOST // min(len(filled), ROWS_TOLD))
    elements += [_group(row, most) for row in filled[:ROWS_TOLD]]
    elements += [Note(each) for each in (_unfilled(board), _untold(filled[ROWS_TOLD:]), offices(board)) if each]
    if can_open:
        elements.append(Buttons((Button("Open the map", "map.open", spoken="Open the map in your browser"),)))
    return Card(f"{TITLE}: {summary(board)}", tuple(elements))


def _empty() -> Card:
    words = "Nothing is on the transformation map yet. It shows what is still ahead, by domain and end."
    how = typed('initiative idea "Fault questions before booking"')
    first = "The first one begins with an idea:"
    return Card(words, (Title(TITLE), Paragraph((words,)), Paragraph((first,)), Paragraph((how,))))


def heads(board: Board) -> str:
    """`Short: until Mon 22 Feb 2027 · Mid: until Mon 22 Nov 2027 · Long: later`."""
    return " · ".join(columns(board))


def columns(board: Board) -> tuple[str, ...]:
    """What stands over each column."""
    return (
        f"{COLUMNS[Horizon.SHORT]}: until {day(board.short_end)}",
        f"{COLUMNS[Horizon.MID]}: until {day(board.mid_end)}",
        f"{COLUMNS[Horizon.LONG]}: later",
    )


def summary(board: Board) -> str:
    """`6 initiatives, 1 red, 2 amber, 3 green`, as a sentence."""
    hues = [each.hue for each in board.items]
    coloured = [f"{hues.count(hue)} {HUE_WORDS[hue]}" for hue in Hue if hue in hues]
    bare = [f"{hues.count(None)} without a milestone"] if None in hues else []
    return f"{', '.join([count(len(hues), 'initiative'), *coloured, *bare])}."


def row_name(row: Row) -> str:
    """What a row is called."""
    return row.name or NO_DOMAIN


def waits(item: Item) -> str:
    """`needs I-4 and I-7`."""
    named, more = item.needs[:NAMED_MOST], len(item.needs) - NAMED_MOST
    return f"needs {listing([*named, *([f'{more} more'] if more > 0 else [])])}" if named else ""


def ends(item: Item) -> str:
    """`until Fri 18 Dec 2026`."""
    return f"until {day(item.ends_on)}" if item.ends_on else "no end agreed"


def _group(row: Row, most: int) -> Group:
    told = rules.picked(row.items, most)
    lines = [_line(each) for each in told]
    codes = {each.code for each in told}
    left = [each for each in row.items if each.code not in codes]
    if left:
        parts = [f"{n} {COLUMNS[column].lower()}" for column in Horizon if (n := _in(left, column))]
        lines.append(Line((f"+{len(left)} more: {', '.join(parts)}",)))
    return Group(row_name(row), tuple(lines))


def _in(items: Sequence[Item], column: Horizon) -> int:
    return sum(each.horizon is column for each in items)


def _line(item: Item) -> Line:
    colour = (" ", Colour(item.hue, HUE_WORDS[item.hue])) if item.hue else ()
    detail = [COLUMNS[item.horizon], ends(item), *([waits(item)] if item.needs else [])]
    return Line((Bold(item.code), f" {item.title}", *colour), (" · ".join(detail),))


def _unfilled(board: Board) -> str:
    """Domains in which nothing is planned."""
    names = [row.name for row in board.rows if not row.items]
    if not names:
        return ""
    named = names if len(names) <= NAMED_MOST else [*names[:NAMED_MOST], f"{len(names) - NAMED_MOST} more"]
    return f"Nothing yet in {listing(named)}."


SIDES = {Side.FRONT: "front office", Side.BACK: "back office"}


def offices(board: Board) -> str:
    """`Front office: 2 of 3 departments. Back office: none of 4 departments, so nothing changes there`, or n/a."""
    if not board.coverage:
        return f"Front and back office: n/a. {typed('initiative office')} says which department is on which side."
    return " ".join(_office(SIDES[side], covered) for side, covered in board.coverage.items())


def _office(name: str, covered: Covered) -> str:
    name = name.capitalize()
    if not covered.departments:
        return f"{name}: n/a."
    if not covered.touched:
        return f"{name}: none of {count(covered.departments, 'department')}, so nothing changes there."
    return f"{name}: {covered.touched} of {count(covered.departments, 'department')}."


def sides(departments: Sequence[Department]) -> Card:
    """Which department is on which side."""
    by_side = {words: [each.name for each in departments if each.side is side] for side, words in SIDES.items()}
    said = [(words.capitalize(), listing(names)) for words, names in by_side.items() if names]
    said += (
        [("Not said yet", listing(open_))] if (open_ := [each.name for each in departments if not each.side]) else []
    )
    how = f'To say so: {typed("initiative office")} "Billing" side:back'
    facts = Facts(tuple((label, (names,)) for label, names in said))
    return Card("Front and back office", (Title("Front and back office"), *([facts] if said else []), Note(how)))


def sided(department: Department) -> str:
    """It was said of one."""
    return (
        f"{department.name} is {SIDES[department.side]} now."
        if department.side
        else f"{department.name} is on no side."
    )


def no_department(name: str, known: Sequence[str]) -> str:
    """E-04."""
    those = f" I know {listing(known, 'and')}." if known else ""
    return f"I know no department '{name}'.{those} Nothing was changed."


def no_side(text: str) -> str:
    """Neither front nor back."""
    return f"After side: please write front or back; I read '{text}'. Nothing was changed."


def _untold(rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    number = sum(len(row.items) for row in rows)
    return f"And {count(number, 'initiative')} in {count(len(rows), 'more domain')}."


def drawing(board: Board) -> Map:
    """The map as a picture: codes and colours, and the names of domains."""
    rows = rules.drawn_rows(board)
    most = rules.drawn_boxes(rows)
    cells = [[rules.picked(row.at(column), most) for column in Horizon] for row in rows]
    drawn = [item for row in cells for cell in row for item in cell]
    return Map(
        columns(board),
        tuple(
            MapRow(
                row_name(row),
                tuple(
                    Cell(tuple(_box(item) for item in cell), len(row.at(column)) - len(cell))
                    for column, cell in zip(Horizon, shown, strict=True)
                ),
            )
            for row, shown in zip(rows, cells, strict=True)
        ),
        tuple(rules.arrows_between(drawn)),
    )


def _box(item: Item) -> Box:
    return Box(item.code, item.hue, HUE_WORDS[item.hue] if item.hue else "")


def _picture(board: Board) -> Sequence[Picture]:
    shown = drawing(board)
    return (Picture(shown, alt(board, shown)),) if shown.rows else ()


def alt(board: Board, shown: Map) -> str:
    """What the picture says, for who can't see it: every box in its column and row, then what waits for what."""
    said = [summary(board)]
    for number, column in enumerate(Horizon):
        told = [part for row in shown.rows if (part := _cell_words(row, number))]
        said.append(f"{COLUMNS[column]}: {'; '.join(told) or 'nothing'}.")
    said += [f"{then} needs {first}." for first, then in shown.arrows]
    return _whole_sentences(said)


def _cell_words(row: MapRow, number: int) -> str:
    cell = row.cells[number]
    boxes = [f"{box.code} {box.word}".rstrip() for box in cell.boxes] + ([f"{cell.more} more"] if cell.more else [])
    return f"{', '.join(boxes)} in {row.name}" if boxes else ""


def _whole_sentences(said: Sequence[str]) -> str:
    """As many sentences as there is room for, and that there are more."""
    end = "The page and the words below say the rest."
    whole = " ".join(said)
    if len(whole) <= ALT_MOST:
        return whole
    kept = said[0]
    for each in said[1:]:
        if len(kept) + len(each) + len(end) + 2 > ALT_MOST:
            continue
        kept = f"{kept} {each}"
    return f"{kept} {end}"


def link(url: str) -> Card:
    """The personal link to the page."""
    words = "This link opens the map in your browser: for you alone, once, within 10 minutes. Please don't pass it on."
    return Card(words, (Paragraph((words,)), Buttons((LinkButton("Open in the browser", url),))))


def no_page() -> str:
    """Nobody has said where the pages are."""
    return f"The map has no web page here: whoever runs me has not set its address. {typed('initiative map')} shows it."


def not_yours() -> str:
    """E-03."""
    return (
        "Only those who lead a team or a department, sponsors, executives, the council's chair and secretary and "
        "administrators can see the map. Nothing was changed."
    )
