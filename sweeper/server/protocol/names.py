"""Names for runs that were given none."""

from __future__ import annotations

import random

MOODS = """
able amber bold brave brisk calm clear clever cosy crisp curious eager early fair fine fleet fresh gentle glad golden
grand keen kind light lively lucid merry mild neat noble patient placid proud quick quiet rapid ready serene sharp
silent smart smooth steady still sunny swift tidy warm wise witty young
""".split()  # noqa: SIM905  # a list of words reads as words
ANIMALS = """
ant badger bat bear beaver bee bison boar cat crane crow deer dove eagle eel elk falcon ferret finch fox frog goat goose
hare hawk heron horse ibis jay kite koala lark lion lynx magpie mole moose mouse newt otter owl panda perch pike quail
rabbit raven robin salmon seal shrew snail stork swan tern toad trout vole whale wolf wren yak
""".split()  # noqa: SIM905


def random_name(source: random.Random) -> str:
    """Return a name like ``calm-otter-17``."""
    return f"{source.choice(MOODS)}-{source.choice(ANIMALS)}-{source.randrange(1000)}"
