"""The one error of recipes: a programming or configuration mistake, found when one is built."""

from domain.errors import DomainError


class InvalidRecipe(DomainError):
    """A recipe has a weight, share, half-life or name that cannot be used."""
