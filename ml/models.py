"""The models that classify: the live ones, those in shadow, and why others cannot be used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from ml.account_model import AccountModel
from ml.artifacts import ModelRefused, ModelUnavailable
from ml.features import Encoder
from ml.minilm.encoder import EncoderUnavailable, MiniLM
from ml.shelf import Shelf
from ml.text_model import TextModel

TEXT_MODELS: Final = ("spam", "toxicity", "nsfw", "clickbait", "topics")
BOT: Final = "bot"
ENCODER: Final = "encoder"
SHADOW: Final = "-shadow"
"""``spam-shadow`` is the alias of a model that runs beside the one called ``spam``."""

Model = TypeVar("Model")


@dataclass(frozen=True, slots=True)
class Models:
    """What is there; None where a model is missing or was refused. ``shadows`` by live name."""

    spam: TextModel | None = None
    toxicity: TextModel | None = None
    nsfw: TextModel | None = None
    clickbait: TextModel | None = None
    topics: TextModel | None = None
    bot: AccountModel | None = None
    encoder: Encoder | None = None
    shadows: Mapping[str, TextModel] = field(default_factory=dict[str, TextModel])

    @property
    def live(self) -> Mapping[str, TextModel]:
        """The text models that are there, by name."""
        named = zip(
            TEXT_MODELS,
            (self.spam, self.toxicity, self.nsfw, self.clickbait, self.topics),
            strict=True,
        )
        return {name: model for name, model in named if model is not None}


def open_models(
    shelf: Shelf, open_encoder: Callable[[], Encoder] = MiniLM.installed
) -> tuple[Models, Mapping[str, str]]:
    """All models of a shelf that can be used, and why the others cannot, by name.

    Rules judge accounts where no model does, so the lack of ``bot`` is no problem; a ``bot`` that
    is there and refused is one. A shadow that is not there was not asked for.
    """
    problems: dict[str, str] = {}

    def attempt(name: str, load: Callable[[], Model]) -> Model | None:
        try:
            return load()
        except (ModelUnavailable, EncoderUnavailable) as error:
            problems[name] = str(error)
            return None

    aliases = attempt("aliases", shelf.aliases) or {}
    encoder = attempt(ENCODER, open_encoder)

    def text_model(name: str) -> TextModel:
        model = shelf.text_model(name)
        if model.encoder and encoder and model.encoder != encoder.version:
            raise ModelRefused(f"{model.version}: made for {model.encoder}, not {encoder.version}")
        return model

    live = {name: attempt(name, partial(text_model, name)) for name in TEXT_MODELS}
    shadows = {
        name: attempt(name + SHADOW, partial(text_model, name + SHADOW))
        for name in TEXT_MODELS
        if name + SHADOW in aliases
    }
    models = Models(
        **live,
        bot=attempt(BOT, partial(shelf.account_model, BOT)) if BOT in aliases else None,
        encoder=encoder,
        shadows={name: model for name, model in shadows.items() if model is not None},
    )
    return models, problems
