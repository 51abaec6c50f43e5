"""A process that logs hostile records at DEBUG, one way each, and says nothing else. Started by test_journal."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import sys
import threading
import warnings

from telegram.error import InvalidToken

from bot.logs import journal


class RaisingValue:
    """Shows a secret whenever it is asked what it is, or breaks while saying so."""

    def __init__(self, secret: str, breaks: bool = False) -> None:
        self.secret, self.breaks = secret, breaks

    def __repr__(self) -> str:
        if self.breaks:
            raise ValueError(self.secret)
        return self.secret

    __str__ = __repr__


class RaisingAtExit(RaisingValue):
    """Raises a secret when it is collected."""

    def __del__(self) -> None:
        raise RuntimeError(self.secret)


def by_record(secrets: list[str]) -> None:
    """Log every secret as message, argument, field, unknown field, error and stack."""
    ours, theirs = journal.log, logging.getLogger("telegram.ext")
    for secret in secrets:
        ours.debug(f"the answer was {secret}")
        ours.debug("the answer was %s", secret)
        ours.info("sent", extra={"account": secret, "reason": f"it said {secret}", "code": secret})
        ours.info("sent", extra={"text": secret, "user_id": secret, "count": secret})
        ours.info("sent", extra={"case": RaisingValue(secret), "stage": RaisingValue(secret, breaks=True)})
        ours.info(RaisingValue(secret))
        ours.info("badly %d formatted", secret)
        ours.getChild(secret).error("a name may be anything")
        theirs.debug("POST %s", secret)
        theirs.error(secret, stack_info=True)
        logging.getLogger(secret).critical(secret)
        try:
            held = secret
            raise InvalidToken(f"Server rejected {held}")
        except InvalidToken:
            ours.exception("it broke")
            theirs.exception(secret)
        try:
            raise type(secret, (Exception,), {})(secret) from ValueError(secret)
        except Exception as error:
            ours.error("a class of that name", exc_info=error)
        try:
            raise ExceptionGroup(secret, [ValueError(secret)])
        except ExceptionGroup:
            ours.exception("many broke")
        warnings.warn(secret, stacklevel=1)


def by_thread(secret: str) -> None:
    """Die in a thread, and while being collected."""
    thread = threading.Thread(target=lambda: int(secret), name=secret)
    thread.start()
    thread.join()
    RaisingAtExit(secret)
    gc.collect()


async def by_loop(secret: str) -> None:
    """Leave a failed task, a failed callback and an unwaited error to the loop."""
    loop = asyncio.get_running_loop()

    async def fails(held: str) -> None:
        raise ValueError(held)

    task = asyncio.create_task(fails(secret), name=secret)
    await asyncio.wait([task])
    del task
    gc.collect()
    loop.call_soon(int, secret)
    loop.call_exception_handler({"message": secret, "secret": secret})
    await asyncio.sleep(0)


async def main(secrets: list[str]) -> None:
    """Log in every way, then end by an error whose text is a secret."""
    journal.begin("debug")
    by_record(secrets)
    for secret in secrets:
        by_thread(secret)
        await by_loop(secret)
    logging.getLogger("uvicorn.error").error("served %s", secrets[0], exc_info=ValueError(secrets[0]))
    raise InvalidToken(secrets[0])


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.stdin.read())))
