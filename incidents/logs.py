"""Owns how the program logs: one line per event, to standard error, JSON unless a person watches.

Refuses names, quotes and addresses by having no field for them: events carry codes and counts.
"""

import logging
import sys

import structlog


def set_up_logs() -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(colors=False)
            if sys.stderr.isatty()
            else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    # Waitress tells of every request that waits for a thread: that is what its queue is for.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
