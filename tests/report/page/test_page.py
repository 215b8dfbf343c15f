from __future__ import annotations

import base64
import gzip
import json
import re
import shutil
import subprocess

import pytest

from assay.record.diagnosis.findings import Clock
from assay.report.page.causes import bar, causes
from assay.report.page.drawn import pictures
from assay.report.page.elements import Markup, element, folded, joined, table
from assay.report.page.heat import heat_map
from assay.report.page.pictures import memory, scale, seconds, wall_times
from assay.report.page.script import script
from assay.report.page.sections import comparison, header
from assay.report.profile import HeatFile
from tests.report.profiles import two_threads
from tests.report.views import compared_view, make_findings


def test_plain_text_is_escaped_and_markup_is_not() -> None:
    assert element("p", "<b>", element("b", "&")) == "<p>&lt;b&gt;<b>&amp;</b></p>"
    assert joined(("<", Markup("<br>"))) == "&lt;<br>"


def test_attributes_are_escaped_renamed_and_left_out() -> None:
    made = element("td", class_='a" onload="x', text_anchor="end", width=1.5, id=None)
    assert made == '<td class="a&quot; onload=&quot;x" text-anchor="end" width="1.5"></td>'


def test_tables_and_folds_escape_their_texts() -> None:
    assert "<td>&lt;i&gt;</td>" in table(("h",), (("<i>",),))
    assert folded("<s>") == "<details><summary>&lt;s&gt;</summary></details>"


@pytest.mark.parametrize(
    ("largest", "end", "count"),
    [(0.763, 0.8, 5), (2.0, 2.0, 5), (1.0, 1.0, 6), (34.3, 40.0, 5), (7.1e-6, 8e-6, 5), (0.0, 1.0, 2)],
)
def test_an_axis_begins_at_zero_and_ends_round_above_the_largest(largest: float, end: float, count: int) -> None:
    top, ticks = scale(largest)
    assert top == pytest.approx(end)
    assert ticks[0] == 0.0
    assert ticks[-1] == pytest.approx(top)
    assert len(ticks) == count


@pytest.mark.parametrize("largest", [10.0**power * factor for power in range(-9, 12, 3) for factor in (1, 1.7, 3.3, 9)])
def test_an_axis_never_has_more_than_six_ticks_and_holds_the_largest(largest: float) -> None:
    top, ticks = scale(largest)
    assert 2 <= len(ticks) <= 6
    assert top >= largest * (1 - 1e-9)


def test_without_sides_there_are_no_pictures() -> None:
    assert [picture([]) for picture in (wall_times, seconds, memory)] == ["", "", ""]


def test_the_result_is_toned_by_its_answer_and_said_in_words() -> None:
    view = compared_view()
    assert 'class="result lower"' in header(view)
    assert "A" in comparison(view)
    assert "described only" in comparison(view)


def test_a_bar_is_split_in_proportion_and_says_its_parts() -> None:
    picture = bar({Clock.CPU: 3.0, Clock.SLEEP: 1.0}, 4.0, 10.0)
    assert '<rect x="0.000%" width="75.000%"' in picture
    assert "<title>asleep: 1 s</title>" in picture
    assert "<rect" not in bar({}, 0.0, 10.0)


def test_no_diagnosis_is_no_section_and_thin_evidence_is_said() -> None:
    assert causes(None) == ""
    thin = causes(make_findings("job.py", findings=(), insufficient="12 samples"))
    assert "Insufficient evidence: 12 samples" in thin
    assert "No known cause was found." in causes(make_findings("job.py", findings=()))


def test_only_the_first_causes_are_unfolded() -> None:
    many = make_findings("job.py").findings * 4
    page = causes(make_findings("job.py", findings=many))
    assert page.count("<summary>Details</summary>") == 1
    assert page.count("<article") == 4


def test_the_source_is_shown_around_hot_lines_and_the_rest_is_counted() -> None:
    lines = tuple(f"x = {number}" for number in range(1, 101))
    page = heat_map((HeatFile(path="a.py", lines=lines, seconds={50: {Clock.CPU: 2.0}}),))
    assert "<code>x = 50</code>" in page
    assert "… 43 lines that took no time" in page
    assert "… 44 lines that took no time" in page
    assert "x = 43<" not in page


def test_lines_that_a_changed_file_has_lost_are_said() -> None:
    page = heat_map((HeatFile(path="a.py", lines=("x",), seconds={9: {Clock.CPU: 2.0}}),))
    assert "1 lines that took time are not in this file" in page
    assert heat_map(()) == ""


def test_source_is_text_and_never_markup() -> None:
    page = heat_map((HeatFile(path="</h3>", lines=("</code><script>",), seconds={1: {Clock.CPU: 2.0}}),))
    assert "<script" not in page
    assert "&lt;/code&gt;&lt;script&gt;" in page


def test_what_the_script_draws_is_packed_so_that_no_name_can_be_markup() -> None:
    page = pictures(two_threads("</template><script>\x1b[31m"))
    packed = page[page.index('<template id="profile">') + len('<template id="profile">') : page.index("</template>")]
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", packed)
    columns = json.loads(gzip.decompress(base64.b64decode(packed)))
    assert columns["stacks"]["files"][1] == "</template><script>\\x1b[31m"
    assert columns["timeline"]["stretches"] == len(columns["timeline"]["threads"][0]["shares"]["0"])


def test_the_packed_tree_has_all_the_time_and_its_callers_first() -> None:
    profile = two_threads()
    page = pictures(profile)
    packed = page[page.index('<template id="profile">') + len('<template id="profile">') : page.index("</template>")]
    tree = json.loads(gzip.decompress(base64.b64decode(packed)))["stacks"]
    assert sum(map(sum, tree["seconds"])) == pytest.approx(profile.stacks.seconds.sum(), abs=1e-4)
    assert all(parent < row for row, parent in enumerate(tree["parent"]))
    assert [clock["id"] for clock in tree["clocks"]] == ["cpu", "lock", "sleep"]


def test_modules_become_one_script_that_needs_no_other_and_ends_no_element() -> None:
    text = script()
    assert not re.search(r"^(import|export) ", text, re.MULTILINE)
    assert not re.search(r"</script|<!--|https?:|\beval\b|innerHTML|fetch\(", text)
    assert text.count("const { ") >= 4


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the page's script")
def test_the_script_lays_out_searches_and_adds_up() -> None:
    program = (
        script().replace("start();", "", 1)
        + """
    const tree = {parent: [-1, 0, 0, 2], function: [0, 1, 2, 1], file: [0, 0, 0, 0], functions: ["p", "hot", "g"],
      files: [""], seconds: [[0, 3, 1, 2], [0, 0, 2, 0]]};
    const total = totalsOf(tree, [0, 1]);
    const {boxes, whole} = laidOut(tree, total, -1);
    const hits = found(tree, " HOT ");
    console.log(JSON.stringify({total: [...total], whole, boxes: boxes.sort((a, b) => a.row - b.row),
      rows: rowsToShow(boxes, 5), sum: timeFound(tree, total, hits), alone: laidOut(tree, total, 2).whole,
      text: [timeText(0.01234), timeText(2), shareText(1, 3), shareText(1, 1000)]}));
    """
    )
    source = f"globalThis.document = {{getElementById: () => null, documentElement: {{dataset: {{}}}}}};\n{program}"
    done = subprocess.run(["node", "--input-type=module", "-e", source], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["total"] == [8, 3, 5, 2]
    assert (told["whole"], told["alone"], told["sum"]) == (8, 5, 5)
    assert [(box["row"], box["left"], box["width"], box["depth"]) for box in told["boxes"]] == [
        (0, 0, 1, 0),
        (1, 0.625, 0.375, 1),
        (2, 0, 0.625, 1),
        (3, 0, 0.25, 2),
    ]
    assert told["rows"] == 2
    assert told["text"] == ["12.3 ms", "2 s", "33 %", "< 1 %"]


@pytest.mark.skipif(shutil.which("node") is None, reason="needs node to run the page's script")
def test_a_view_is_zoomed_and_moved_within_the_whole_and_its_parts_are_means() -> None:
    program = (
        script().replace("start();", "", 1)
        + """
    const all = {first: 0, last: 100}, close = zoomed(all, 4, 0.5, 100);
    console.log(JSON.stringify({close, back: zoomed(close, 0.01, 0.5, 100), least: zoomed(all, 1e6, 0, 100),
      left: zoomed(all, 2, 0, 100), right: shifted(close, 9, 100), home: shifted(close, -Infinity, 100),
      end: shifted(close, Infinity, 100), drag: between(all, 0.6, 0.2, 100), click: between(all, 0.2, 0.201, 100),
      means: [...parts([0, 100, 50, 50], {first: 0, last: 4}, 2)], few: [...parts([1, 2, 3], {first: 1, last: 3}, 900)],
      half: [...parts([0, 100], {first: 0.5, last: 1.5}, 1)]}));
    """
    )
    source = f"globalThis.document = {{getElementById: () => null, documentElement: {{dataset: {{}}}}}};\n{program}"
    done = subprocess.run(["node", "--input-type=module", "-e", source], capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    whole = {"first": 0, "last": 100}
    assert told["close"] == {"first": 37.5, "last": 62.5}
    assert told["back"] == told["click"] == whole
    assert told["least"] == {"first": 0, "last": 5}
    assert told["left"] == {"first": 0, "last": 50}
    assert (told["right"], told["end"]) == ({"first": 75, "last": 100}, {"first": 75, "last": 100})
    assert told["home"] == {"first": 0, "last": 25}
    assert told["drag"] == {"first": 20, "last": pytest.approx(60)}
    assert (told["means"], told["few"], told["half"]) == ([50, 50], [2, 3], [50])
