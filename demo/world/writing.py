"""Titles and texts put together from a vocabulary; every blank is drawn anew."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from demo.world.dice import few
from demo.world.safety import Trait
from demo.world.vocabulary import PLACES, WEEKDAYS, Phrases, Vocabulary

SPAM = (
    "CLICK NOW: {number} people got paid today with {thing}!!!",
    "Free followers and free {thing}, limited offer, link in bio",
    "Earn {number}00 a day from home, ask me about {thing}",
)
SENSITIVE = "Sensitive: not for every screen."
UNTITLED = 0.15  # share of posts that are a text alone


class Writing(NamedTuple):
    title: str | None
    text: str


class _Blanks(dict[str, str]):
    """Fills `{number}` freshly each time; the rest of a post's blanks stay the same."""

    def __init__(self, draw: random.Random, blanks: dict[str, str]) -> None:
        super().__init__(blanks)
        self._draw = draw

    def __missing__(self, _name: str) -> str:
        return str(self._draw.choice((3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 17, 20, 23, 30, 40)))


def write_english(draw: random.Random, words: Vocabulary, trait: Trait) -> Writing:
    blanks = _Blanks(draw, {"place": draw.choice(PLACES), "weekday": draw.choice(WEEKDAYS)})
    blanks["thing"] = draw.choice(words.things).format_map(blanks)
    if trait is Trait.SPAM:
        return Writing(_sentence(draw.choice(SPAM), blanks), _text(draw, SPAM, blanks, " "))
    title = _sentence(draw.choice(words.titles), blanks)
    text = _text(draw, words.sentences, blanks, " ")
    if trait is Trait.SENSITIVE:
        text = f"{SENSITIVE} {text}"
    if draw.random() < UNTITLED:
        return Writing(None, f"{title}. {text}")
    return Writing(title, text)


def write_phrases(draw: random.Random, phrases: Phrases, slug: str, joint: str) -> Writing:
    """In another language; `joint` stands between its sentences."""
    blanks = _Blanks(
        draw, {"topic": phrases.topics[slug], "weekday": draw.choice(phrases.weekdays)}
    )
    title = _sentence(draw.choice(phrases.titles), blanks)
    return Writing(title, _text(draw, phrases.sentences, blanks, joint))


def _text(draw: random.Random, sentences: Sequence[str], blanks: _Blanks, joint: str) -> str:
    return joint.join(_sentence(part, blanks) for part in few(draw, sentences, 1, 4))


def _sentence(template: str, blanks: _Blanks) -> str:
    text = template.format_map(blanks)
    return text[0].upper() + text[1:]
