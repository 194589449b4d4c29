"""What the command line says, and the exit code with which it says so."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from data.errors import DataError
from data.library import Library
from tests import made
from tests.conftest import CURATED, ROOT, TINY


def bad(folder: Path, times: int = 1) -> Path:
    """A dataset of which a relationship is set aside."""
    ties = [made.tie("a", "b", 1990, cooperation="moral", relationship_id=f"r{n}") for n in range(times)]
    return made.dataset(folder, made.groups("a", "b"), ties)


def odd(folder: Path) -> Path:
    """A dataset with a warning."""
    return made.dataset(folder, [{"group_id": "a"}, {"group_id": "b"}], [made.tie("a", "b", 1985)])


def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run app.py in a process of its own, with nothing but these variables of the environment."""
    return subprocess.run(
        [sys.executable, "app.py", *map(str, args)],
        cwd=ROOT,
        env={"PATH": "", **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_check_of_clean_data_prints_what_was_read_and_exits_with_0(capsys):
    assert app.main(["check", str(TINY)]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "groups.csv: 8 of 8 rows used",
        "relationships.csv: 12 of 12 rows used",
        "sources.csv: 3 of 3 rows used",
        "lineage.csv: 1 of 1 rows used",
    ]
    assert err == ""


def test_check_of_the_bundled_data_finds_no_more_than_warnings(capsys):
    assert app.main(["check", str(CURATED)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "groups.csv: 1,283 of 1,283 rows used" in lines
    assert "relationships.csv: 2,298 of 2,298 rows used" in lines


def test_check_prints_what_was_set_aside_as_a_compiler_would_and_exits_with_1(tmp_path):
    done = run("check", bad(tmp_path / "d"))
    first, *others = done.stdout.splitlines()
    assert first.startswith("relationships.csv:2: cooperation: 'moral' is not one of operational, material, ")
    assert "; mend: write one of them" in first
    assert "relationships.csv: 0 of 1 rows used, 1 set aside" in others
    assert done.stderr == ""
    assert done.returncode == 1


def test_check_of_data_with_warnings_alone_exits_with_0(tmp_path, capsys):
    assert app.main(["check", str(odd(tmp_path / "d"))]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("relationships.csv:2: start_year: warning: 1985 is before the first year of ")


def test_check_counts_a_value_that_is_not_used(tmp_path, capsys):
    folder = made.dataset(tmp_path / "d", [{"group_id": "a", "lat": "north"}], [])
    assert app.main(["check", str(folder)]) == 1
    assert capsys.readouterr().out.startswith(
        "groups.csv:2: lat: 'north' is not a number, the group is not located; mend: "
    )


def test_check_of_a_missing_folder_is_one_message(tmp_path):
    done = run("check", tmp_path / "nowhere")
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"{tmp_path / 'nowhere'}: there is nothing at this path; mend: ")
    assert done.returncode == 1


def test_check_of_a_folder_that_cannot_be_used_is_one_message(tiny_dir, capsys):
    (tiny_dir / "groups.csv").write_bytes(b"\xff\xff")
    assert app.main(["check", str(tiny_dir)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"{re.escape(str(tiny_dir))}/groups\.csv:1: is not UTF-8 .*; mend: .*\n", err)


def test_check_answers_machines_as_json(tmp_path, capsys):
    assert app.main(["check", "--format", "json", str(bad(tmp_path / "d", times=2))]) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["rows"]["relationships.csv"] == {"read": 2, "used": 0, "set_aside": 2, "kept_out": 0}
    kind = answer["kinds"][0]
    assert (kind["severity"], kind["reason"], kind["count"]) == ("set aside", "vocabulary", 2)
    assert kind["first"].startswith("relationships.csv:2: cooperation: 'moral' is not one of ")
    problem = answer["problems"][1]
    assert (problem["file"], problem["line"], problem["column"], problem["value"]) == (
        "relationships.csv", 3, "cooperation", "moral",
    )  # fmt: skip
    assert problem["row"]["relationship_id"] == "r1"
    assert problem["mend"].startswith("write one of them")
    assert answer["not_listed"] == 0


def test_check_as_json_lists_every_problem_and_exits_with_0_on_clean_data(tmp_path, capsys):
    assert app.main(["check", "--format", "json", str(TINY)]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["ok"], answer["problems"], answer["dataset"]["version"]) == (True, [], "1.0")
    folder = bad(tmp_path / "d", times=700)
    app.main(["check", str(folder)])
    assert capsys.readouterr().out.count("relationships.csv:") == 700 + 2  # the rows used, and the kind's first example
    app.main(["check", "--format", "json", str(folder)])
    assert len(json.loads(capsys.readouterr().out)["problems"]) == 700


def test_check_as_json_says_why_nothing_could_be_read(tmp_path, capsys):
    assert app.main(["check", "--format", "json", str(tmp_path / "nowhere")]) == 1
    out, err = capsys.readouterr()
    error = json.loads(out)["error"]
    assert (error["where"], error["what"], err) == (str(tmp_path / "nowhere"), "there is nothing at this path", "")
    assert error["mend"]


def test_serve_strict_refuses_what_is_set_aside(tmp_path):
    done = run("serve", "--strict", "--port", str(free_port()), "--data", bad(tmp_path / "d"))
    assert done.stdout.startswith("relationships.csv:2: cooperation: 'moral' is not one of ")
    assert done.stderr == "Not served, because of --strict; mend: the rows above, or serve without --strict.\n"
    assert done.returncode == 1


def test_serve_strict_looks_at_every_dataset(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("waitress.serve", lambda *args, **more: pytest.fail("it serves"))
    data = ["--data", str(TINY), "--data", str(bad(tmp_path / "d"))]
    assert app.main(["serve", "--strict", "--port", str(free_port()), *data]) == 1
    assert "because of --strict" in capsys.readouterr().err


@pytest.mark.parametrize(("strict", "make"), [(["--strict"], odd), ([], bad)])
def test_serve_serves_warnings_although_strict_and_the_rest_of_bad_data_otherwise(
    tmp_path, monkeypatch, capsys, strict, make
):
    served = []
    monkeypatch.setattr("waitress.serve", lambda *args, **more: served.append(more["port"]))
    port = free_port()
    assert app.main(["serve", *strict, "--port", str(port), "--data", str(make(tmp_path / "d"))]) == 0
    assert served == [port]
    assert f"Alliance Atlas on http://127.0.0.1:{port} with Made-up sample 1; " in capsys.readouterr().out


def test_serve_says_that_the_port_is_taken(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert app.main(["serve", "--port", str(port), "--data", str(TINY)]) == 1
    assert re.fullmatch(rf"127\.0\.0\.1:{port}: cannot listen there: .*; mend: .*--port.*\n", capsys.readouterr().err)


def test_serve_reads_atlas_data_and_names_what_is_not_there(tmp_path):
    done = run("serve", "--port", str(free_port()), ATLAS_DATA=str(tmp_path / "nowhere"))
    assert done.stderr.startswith(f"{tmp_path / 'nowhere'}: there is nothing at this path; mend: ")
    assert done.returncode == 1


def test_two_datasets_of_one_name_are_refused(tmp_path):
    first, second = made.dataset(tmp_path / "1" / "same", [], []), made.dataset(tmp_path / "2" / "same", [], [])
    with pytest.raises(DataError, match="two datasets are named 'same'"):
        Library([first, second])


@pytest.mark.parametrize("args", [[], ["check"], ["chekc", "x"], ["serve", "--prot", "1"]])
def test_a_wrong_command_shows_how_it_is_used(args, capsys):
    with pytest.raises(SystemExit) as left:
        app.main(args)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: app.py")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize("port", ["abc", "99999", "65536", "-1", "0", "80.5", ""])
def test_serve_says_what_a_port_is(port, capsys):
    with pytest.raises(SystemExit) as left:
        app.main(["serve", f"--port={port}"])
    assert left.value.code == 2
    assert f"argument --port: {port!r} is not a port; mend: give a number from 1 to 65535" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_report_can_be_written_in_any_encoding(tmp_path, encoding):
    folder = made.dataset(tmp_path / "d", [{"group_id": "a", "religion": "الجبهة"}], [])
    done = run("check", folder, PYTHONIOENCODING=encoding)
    assert done.stdout.startswith(r"groups.csv:2: religion: '\u0627\u0644\u062c\u0628\u0647\u0629' is not one of ")
    assert (done.stderr, done.returncode) == ("", 1)


def test_whoever_reads_the_report_may_stop_early(tmp_path):
    command = [sys.executable, "app.py", "check", str(bad(tmp_path / "d", times=2000))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(b"relationships.csv:2: ")
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 1


def test_inspect_prints_a_mapping_that_can_be_saved(tmp_path, capsys):
    path = tmp_path / "pairs.csv"
    path.write_text("group_a,group_b,year,kind\nA,B,1990,ally\nC,D,1991,rival\n", encoding="utf-8")
    assert app.main(["inspect", str(path)]) == 0
    (tmp_path / "mapping.toml").write_text(capsys.readouterr().out, encoding="utf-8")
    assert app.main(["check", str(path)]) == 0
    assert "pairs.csv: 2 of 2 rows used" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("make", "code"), [(odd, 0), (bad, 1)])
def test_convert_writes_what_can_be_used_and_says_what_was_set_aside(tmp_path, capsys, make, code):
    assert app.main(["convert", str(make(tmp_path / "d")), "--to", str(tmp_path / "out")]) == code
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"Written: {tmp_path / 'out' / 'dataset.toml'}, ")
    assert app.main(["check", str(tmp_path / "out")]) == 0


def test_serve_takes_paths(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("waitress.serve", lambda *args, **more: None)
    assert app.main(["serve", str(TINY), "--port", str(free_port())]) == 0
    assert "Tiny sample 1.0" in capsys.readouterr().out
