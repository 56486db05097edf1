"""What is printed, kept per trial."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from sweeper.trial.capture import TAIL, Tee, tail_of


class TestTailOf:
    def test_no_file_is_no_output(self, tmp_path: Path) -> None:
        assert tail_of(tmp_path / "gone") == ""

    def test_a_short_file_whole(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes("grün\n".encode())
        assert tail_of(tmp_path / "log") == "grün\n"

    def test_a_long_file_by_its_end_with_a_note(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes(b"a" * TAIL + b"end")

        kept = tail_of(tmp_path / "log")

        assert kept.startswith("[earlier output not kept]\na")
        assert kept.endswith("aend")
        assert kept.count("a") == TAIL - 3 + "[earlier output not kept]".count("a")

    def test_bytes_that_are_no_text_do_not_stop_it(self, tmp_path: Path) -> None:
        (tmp_path / "log").write_bytes(b"\xff\0ok")
        assert tail_of(tmp_path / "log") == "\N{REPLACEMENT CHARACTER}\\x00ok"


@contextmanager
def terminal() -> Iterator[io.StringIO]:
    """Stand in for the terminal; a fixture could not: pytest puts its own streams in place before the test."""
    stream = io.StringIO()
    with redirect_stdout(stream), redirect_stderr(stream):
        yield stream


class TestTee:
    def test_prints_go_on_and_a_copy_is_kept(self) -> None:
        with terminal() as shown:
            tee = Tee()
            print("one")
            print("two", file=sys.stderr)
            kept = tee.close()
            print("three")

            assert kept == "one\ntwo\n"
            assert shown.getvalue() == "one\ntwo\nthree\n"
            assert sys.stdout is shown

    def test_what_is_kept_is_bounded(self) -> None:
        with terminal():
            tee = Tee()
            for number in range(3 * TAIL // 100):
                print(f"{number:099d}")
            kept = tee.close()

            assert kept.startswith("[earlier output not kept]\n")
            assert len(kept) <= TAIL + 100
            assert kept.endswith(f"{number:099d}\n")

    def test_one_huge_print_is_bounded_too(self) -> None:
        with terminal():
            tee = Tee()
            print("a" * (3 * TAIL) + "end")

            assert tee.close().endswith("aend\n")

    def test_no_database_has_to_keep_a_nul(self) -> None:
        with terminal():
            tee = Tee()
            sys.stdout.write("a\0\ud800")

            assert tee.close() == "a\\x00\\ud800"

    def test_a_reference_kept_after_the_trial_still_prints(self) -> None:
        with terminal() as shown:
            tee = Tee()
            kept_by_a_logger = sys.stdout
            tee.close()
            kept_by_a_logger.write("late")

            assert shown.getvalue() == "late"
            assert tee.close() == ""

    def test_it_is_the_stream_in_everything_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raw = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="latin-1"))
        tee = Tee()
        assert sys.stdout.encoding == "latin-1"
        assert sys.stdout.writable()
        assert not sys.stdout.isatty()
        sys.stdout.buffer.write(b"bytes")
        sys.stdout.flush()
        tee.close()

        assert raw.getvalue() == b"bytes"

    def test_a_stream_that_the_objective_put_in_place_stays(self) -> None:
        with terminal():
            tee = Tee()
            other = io.StringIO()
            sys.stdout = other
            tee.close()

            assert sys.stdout is other


def test_a_worker_keeps_what_any_language_prints_and_begins_anew(tmp_path: Path) -> None:
    script = textwrap.dedent(
        """
        import os, sys, subprocess
        from pathlib import Path
        from sweeper.trial import capture
        kept = capture.FileCapture(Path(sys.argv[1]))
        print("python")
        print("error", file=sys.stderr)
        os.system("echo child")
        first = kept.take()
        nothing = kept.take()
        print("again \\ud800")
        second = kept.take()
        sys.stdout.write("x" * (capture.RUNAWAY + 1) + "end")
        kept.bound()
        runaway = os.path.getsize(sys.argv[1])
        third = kept.take()
        print("last words")
        Path(sys.argv[2]).write_text(repr((first, nothing, second, runaway, len(third), third[-4:])))
        os._exit(3)
        """
    )
    log, answer = tmp_path / "log", tmp_path / "answer"

    done = subprocess.run([sys.executable, "-c", script, log, answer], capture_output=True, check=False)

    assert done.returncode == 3
    assert done.stdout == done.stderr == b""
    first, nothing, second, runaway, length, end = eval(answer.read_text())
    assert sorted(first.split()) == ["child", "error", "python"]
    assert nothing == ""
    assert second == "again \\ud800\n"
    assert runaway == TAIL
    assert (length, end) == (TAIL, "xend")
    assert tail_of(log) == "last words\n"
    assert os.stat(log).st_mode & 0o777 == 0o600
