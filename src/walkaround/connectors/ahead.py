"""Read ahead: the next batches are made in a thread while the consumer works on this one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator
from typing import Final, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
_PATIENCE: Final = 0.1
"""Seconds between two looks at whether the consumer has gone, while the queue is full."""


def ahead(  # noqa: C901 - the thread's two functions share its queue, and each is simple
    items: Generator[Item, None, Result], depth: int = 2
) -> Generator[Item, None, Result]:
    """The same items, made in a thread and at most `depth` of them waiting; returns what `items` returned.

    An error in the thread is raised here, in its turn. Leaving early stops the thread and closes `items`.
    """
    waiting: queue.Queue[tuple[str, object]] = queue.Queue(maxsize=depth)
    gone = threading.Event()

    def put(word: str, value: object) -> None:
        while not gone.is_set():
            try:
                waiting.put((word, value), timeout=_PATIENCE)
            except queue.Full:
                continue
            return

    def work() -> None:
        try:
            while not gone.is_set():
                put("item", next(items))
        except StopIteration as end:
            put("end", end.value)
        except BaseException as error:  # noqa: BLE001 - a Rust panic is a BaseException; it is raised on the other side
            put("error", error)
        finally:
            items.close()

    thread = threading.Thread(target=work, name="walkaround-read-ahead", daemon=True)
    thread.start()
    try:
        while True:
            try:
                word, value = waiting.get(timeout=_PATIENCE)
            except queue.Empty:  # a wait without an end does not hear an interrupt once Polars is loaded
                continue
            if word == "end":
                return value  # type: ignore[return-value]  # put there by `work` from `items` itself
            if word == "error":
                raise value  # type: ignore[misc]  # an exception, as above
            yield value  # type: ignore[misc]  # an item, as above
    finally:
        gone.set()
        thread.join()
