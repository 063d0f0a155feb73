"""Units of work by processes on this machine. A process that dies takes down its unit, and nothing else."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from bowstreet.bulk.unit import Outcome, Unit, do

_counter: Synchronized[int]


def run(
    units: Sequence[Unit], parts: Path, *, workers: int, pages: Callable[[int], None]
) -> Iterator[Outcome]:
    """The outcome of each unit, as they are done. `pages` is told how many pages are read so far."""
    context = multiprocessing.get_context("spawn")  # threads of Arrow do not live through a fork
    counter = context.Value("q", 0)
    left = {unit.key: unit for unit in units}
    together = workers
    while left:
        try:
            for outcome in _pool(
                list(left.values())[: None if together > 1 else 1], parts, together, counter, pages
            ):
                left.pop(outcome.key)
                yield outcome
        except BrokenProcessPool:
            if together == 1:  # alone, so it is this one
                unit = left.pop(next(iter(left)))
                yield Outcome(
                    unit.key, 0, (f"{unit.paths[0]}: reading it ended the process; it was skipped",)
                )
            together = 1


def _pool(
    units: Sequence[Unit], parts: Path, workers: int, counter: Synchronized[int], pages: Callable[[int], None]
) -> Iterator[Outcome]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _begin, (counter,)) as pool:
        waiting = [pool.submit(_do, unit, parts) for unit in units]
        while waiting:
            try:
                for future in as_completed(waiting, timeout=1):
                    waiting.remove(future)
                    yield future.result()
            except TimeoutError:
                pass
            pages(counter.value)


def _begin(counter: Synchronized[int]) -> None:
    global _counter
    _counter = counter


def _do(unit: Unit, parts: Path) -> Outcome:
    return do(unit, parts, told=_told)


def _told() -> None:
    with _counter.get_lock():
        _counter.value += 1
