"""How well the text of saved pages is found: `python -m tests.bench.extraction FOLDER`, where each
NAME.html stands beside NAME.txt, its article as a person took it. The pages are others', not here.
"""

import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from time import process_time

from incidents.extraction_html import read_page

_GRAM = 4
# Written without spaces between words: each sign counts as one.
_UNSPACED = re.compile("[\u0e00-\u0e7f\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")


def words(text: str) -> list[str]:
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    return [part for word in found for part in (word if _UNSPACED.search(word) else [word])]


def f1(text: str, annotated: str) -> float:
    """Over runs of four words, each as often as it stands there."""
    both = words(text), words(annotated)
    length = min(_GRAM, *(max(1, len(one)) for one in both))
    ours, theirs = (
        Counter(tuple(one[at : at + length]) for at in range(len(one) - length + 1)) for one in both
    )
    shared = sum((ours & theirs).values())
    return 2 * shared / max(1, sum(ours.values()) + sum(theirs.values()))


def main(folder: Path) -> None:
    scores = []
    began = process_time()
    for file in sorted(folder.glob("*.html")):
        found = read_page(file.read_bytes())
        scores.append(f1(found.text, file.with_suffix(".txt").read_text(encoding="utf-8")))
        print(f"{scores[-1]:.3f}  {file.stem:30}  {found.title}")
    spent = (process_time() - began) / len(scores)
    print(f"{sum(scores) / len(scores):.3f} over {len(scores)} pages, {spent * 1000:.0f} ms each")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
