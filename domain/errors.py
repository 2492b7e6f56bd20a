"""Errors as facts, sorted by who must act.

DomainError
├── ClientError            the caller can mend it
│   ├── InvalidInput       an argument out of range or malformed
│   │   └── MalformedCursor
│   ├── NotAllowed         the caller lacks the role
│   ├── NotSignedIn        a viewer is needed
│   ├── NotFound
│   ├── TokenInvalid / TokenExpired   impression tokens
│   └── TooMany            a bound on the caller's own things is reached
└── DependencyError        an engine is away, slow or refuses; the operator must act
    └── Unavailable        names the dependency
"""


class DomainError(Exception):
    """Root of all errors that this project raises on purpose."""


class ClientError(DomainError):
    """A mistake that the caller can mend."""


class InvalidInput(ClientError):
    """An argument is out of range or malformed; ``field`` names it where one is to blame."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class MalformedCursor(InvalidInput):
    """Not a cursor of ours for this operation, these arguments and this viewer."""

    def __init__(self) -> None:
        # It never says which check failed.
        super().__init__("The cursor is not valid here. Start again without it.", field="after")


class NotAllowed(ClientError):
    """The caller is known and may not do this."""


class NotSignedIn(ClientError):
    """A viewer is needed and the caller is anonymous."""


class NotFound(ClientError):
    """What an argument names is not there for this caller."""


class TokenInvalid(ClientError):
    """An impression token was not issued by us, or not for this viewer or post."""


class TokenExpired(ClientError):
    """An impression token was ours and is over."""


class TooMany(ClientError):
    """A bound on how many of something a caller may have is reached."""


class DependencyError(DomainError):
    """An engine is away, slow or refuses."""


class Unavailable(DependencyError):
    """A dependency did not answer in time or at all."""

    def __init__(self, dependency: str, detail: str = "") -> None:
        super().__init__(f"{dependency} is unavailable" + (f": {detail}" if detail else ""))
        self.dependency = dependency
