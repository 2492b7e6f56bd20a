"""Texts as small whole numbers, so that columns can hold them."""

from collections.abc import Iterable, Sequence
from typing import Final

ABSENT: Final = -1


class Vocabulary:
    """Codes count up from 0 and are never taken back; ``ABSENT`` stands for no text."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}
        self._texts: list[str] = []

    def __len__(self) -> int:
        return len(self._texts)

    @property
    def texts(self) -> Sequence[str]:
        """All texts, each at its code."""
        return self._texts

    def add(self, text: str | None) -> int:
        """The code of a text, a new one if it was never met."""
        if text is None:
            return ABSENT
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self._texts)
            self._texts.append(text)
        return code

    def code(self, text: str | None) -> int:
        """The code of a text, ``ABSENT`` if it was never met."""
        return ABSENT if text is None else self._codes.get(text, ABSENT)

    def codes(self, texts: Iterable[str]) -> list[int]:
        """The codes of those texts that were ever met."""
        return [code for text in texts if (code := self._codes.get(text)) is not None]

    def text(self, code: int) -> str:
        return self._texts[code]
