# The calls that we use; the package's own types name what is unknown.
from PIL.Image import Image

class Prediction:
    nsfw: float

class NSFWClassifier:
    def __init__(
        self, model_path: str, *, providers: list[str], intra_op_num_threads: int
    ) -> None: ...
    def classify(self, image: Image) -> Prediction: ...
