"""What a process counts about itself, in the shapes that Prometheus reads. Labels are kinds, never people or words."""

from prometheus_client import CollectorRegistry, Counter, Histogram

ANSWER_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10)  # Slack waits three seconds
WAIT_S = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1200, 3600, 43200)


class Metrics:
    """The counters of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acknowledged = Histogram(
            "folkmoot_acknowledgement_seconds",
            "From the arrival of a platform's event until its answer is committed",
            ("platform", "action", "result"),
            buckets=ANSWER_S,
            registry=self.registry,
        )
        self.attempts = Counter(
            "folkmoot_attempts",
            "Attempts to show, replace or delete a message, by what became of them",
            ("platform", "traffic", "outcome"),
            registry=self.registry,
        )
        self.unsent = Counter(
            "folkmoot_unsent_messages",
            "Messages that were not sent, because they came too late, were not wanted any more or can't be drawn",
            ("platform", "traffic", "why"),
            registry=self.registry,
        )
        self.due_to_shown = Histogram(
            "folkmoot_due_to_shown_seconds",
            "From the instant at which a new message was due until it stood there, in the bot's time",
            ("platform", "traffic"),
            buckets=WAIT_S,
            registry=self.registry,
        )
        self.steps = Counter(
            "folkmoot_steps",
            "Steps of the clock, by what became of them: done, skipped, missed or failed",
            ("kind", "state"),
            registry=self.registry,
        )
        self.step_late = Histogram(
            "folkmoot_step_late_seconds",
            "How long after its time a step of the clock was handled, in the bot's time",
            ("kind",),
            buckets=WAIT_S,
            registry=self.registry,
        )
        self.beats = Histogram(
            "folkmoot_beat_seconds",
            "How long one beat of the clock took",
            buckets=ANSWER_S,
            registry=self.registry,
        )
