"""Files of the data: streamed, repeatable byte by byte, and logged."""

from incidents.incident.exports.file import write_file
from incidents.incident.exports.log import (
    FORMAT,
    LoggedExport,
    Wanted,
    asked_for,
    begin,
    start_export,
)
from incidents.incident.exports.options import ExportOptions, Profile, eyes, options_from_args
from incidents.incident.exports.stream import BATCH, Tally, stream

__all__ = [
    "BATCH",
    "FORMAT",
    "ExportOptions",
    "LoggedExport",
    "Profile",
    "Tally",
    "Wanted",
    "asked_for",
    "begin",
    "eyes",
    "options_from_args",
    "start_export",
    "stream",
    "write_file",
]
