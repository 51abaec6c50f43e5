"""Frames of the live stream: an event about a topic, and the part of a page that it replaces."""

from __future__ import annotations


def event(topic: str, html: str, mark: str = "") -> str:
    """Frame one event about a topic; `mark` says how much of it a page has that received it."""
    head = f"event: {topic}\n" + (f"mark: {mark}\n" if mark else "")
    return head + "".join(f"data: {line}\n" for line in html.splitlines() or [""]) + "\n"


def partial(target: str, html: str, swap: str) -> str:
    """A part of a page and where it goes: `target` is a CSS selector, `swap` a way of htmx."""
    return f'<hx-partial hx-target="{target}" hx-swap="{swap}">{html}</hx-partial>\n'
