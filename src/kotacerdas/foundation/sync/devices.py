"""What a phone calls itself, in two words."""

from __future__ import annotations

SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("SamsungBrowser", "Samsung Internet"), ("EdgA", "Edge"), ("EdgiOS", "Edge"), ("Edg/", "Edge"), ("OPR/", "Opera"),
    ("UCBrowser", "UC Browser"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


def device_words(agent: str) -> str:
    """System and browser of a User-Agent, as "Android · Chrome"; "" where neither is known."""
    found = (next((words for mark, words in kinds if mark in agent), "") for kinds in (SYSTEMS, BROWSERS))
    return " · ".join(filter(None, found))
