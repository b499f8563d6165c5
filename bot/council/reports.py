"""What departments report to a meeting: asked, drafted, received, late, missing; pre-filled, changed until publication."""

from storage.agenda import DepartmentReport

State = DepartmentReport.State
OPEN = frozenset({State.ASKED, State.DRAFT})
IN = frozenset({State.RECEIVED, State.LATE})
