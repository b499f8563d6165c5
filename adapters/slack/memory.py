"""A memory for a few seconds, which never keeps what was read before it was told to forget."""

from typing import Generic, TypeVar

from bot.ports import steady_s

K = TypeVar("K")
V = TypeVar("V")

MOST = 10_000


class Memory(Generic[K, V]):
    """Values by key, each for `lasts_s`."""

    def __init__(self, lasts_s: float) -> None:
        self._lasts_s = lasts_s
        self._kept: dict[K, tuple[float, V]] = {}
        self.epoch = 0
        """Counts what was forgotten: take it before reading what is to be kept."""

    def get(self, key: K) -> V | None:
        """What was kept, while it lasts."""
        until_s, value = self._kept.get(key, (0.0, None))
        return value if steady_s() < until_s else None

    def keep(self, key: K, value: V, epoch: int) -> None:
        """Keeps what was read since `epoch`, unless something was forgotten meanwhile."""
        if epoch != self.epoch:
            return
        now_s = steady_s()
        if len(self._kept) >= MOST:
            self._kept = {each: kept for each, kept in self._kept.items() if kept[0] > now_s}
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[key] = (now_s + self._lasts_s, value)

    def drop(self, key: K) -> None:
        """One value alone."""
        self._kept.pop(key, None)

    def forget(self) -> None:
        """Everything: it is quickly read again."""
        self.epoch += 1
        self._kept.clear()
