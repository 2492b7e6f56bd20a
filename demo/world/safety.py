"""What classifiers would say about the world's posts: mostly harmless, as in life."""

import random
from enum import Enum

from domain.moderation import SafetyScores


class Trait(Enum):
    """What a post is, so that scores and words agree."""

    PLAIN = "plain"
    SENSITIVE = "sensitive"
    SPAM = "spam"
    DOUBTFUL = "doubtful"


SHARES = {Trait.SENSITIVE: 0.02, Trait.SPAM: 0.01, Trait.DOUBTFUL: 0.01}


def draw_trait(draw: random.Random) -> Trait:
    point = draw.random()
    for trait, share in SHARES.items():
        if point < share:
            return trait
        point -= share
    return Trait.PLAIN


def draw_scores(draw: random.Random, trait: Trait) -> SafetyScores:
    """Each in [0, 1]; a doubtful post lies in the band that waits for a person."""
    spam, nsfw = draw.betavariate(1.2, 14), draw.betavariate(1.1, 20)
    quality = draw.betavariate(5, 2.5)
    if trait is Trait.SENSITIVE:
        nsfw = draw.uniform(0.82, 0.99)
    elif trait is Trait.SPAM:
        spam, quality = draw.uniform(0.85, 0.99), draw.uniform(0.02, 0.2)
    elif trait is Trait.DOUBTFUL:
        spam = draw.uniform(0.55, 0.75)
    else:
        spam, nsfw = min(spam, 0.45), min(nsfw, 0.45)
    return SafetyScores(
        spam=round(spam, 3),
        nsfw=round(nsfw, 3),
        toxicity=round(min(draw.betavariate(1.1, 22), 0.45), 3),
        bot=round(min(draw.betavariate(1.2, 18), 0.45), 3),
        quality=round(quality, 3),
    )
