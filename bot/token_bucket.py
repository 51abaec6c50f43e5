"""Token buckets: how fast an account, or one chat, may speak. Times are steady seconds, which nobody sets back."""

from __future__ import annotations


class Bucket:
    """Tokens that come back at `rate` a second up to `size`; a rate of 0 is no limit but the channel's."""

    def __init__(self, rate: float, size: float, now: float) -> None:
        self.rate = rate
        self.size = max(1.0, size)
        self._tokens = self.size
        self._at = now
        self._closed_until = now

    def available(self, now: float) -> float:
        """Whole and broken tokens there now; `inf` without a limit."""
        if now < self._closed_until:
            return 0.0
        if not self.rate:
            return float("inf")
        self._tokens = min(self.size, self._tokens + max(0.0, now - self._at) * self.rate)
        self._at = now
        return self._tokens

    def take(self, count: int, now: float) -> None:
        """Take tokens; the caller has looked whether they are there."""
        if self.rate:
            self.available(now)
            self._tokens -= count

    def wait(self, now: float, count: float = 1) -> float:
        """Seconds until `count` tokens are there, at most as many as it holds."""
        count = min(count, self.size)
        if now < self._closed_until:
            return self._closed_until - now + (count / self.rate if self.rate else 0)
        missing = count - self.available(now)
        return max(0.0, missing / self.rate) if self.rate else 0.0

    def empty(self, until: float) -> None:
        """The channel asked us to wait: no token before `until`, and none saved up until then."""
        self._tokens = 0.0
        self._closed_until = max(self._closed_until, until)
        self._at = self._closed_until

    def slow_to(self, rate: float) -> None:
        """Come back at no more than `rate` from now on; a bucket without a limit gets one of a second's worth."""
        if not self.rate:
            self.size = max(1.0, rate)
            self._tokens = self.size
        self.rate = rate

    def give_back(self, count: int) -> None:
        """Return tokens of what did not leave after all."""
        if self.rate:
            self._tokens = min(self.size, self._tokens + count)
