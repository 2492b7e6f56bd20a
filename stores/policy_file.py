"""The policy of a file, put in force for the whole process before it reads its first post."""

from pathlib import Path
from typing import Final

from domain.eligibility import enforce
from domain.policy import InvalidPolicy
from domain.policy_rows import read_policy
from runtime.start import CannotStart

NAME: Final = "EXPLORE_POLICY"


def enforce_policy(path: str) -> None:
    """Nothing where no file is named: the default is in force.

    Raises:
        CannotStart: it cannot be read, or says something that it must not.

    """
    if not path:
        return
    try:
        policy = read_policy(Path(path).read_text("utf-8"))
    except (OSError, UnicodeError, InvalidPolicy) as error:
        cause = " ".join(str(error).split())
        raise CannotStart(
            f"{NAME}: {path} is no policy ({cause})", "mend it; deploy/policy.toml is the default"
        ) from error
    enforce(policy)
