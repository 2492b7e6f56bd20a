"""Names of pools: the same for the consumers that write them and the API that reads them.

A name is what ``Pools.read`` and ``PoolWrite`` take and what ``News.versions`` lists; in Redis it
stands behind ``explore:``. Windows appear by their value (``HOUR``, ``DAY``, ``WEEK``).
"""

from domain.trending import Window

WORLDWIDE = "global"
ALL = "all"
SLOW = ("similar:", "creators:with:")  # what the same people did, made anew now and then
UNVERSIONED = ("author:", *SLOW)


def trending(window: Window, scope: str) -> str:
    """The trending list of a scope: ``WORLDWIDE``, or what ``region`` and the like make."""
    return f"trending:{window}:{scope}"


def region_scope(region: str) -> str:
    return f"region:{region}"


def category_scope(slug: str) -> str:
    return f"cat:{slug}"


def hashtag_scope(hashtag: str) -> str:
    return f"tag:{hashtag}"


def trending_worldwide(window: Window) -> str:
    return trending(window, WORLDWIDE)


def trending_in_region(window: Window, region: str) -> str:
    return trending(window, region_scope(region))


def trending_in_category(window: Window, slug: str) -> str:
    return trending(window, category_scope(slug))


def trending_by_hashtag(window: Window, hashtag: str) -> str:
    """Not versioned: there are too many; read on demand."""
    return trending(window, hashtag_scope(hashtag))


def window_worldwide(name: str) -> Window | None:
    """The window of which a pool holds worldwide scores, None where it holds other ones."""
    kind, _, rest = name.partition(":")
    window, _, scope = rest.partition(":")
    worldwide = scope == WORLDWIDE or scope.startswith(("cat:", "tag:"))
    return Window(window) if kind == "trending" and worldwide else None


def fresh(slug: str = ALL) -> str:
    """Recommendable posts by creation time, of one category or of all."""
    return f"fresh:{slug}"


def by_author(creator_id: str) -> str:
    """An author's public posts by creation time. Not versioned; read on demand."""
    return f"author:{creator_id}"


def similar(post_id: str) -> str:
    """Posts that the same people engaged with, by strength. Not versioned; read on demand."""
    return f"similar:{post_id}"


def creators(slug: str = ALL) -> str:
    """Creator ids by how much their posts are rising, in one category or in all."""
    return f"creators:{slug}"


def followed_with(creator_id: str) -> str:
    """Creators whom the same people follow, by strength. Not versioned; read on demand."""
    return f"creators:with:{creator_id}"


def hashtags(window: Window, region: str = WORLDWIDE) -> str:
    """Hashtags that rise faster than their own usual rate, by lift."""
    return f"hashtags:{window}:{region}"


def is_versioned(name: str) -> bool:
    """Whether ``News.versions`` lists the pool, so that holders need not read it to know."""
    return not name.startswith(UNVERSIONED) and ":tag:" not in name


def current_seconds(name: str) -> float:
    """How long a pool without a version counts as current."""
    return 60.0 if name.startswith(SLOW) else 4.0
