"""The pictures in a real browser, where there is one."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest

from assay.report.page.drawn import pictures
from assay.report.page.script import script
from tests.report.profiles import two_threads

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
ACTS = """
const section = document.getElementById("timeline"), canvas = section.querySelector("canvas");
const button = section.querySelector("button"), said = [];
const frame = () => canvas.getBoundingClientRect();
const pointer = (kind, part) => canvas.dispatchEvent(new PointerEvent(kind, {bubbles: true, pointerId: 1, button: 0,
  clientX: frame().left + 190 + part * (frame().width - 190), clientY: frame().top + 10}));
const say = (name) => { pointer("pointermove", 0.5); said.push([name, button.disabled,
  section.querySelector("output").textContent]); };
const key = (name) => canvas.dispatchEvent(new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true}));
const wheel = (step, more) => canvas.dispatchEvent(new WheelEvent("wheel", {deltaY: step, bubbles: true,
  cancelable: true, clientX: frame().left + frame().width - 2, clientY: frame().top + 5, ...more}));
canvas.setPointerCapture = () => {};
say("whole");
wheel(-1); say("a wheel without focus");
wheel(-1, {ctrlKey: true}); say("wheel");
button.click(); say("button");
key("+"); key("+"); key("End"); say("end");
key("Escape"); say("escape");
pointer("pointerdown", 0.1); pointer("pointermove", 0.3); pointer("pointerup", 0.3); say("drag");
document.title = JSON.stringify(said);
"""


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium")
def test_the_timeline_is_zoomed_by_wheel_keys_and_dragging_and_shown_whole_again(tmp_path: Path) -> None:
    page = f"<!doctype html><meta charset=utf-8><title>t</title>{pictures(two_threads())}<script>{script()}</script>"
    wait = "const acts = () => document.documentElement.dataset.ready ? act() : setTimeout(acts, 20); acts();"
    file = tmp_path / "page.html"
    file.write_text(f"{page}<script>const act = () => {{{ACTS}}};{wait}</script>", encoding="utf-8")
    done = subprocess.run(
        [
            *(str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile"),
            *("--window-size=1200,900", "--virtual-time-budget=20000", "--dump-dom", file.as_uri()),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    said = {name: (whole, text) for name, whole, text in json.loads(unescape(title[1]))}
    moments = {name: _seconds(text) for name, (_, text) in said.items()}
    assert [name for name, (whole, _) in said.items() if whole] == [
        "whole",
        "a wheel without focus",
        "button",
        "escape",
    ]
    assert moments["whole"] == moments["button"] == moments["escape"] == moments["a wheel without focus"]
    assert moments["drag"] < moments["whole"] < moments["wheel"] < moments["end"]


def _seconds(text: str) -> float:
    number, unit = re.findall(r" at ([\d.]+) (\w+):", text)[0]
    return float(number) * {"s": 1.0, "ms": 1e-3}[unit]
