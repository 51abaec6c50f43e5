"""`understand`: how long one message takes to be understood, in this process and on one core, for what people send.

Every kind is understood over and over after a warm-up; p50 and p99 are wall time of single calls, `cpu` is the mean
processor time of a call, which other work on the machine does not lengthen as much. `hostile` are the longest and
strangest messages that the channels let through.
"""

from __future__ import annotations

import time
from argparse import Namespace
from typing import Any

from figures import machine, percentile, spread

from content.loader import load_lexicon
from flows.understanding import understand

CALLS = 2_000
CALLS_LONG = 100
LONG = 1_000

SAID = {
    "calm": "chị ơi cho em hỏi mai xã mình mấy giờ phát gạo cho bà con ạ",
    "topic": "em muốn hỏi thủ tục làm hộ chiếu để đi lao động nước ngoài",
    "cry": "họ nhốt em trong phòng không cho em về nhà giúp em với chị",
    "cry without tones": "ho nhot em trong phong khong cho em ve nha giup em voi chi oi",
    "5,000 characters": ("hôm nay em đi chợ gặp chị hàng xóm kể chuyện nhà nó bị mất con gà " * 90)[:5_000],
    "hostile: one cry repeated": ("bị họ đánh em không cho về " * 300)[:5_000],
    "hostile: 10,000 marks": "a" + "\u0301" * 10_000,
    "hostile: words run together": ("cuuemvoibinhot" * 400)[:5_000],
    "hostile: no words": ("qzxw wqzx " * 500)[:5_000],
    "hostile: single letters": "a b " * 1_250,
}
"""What is measured; the first four have about 60 characters."""


def measure(options: Namespace) -> dict[str, Any]:
    """Measure every kind of message `options.runs` times; milliseconds, the median of the runs."""
    lexicon = load_lexicon()
    began = time.perf_counter()
    understand("a", lexicon)
    compiled = time.perf_counter() - began
    return {
        "bench": "understand",
        "runs": options.runs,
        "machine": machine(),
        "rules": len(lexicon.rules),
        "compiling_the_lexicon_ms": round(compiled * 1e3, 1),
        "milliseconds": {
            kind: {
                "characters": len(text),
                **{share: spread([run[share] for run in runs], 3) for share in ("p50", "p99", "cpu")},
            }
            for kind, text in SAID.items()
            for runs in [[_times(text, lexicon) for _ in range(options.runs)]]
        },
    }


def _times(text: str, lexicon: Any) -> dict[str, float]:
    for _ in range(3):
        understand(text, lexicon)
    taken = []
    worked = time.thread_time()
    for _ in range(CALLS_LONG if len(text) > LONG else CALLS):
        began = time.perf_counter()
        understand(text, lexicon)
        taken.append(time.perf_counter() - began)
    worked = time.thread_time() - worked
    return {
        "p50": percentile(taken, 0.5) * 1e3,
        "p99": percentile(taken, 0.99) * 1e3,
        "cpu": worked / len(taken) * 1e3,
    }
