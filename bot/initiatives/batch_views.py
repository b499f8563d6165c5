"""The words about batches."""

from collections.abc import Sequence

from bot.chat.cards import Card, Element, Group, Line, Note, Paragraph, Title
from bot.chat.spans import Bold
from bot.chat.words import count, listing, typed
from bot.initiatives.views import standing, until
from bot.work.rules import state_words
from storage.initiatives import Batch, Initiative


def listed(batches: Sequence[tuple[Batch, int]]) -> Card:
    """Every batch."""
    if not batches:
        return Card(
            "No batch yet.", (Title("Batches"), Paragraph((f"There is no batch yet. A lead adds one: {_adding()}",)))
        )
    lines = tuple(Line((Bold(each.name), f"  {each.code}"), (_detail(each, size),)) for each, size in batches)
    return Card(f"{count(len(batches), 'batch', 'batches')}.", (Title("Batches"), Group("Open ones first", lines)))


def _detail(batch: Batch, size: int) -> str:
    return f"{state_words(batch.state)} · {until(batch.starts_on, batch.ends_on)} · {count(size, 'initiative')}"


def shown(batch: Batch, initiatives: Sequence[Initiative]) -> Card:
    """One batch."""
    lines = tuple(Line((Bold(each.title), f"  {each.code}"), (f"{standing(each)} · {each.priority.value}",))
                  for each in initiatives)  # fmt: skip
    below: Element = Group("Initiatives", lines) if lines else Paragraph(("Nothing is in it yet.",))
    note = Note(f"{batch.code} · {_detail(batch, len(initiatives))}")
    return Card(f"{batch.code} {batch.name}: {state_words(batch.state)}.", (Title(batch.name), note, below))


def made(batch: Batch) -> str:
    """A new batch."""
    return f"{batch.code} is {batch.name}, {until(batch.starts_on, batch.ends_on)}. Fill it: {_filling(batch.code)}"


def changed(batch: Batch, verb: str, codes: Sequence[str]) -> str:
    """What was done to it."""
    match verb:
        case "add":
            return f"{batch.code} has {listing(codes)} now."
        case "remove":
            return f"{listing(codes)} {'is' if len(codes) == 1 else 'are'} in {batch.code} no more."
        case _:
            return f"{batch.code} is {state_words(batch.state)}."


def needs_name() -> str:
    """A batch without words."""
    return f"What is it called? For example: {_adding()}. Nothing was changed."


def not_a_verb(text: str, code: str, known: Sequence[str]) -> str:
    """Something that can't be done with a batch."""
    if not text:
        return f"What is to be done with {code}? It can be {listing(known, 'or')}. Nothing was changed."
    return f"I don't know '{text}' for a batch. It can be {listing(known, 'or')}. Nothing was changed."


def which(code: str) -> str:
    """Nothing to add."""
    return f"Which initiatives? For example: {_filling(code)}. Nothing was changed."


def in_another(code: str, batch: str) -> str:
    """E-13."""
    return f"{code} is already in batch {batch}. Nothing was changed."


def not_in(code: str, batch: str) -> str:
    """It is not there."""
    return f"{code} is not in batch {batch}. Nothing was changed."


def runs(batch: str) -> str:
    """E-16."""
    example = typed(f'initiative batch {batch} add I-4 reason:"agreed with the council"')
    return f"Batch {batch} is running. What joins it now needs the lead's note: {example}. Nothing was changed."


def over(code: str, state: str) -> str:
    """What is over joins no batch."""
    return f"{code} is {state}, so it joins no batch. Nothing was changed."


def _adding() -> str:
    return typed('initiative batch "Autumn" starts:2027-01-04 ends:2027-03-26')


def _filling(code: str) -> str:
    return typed(f"initiative batch {code} add I-4")
