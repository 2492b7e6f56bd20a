"""A JSON answer to be walked: each step says where it went wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast


class Tree:
    """`answer["explore"]["edges"]` is a tree again; `plain` is the value itself."""

    def __init__(self, plain: object, path: str = "$") -> None:
        self.plain = plain
        self._path = path

    def __getitem__(self, step: str | int) -> "Tree":
        if isinstance(step, str) and isinstance(self.plain, Mapping):
            fields = cast("Mapping[str, object]", self.plain)
            assert step in fields, f"{self._path} has no {step}"
            return Tree(fields[step], f"{self._path}.{step}")
        assert isinstance(step, int), f"{self._path} has no fields: {self.plain!r}"
        return self.items[step]

    def __iter__(self) -> Iterator["Tree"]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def items(self) -> list["Tree"]:
        assert isinstance(self.plain, list), f"{self._path} is no list: {self.plain!r}"
        values = cast("Sequence[object]", self.plain)
        return [Tree(value, f"{self._path}[{at}]") for at, value in enumerate(values)]

    @property
    def text(self) -> str:
        assert isinstance(self.plain, str), f"{self._path} is no text: {self.plain!r}"
        return self.plain

    @property
    def number(self) -> float:
        assert isinstance(self.plain, int | float), f"{self._path} is no number: {self.plain!r}"
        return self.plain
