"""The page in a real Chromium."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from walkaround.report import render

pytestmark = pytest.mark.browser
CSP = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def opened(chromium, text, *, width=1100, scripts=True, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(text, "utf-8")
    asked = []
    context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts, offline=True)
    tab = context.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(path.as_uri())
    return tab, asked


@pytest.mark.parametrize("guarded", [True, False])
@pytest.mark.parametrize("text", ["HOSTILE", "LONG"])
def test_a_hostile_page_runs_nothing_and_asks_for_nothing(runs, chromium, tmp_path, guarded, text):
    """With the policy and without it: no script ran, one request, of the page itself."""
    page = render.html(runs.hostile(getattr(runs, text)))
    tab, asked = opened(chromium, page if guarded else CSP.sub("", page), tmp_path=tmp_path)
    assert tab.evaluate("window.pwned") is None
    assert tab.locator("script, img, iframe, object").count() == 0
    assert len(asked) == 1


@pytest.mark.parametrize("kind", ["rich", "empty", "unread", "profile", "hostile"])
def test_no_sideways_scroll_on_a_phone(runs, chromium, tmp_path, kind):
    """At 390 pixels nothing sticks out."""
    tab, _ = opened(chromium, render.html(getattr(runs, kind)()), width=390, tmp_path=tmp_path)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", ["rich", "unread", "profile"])
def test_axe_finds_nothing_serious(runs, chromium, tmp_path, kind, scheme):
    """No serious or critical violation."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    tab, _ = opened(chromium, CSP.sub("", render.html(getattr(runs, kind)())), tmp_path=tmp_path)
    tab.emulate_media(color_scheme=scheme)
    found = axe.Axe().run(tab).response["violations"]
    assert [
        (each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in {"serious", "critical"}
    ] == []


@pytest.mark.parametrize(("kind", "blockers"), [("rich", 0), ("rich", 60), ("long", 0)])
def test_page_one_is_one_page(runs, chromium, tmp_path, kind, blockers):
    """Page two of the print begins with the second section, and details are open there."""
    if shutil.which("pdftotext") is None:
        pytest.skip("needs pdftotext: install Debian's package poppler-utils")
    run = runs.hostile("name " * 2_000) if kind == "long" else runs.rich(blockers)
    tab, _ = opened(chromium, render.html(run), tmp_path=tmp_path, scripts=False)
    tab.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "page.pdf", "-"], capture_output=True, check=True, text=True
    )
    pages = text.stdout.split("\f")
    assert "What this report does not say" in pages[0]
    assert pages[1].lstrip().startswith("Why to believe it")
    if kind == "rich":
        assert "Would have seen" in text.stdout


def test_the_title_starts_with_the_verdict(runs):
    """A mail client shows the verdict first."""
    assert "<title>NOT READY:" in render.html(runs.rich())
