"""Errors of the store; every class's docstring is its default message."""

from __future__ import annotations


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
    """The operation is not allowed in the present state."""
