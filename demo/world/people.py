"""The world's people: creators who post, viewers who react, and who follows whom."""

import random
from dataclasses import dataclass
from typing import Final

from demo.world.dice import dice, few, zipf_weights
from demo.world.vocabulary import SLUGS

# Region, share of the people, and the language they post in where it is not English.
REGIONS: Final = (
    ("US", 0.30, "es"),
    ("GB", 0.16, "en"),
    ("DE", 0.12, "de"),
    ("FR", 0.10, "fr"),
    ("IN", 0.12, "hi"),
    ("BR", 0.10, "pt"),
    ("JP", 0.10, "ja"),
)
OWN_LANGUAGE: Final = {"US": 0.08, "GB": 0.0, "IN": 0.25}  # share of the people; elsewhere 0.45
# Separated by blanks.
GIVEN_NAMES: Final = (
    "Mira Jonas Ade Priya Lucas Yuki Clara Omar Ines Tom Leila Kofi Hana Rafael Nora Arjun Emil "
    "Sofia Kenji Zara Felix Amara Bruno Lena Ravi Chloe Mateo Ayumi Greta Samir Paula Dev Isla "
    "Hugo Naomi Theo Meera Caio Anouk Ren Freya Idris Julia Koji Maya Otto Selin Victor Wanjiru "
    "Esther Pablo Tuva Nikhil Rosa Liam Asha Marek Aiko Dario Ximena"
)
FAMILY_NAMES: Final = (
    "Okafor Lindqvist Sharma Silva Tanaka Weber Moreau Haddad Costa Bennett Rahimi Mensah Sato "
    "Almeida Fischer Iyer Novak Romano Kimura Clarke Keller Adeyemi Rocha Vogt Nair Dubois Vega "
    "Mori Brandt Saleh Prado Kapoor Fraser Girard Osei Lang Menon Nunes Petit Ito Hansen Diallo "
    "Baker Ueda Jensen Krause Yilmaz Martin Kamau Grant Torres Berg Reddy Marino Walsh Joshi"
)
CHANNEL_FIRST: Final = "Quiet Paper Copper Little Slow Northern Second Blue Honest Odd Night Salt"
CHANNEL_LAST: Final = "Kettle Harbor Atlas Signal Garden Archive Workshop Orbit Table Lantern Post"


@dataclass(frozen=True, slots=True)
class Person:
    """`topics` are category slugs, the favorite first; `pull` is how much attention one draws."""

    id: str
    handle: str
    name: str
    region: str
    language: str
    topics: tuple[str, ...]
    pull: float


@dataclass(frozen=True, slots=True)
class Follow:
    follower: str
    target: str


def make_creators(seed: int, count: int) -> list[Person]:
    """The first ones pull the most; each favors the category of its turn, so none is empty."""
    pulls = zipf_weights(count)
    names = _names(dice(seed, "creators"), count)
    return [
        _person(dice(seed, "creator", n), f"c-{n:04}", names[n], SLUGS[n % len(SLUGS)], pulls[n])
        for n in range(count)
    ]


def make_viewers(seed: int, count: int) -> list[Person]:
    names = _names(dice(seed, "viewers"), count)
    return [
        _person(dice(seed, "viewer", n), f"v-{n:04}", names[n], SLUGS[n % len(SLUGS)], 1.0)
        for n in range(count)
    ]


def make_follows(seed: int, viewers: list[Person], creators: list[Person]) -> list[Follow]:
    """Each viewer follows some creators of its topics, the popular ones more often."""
    follows: list[Follow] = []
    for viewer in viewers:
        draw = dice(seed, "follows", viewer.id)
        liked = [c for c in creators if c.topics[0] in viewer.topics]
        picked = draw.choices(liked, [c.pull for c in liked], k=draw.randint(2, 9))
        unique = dict.fromkeys(creator.id for creator in picked)
        follows += (Follow(viewer.id, target) for target in unique)
    return follows


def _person(draw: random.Random, id_: str, name: str, topic: str, pull: float) -> Person:
    region, _, own = draw.choices(REGIONS, [share for _, share, _ in REGIONS])[0]
    speaks_own = draw.random() < OWN_LANGUAGE.get(region, 0.45)
    others = few(draw, [slug for slug in SLUGS if slug != topic], 1, 2)
    handle = name.lower().replace(" ", "." if draw.random() < 0.6 else "_")  # noqa: PLR2004 - taste
    return Person(id_, handle, name, region, own if speaks_own else "en", (topic, *others), pull)


def _names(draw: random.Random, count: int) -> list[str]:
    """Different names, most of people, some of channels."""
    people = [
        f"{given} {family}" for given in GIVEN_NAMES.split() for family in FAMILY_NAMES.split()
    ]
    channels = [
        f"{first} {last}" for first in CHANNEL_FIRST.split() for last in CHANNEL_LAST.split()
    ]
    some = count // 6
    names = draw.sample(people, count - some) + draw.sample(channels, some)
    draw.shuffle(names)
    return names
