"""The models that classify: the live ones, those in shadow, and why others cannot be used."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from ml.account_model import AccountModel
from ml.artifacts import SHADOW, ModelRefused, ModelUnavailable
from ml.features import Encoder
from ml.minilm.encoder import EncoderUnavailable, MiniLM
from ml.shelf import Shelf
from ml.text_model import TextModel

TEXT_MODELS: Final = ("spam", "toxicity", "nsfw", "clickbait", "topics")
BOT: Final = "bot"
ENCODER: Final = "encoder"

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


NONE: Final = Models()


def open_models(
    shelf: Shelf,
    open_encoder: Callable[[], Encoder] = MiniLM.installed,
    before: Models = NONE,
) -> tuple[Models, Mapping[str, str]]:
    """All models of a shelf that can be used, and why the others cannot, by name.

    Rules judge accounts where no model does, so the lack of ``bot`` is no problem; a ``bot`` that
    is there and refused is one. A shadow that is not there was not asked for.

    ``before`` are those in use: what its alias still means is not read again, and where the file
    that takes a live one's place is refused, the live one goes on.
    """
    opening = _Opening(shelf, open_encoder, before)
    return opening.models(), opening.problems


class _Opening:
    def __init__(self, shelf: Shelf, open_encoder: Callable[[], Encoder], before: Models) -> None:
        self.problems: dict[str, str] = {}
        self._shelf = shelf
        self._before = before
        self._aliases = self._attempt("aliases", shelf.aliases, None)
        self._encoder = before.encoder or self._attempt(ENCODER, open_encoder, None)
        self._width = self._encoder.encode([""]).shape[1] if self._encoder else None

    def models(self) -> Models:
        aliases, before = self._aliases, self._before
        if aliases is None:  # nobody knows what is to be live
            return before
        live = {name: self._text_model(name, before.live.get(name)) for name in TEXT_MODELS}
        shadows = {
            name: self._text_model(name + SHADOW, before.shadows.get(name), goes_on=False)
            for name in TEXT_MODELS
            if name + SHADOW in aliases
        }
        return Models(
            **live,
            bot=self._bot(before.bot) if BOT in aliases else None,
            encoder=self._encoder,
            shadows={name: model for name, model in shadows.items() if model is not None},
        )

    def _text_model(
        self, alias: str, before: TextModel | None, *, goes_on: bool = True
    ) -> TextModel | None:
        return self._attempt(
            alias, partial(self._fitting, alias, before), before if goes_on else None
        )

    def _fitting(self, alias: str, before: TextModel | None) -> TextModel:
        model = before if self._means(alias, before) else None
        model = model or self._shelf.text_model(alias)
        encoder = self._encoder
        if model.encoder and encoder and model.encoder != encoder.version:
            raise ModelRefused(f"{model.version}: made for {model.encoder}, not {encoder.version}")
        vectors = model.vector_weights
        if vectors is not None and self._width not in (None, vectors.shape[0]):
            raise ModelRefused(
                f"{model.version}: weights for {vectors.shape[0]} dimensions, not {self._width}"
            )
        return model

    def _bot(self, before: AccountModel | None) -> AccountModel | None:
        if self._means(BOT, before):
            return before
        return self._attempt(BOT, partial(self._shelf.account_model, BOT), before)

    def _means(self, alias: str, model: TextModel | AccountModel | None) -> bool:
        return model is not None and (self._aliases or {}).get(alias) == model.version

    def _attempt(
        self, name: str, load: Callable[[], Model], otherwise: Model | None
    ) -> Model | None:
        try:
            return load()
        except (ModelUnavailable, EncoderUnavailable) as error:
            self.problems[name] = str(error)
            return otherwise
