"""Text that would do harm where it is not taken literally, in every place that takes text.

Whatever of it executes sets ``window.hacked``; whatever becomes an element can be found by ``data-hostile``.
"""

from __future__ import annotations

import random
from typing import Any

from sweeper.records import Failure, FailureClass, Goal, Params, RunState
from tests.browser.writing import Child, Did, Plan, Scribe

MARKUP = '<img data-hostile src=x onerror="window.hacked=1">'
BREAKOUT = "</script></title></style></textarea><script data-hostile>window.hacked=2</script>"
ATTRIBUTE = "\" ' data-hostile onmouseover=window.hacked=3 autofocus onfocus=window.hacked=3 x="
SCHEME = "javascript:window.hacked=4//"
TEMPLATE = "{{ 7*7 }} ${window.hacked=5} <%= 1 %> {% raw %}"
TERMINAL = "\x1b[31mred\x1b]0;title\x07\x1b[2J"
BACKWARDS = "\u202egnp.exe\u2066 שלום \u200b\ufeff"
CONTROLS = "".join(map(chr, range(1, 32))) + "\x7f\x85\u2028\u2029"
FORMULA = "=cmd|' /C calc'!A1"
LONG = "long " + "x" * 10_000
ALL = f"{MARKUP} {BREAKOUT} {ATTRIBUTE} {SCHEME} {TEMPLATE} {FORMULA}"
NAME = f"{MARKUP}{BREAKOUT}{BACKWARDS}"
CHOICES = [MARKUP, BREAKOUT, ATTRIBUTE, SCHEME, TEMPLATE, BACKWARDS, CONTROLS, FORMULA, "y" * 5000, "", None, "NaN"]
KEYS = ("__proto__", "constructor", "hasOwnProperty", "שלום", "a b/c: d", "k" * 250)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.hacked=6'><script>window.hacked=6</script></svg>"
PAGE = b"<!doctype html><title>x</title><script>window.hacked=7;parent.hacked=7;fetch('/api/v1/meta')</script>"


def _sample(rng: random.Random) -> Params:
    drawn: list[Any] = [rng.random(), rng.randint(1, 9), rng.choice(CHOICES), rng.random(), 10 ** -rng.uniform(0, 6)]
    return dict(zip(KEYS, [*drawn, rng.choice(CHOICES)], strict=True))


def _attack(params: Params, number: int) -> Did:
    value = params["__proto__"]
    told = {"__proto__": [value / 2, value], "toString": [1.0, 2.0]}
    if number % 6 == 0:
        message = f"{ALL}\n{TERMINAL}{CONTROLS} {LONG}"
        return Did(
            failure=Failure(FailureClass.EXCEPTION, message, f"Traceback:\n{ALL}{TERMINAL}"),
            output=message,
            tags={"__proto__": ALL},
        )
    if number % 6 == 1:
        return Did((value / 2,), RunState.PRUNED, curves={"__proto__": [value / 2]})
    output = f"{TERMINAL}{ALL}\r{CONTROLS}{BACKWARDS}\n" * 20
    files = {
        f"{MARKUP.replace('/', '')}.png": PAGE,
        "page.html": PAGE,
        "picture.svg": SVG,
        f"{FORMULA.replace('/', '')}.csv": f"{FORMULA},{MARKUP}\n{SCHEME},2\n".encode(),
        "__proto__": b'{"__proto__": {"hacked": 8}}',
        "deep/er/file.txt": ALL.encode(),
        "zeros.bin": bytes(4096),
    }
    children = (Child(NAME, {"__proto__": value}, {"constructor": ALL}),)
    return Did(
        (value,),
        curves=told,
        metrics={"__proto__": value, "constructor": 1.0},
        output=output,
        tags={"note": ALL},
        children=children if number < 4 else (),
        files=files if number < 4 else {},
    )


def hostile(scribe: Scribe) -> None:
    """Names, parameters, values, tags, files, failures, models: all of it."""
    space = {
        "__proto__": {"min": 0.0, "max": 1.0},
        "constructor": {"min": 1, "max": 9},
        "hasOwnProperty": {"values": CHOICES},
    }
    goal = Goal("__proto__", "maximize")
    plan = Plan(
        NAME,
        space,
        _attack,
        40,
        (goal,),
        tags={"note": ALL, "long": "t" * 8000, "__proto__": MARKUP},
        experiment=NAME,
        description=f"{ALL} {LONG}",
        target=f"{MARKUP}.py:train",
        reason=ALL,
        user=MARKUP,
        sample=_sample,
        files={"code.diff": f"+{ALL}\n-{TERMINAL}\n".encode()},
    )
    sweep = scribe.sweep(plan)
    scribe.sweep(Plan("__proto__", space, _attack, 12, (goal,), sample=_sample, age=5000.0))
    run = scribe.run(
        Child(ATTRIBUTE, {"__proto__": 1.0}, {"constructor": ALL}),
        experiment=BREAKOUT,
        tags={"note": ALL},
        files={"page.html": PAGE},
    )
    model = MARKUP.replace("/", "").replace(":", "")
    facts = {"params": {"__proto__": ALL}, "metrics": {"constructor": 1.0}, "tags": {"note": ALL}}
    for each in (sweep.best.run_id if sweep.best else run, run):
        scribe.version(
            model, each, description=ALL[:4000], tags={"note": ALL}, facts=facts, aliases=("prod",), user=MARKUP
        )
