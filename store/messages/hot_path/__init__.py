"""The hot path: the statements every message passes, as text on asyncpg, one round trip and one transaction each.

Everything else goes through SQLAlchemy, or says why not (docs/adr/0003). The compare-and-set inside (the state, the
version, the status it was read with) is the truth that makes a second owner harmless: `must` raises 40001, and the
statement is as if never said.
"""

from __future__ import annotations

SETTLED_PLANS = """
SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off;
SET plan_cache_mode = force_generic_plan"""
"""Said on every connection that repeats these statements, so that each row is looked up by its key.

Left to itself PostgreSQL plans them over tables that are still empty and keeps that plan: it read the whole ledger for
every batch (a third of the rate gone after 35,000 messages), or made a new plan for every batch. `+ 0` in them keeps
it from the small partial indexes, which it would read once for every row of a batch.
"""
