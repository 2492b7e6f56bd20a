"""The import's progress as a bar at a terminal. Needs `rich`, which the demo brings."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from typing_extensions import override

from importer.display import Display


class TerminalBar(Display):
    def __init__(self) -> None:
        self._progress = Progress(
            TextColumn("importing"),
            BarColumn(),
            TextColumn("{task.percentage:5.1f}%  {task.completed:,.0f} of {task.total:,.0f}"),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None

    @override
    def __enter__(self) -> Self:
        self._progress.start()
        return self

    @override
    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @override
    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False)

    @override
    def advance(self, told: int, total: int, events: int) -> None:
        if self._task is None:
            self._task = self._progress.add_task(
                "importing", total=total, completed=told, speed=""
            )
        elapsed = self._progress.tasks[0].elapsed or 0.0
        speed = f"{events / elapsed:,.0f} events/s" if elapsed else ""
        self._progress.update(self._task, completed=told, speed=speed)
