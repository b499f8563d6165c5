"""Teams in this process: who signs its requests, the token endpoint, the connector, and the people who act there."""

from tests.support.teams_double.courier import Heard
from tests.support.teams_double.faults import Fault, Hang, LostReply, Precondition, RateLimit, Refuse, ServerError
from tests.support.teams_double.issuer import Flaw
from tests.support.teams_double.people import Member
from tests.support.teams_double.reading import SeenDialog, SeenMessage
from tests.support.teams_double.teams import TeamsDouble, Tenant, teams_double

__all__ = [
    "Fault",
    "Flaw",
    "Hang",
    "Heard",
    "LostReply",
    "Member",
    "Precondition",
    "RateLimit",
    "Refuse",
    "SeenDialog",
    "SeenMessage",
    "ServerError",
    "TeamsDouble",
    "Tenant",
    "teams_double",
]
