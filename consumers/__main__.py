"""``python -m consumers``: see ``consumers.command``."""

import os

from runtime.linear_algebra import settle
from runtime.start import run_or_refuse


def main() -> int:
    settle(os.environ)
    from consumers import command  # noqa: PLC0415 - loads numpy, which reads what was settled

    return command.main()


if __name__ == "__main__":
    run_or_refuse(main)
