"""What callers search for, checked and made precise."""

import re
from typing import Final

from domain.errors import InvalidInput
from domain.identifiers import normalize_hashtag
from domain.ports.search import SearchQuery
from services.arguments import check_region, check_text
from services.category_catalog import CategoryCatalog
from services.inputs import SearchFilter

LONGEST_QUERY: Final = 256
HITS: Final = 200
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def search_query(text: str, wanted: SearchFilter, categories: CategoryCatalog) -> SearchQuery:
    """The query for the engines.

    Raises:
        InvalidInput: a text or filter is malformed, or names a category that there is not.

    """
    if wanted.category is not None and categories.find(wanted.category) is None:
        raise InvalidInput("There is no such category.", field="filter.category")
    if wanted.language is not None and not _LANGUAGE.fullmatch(wanted.language):
        raise InvalidInput("A language is a tag such as en or pt-BR.", field="filter.language")
    hashtag = None if wanted.hashtag is None else normalize_hashtag(wanted.hashtag)
    if hashtag == "":
        raise InvalidInput("This is no hashtag.", field="filter.hashtag")
    since, until = wanted.since, wanted.until
    if since is not None and until is not None and since > until:
        raise InvalidInput("`since` must not lie after `until`.", field="filter.since")
    return SearchQuery(
        text=check_text(text, "query", LONGEST_QUERY),
        limit=HITS,
        category=wanted.category,
        hashtag=hashtag,
        language=None if wanted.language is None else wanted.language.lower(),
        region=check_region(wanted.region, "filter.region"),
        since=since,
        until=until,
    )
