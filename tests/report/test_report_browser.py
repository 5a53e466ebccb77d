"""The page in a real Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from walkaround.report import render

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def opened(
    chromium: Browser, text: str, *, tmp_path: Path, width: int = 1100, scripts: bool = True
) -> tuple[Page, list[str]]:
    path = tmp_path / "page.html"
    path.write_text(text, "utf-8")
    asked: list[str] = []
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, offline=True)
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    return tab, asked


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("text", ["HOSTILE", "LONG"])
def test_a_hostile_page_runs_nothing_and_asks_for_nothing(
    runs: ModuleType, chromium: Browser, tmp_path: Path, *, guarded: bool, text: str
) -> None:
    """With the policy and without it: no script ran, one request, of the page itself."""
    page = render.html(runs.hostile(getattr(runs, text)))
    tab, asked = opened(chromium, page if guarded else CSP.sub("", page), tmp_path=tmp_path)
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("script, img, iframe, object").count() == 0
    assert len(asked) == 1


@pytest.mark.parametrize("kind", ["rich", "empty", "unread", "profile", "hostile"])
def test_no_sideways_scroll_on_a_phone(runs: ModuleType, chromium: Browser, tmp_path: Path, kind: str) -> None:
    """At 390 pixels nothing sticks out."""
    tab, _ = opened(chromium, render.html(getattr(runs, kind)()), width=390, tmp_path=tmp_path)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["rich", "unread", "profile"])
def test_axe_finds_nothing_serious(runs: ModuleType, chromium: Browser, tmp_path: Path, kind: str, scheme: str) -> None:
    """No serious or critical violation."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    tab, _ = opened(chromium, CSP.sub("", render.html(getattr(runs, kind)())), tmp_path=tmp_path)
    tab.emulate_media(color_scheme=scheme)
    found = axe.Axe().run(tab).response["violations"]
    assert [
        (each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in {"serious", "critical"}
    ] == []


@pytest.mark.parametrize(("kind", "blockers"), [("rich", 0), ("rich", 60), ("long", 0), ("empty", 0)])
def test_page_one_is_one_page(runs: ModuleType, chromium: Browser, tmp_path: Path, kind: str, blockers: int) -> None:
    """Page two of the print begins with the second section, and details are open there."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext: install Debian's package poppler-utils")
    made = {"long": lambda: runs.hostile("name " * 2_000), "rich": lambda: runs.rich(blockers), "empty": runs.empty}
    run = made[kind]()
    tab, _ = opened(chromium, render.html(run), tmp_path=tmp_path, scripts=False)
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, check=True, text=True
    )
    pages = text.stdout.split("\f")
    assert "What this report does not say" in pages[0]
    assert pages[1].lstrip().startswith("Why to believe it")
    if kind == "rich":
        assert "p39" in text.stdout, "the last of what is folded away on the screen"


def test_the_title_starts_with_the_verdict(runs: ModuleType) -> None:
    """A mail client shows the verdict first."""
    assert "<title>NOT READY:" in render.html(runs.rich())


def test_without_scripts_nothing_is_lost(runs: ModuleType, chromium: Browser, tmp_path: Path) -> None:
    """A reader whose browser runs no scripts sees every section, and opens what is folded by its summary."""
    tab, asked = opened(chromium, render.html(runs.rich()), tmp_path=tmp_path, scripts=False)
    assert tab.title().startswith("NOT READY")
    assert tab.locator("main").count() == 1
    assert tab.locator("h2.part").all_inner_texts() == [
        "Why to believe it", "Pilot and production", "Findings", "Appendix",
    ]  # fmt: skip
    passed = tab.get_by_role("columnheader", name="Would have seen a rise of")
    assert not passed.is_visible()
    tab.get_by_text("What was checked and passed").click()
    assert passed.is_visible()
    assert len(asked) == 1
