"""How often somebody may guess the digits of a card: five times in a quarter of an hour, for each card and in this process."""

from collections import OrderedDict, deque
from threading import Lock

AT_MOST, WITHIN_SECONDS, REMEMBERED = 5, 900.0, 20_000


class Tries:
    """Wrong guesses by card, in bounded memory."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: OrderedDict[str, deque[float]] = OrderedDict()

    def too_many(self, card: str, now: float) -> bool:
        """Whether the card was guessed wrong too often of late."""
        with self._lock:
            return len(self._recent(card, now)) >= AT_MOST

    def wrong(self, card: str, now: float) -> None:
        """Remember a wrong guess; the card guessed at longest ago is forgotten when there are too many."""
        with self._lock:
            self._wrong[card] = self._recent(card, now)
            self._wrong[card].append(now)
            self._wrong.move_to_end(card)
            while len(self._wrong) > REMEMBERED:
                self._wrong.popitem(last=False)

    def _recent(self, card: str, now: float) -> deque[float]:
        known = self._wrong.get(card, deque(maxlen=AT_MOST))
        while known and now - known[0] > WITHIN_SECONDS:
            known.popleft()
        return known
