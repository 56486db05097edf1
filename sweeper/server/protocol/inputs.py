"""What a run used and made: datasets, models that went in, models that came out."""

from __future__ import annotations

from sweeper.server.context import Context
from sweeper.server.protocol.answers import Answer, message
from sweeper.server.protocol.errors import Refused
from sweeper.server.protocol.experiments import number_of
from sweeper.server.protocol.fields import Fields
from sweeper.server.protocol.runs import active_run, run_id_of
from sweeper.server.protocol.shapes import CONTEXT
from sweeper.server.routing import Route, post
from sweeper.server.security.tokens import Role
from sweeper.store import tracking
from sweeper.store.tracking import Input

LIMITS = {"name": 500, "digest": 36, "source": 65_535, "schema": 1_048_575, "profile": 16_777_215}
TAG_KEY, TAG_VALUE = 255, 500
MOST_EXPERIMENTS = 20
LIMIT = 40 << 20  #: bytes of a body: a profile may be 16 MiB, and JSON escapes


def log_inputs(ctx: Context, ask: Fields) -> Answer:
    run_id = run_id_of(ask)
    active_run(ctx, run_id)
    datasets = [_dataset(item) for item in ask.items("datasets")]
    models = [("in", item.text("model_id", required=True), 0) for item in ask.items("models")]
    ctx.store.change(lambda session: tracking.log_inputs(session, run_id, datasets, models))
    return {}


def log_outputs(ctx: Context, ask: Fields) -> Answer:
    run_id = run_id_of(ask)
    active_run(ctx, run_id)
    if "models" not in ask:
        raise Refused("Missing value for required parameter 'models'.")
    models = [("out", item.text("model_id", required=True), item.whole("step", 0) or 0) for item in ask.items("models")]
    ctx.store.change(lambda session: tracking.log_inputs(session, run_id, (), models))
    return {}


def search_datasets(ctx: Context, ask: Fields) -> Answer:
    experiments = [number_of(Fields({"experiment_id": text})) for text in ask.texts("experiment_ids")]
    if not 0 < len(experiments) <= MOST_EXPERIMENTS:
        raise Refused(f"SearchDatasets takes from 1 to {MOST_EXPERIMENTS} experiment IDs. Got {len(experiments)}.")
    found = ctx.store.read(lambda session: tracking.datasets(session, experiments))
    return message(
        dataset_summaries=[
            message(experiment_id=str(number), name=name, digest=digest, context=tags.get(CONTEXT))
            for number, name, digest, tags in found
        ]
    )


def _dataset(ask: Fields) -> Input:
    about = ask.message("dataset")
    texts = {name: about.text(name, required=name in ("name", "digest")) for name in LIMITS}
    for name, text in texts.items():
        if len(text) > LIMITS[name]:
            raise Refused(f"{about.at(name)} exceeds the maximum length of {LIMITS[name]} characters: {len(text)}.")
    tags = ask.tags()
    for key, value in tags.items():
        if len(key) > TAG_KEY or len(value) > TAG_VALUE:
            raise Refused(f"A tag of a dataset has at most {TAG_KEY} characters as key and {TAG_VALUE} as value.")
    return Input(
        texts["name"],
        texts["digest"],
        about.text("source_type", required=True),
        texts["source"],
        texts["schema"] or None,
        texts["profile"] or None,
        tags,
    )


ROUTES: tuple[Route, ...] = (
    post("runs/log-inputs", log_inputs, limit=LIMIT),
    post("runs/outputs", log_outputs),
    post("experiments/search-datasets", search_datasets, Role.READ),
)
