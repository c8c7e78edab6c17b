"""The demo page as a visitor uses it: the real bot, a real browser.

With FATHOM_SCREENSHOTS set to a folder, the picture in README is written there; tests/demo/test_pictures.py
takes the others.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.conftest import REPOSITORY, copy_index

CHROMIUM = shutil.which("chromium")
SCREENSHOTS = os.environ.get("FATHOM_SCREENSHOTS")
SECONDS = 60_000


@pytest.fixture(scope="module")
def url(library_state: Path, library_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = copy_index(library_state, tmp_path_factory.mktemp("demo") / "state")
    command = [sys.executable, "-u", "-m", "bot", "demo", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--knowledge", str(library_content), "--state", str(state)],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = next((match.group() for line in process.stdout if (match := re.search(r"http://\S+", line))), None)
        assert found, "the demo names its page"
        yield found
    finally:
        process.terminate()
        process.wait(30)
        process.stdout.close()


@pytest.fixture(scope="module")
def page(url: str) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        opened = browser.new_page(viewport={"width": 1100, "height": 900})
        opened.goto(url)
        yield opened
        browser.close()


def messages(page: Page) -> Locator:
    return page.locator("[data-message-id]")


def take(page: Page, name: str) -> None:
    if SCREENSHOTS:
        page.wait_for_timeout(500)
        # The answer, without the frame that the preview puts around the conversation.
        messages(page).last.screenshot(path=Path(SCREENSHOTS) / f"{name}.png")


def test_the_server_is_populated_and_a_first_answer_is_there(page: Page) -> None:
    expect(page.get_by_text("Week 3 is on goals").last).to_be_visible(timeout=SECONDS)
    expect(page.get_by_role("button", name="Deeper").last).to_be_visible()
    take(page, "answer-basic")


def test_a_slash_command_deeper_and_sources(page: Page) -> None:
    page.get_by_placeholder("Message #ask-fathom").press_sequentially("/ask", delay=30)
    page.wait_for_timeout(500)
    page.keyboard.press("Enter")
    question = page.get_by_label("question, required")
    question.fill("what is instrumental convergence?")
    question.press("Enter")
    heading = page.get_by_role("heading", name="Instrumental Convergence")
    expect(heading.last).to_be_visible(timeout=SECONDS)
    expect(page.get_by_text("Intermediate", exact=True).last).to_be_visible()

    page.get_by_role("button", name="Deeper").last.click()
    expect(page.get_by_text("Advanced", exact=True).last).to_be_visible(timeout=SECONDS)

    page.get_by_role("button", name=re.compile("Sources")).last.click()
    expect(page.get_by_role("button", name="Back to the answer").last).to_be_visible(timeout=SECONDS)
    links = page.locator("a[href*='arxiv.org']")
    expect(links.first).to_be_visible()

    page.get_by_role("button", name="Back to the answer").last.click()
    expect(page.get_by_role("button", name="Simpler").last).to_be_visible(timeout=SECONDS)


def test_the_command_picker_lists_the_commands(page: Page) -> None:
    page.get_by_placeholder("Message #ask-fathom").press_sequentially("/", delay=30)
    for command in ("/ask", "/level", "/topics", "/help"):
        expect(page.get_by_text(command, exact=True).last).to_be_visible(timeout=SECONDS)
