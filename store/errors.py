"""Errors of the store; every class's docstring is its default message."""

from __future__ import annotations

from content.directory.refusals import refusal_sentence
from store.refusals import Refusal


class StoreError(Exception):
    """The store refused."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or self.__doc__)


class Sealed(StoreError):
    """The bytes do not open here: wrong key, wrong row, or changed."""


class Forgotten(StoreError):
    """This person's key is gone; nothing of hers can be read any more."""


class UnknownSchema(StoreError):
    """The database holds a schema that this version does not know; give it an empty database."""


class OlderSchema(UnknownSchema):
    """The database was made by a version before the first release; make it anew."""


class NewerSchema(UnknownSchema):
    """The database was written by a newer version; install that version or restore an older backup."""


class KeysUnsafe(StoreError):
    """A key file is readable by others or lies inside the data folder."""


class Refused(StoreError):
    """The operation is not allowed in the present state.

    `values` fill the sentence of the refusal: texts, numbers, days, or a sequence that is shown as a list.
    """

    def __init__(self, refusal: Refusal, **values: object) -> None:
        super().__init__()
        self.refusal = refusal
        self.values = values

    def __str__(self) -> str:
        """The sentence in English, for a log or a test; an edge says it in the language of its reader."""
        return self.sentence("en")

    def sentence(self, lang: str) -> str:
        """Why it was refused and what can be done, in `en` or `vi`."""
        return refusal_sentence(self.refusal, lang, {name: plain(value) for name, value in self.values.items()})


def plain(value: object) -> str:
    """A value of a sentence as text; a list or tuple is one text with semicolons."""
    return "; ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


NOT_DONE = (Refused, Forgotten, Sealed)
"""What an operation for a person raises where it changes nothing; `refused` gives the reason."""


def refused(error: Exception) -> Refused:
    """The refusal behind any of `NOT_DONE`."""
    if isinstance(error, Refused):
        return error
    return Refused(Refusal.FORGOTTEN if isinstance(error, Forgotten) else Refusal.SEALED)
