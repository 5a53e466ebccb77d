"""Waiting for an answer, and leaving when there is no time left for it: drivers do not let go of who asks them."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

GLANCE: Final = 0.1
"""Seconds between two looks at whether it is time to leave: nobody feels a Ctrl-C take longer. Once Polars is loaded, a
wait without an end hears of a Ctrl-C only when it is over: Polars lets system calls go on after a signal."""
Answer = TypeVar("Answer")


class Asked(Generic[Answer]):
    """A question that a thread of its own asks. Who leaves, leaves the thread behind; it ends when its driver does."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self._told: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._ask, args=(question,), name="walkaround-store", daemon=True)
        self._thread.start()

    def answer(self, look: Callable[[], None] = lambda: None) -> Answer:
        """The answer, or the error of asking. `look` is called while waiting, and raises where it is time to leave."""
        while True:
            try:
                value, error = self._told.get(timeout=GLANCE)
            except queue.Empty:
                look()
                continue
            if error is not None:
                raise error
            return value  # type: ignore[no-any-return]  # put there by `_ask` from the question itself

    def ended(self, seconds: float) -> bool:
        """Whether the question came to its end, good or bad, within so many seconds."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _ask(self, question: Callable[[], Answer]) -> None:
        try:
            self._told.put((question(), None))
        except BaseException as error:  # noqa: BLE001 - a Rust panic is a BaseException; it is raised on the other side
            self._told.put((None, error))
