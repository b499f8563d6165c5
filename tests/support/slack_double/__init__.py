"""Slack in this process: its Web API, signed requests, Socket Mode, and the people who act there."""

from tests.support.slack_double.courier import Heard
from tests.support.slack_double.faults import Fault, Hang, LostReply, RateLimit, Refuse, ServerError
from tests.support.slack_double.people import Member
from tests.support.slack_double.reading import SeenMessage, SeenView
from tests.support.slack_double.slack import SlackDouble, Team, slack_double

__all__ = [
    "Fault",
    "Hang",
    "Heard",
    "LostReply",
    "Member",
    "RateLimit",
    "Refuse",
    "SeenMessage",
    "SeenView",
    "ServerError",
    "SlackDouble",
    "Team",
    "slack_double",
]
