"""`python -m demo` without the product's own processes."""

import sys

from demo.__main__ import main
from runtime.start import run_or_refuse

if __name__ == "__main__":
    run_or_refuse(lambda: main(sys.argv[1:], lambda _settings, _options, _state: ()))
