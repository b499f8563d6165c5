"""What many prompts of a run ask for, person by person, read at once; the questions themselves stand in `huddles`."""

from collections.abc import Sequence

from sqlalchemy import bindparam, func
from sqlmodel import col, select

from storage.columns import RowId
from storage.huddles import (
    ANSWERED,
    EARLIER,
    EXPECTED_OF,
    NEWEST_FIRST,
    PLANNED,
    RUN,
    Expectation,
    HuddleAnswer,
    HuddleRun,
    before_run,
)
from storage.tx import Tx


async def foresee_people(tx: Tx, run: HuddleRun, person_ids: Sequence[int]) -> None:
    """Reads at once what `expectation_of`, `answer_of` and `plan_before` are asked for each of those people."""
    people = list(person_ids)
    these = {"its_run": run.id, "its_people": people}
    expected = {each.person_id: each for each in await tx.all(_EXPECTED_AMONG, these)}
    answered = {each.person_id: each for each in await tx.all(_ANSWERED_AMONG, these)}
    planned = {each.person_id: each for each in await tx.all(_PLANNED_AMONG, before_run(run) | {"its_people": people})}
    await tx.fetch(HuddleRun, [each.run_id for each in planned.values()])
    for person_id in person_ids:
        asked = {"its_run": run.id, "its_person": person_id}
        tx.foresee(EXPECTED_OF, asked, expected.get(person_id))
        tx.foresee(ANSWERED, asked, answered.get(person_id))
        tx.foresee(PLANNED, before_run(run) | {"its_person": person_id}, planned.get(person_id))


_PEOPLE = bindparam("its_people", type_=RowId, expanding=True)
_EXPECTED_AMONG = select(Expectation).where(Expectation.run_id == RUN, col(Expectation.person_id).in_(_PEOPLE))
_ANSWERED_AMONG = (  # the newest edition of each is the last of theirs
    select(HuddleAnswer)
    .where(HuddleAnswer.run_id == RUN, col(HuddleAnswer.person_id).in_(_PEOPLE))
    .order_by(col(HuddleAnswer.edition))
)
_RANKED = (
    EARLIER.with_only_columns(
        col(HuddleAnswer.id).label("id"),
        func.row_number().over(partition_by=col(HuddleAnswer.person_id), order_by=NEWEST_FIRST).label("nth"),
    )
    .where(col(HuddleAnswer.person_id).in_(_PEOPLE))
    .subquery()
)
_PLANNED_AMONG = select(HuddleAnswer).where(col(HuddleAnswer.id).in_(select(_RANKED.c.id).where(_RANKED.c.nth == 1)))
