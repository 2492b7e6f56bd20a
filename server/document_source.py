"""From text to a prepared document: caps, parse, shape, validation; once per text."""

from collections import OrderedDict
from collections.abc import Collection, Sequence
from typing import Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    StringValueNode,
    parse,
    specified_rules,
    validate,
)
from strawberry import Schema
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from server.document_limits import DocumentLimits, violations
from server.prepared_document import PreparedDocument, PreparedOperation, walk

CACHE_SIZE: Final = 512
MAX_ERRORS: Final = 5  # more help nobody but a prober
RULES: Final = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)


class DocumentSource:
    """Prepares documents against one schema and remembers those of the latest texts."""

    def __init__(
        self, schema: Schema, limits: DocumentLimits | None = None, *, introspection: bool = False
    ) -> None:
        self.schema: GraphQLSchema = schema._schema  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - Strawberry has no public way to it
        self._limits = limits or DocumentLimits()
        self._rules: Collection[type[ASTValidationRule]] = (
            RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        )
        self._cache: OrderedDict[str, PreparedDocument] = OrderedDict()

    def cached(self, text: str) -> PreparedDocument | None:
        found = self._cache.get(text)
        if found is not None:
            self._cache.move_to_end(text)
        return found

    def prepare(self, text: str, document_id: str | None = None) -> PreparedDocument:
        """Parse and judge a text; what is wrong with it is in the result's `errors`."""
        limits = self._limits
        try:
            document = parse(
                text,
                max_lexical_tokens=limits.tokens,
                max_comments=limits.comments,
                max_source_length=limits.characters,
            )
        except GraphQLError as error:
            return _refused(text, [error])
        errors = self._judge(document)
        if errors:
            return _refused(text, errors)
        return PreparedDocument(
            text=text,
            document=document,
            errors=errors,
            operations=self._operations(document),
            document_id=document_id,
        )

    def remember(self, prepared: PreparedDocument) -> None:
        self._cache[prepared.text] = prepared
        if len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)

    def _judge(self, document: DocumentNode) -> Sequence[GraphQLError]:
        if errors := violations(document, self._limits):
            return errors
        if any("\0" in node.value for node in walk(document) if isinstance(node, StringValueNode)):
            return [GraphQLError("A text in the document has a NUL character.")]
        return validate(
            self.schema, document, self._rules, max_errors=MAX_ERRORS, hide_suggestions=True
        )

    def _operations(self, document: DocumentNode) -> list[PreparedOperation]:
        definitions = document.definitions
        fragments = {
            node.name.value: node
            for node in definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        return [
            PreparedOperation(self.schema, node, fragments)
            for node in definitions
            if isinstance(node, OperationDefinitionNode)
        ]


def _refused(text: str, errors: Sequence[GraphQLError]) -> PreparedDocument:
    """With its errors alone: they know their places without the nodes that they point at."""
    for error in errors:
        error.nodes = error.__traceback__ = error.__context__ = None
    return PreparedDocument(text=text, document=None, errors=errors)
