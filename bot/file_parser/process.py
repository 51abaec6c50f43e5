"""The file parser's process: file bytes in by a pipe, the cleaned file out by another.

It holds no key and no connection, has the empty environment it was given and three descriptors, and can open no more.
It is limited in time of the processor, in memory and in time on the wall, and ends when its parent does: then its pipe
is closed. Nothing of ours is imported here but the parsers.
"""

from __future__ import annotations

import math
import os
import resource
import signal
import sys
import time
from typing import BinaryIO, Literal

import msgspec

from content.media import attachment as attachments
from content.media import clip as recordings
from content.media.attachment import FileRejected, SanitizedFile
from content.media.clip import Clip, ClipRejected
from content.media.read_clip import read_clip
from content.media.sanitize import take

READY = b"ready"
"""What it says before it reads its first file: whatever ends it earlier is no file's fault."""
SIZE = 4
"""Bytes in front of every message, which say how long it is; the highest first."""
_ALL_DESCRIPTORS = 1 << 20

Job = Literal["attachment", "recording"]


class Limits(msgspec.Struct, frozen=True):
    """What one file may cost: seconds of a processor and on the wall, and bytes of address space in all."""

    cpu: int = 10
    wall: float = 60.0
    memory: int = 256 * 1024 * 1024


class Request(msgspec.Struct, array_like=True):
    """A file, and what it is for."""

    job: Job
    data: bytes


class Answer(msgspec.Struct, array_like=True):
    """What is kept of an attachment or of a recording, or why nothing is."""

    taken: SanitizedFile | None = None
    not_taken: attachments.Reason = "broken"
    clip: Clip | None = None
    not_sound: recordings.Reason = "broken"


def serve(limits: Limits) -> None:
    """Take files apart, one after the other, until nobody sends any more."""
    _shut_in(limits)
    files, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    decode = msgspec.msgpack.Decoder(Request).decode
    while head := files.read(SIZE):
        request = decode(files.read(int.from_bytes(head, "big")))
        _begin(limits)
        answer = _answer(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        _write(answers, msgspec.msgpack.encode(answer))


def _answer(request: Request) -> Answer:
    try:
        if request.job == "recording":
            return Answer(clip=read_clip(request.data))
        return Answer(taken=take(request.data))
    except FileRejected as refused:
        return Answer(not_taken=refused.reason)
    except ClipRejected as refused:
        return Answer(not_sound=refused.reason)


def _write(answers: BinaryIO, message: bytes) -> None:
    answers.write(len(message).to_bytes(SIZE, "big"))
    answers.write(message)
    answers.flush()


def _shut_in(limits: Limits) -> None:
    """Give up what parsers need not: files, processes, dumps, memory without end, a place before those who answer.

    What is told to all processes of the service, like Ctrl-C, is for its parent: a file in hand is not to be blamed.
    """
    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, signal.SIG_IGN)
    for fatal in (signal.SIGXCPU, signal.SIGALRM):
        signal.signal(fatal, signal.SIG_DFL)
    os.closerange(3, _ALL_DESCRIPTORS)  # the loop of its parent closes none: sockets among them, if they are inherited
    "".encode("cp437")  # names in archives: a codec is a file that is opened when it is first wanted
    os.nice(5)
    none = (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NPROC)
    for kind, most in (*((kind, 0) for kind in none), (resource.RLIMIT_NOFILE, 3), (resource.RLIMIT_AS, limits.memory)):
        hard = resource.getrlimit(kind)[1]
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def _begin(limits: Limits) -> None:
    """Begin to count for one file. Both ends are those of the system, which no parser can put off."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    until = math.ceil(time.process_time()) + limits.cpu
    resource.setrlimit(resource.RLIMIT_CPU, (until if hard == resource.RLIM_INFINITY else min(until, hard), hard))
    signal.setitimer(signal.ITIMER_REAL, limits.wall)
