"""The two catalogues of tables: the data, and the keyring that is dumped apart and kept for a short time."""

from __future__ import annotations

from sqlalchemy import MetaData

_names = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=_names)
"""Data: people, sessions, inbox, ledger, cases, staff, audit."""

keyring_metadata = MetaData(naming_convention=_names)
"""Keyring: wrapped keys of people, channel tokens, staff sessions. Never in the same dump as the data."""
