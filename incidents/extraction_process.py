"""The process that reads one file: a line with its address, then its bytes in; what was read out as
JSON, within bounds of memory and time. It holds no keys, writes no files and opens no connections.
"""

import os
import resource
import sys
from collections.abc import Callable, Sequence

from incidents.extracted import Extracted, ExtractionError
from incidents.extraction_kinds import HTML, MAIL, MHTML, PDF

CPU_S = 20
# Of address space. The largest saved pages that were measured take a third of it.
MEMORY_BYTES = 1_500_000_000
# Exit statuses: the sentence stands in the output; too little memory.
REFUSED, TOO_LARGE = 3, 4
# libxml2 and pypdf recurse; what the system's stack holds is known to be more than this.
_DEEPEST = 2000


def main(arguments: Sequence[str]) -> int:
    """Its exit status. A fault that nobody foresaw ends the process, which is what it is for."""
    kind, charset = arguments
    _bound()
    address = sys.stdin.buffer.readline().decode().strip()
    body = sys.stdin.buffer.read()
    try:
        answer = _reader(kind, address or None)(body, charset or None).to_json()
        status = 0
    except ExtractionError as error:
        answer, status = error.message, REFUSED
    except MemoryError:
        return TOO_LARGE
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.buffer.flush()
    return status


def _bound() -> None:
    _limit(resource.RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, CPU_S, CPU_S + 1)
    # No file grows, and no memory is written down when it crashes.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(_DEEPEST)
    os.nice(5)


def _limit(which: int, soft: int, hard: int) -> None:
    """No wider than what the system allows already: only root may widen that."""
    most = resource.getrlimit(which)[1]
    if most != resource.RLIM_INFINITY:
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(which, (soft, hard))


def _reader(kind: str, address: str | None) -> Callable[[bytes, str | None], Extracted]:
    """Imported when asked for: each library costs a quarter of a second, and the process one."""
    if kind == HTML:
        from incidents.extraction_html import read_page

        return lambda body, charset: read_page(body, charset, address)
    if kind == PDF:
        from incidents.extraction_pdf import read_pdf

        return lambda body, _charset: read_pdf(body)
    from incidents.extraction_mail import read_archive, read_mail

    read = {MHTML: read_archive, MAIL: read_mail}[kind]
    return lambda body, _charset: read(body)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
