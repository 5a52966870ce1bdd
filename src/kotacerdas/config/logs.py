"""Structured logs with one id from the request to the job: JSON in production, words elsewhere."""

from __future__ import annotations

import logging.config
import re
from typing import Any

import structlog

# Whoever reads logs must not be able to open a reporter's link or photo, or choose a password, nor read what was searched for.
_SECRETS = (
    (re.compile(r"(/(?:l|berkas|kata-sandi/baru)/)[^/\s?\"'<>\\]+"), r"\1***"),
    (re.compile(r"(/[^\s?\"'<>\\]*)\?[^\s\"'<>\\]+"), r"\1?***"),
)


def mask(text: str) -> str:
    """A text without the secrets of addresses: `/l/***/`, `/berkas/***`, `/kata-sandi/baru/***`, and `?***` for every query."""
    for pattern, shown in _SECRETS:
        text = pattern.sub(shown, text)
    return text


def _masked(_logger: Any, _name: str, line: str) -> str:
    """The last processor: it sees the whole line, traceback and Django's own words with it."""
    return mask(line)


def configure(settings: dict[str, Any]) -> None:
    """Set up logging from `{"format": "json" | "words", "level": name}` (Django's LOGGING_CONFIG hook)."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    last: list[Any] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(), _masked]
        if settings["format"] == "json"
        else [
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            _masked,
        ]
    )
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": shared,
        "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    }
    quiet = {"level": "WARNING"}
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"house": formatter},
            "filters": {"seldom": {"()": "kotacerdas.config.outage.Seldom"}},
            "handlers": {
                "stderr": {"class": "logging.StreamHandler", "formatter": "house", "filters": ["seldom"]}
            },
            "root": {"handlers": ["stderr"], "level": settings["level"]},
            "loggers": {"procrastinate": quiet, "psycopg.pool": quiet, "asyncio": quiet, "httpx": quiet},
        }
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
