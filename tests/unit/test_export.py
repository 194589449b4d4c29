"""What ``app.py export`` says of what it is asked for, and that a file is whole or not there."""

from __future__ import annotations

import argparse
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import app
from components.brief import SHAPES
from components.exports import command, film, request
from components.exports.render import SCRIPTS, page
from data.grammar import PARAMETERS, parse
from tests.conftest import TINY


def run(capsys, *args: object) -> tuple[int, str]:
    """Exit code and what is said."""
    try:
        code = app.main(["export", "--data", str(TINY), *map(str, args)])
    except SystemExit as left:
        code = int(left.code or 0)
    return code, capsys.readouterr().err


@pytest.fixture
def drawn(monkeypatch):
    """What would be drawn; each picture becomes a few bytes."""
    asked = []

    def draw(pictures):
        asked.extend(pictures)
        return [b"picture" for _ in pictures]

    monkeypatch.setattr(command, "draw", draw)
    return asked


def test_every_parameter_of_the_grammar_has_a_flag():
    sub = argparse.ArgumentParser()
    request.add_parameters(sub)
    flags = {option for action in sub._actions for option in action.option_strings}
    assert {f"--{request.flag_of(parameter)}" for parameter in PARAMETERS} <= flags
    assert set(request.FLAGS) <= {parameter.key for parameter in PARAMETERS}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--year", "3000"], ["--year: '3000' is not usable; mend: use a year from 1990 to 2000"]),
        (["--confidence", "x", "--year", "1"], ["--confidence: 'x' is not usable; mend: use low", "--year: '1'"]),
        (["--ideology", "islamist,nothing"], ["--ideology: 'nothing' is not usable; mend: use islamist"]),
        (["--data-version", "9"], ["--data-version: '9' is not usable; mend: load that version, or use 1.0"]),
        (["--url", "https://x.org/?year=1&foo=2"], ["--url: foo: there is no such parameter", "--url: year: '1' is not"]),
        (["--url", "ftp://x.org/?year=1999"], ["--url: 'ftp://x.org/?year=1999' is no address of a view; mend: "]),
        (["--base", "atlas"], ["--base: 'atlas' is no address; mend: write https://"]),
        (["--size", "1920x1000"], ["--size: 1920x1000 is not 16:9, the shape of the sheet; mend: use 1920x1080, or"]),
        (["--size", "800x800", "--shape", "standard"], ["--size: 800x800 is not 4:3, the shape of the sheet; mend: use 800x600"]),
        (["--size", "big"], ["--size: 'big' is no size; mend: write 1280x720"]),
        (["--size", "16000x9000"], ["--size: 16000x9000 is larger than 7680 pixels; mend: use 7680x4320"]),
        (["--format", "svg", "--size", "1280x720"], ["--size: a svg has no pixels of its own; mend: leave it out"]),
        (["--format", "mp4"], ["--animate: a film needs its years; mend: add --animate 1960:2015"]),
        (["--animate", "1990:1995"], ["--animate: does not give png; mend: add --format mp4"]),
        (["--format", "mp4", "--animate", "1995:1990"], ["--animate: 1995 is not before 1990; mend: "]),
        (["--format", "mp4", "--animate", "1980:1995"], ["--animate: 1980 is not covered; mend: use years from 1990 to 2000"]),
        (["--format", "mp4", "--animate", "90-95"], ["--animate: '90-95' is not usable; mend: write --animate 1960:2015"]),
        (["--format", "mp4", "--animate", "1990:1995", "--size", "1281x721"], ["--size: 1281x721 is odd, and a film needs even numbers; mend: use 1280x720"]),
        (["--format", "mp4", "--animate", "1990:1995", "--fps", "60"], ["--fps: '60' is not usable; mend: write a number from 0.2 to 12"]),
        (["--format", "mp4", "--animate", "1990:1995", "--compare", "1992"], ["--animate: a film shows one year after another"]),
        (["--fps", "2"], ["--fps: a png does not move; mend: "]),
        (["--years", "1991,1992"], ["--years: does not give png; mend: add --format pptx"]),
        (["--format", "pptx", "--years", "1991;1992"], ["--years: '1991;1992' is not usable; mend: write --years 1970,1980,1990"]),
        (["--format", "pptx", "--years", "1991,2100"], ["--years: 2100 is not covered; mend: use years from 1990 to 2000"]),
        (["--format", "pptx", "--years", "1991", "--since", "1990"], ["--years: a slide of each year shows that year alone"]),
        (["--format", "pptx", "--story", "lull", "--year", "1991"], ["--story: its views have years and queries of their own"]),
    ],
)  # fmt: skip
def test_a_flag_that_cannot_be_used_is_one_message_with_its_mend(capsys, tmp_path, drawn, args, said):
    code, err = run(capsys, "--out", tmp_path / "a.png", *args)
    assert code == 2
    lines = err.splitlines()
    assert len(lines) == len(said)
    for line, start in zip(lines, said, strict=True):
        assert line.startswith(start)
        assert "; mend: " in line
    assert drawn == []
    assert list(tmp_path.iterdir()) == []


def test_the_format_is_that_of_the_ending(capsys, tmp_path):
    code, err = run(capsys, "--out", tmp_path / "a.gif")
    assert (code, err.startswith("--out: the ending of ")) == (2, True)
    code, err = run(capsys, "--out", tmp_path / "a.bin", "--format", "csv")
    assert code == 0
    assert "# " in (tmp_path / "a.bin").read_text(encoding="utf-8")[:2]


def test_flags_go_over_the_link_and_its_origin_is_where_links_lead(capsys, tmp_path, drawn):
    link = "https://atlas.example.org/some?year=1995&rivals=1&theme=dark&data=1.0"
    assert run(capsys, "--url", link, "--theme", "light", "--out", tmp_path / "a.svg") == (0, "")
    assert drawn[0].facts["link"] == "https://atlas.example.org/?year=1995&rivals=1&data=1.0"
    assert drawn[0].figure["layout"]["paper_bgcolor"] == "#fbfaf7"
    run(capsys, "--url", "?year=1995", "--rivals", "--base", "http://a.org", "--out", tmp_path / "b.svg")
    assert drawn[1].facts["link"] == "http://a.org/?year=1995&rivals=1&data=1.0"
    code, err = run(capsys, "--url", "year=1995&data=0.9", "--out", tmp_path / "c.svg")
    assert code == 0
    assert err.startswith("data: this link was made on version '0.9'")


def test_the_csv_is_what_is_drawn(capsys, tmp_path):
    assert run(capsys, "--year", 1995, "--out", tmp_path / "a.csv")[0] == 0
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert "figure,1995,alliances,Active alliances,6,count," in text
    assert "Link: http://127.0.0.1:8050/?year=1995&data=1.0" in text


def test_a_file_is_replaced_only_by_force_and_is_never_half_there(capsys, tmp_path, monkeypatch):
    out = tmp_path / "a.csv"
    out.write_text("mine", encoding="utf-8")
    code, err = run(capsys, "--out", out)
    assert (code, out.read_text(encoding="utf-8")) == (1, "mine")
    assert "is there already; mend: name another file, or add --force" in err

    def broken(*args, **more):
        Path(args[2]).write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(command, "make", broken)
        run(capsys, "--force", "--out", out)
    assert out.read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.iterdir()) == [out]
    assert run(capsys, "--force", "--out", out)[0] == 0
    assert out.read_text(encoding="utf-8").startswith("# ")
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_not_there_is_named_before_anything_is_drawn(capsys, tmp_path, drawn):
    for out in (tmp_path / "none" / "a.png", tmp_path):
        code, err = run(capsys, "--out", out, "--format", "png")
        assert code == 1
        assert err.startswith(f"{out}: ")
        assert "; mend: name a file in" in err
    assert drawn == []


def test_without_chromium_the_message_says_how_to_get_it(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "none"))
    code, err = run(capsys, "--out", tmp_path / "a.png")
    assert code == 1
    assert "no Chromium or Chrome was found" in err
    assert "apt-get install chromium" in err
    assert list(tmp_path.iterdir()) == []


def test_without_ffmpeg_the_message_says_how_to_get_it(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    code, err = run(capsys, "--animate", "1990:1995", "--out", tmp_path / "a.mp4")
    assert (code, err) == (
        1,
        "export: no ffmpeg was found, which puts a film together; mend: install it (on Debian: apt-get install ffmpeg)\n",
    )


@given(st.sampled_from(list(SHAPES)), st.integers(1, 9999), st.integers(1, 9999), st.booleans())
def test_a_size_is_kept_or_the_nearest_is_named(shape, width, height, even):
    try:
        assert request.size_of(f"{width}x{height}", shape, even=even) == (width, height)
    except request.Misused as why:
        (fault,) = why.faults
        w, h = map(int, fault.mend.split()[1].rstrip(",").split("x"))
        assert request.size_of(f"{w}x{h}", shape, even=even) == (w, h)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.sampled_from([parameter.key for parameter in PARAMETERS]), st.text(max_size=12))
def test_any_link_and_flag_is_taken_or_named(curated, url, key, value):
    served = {"curated": curated}
    try:
        asked = request.selected(request.link(url)[1], {key: value}, served)
    except request.Misused as why:
        assert all(fault.where.startswith("--") and fault.mend for fault in why.faults)  # noqa: PT017
    else:
        assert asked.selection.dataset == "curated"


def test_the_frames_of_a_film_stand_still(curated):
    served = {"curated": curated}
    selection = parse("title=One+title", served)[0]
    years = range(1955, 2020, 8)
    boxes = []
    for drawn_ in film.frames(selection, years, served, size=(640, 360), base="http://a.org", day=date(2026, 11, 27)):
        geo = drawn_.figure["layout"]["geo"]["domain"]
        boxes.append((geo, drawn_.figure["layout"]["yaxis"]["range"]))
        assert drawn_.scale == 0.5
    assert len(boxes) == len(years)
    assert all(box == boxes[0] for box in boxes)


def test_the_page_that_draws_needs_no_network():
    text = page()
    asked = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert len(asked) == len(SCRIPTS)
    for address in asked:
        assert Path(unquote(urlsplit(address).path)).is_file()
    assert '"ranges"' in text
    assert "PlotlyGeoAssets" in text
