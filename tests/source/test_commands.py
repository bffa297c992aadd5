"""`incidents source`: a file in, its reference and its text out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incidents.cli import main
from tests.infrastructure.pages import PARAGRAPHS, page
from tests.sites import Web, answer, leads_to
from tests.source.test_content import ARTICLE, ARTICLE_SHA256

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name in ("CONFIG", "DATABASE_URL", "ARCHIVE"):
        monkeypatch.delenv(f"INCIDENTS_{name}", raising=False)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    assert run("init").exit_code == 0
    assert run("user", "add", "Aigul", "--role", "researcher").exit_code == 0
    assert run("user", "add", "Reader", "--role", "reader").exit_code == 0
    return run


def test_a_file_is_kept_and_shown_again(run: Run, tmp_path: Path) -> None:
    (tmp_path / "article.md").write_bytes(ARTICLE)
    added = run("source", "add", "article.md", "--as", "Aigul")
    reference = added.output.strip()
    assert (added.exit_code, reference[:4], reference[-6:]) == (0, "SRC-", "-00001")
    facts = json.loads(run("source", "show", reference).output)
    assert facts["title"] == "Police Round Up Men After Janaozen Violence"
    assert facts["snapshots"][0]["sha256"] == ARTICLE_SHA256
    assert run("source", "show", reference, "--text").stdout_bytes == ARTICLE
    again = run("source", "add", "article.md")
    assert again.exit_code == 1
    assert reference in again.stderr
    assert run("source", "show", reference, "--as", "Reader").exit_code == 1
    assert run("audit", "verify").exit_code == 0


def test_an_address_is_fetched_and_kept(
    run: Run, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INCIDENTS_FETCH_ALLOW", web.pair)
    web.says["/short"] = leads_to("/square")
    web.says["/square"] = answer(page().encode())
    web.says["/wall"] = answer(b"<html><body><p>Subscribe to read on.</p></body></html>")
    added = run("source", "add", web.url("/short"))
    assert added.exit_code == 0, added.output
    reference = added.output.strip()
    facts = json.loads(run("source", "show", reference).output)
    assert facts["title"] == "Police open fire in square"
    assert (facts["url"], facts["alternate_urls"]) == (web.url("/square"), [web.url("/short")])
    (copy,) = facts["snapshots"]
    assert (copy["method"], copy["status_code"]) == ("fetched", 200)
    assert copy["redirects"] == [[302, web.url("/short")]]
    assert copy["final_url"] == web.url("/square")
    assert PARAGRAPHS[0] in run("source", "show", reference, "--text").output
    web.asked.clear()
    again = run("source", "add", web.url("/square"))
    assert (again.exit_code, web.asked) == (1, [])
    assert reference in again.stderr
    refused = run("source", "add", web.url("/wall"))
    assert refused.exit_code == 1
    assert "a paywall or a consent page is suspected" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add", "https://nowhere.example/x"), 1, "its name was not found"),
        (("add", "http://127.0.0.1/x"), 1, "not a public web address"),
        (("add", "http://a:b@example.org/x"), 1, "name and password"),
        (("add", "https://nowhere.example/x", "--as", "Reader"), 1, "Only researchers"),
        (("add", "absent.txt"), 1, "absent.txt: No such file"),
        (("add", "picture.html"), 1, "This is a picture (PNG)"),
        (("add", "empty.txt"), 1, "no text in it"),
        (("add", "plain.txt", "--as", "Reader"), 1, "Only researchers and reviewers"),
        (("add", "plain.txt", "--as", "Nobody"), 1, "no account named Nobody"),
        (("show", "SRC-2026-00099"), 1, "no such source"),
    ],
)
def test_what_can_not_be_done_is_said_in_one_line(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    (tmp_path / "picture.html").write_bytes(b"\x89PNG\r\n\x1a\n")
    for name, words in (("plain.txt", "Words."), ("empty.txt", "")):
        (tmp_path / name).write_text(words)
    result = run("source", *arguments)
    assert result.exit_code == code
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
    assert not list((tmp_path / "var" / "archive").glob("??/*"))
