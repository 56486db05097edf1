"""The page of figures: each benchmark records its own results, and docs/benchmarks.md is made of all that are recorded.

The form that every file of this folder keeps:

* it is a script, ``python benchmarks/NAME.py``; its docstring says what is measured, beside whom, and how; it prints
  its table, and writes nothing unless ``--write`` is given
* peers run in the same run on the same machine, each arm in a process of its own where imports or caches matter; a
  figure is a median of repeats; heavy and light arms take turns, so that all see the same machine
* with ``--write`` it calls :func:`record` once::

      from results import Headline, record

      record(
          "points",                                  # the name of its file
          "Reported points into the store",          # its heading
          [Headline("points, 2 workers, end to end", "24,100 /s", target="at least 20,000 /s", met=True,
                    beside="MLflow log_metric 310 /s, Optuna trial.report 150 /s")],
          body,                                      # Markdown: its own tables and what they mean; no headings
      )

``record`` keeps the facts in ``benchmarks/results/NAME.json`` (with machine, date, load and the command) and makes the
page anew; both files are committed. A picture goes to ``docs/benchmarks/NAME.png``, shown by
``![what it shows](benchmarks/NAME.png)`` in the body. Without arguments of its own, ``python benchmarks/results.py``
makes the page from what is recorded.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT / "benchmarks" / "results"
PAGE = ROOT / "docs" / "benchmarks.md"
INTRODUCTION = """# Benchmarks

<!-- made by benchmarks/results.py from benchmarks/results/*.json: edit those who measure, not this page -->

What sweeper costs and how far it goes, measured beside its peers: the peer ran in the same run, on the same machine.
`make bench` measures everything once more and writes this page; `make bench BENCH=benchmarks/overhead.py` one of them.
How far one controller and one database go, and what to do beyond, stands in [scaling](scaling.md).
"""


class Headline(NamedTuple):
    """One line of the table at the top: ``beside`` names the peer with its figure, ``met`` whether the target is."""

    what: str
    figure: str
    target: str = ""
    met: bool | None = None
    beside: str = ""


def machine() -> str:
    """Return the processor, cores, memory and Python of this machine, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}"
    )


def record(name: str, title: str, headlines: Sequence[Headline], body: str) -> None:
    """Keep the results of a benchmark and make the page anew."""
    RECORDED.mkdir(parents=True, exist_ok=True)
    facts = {
        "title": title,
        "command": shlex.join(["python", f"benchmarks/{name}.py", *sys.argv[1:]]),
        "machine": machine(),
        "load": round(os.getloadavg()[2], 1),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "headlines": [headline._asdict() for headline in headlines],
        "body": body.strip().splitlines(),
    }
    (RECORDED / f"{name}.json").write_text(json.dumps(facts, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")


def page() -> str:
    """Return the page of everything recorded."""
    known = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(RECORDED.glob("*.json"))]
    table = ["| what | figure | target | met | beside it | measured |", "|---|---:|---|---|---|---|"]
    table += [_line(facts, headline) for facts in known for headline in facts["headlines"]]
    machines = dict.fromkeys(facts["machine"] for facts in known)
    parts = [INTRODUCTION, "\n".join(table), "Machine: " + "; ".join(machines)]
    for facts in known:
        load = "" if facts["load"] is None else f", load {facts['load']:g} (mean of 15 minutes, its own included)"
        measured = f"{facts['date']}{load}"
        where = "" if len(machines) == 1 else f", {facts['machine']}"
        parts += [f"## {facts['title']}", f"`{facts['command']}`, {measured}{where}", "\n".join(facts["body"])]
    pages = sorted((PAGE.parent / "benchmarks").glob("*.md"))
    if pages:
        titles = {path.name: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ") for path in pages}
        parts += ["## On pages of their own", "\n".join(f"* [{titles[n]}](benchmarks/{n})" for n in titles)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _line(facts: dict[str, Any], headline: dict[str, Any]) -> str:
    met = {None: "", True: "yes", False: "**no**"}[headline["met"]]
    what = f"[{headline['what']}](#{_anchor(facts['title'])})"
    return f"| {what} | {headline['figure']} | {headline['target']} | {met} | {headline['beside']} | {facts['date']} |"


def _anchor(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _processor() -> str:
    try:
        names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        return str(names[0]) if names else platform.machine()
    except OSError:
        return platform.processor() or platform.machine()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
