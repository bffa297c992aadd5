"""The demo's article, as the tests of what is found in a text read it."""

from pathlib import Path

import incidents.demo

ARTICLE = (Path(incidents.demo.__file__).parent / "data" / "article.md").read_text("utf-8")
