"""The schema as the text that is committed and served."""

from typing import Final

import strawberry

ONE_OF: Final = "directive @oneOf on INPUT_OBJECT"
ONE_OF_MEANING: Final = '"""Exactly one field of the input is given, and it is not null."""'


def sdl(schema: strawberry.Schema) -> str:
    """As Strawberry prints it, with the description that it leaves out."""
    printed = schema.as_str().strip() + "\n"
    return printed.replace(ONE_OF, f"{ONE_OF_MEANING}\n{ONE_OF}", 1)
