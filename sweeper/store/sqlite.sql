-- schema
CREATE TABLE sweeper_attempts (
	run_id VARCHAR(36) NOT NULL, 
	attempt INTEGER NOT NULL, 
	worker VARCHAR(500) NOT NULL, 
	started DOUBLE, 
	ended DOUBLE, 
	state VARCHAR(12) NOT NULL, 
	failure TEXT, 
	output TEXT NOT NULL, 
	peak_memory BIGINT, 
	applied BIGINT NOT NULL, 
	PRIMARY KEY (run_id, attempt)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_control (
	sweep_id VARCHAR(36) NOT NULL, 
	wanted VARCHAR(12) NOT NULL, 
	wanted_by VARCHAR(500) NOT NULL, 
	time DOUBLE NOT NULL, 
	PRIMARY KEY (sweep_id)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_experiment_tags (
	experiment_id INTEGER NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (experiment_id, "key")
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_experiments (
	id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	created DOUBLE NOT NULL, 
	deleted SMALLINT NOT NULL, 
	updated DOUBLE, 
	PRIMARY KEY (id), 
	UNIQUE (name)
)
-- schema
CREATE TABLE sweeper_inputs (
	run_id VARCHAR(36) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	digest VARCHAR(36) NOT NULL, 
	source_type TEXT NOT NULL, 
	source TEXT NOT NULL, 
	fields TEXT, 
	profile TEXT, 
	tags TEXT NOT NULL, 
	PRIMARY KEY (run_id, name, digest)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_logged_models (
	id VARCHAR(36) NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	model_type VARCHAR(500) NOT NULL, 
	run_id VARCHAR(36), 
	state VARCHAR(40) NOT NULL, 
	created DOUBLE NOT NULL, 
	updated DOUBLE NOT NULL, 
	deleted SMALLINT NOT NULL, 
	PRIMARY KEY (id)
)
-- schema
CREATE INDEX sweeper_logged_models_experiment ON sweeper_logged_models (experiment_id, created)
-- schema
CREATE INDEX sweeper_logged_models_run ON sweeper_logged_models (run_id)
-- schema
CREATE TABLE sweeper_meta (
	"key" VARCHAR(250) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_metrics (
	run_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	step BIGINT NOT NULL, 
	time DOUBLE NOT NULL, 
	value DOUBLE NOT NULL, 
	value_kind SMALLINT NOT NULL, 
	PRIMARY KEY (run_id, "key")
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_model_aliases (
	model_id VARCHAR(36) NOT NULL, 
	alias VARCHAR(255) NOT NULL, 
	version INTEGER NOT NULL, 
	PRIMARY KEY (model_id, alias)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_model_changes (
	model_id VARCHAR(36) NOT NULL, 
	number INTEGER NOT NULL, 
	time DOUBLE NOT NULL, 
	user_id VARCHAR(500) NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	version INTEGER NOT NULL, 
	subject VARCHAR(255) NOT NULL, 
	old_value VARCHAR(256) NOT NULL, 
	new_value VARCHAR(256) NOT NULL, 
	PRIMARY KEY (model_id, number)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_model_tags (
	model_id VARCHAR(36) NOT NULL, 
	version INTEGER NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (model_id, version, "key")
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_model_versions (
	model_id VARCHAR(36) NOT NULL, 
	version INTEGER NOT NULL, 
	id VARCHAR(36) NOT NULL, 
	state VARCHAR(30) NOT NULL, 
	message TEXT NOT NULL, 
	stage VARCHAR(20) NOT NULL, 
	source TEXT NOT NULL, 
	location TEXT NOT NULL, 
	run_id VARCHAR(250), 
	run_link TEXT NOT NULL, 
	user_id VARCHAR(500) NOT NULL, 
	description TEXT NOT NULL, 
	created DOUBLE NOT NULL, 
	updated DOUBLE NOT NULL, 
	deleted SMALLINT NOT NULL, 
	facts TEXT NOT NULL, 
	PRIMARY KEY (model_id, version), 
	UNIQUE (id)
)
-- schema
CREATE INDEX sweeper_model_versions_run ON sweeper_model_versions (run_id)
-- schema
CREATE TABLE sweeper_models (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(256) NOT NULL, 
	description TEXT NOT NULL, 
	created DOUBLE NOT NULL, 
	updated DOUBLE NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
)
-- schema
CREATE TABLE sweeper_params (
	run_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value TEXT NOT NULL, 
	number DOUBLE, 
	PRIMARY KEY (run_id, "key")
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_points (
	run_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	time DOUBLE NOT NULL, 
	step BIGINT NOT NULL, 
	value_kind SMALLINT NOT NULL, 
	value DOUBLE NOT NULL, 
	attempt INTEGER NOT NULL, 
	PRIMARY KEY (run_id, "key", time, step, value_kind, value)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_run_models (
	run_id VARCHAR(36) NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	model_id VARCHAR(36) NOT NULL, 
	step BIGINT NOT NULL, 
	PRIMARY KEY (run_id, direction, model_id)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_runs (
	id VARCHAR(36) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	parent_id VARCHAR(36), 
	number INTEGER, 
	experiment_id INTEGER NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	created DOUBLE NOT NULL, 
	started DOUBLE, 
	ended DOUBLE, 
	user_id VARCHAR(500) NOT NULL, 
	artifact_uri TEXT, 
	deleted SMALLINT NOT NULL, 
	seed BIGINT, 
	attempts INTEGER NOT NULL, 
	worker VARCHAR(500) NOT NULL, 
	applied BIGINT NOT NULL, 
	params TEXT, 
	goal_values TEXT, 
	metrics TEXT, 
	failure TEXT, 
	PRIMARY KEY (id)
)
-- schema
CREATE INDEX sweeper_runs_created ON sweeper_runs (created, id)
-- schema
CREATE INDEX sweeper_runs_experiment ON sweeper_runs (experiment_id, created)
-- schema
CREATE UNIQUE INDEX sweeper_runs_parent ON sweeper_runs (parent_id, number)
-- schema
CREATE TABLE sweeper_status (
	sweep_id VARCHAR(36) NOT NULL, 
	state VARCHAR(12) NOT NULL, 
	reason TEXT NOT NULL, 
	trials BIGINT, 
	started DOUBLE, 
	ended DOUBLE, 
	queued INTEGER NOT NULL, 
	running INTEGER NOT NULL, 
	complete INTEGER NOT NULL, 
	pruned INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	cancelled INTEGER NOT NULL, 
	best TEXT, 
	seconds DOUBLE NOT NULL, 
	fence BIGINT NOT NULL, 
	holder TEXT, 
	expires DOUBLE, 
	PRIMARY KEY (sweep_id)
)
 WITHOUT ROWID
-- schema
CREATE TABLE sweeper_sweeps (
	id VARCHAR(36) NOT NULL, 
	name VARCHAR(500) NOT NULL, 
	created DOUBLE NOT NULL, 
	experiment_id INTEGER NOT NULL, 
	method VARCHAR(250) NOT NULL, 
	goals TEXT NOT NULL, 
	space TEXT NOT NULL, 
	config TEXT NOT NULL, 
	source TEXT NOT NULL, 
	seed BIGINT NOT NULL, 
	artifact_uri TEXT NOT NULL, 
	PRIMARY KEY (id)
)
-- schema
CREATE INDEX sweeper_sweeps_name ON sweeper_sweeps (name, created)
-- schema
CREATE TABLE sweeper_tags (
	run_id VARCHAR(36) NOT NULL, 
	"key" VARCHAR(250) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY (run_id, "key")
)
 WITHOUT ROWID
-- insert_experiment: new_id, new_name, new_created, new_deleted, new_updated
INSERT INTO sweeper_experiments (id, name, created, deleted, updated) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
-- insert_meta: new_key, new_value
INSERT INTO sweeper_meta ("key", value) VALUES (?, ?) ON CONFLICT DO NOTHING
-- insert_run: new_id, new_kind, new_name, new_parent_id, new_number, new_experiment_id, new_state, new_created, new_started, new_ended, new_user_id, new_artifact_uri, new_deleted, new_seed, new_attempts, new_worker, new_applied, new_params, new_goal_values, new_metrics, new_failure
INSERT INTO sweeper_runs (id, kind, name, parent_id, number, experiment_id, state, created, started, ended, user_id, artifact_uri, deleted, seed, attempts, worker, applied, params, goal_values, metrics, failure) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
-- insert_sweep: new_id, new_name, new_created, new_experiment_id, new_method, new_goals, new_space, new_config, new_source, new_seed, new_artifact_uri
INSERT INTO sweeper_sweeps (id, name, created, experiment_id, method, goals, space, config, source, seed, artifact_uri) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
-- insert_status: new_sweep_id, new_state, new_reason, new_trials, new_started, new_ended, new_queued, new_running, new_complete, new_pruned, new_failed, new_cancelled, new_best, new_seconds, new_fence, new_holder, new_expires
INSERT INTO sweeper_status (sweep_id, state, reason, trials, started, ended, queued, running, complete, pruned, failed, cancelled, best, seconds, fence, holder, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
-- insert_param: new_run_id, new_key, new_value, new_number
INSERT INTO sweeper_params (run_id, "key", value, number) VALUES (?, ?, ?, ?)
-- insert_attempt: new_run_id, new_attempt, new_worker, new_started, new_ended, new_state, new_failure, new_output, new_peak_memory, new_applied
INSERT INTO sweeper_attempts (run_id, attempt, worker, started, ended, state, failure, output, peak_memory, applied) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
-- insert_point: new_run_id, new_key, new_time, new_step, new_value_kind, new_value, new_attempt
INSERT INTO sweeper_points (run_id, "key", time, step, value_kind, value, attempt) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
-- upsert_metric: new_run_id, new_key, new_step, new_time, new_value, new_value_kind
INSERT INTO sweeper_metrics (run_id, "key", step, time, value, value_kind) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, "key") DO UPDATE SET step = excluded.step, time = excluded.time, value = excluded.value, value_kind = excluded.value_kind
-- upsert_tag: new_run_id, new_key, new_value
INSERT INTO sweeper_tags (run_id, "key", value) VALUES (?, ?, ?) ON CONFLICT (run_id, "key") DO UPDATE SET value = excluded.value
-- upsert_control: new_sweep_id, new_wanted, new_wanted_by, new_time
INSERT INTO sweeper_control (sweep_id, wanted, wanted_by, time) VALUES (?, ?, ?, ?) ON CONFLICT (sweep_id) DO UPDATE SET wanted = excluded.wanted, wanted_by = excluded.wanted_by, time = excluded.time
-- update_run: new_state, new_started, new_ended, new_attempts, new_worker, new_applied, new_goal_values, new_metrics, new_failure, run_id
UPDATE sweeper_runs SET state=?, started=?, ended=?, attempts=?, worker=?, applied=?, goal_values=?, metrics=?, failure=? WHERE sweeper_runs.id = ?
-- rename_run: new_name, run_id
UPDATE sweeper_runs SET name=? WHERE sweeper_runs.id = ?
-- move_run: new_parent_id, run_id
UPDATE sweeper_runs SET parent_id=? WHERE sweeper_runs.id = ?
-- update_status: new_state, new_reason, new_trials, new_started, new_ended, new_queued, new_running, new_complete, new_pruned, new_failed, new_cancelled, new_best, new_seconds, sweep
UPDATE sweeper_status SET state=?, reason=?, trials=?, started=?, ended=?, queued=?, running=?, complete=?, pruned=?, failed=?, cancelled=?, best=?, seconds=? WHERE sweeper_status.sweep_id = ?
-- revise_sweep: new_space, new_config, new_source, sweep
UPDATE sweeper_sweeps SET space=?, config=?, source=? WHERE sweeper_sweeps.id = ?
-- delete_tag: run_id, tag
DELETE FROM sweeper_tags WHERE sweeper_tags.run_id = ? AND sweeper_tags."key" = ?
-- delete_points: run_id, metric, attempt, step
DELETE FROM sweeper_points WHERE sweeper_points.run_id = ? AND sweeper_points."key" = ? AND sweeper_points.attempt < ? AND sweeper_points.step >= ?
-- delete_metric: run_id, metric
DELETE FROM sweeper_metrics WHERE sweeper_metrics.run_id = ? AND sweeper_metrics."key" = ?
-- load_runs: id_in
SELECT sweeper_runs.id, sweeper_runs.kind, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.experiment_id, sweeper_runs.state, sweeper_runs.attempts, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.failure, sweeper_runs.params, sweeper_runs.deleted FROM sweeper_runs WHERE sweeper_runs.id IN (?)
-- load_children: parent_id_in
SELECT sweeper_runs.id, sweeper_runs.kind, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.experiment_id, sweeper_runs.state, sweeper_runs.attempts, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.failure, sweeper_runs.params, sweeper_runs.deleted FROM sweeper_runs WHERE sweeper_runs.parent_id IN (?)
-- load_status: sweep_id_in
SELECT sweeper_status.sweep_id, sweeper_status.state, sweeper_status.reason, sweeper_status.trials, sweeper_status.started, sweeper_status.ended, sweeper_status.queued, sweeper_status.running, sweeper_status.complete, sweeper_status.pruned, sweeper_status.failed, sweeper_status.cancelled, sweeper_status.best, sweeper_status.seconds, sweeper_status.fence, sweeper_status.holder, sweeper_status.expires - ((julianday('now') - 2440587.5) * 86400.0) AS "left" FROM sweeper_status WHERE sweeper_status.sweep_id IN (?)
-- load_sweeps: id_in
SELECT sweeper_sweeps.id, sweeper_sweeps.name, sweeper_sweeps.experiment_id, sweeper_sweeps.goals FROM sweeper_sweeps WHERE sweeper_sweeps.id IN (?)
-- load_params: run_id_in
SELECT sweeper_params.run_id, sweeper_params."key", sweeper_params.value FROM sweeper_params WHERE sweeper_params.run_id IN (?)
-- load_metrics: run_id_in
SELECT sweeper_metrics.run_id, sweeper_metrics."key", sweeper_metrics.step, sweeper_metrics.time, sweeper_metrics.value, sweeper_metrics.value_kind FROM sweeper_metrics WHERE sweeper_metrics.run_id IN (?)
-- first_step_after: run_id, metric, attempt
SELECT min(sweeper_points.step) AS min_1 FROM sweeper_points WHERE sweeper_points.run_id = ? AND sweeper_points."key" = ? AND sweeper_points.attempt > ?
-- latest_point: run_id, metric
SELECT sweeper_points.step, sweeper_points.time, sweeper_points.value, sweeper_points.value_kind FROM sweeper_points WHERE sweeper_points.run_id = ? AND sweeper_points."key" = ? ORDER BY sweeper_points.step DESC, sweeper_points.time DESC, sweeper_points.value DESC, sweeper_points.value_kind DESC LIMIT 1 OFFSET 0
-- next_experiment: 
SELECT coalesce(max(sweeper_experiments.id), -1) + 1 AS anon_1 FROM sweeper_experiments
-- acquire_lease: holder, seconds, sweep
UPDATE sweeper_status SET fence=(sweeper_status.fence + 1), holder=?, expires=(((julianday('now') - 2440587.5) * 86400.0) + ?) WHERE sweeper_status.sweep_id = ?
-- renew_lease: seconds, sweep, token
UPDATE sweeper_status SET expires=(((julianday('now') - 2440587.5) * 86400.0) + ?) WHERE sweeper_status.sweep_id = ? AND sweeper_status.fence = ?
-- release_lease: sweep, token
UPDATE sweeper_status SET holder=NULL, expires=NULL WHERE sweeper_status.sweep_id = ? AND sweeper_status.fence = ?
-- read_lease: sweep
SELECT sweeper_status.holder, sweeper_status.expires - ((julianday('now') - 2440587.5) * 86400.0) AS "left", sweeper_status.fence FROM sweeper_status WHERE sweeper_status.sweep_id = ?
-- sweeps: count
SELECT sweeper_sweeps.id, sweeper_sweeps.name, sweeper_status.state, sweeper_sweeps.method, sweeper_sweeps.goals, sweeper_sweeps.space, sweeper_sweeps.config, sweeper_sweeps.source, sweeper_sweeps.seed, sweeper_status.trials, sweeper_sweeps.experiment_id, sweeper_experiments.name AS name_1, sweeper_status.queued, sweeper_status.running, sweeper_status.complete, sweeper_status.pruned, sweeper_status.failed, sweeper_status.cancelled, sweeper_status.best, sweeper_sweeps.created, sweeper_status.started, sweeper_status.ended, sweeper_status.reason, sweeper_status.seconds, sweeper_sweeps.artifact_uri, CASE WHEN (sweeper_status.expires > ((julianday('now') - 2440587.5) * 86400.0)) THEN 1 ELSE 0 END AS owned FROM sweeper_sweeps JOIN sweeper_status ON sweeper_status.sweep_id = sweeper_sweeps.id JOIN sweeper_experiments ON sweeper_experiments.id = sweeper_sweeps.experiment_id ORDER BY sweeper_sweeps.created DESC, sweeper_sweeps.id DESC LIMIT ? OFFSET 0
-- sweeps_named: name, count
SELECT sweeper_sweeps.id, sweeper_sweeps.name, sweeper_status.state, sweeper_sweeps.method, sweeper_sweeps.goals, sweeper_sweeps.space, sweeper_sweeps.config, sweeper_sweeps.source, sweeper_sweeps.seed, sweeper_status.trials, sweeper_sweeps.experiment_id, sweeper_experiments.name AS name_1, sweeper_status.queued, sweeper_status.running, sweeper_status.complete, sweeper_status.pruned, sweeper_status.failed, sweeper_status.cancelled, sweeper_status.best, sweeper_sweeps.created, sweeper_status.started, sweeper_status.ended, sweeper_status.reason, sweeper_status.seconds, sweeper_sweeps.artifact_uri, CASE WHEN (sweeper_status.expires > ((julianday('now') - 2440587.5) * 86400.0)) THEN 1 ELSE 0 END AS owned FROM sweeper_sweeps JOIN sweeper_status ON sweeper_status.sweep_id = sweeper_sweeps.id JOIN sweeper_experiments ON sweeper_experiments.id = sweeper_sweeps.experiment_id WHERE sweeper_sweeps.name = ? ORDER BY sweeper_sweeps.created DESC, sweeper_sweeps.id DESC LIMIT ? OFFSET 0
-- sweeps_by_id: id_in
SELECT sweeper_sweeps.id, sweeper_sweeps.name, sweeper_status.state, sweeper_sweeps.method, sweeper_sweeps.goals, sweeper_sweeps.space, sweeper_sweeps.config, sweeper_sweeps.source, sweeper_sweeps.seed, sweeper_status.trials, sweeper_sweeps.experiment_id, sweeper_experiments.name AS name_1, sweeper_status.queued, sweeper_status.running, sweeper_status.complete, sweeper_status.pruned, sweeper_status.failed, sweeper_status.cancelled, sweeper_status.best, sweeper_sweeps.created, sweeper_status.started, sweeper_status.ended, sweeper_status.reason, sweeper_status.seconds, sweeper_sweeps.artifact_uri, CASE WHEN (sweeper_status.expires > ((julianday('now') - 2440587.5) * 86400.0)) THEN 1 ELSE 0 END AS owned FROM sweeper_sweeps JOIN sweeper_status ON sweeper_status.sweep_id = sweeper_sweeps.id JOIN sweeper_experiments ON sweeper_experiments.id = sweeper_sweeps.experiment_id WHERE sweeper_sweeps.id IN (?)
-- sweep_names: 
SELECT sweeper_sweeps.id, sweeper_sweeps.name FROM sweeper_sweeps ORDER BY sweeper_sweeps.created DESC, sweeper_sweeps.id DESC
-- sweep_owned: sweep_id_in
SELECT sweeper_status.sweep_id, CASE WHEN (sweeper_status.expires > ((julianday('now') - 2440587.5) * 86400.0)) THEN 1 ELSE 0 END AS anon_1 FROM sweeper_status WHERE sweeper_status.sweep_id IN (?)
-- standings: 
SELECT sweeper_status.sweep_id, sweeper_status.state, sweeper_status.reason, sweeper_status.trials, sweeper_status.ended, sweeper_status.queued, sweeper_status.running, sweeper_status.complete, sweeper_status.pruned, sweeper_status.failed, sweeper_status.cancelled, sweeper_status.seconds, CASE WHEN (sweeper_status.expires > ((julianday('now') - 2440587.5) * 86400.0)) THEN 1 ELSE 0 END AS anon_1 FROM sweeper_status
-- sweep_uri: sweep
SELECT sweeper_sweeps.artifact_uri FROM sweeper_sweeps WHERE sweeper_sweeps.id = ?
-- control: sweep
SELECT sweeper_control.wanted, sweeper_control.wanted_by, sweeper_control.time FROM sweeper_control WHERE sweeper_control.sweep_id = ?
-- read_meta: name
SELECT sweeper_meta.value FROM sweeper_meta WHERE sweeper_meta."key" = ?
-- experiment_names: 
SELECT sweeper_experiments.name FROM sweeper_experiments WHERE sweeper_experiments.deleted = 0 ORDER BY sweeper_experiments.name
-- experiment_id: name
SELECT sweeper_experiments.id FROM sweeper_experiments WHERE sweeper_experiments.name = ?
-- trials: sweep
SELECT sweeper_runs.id, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.state, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.attempts, sweeper_runs.failure, sweeper_runs.created, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.seed FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL ORDER BY sweeper_runs.number
-- trials_numbered: sweep, number_in
SELECT sweeper_runs.id, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.state, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.attempts, sweeper_runs.failure, sweeper_runs.created, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.seed FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IN (?) ORDER BY sweeper_runs.number
-- trials_stated: sweep, state_in
SELECT sweeper_runs.id, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.state, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.attempts, sweeper_runs.failure, sweeper_runs.created, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.seed FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL AND sweeper_runs.state IN (?) ORDER BY sweeper_runs.number
-- sheet_from: sweep, first
SELECT sweeper_runs.number, sweeper_runs.id, sweeper_runs.state, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number >= ? ORDER BY sweeper_runs.number
-- sheet_at: sweep, number_in
SELECT sweeper_runs.number, sweeper_runs.id, sweeper_runs.state, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IN (?)
-- trials_by_id: id_in
SELECT sweeper_runs.id, sweeper_runs.parent_id, sweeper_runs.number, sweeper_runs.state, sweeper_runs.params, sweeper_runs.goal_values, sweeper_runs.metrics, sweeper_runs.attempts, sweeper_runs.failure, sweeper_runs.created, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.worker, sweeper_runs.applied, sweeper_runs.seed FROM sweeper_runs WHERE sweeper_runs.id IN (?) AND sweeper_runs.kind = 'trial'
-- runs_ending: tail
SELECT sweeper_runs.id FROM sweeper_runs WHERE sweeper_runs.id LIKE ? LIMIT 50 OFFSET 0
-- attempts: run_id
SELECT sweeper_attempts.attempt, sweeper_attempts.worker, sweeper_attempts.started, sweeper_attempts.ended, sweeper_attempts.state, sweeper_attempts.failure, sweeper_attempts.output, sweeper_attempts.peak_memory, sweeper_attempts.applied FROM sweeper_attempts WHERE sweeper_attempts.run_id = ? ORDER BY sweeper_attempts.attempt
-- runs_by_id: id_in
SELECT sweeper_runs.id, sweeper_runs.name, sweeper_runs.kind, sweeper_runs.state, sweeper_runs.parent_id, sweeper_runs.experiment_id, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.user_id, sweeper_runs.artifact_uri, sweeper_runs.deleted FROM sweeper_runs WHERE sweeper_runs.id IN (?)
-- children: parent
SELECT sweeper_runs.id, sweeper_runs.name, sweeper_runs.kind, sweeper_runs.state, sweeper_runs.parent_id, sweeper_runs.experiment_id, sweeper_runs.started, sweeper_runs.ended, sweeper_runs.user_id, sweeper_runs.artifact_uri, sweeper_runs.deleted FROM sweeper_runs WHERE sweeper_runs.parent_id = ? ORDER BY sweeper_runs.created, sweeper_runs.number, sweeper_runs.id
-- params: run_id_in
SELECT sweeper_params.run_id, sweeper_params."key", sweeper_params.value FROM sweeper_params WHERE sweeper_params.run_id IN (?)
-- metrics: run_id_in
SELECT sweeper_metrics.run_id, sweeper_metrics."key", sweeper_metrics.value_kind, sweeper_metrics.value FROM sweeper_metrics WHERE sweeper_metrics.run_id IN (?)
-- tags: run_id_in
SELECT sweeper_tags.run_id, sweeper_tags."key", sweeper_tags.value FROM sweeper_tags WHERE sweeper_tags.run_id IN (?)
-- points: run_id_in
SELECT sweeper_points.run_id, sweeper_points."key", sweeper_points.value_kind, sweeper_points.value, sweeper_points.step, sweeper_points.time FROM sweeper_points WHERE sweeper_points.run_id IN (?) ORDER BY sweeper_points.run_id, sweeper_points.time, sweeper_points.step
-- points_keyed: metric, run_id_in
SELECT sweeper_points.run_id, sweeper_points."key", sweeper_points.value_kind, sweeper_points.value, sweeper_points.step, sweeper_points.time FROM sweeper_points WHERE sweeper_points."key" = ? AND sweeper_points.run_id IN (?) ORDER BY sweeper_points.run_id, sweeper_points.time, sweeper_points.step
-- insert_model: new_id, new_name, new_description, new_created, new_updated
INSERT INTO sweeper_models (id, name, description, created, updated) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
-- insert_version: new_model_id, new_version, new_id, new_state, new_message, new_stage, new_source, new_location, new_run_id, new_run_link, new_user_id, new_description, new_created, new_updated, new_deleted, new_facts
INSERT INTO sweeper_model_versions (model_id, version, id, state, message, stage, source, location, run_id, run_link, user_id, description, created, updated, deleted, facts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
-- insert_change: new_model_id, new_number, new_time, new_user_id, new_kind, new_version, new_subject, new_old_value, new_new_value
INSERT INTO sweeper_model_changes (model_id, number, time, user_id, kind, version, subject, old_value, new_value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
-- upsert_model_tag: new_model_id, new_version, new_key, new_value
INSERT INTO sweeper_model_tags (model_id, version, "key", value) VALUES (?, ?, ?, ?) ON CONFLICT (model_id, version, "key") DO UPDATE SET value = excluded.value
-- upsert_alias: new_model_id, new_alias, new_version
INSERT INTO sweeper_model_aliases (model_id, alias, version) VALUES (?, ?, ?) ON CONFLICT (model_id, alias) DO UPDATE SET version = excluded.version
-- update_model: new_name, new_description, new_updated, model
UPDATE sweeper_models SET name=?, description=?, updated=? WHERE sweeper_models.id = ?
-- touch_model: new_updated, model
UPDATE sweeper_models SET updated=? WHERE sweeper_models.id = ?
-- update_version: new_state, new_message, new_stage, new_description, new_updated, model, number
UPDATE sweeper_model_versions SET state=?, message=?, stage=?, description=?, updated=? WHERE sweeper_model_versions.model_id = ? AND sweeper_model_versions.version = ?
-- forget_version: new_state, new_message, new_stage, new_source, new_location, new_run_id, new_run_link, new_user_id, new_description, new_updated, model, number
UPDATE sweeper_model_versions SET state=?, message=?, stage=?, source=?, location=?, run_id=?, run_link=?, user_id=?, description=?, updated=?, deleted=1, facts='{}' WHERE sweeper_model_versions.model_id = ? AND sweeper_model_versions.version = ?
-- delete_model: model
DELETE FROM sweeper_models WHERE sweeper_models.id = ?
-- delete_model_tag: model, number, tag
DELETE FROM sweeper_model_tags WHERE sweeper_model_tags.model_id = ? AND sweeper_model_tags.version = ? AND sweeper_model_tags."key" = ?
-- delete_alias: model, name
DELETE FROM sweeper_model_aliases WHERE sweeper_model_aliases.model_id = ? AND sweeper_model_aliases.alias = ?
-- delete_all_model_versions: model
DELETE FROM sweeper_model_versions WHERE sweeper_model_versions.model_id = ?
-- delete_all_model_tags: model
DELETE FROM sweeper_model_tags WHERE sweeper_model_tags.model_id = ?
-- delete_all_model_aliases: model
DELETE FROM sweeper_model_aliases WHERE sweeper_model_aliases.model_id = ?
-- delete_all_model_changes: model
DELETE FROM sweeper_model_changes WHERE sweeper_model_changes.model_id = ?
-- lock_model: model
SELECT sweeper_models.id, sweeper_models.name, sweeper_models.description FROM sweeper_models WHERE sweeper_models.id = ?
-- lock_model_named: name
SELECT sweeper_models.id, sweeper_models.name, sweeper_models.description FROM sweeper_models WHERE sweeper_models.name = ?
-- load_version: model, number
SELECT sweeper_model_versions.version, sweeper_model_versions.state, sweeper_model_versions.message, sweeper_model_versions.stage, sweeper_model_versions.description FROM sweeper_model_versions WHERE sweeper_model_versions.model_id = ? AND sweeper_model_versions.deleted = 0 AND sweeper_model_versions.version = ?
-- versions_in_stage: model, stage
SELECT sweeper_model_versions.version, sweeper_model_versions.state, sweeper_model_versions.message, sweeper_model_versions.stage, sweeper_model_versions.description FROM sweeper_model_versions WHERE sweeper_model_versions.model_id = ? AND sweeper_model_versions.deleted = 0 AND sweeper_model_versions.stage = ? ORDER BY sweeper_model_versions.version
-- version_known: id
SELECT sweeper_model_versions.version FROM sweeper_model_versions WHERE sweeper_model_versions.id = ?
-- last_version: model
SELECT coalesce(max(sweeper_model_versions.version), 0) AS coalesce_1 FROM sweeper_model_versions WHERE sweeper_model_versions.model_id = ?
-- last_change: model
SELECT coalesce(max(sweeper_model_changes.number), 0) AS coalesce_1 FROM sweeper_model_changes WHERE sweeper_model_changes.model_id = ?
-- load_alias: model, name
SELECT sweeper_model_aliases.version FROM sweeper_model_aliases WHERE sweeper_model_aliases.model_id = ? AND sweeper_model_aliases.alias = ?
-- aliases_of_version: model, number
SELECT sweeper_model_aliases.alias FROM sweeper_model_aliases WHERE sweeper_model_aliases.model_id = ? AND sweeper_model_aliases.version = ? ORDER BY sweeper_model_aliases.alias
-- model_named: name
SELECT sweeper_models.id, sweeper_models.name, sweeper_models.description, sweeper_models.created, sweeper_models.updated FROM sweeper_models WHERE sweeper_models.name = ?
-- models_by_name: count
SELECT sweeper_models.id, sweeper_models.name, sweeper_models.description, sweeper_models.created, sweeper_models.updated FROM sweeper_models ORDER BY sweeper_models.name LIMIT ? OFFSET 0
-- models_by_id: id_in
SELECT sweeper_models.id, sweeper_models.name, sweeper_models.description, sweeper_models.created, sweeper_models.updated FROM sweeper_models WHERE sweeper_models.id IN (?)
-- model_names: 
SELECT sweeper_models.name FROM sweeper_models ORDER BY sweeper_models.name
-- versions_of: model
SELECT sweeper_model_versions.id, sweeper_models.name, sweeper_model_versions.version, sweeper_model_versions.model_id, sweeper_model_versions.source, sweeper_model_versions.location, sweeper_model_versions.run_id, sweeper_model_versions.run_link, sweeper_model_versions.stage, sweeper_model_versions.state, sweeper_model_versions.message, sweeper_model_versions.user_id, sweeper_model_versions.description, sweeper_model_versions.created, sweeper_model_versions.updated FROM sweeper_model_versions JOIN sweeper_models ON sweeper_models.id = sweeper_model_versions.model_id WHERE sweeper_model_versions.model_id = ? AND sweeper_model_versions.deleted = 0 ORDER BY sweeper_model_versions.version
-- versions_by_id: id_in
SELECT sweeper_model_versions.id, sweeper_models.name, sweeper_model_versions.version, sweeper_model_versions.model_id, sweeper_model_versions.source, sweeper_model_versions.location, sweeper_model_versions.run_id, sweeper_model_versions.run_link, sweeper_model_versions.stage, sweeper_model_versions.state, sweeper_model_versions.message, sweeper_model_versions.user_id, sweeper_model_versions.description, sweeper_model_versions.created, sweeper_model_versions.updated FROM sweeper_model_versions JOIN sweeper_models ON sweeper_models.id = sweeper_model_versions.model_id WHERE sweeper_model_versions.id IN (?) AND sweeper_model_versions.deleted = 0
-- version_facts: id_in
SELECT sweeper_model_versions.id, sweeper_model_versions.facts FROM sweeper_model_versions WHERE sweeper_model_versions.id IN (?)
-- model_tags: model_id_in
SELECT sweeper_model_tags.model_id, sweeper_model_tags.version, sweeper_model_tags."key", sweeper_model_tags.value FROM sweeper_model_tags WHERE sweeper_model_tags.model_id IN (?)
-- model_aliases: model_id_in
SELECT sweeper_model_aliases.model_id, sweeper_model_aliases.alias, sweeper_model_aliases.version FROM sweeper_model_aliases WHERE sweeper_model_aliases.model_id IN (?) ORDER BY sweeper_model_aliases.alias
-- model_changes: model
SELECT sweeper_model_changes.time, sweeper_model_changes.kind, sweeper_model_changes.version, sweeper_model_changes.subject, sweeper_model_changes.old_value, sweeper_model_changes.new_value, sweeper_model_changes.user_id FROM sweeper_model_changes WHERE sweeper_model_changes.model_id = ? ORDER BY sweeper_model_changes.number
-- update_experiment: new_name, new_deleted, new_updated, experiment
UPDATE sweeper_experiments SET name=?, deleted=?, updated=? WHERE sweeper_experiments.id = ?
-- upsert_experiment_tag: new_experiment_id, new_key, new_value
INSERT INTO sweeper_experiment_tags (experiment_id, "key", value) VALUES (?, ?, ?) ON CONFLICT (experiment_id, "key") DO UPDATE SET value = excluded.value
-- delete_experiment_tag: experiment, tag
DELETE FROM sweeper_experiment_tags WHERE sweeper_experiment_tags.experiment_id = ? AND sweeper_experiment_tags."key" = ?
-- mark_run: new_deleted, run_id
UPDATE sweeper_runs SET deleted=? WHERE sweeper_runs.id = ?
-- mark_runs_of_experiment: new_deleted, experiment, before
UPDATE sweeper_runs SET deleted=? WHERE sweeper_runs.experiment_id = ? AND sweeper_runs.deleted = ?
-- upsert_input: new_run_id, new_name, new_digest, new_source_type, new_source, new_fields, new_profile, new_tags
INSERT INTO sweeper_inputs (run_id, name, digest, source_type, source, fields, profile, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id, name, digest) DO UPDATE SET source_type = excluded.source_type, source = excluded.source, fields = excluded.fields, profile = excluded.profile, tags = excluded.tags
-- upsert_run_model: new_run_id, new_direction, new_model_id, new_step
INSERT INTO sweeper_run_models (run_id, direction, model_id, step) VALUES (?, ?, ?, ?) ON CONFLICT (run_id, direction, model_id) DO UPDATE SET step = excluded.step
-- upsert_logged_model: new_id, new_experiment_id, new_name, new_model_type, new_run_id, new_state, new_created, new_updated, new_deleted
INSERT INTO sweeper_logged_models (id, experiment_id, name, model_type, run_id, state, created, updated, deleted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET experiment_id = excluded.experiment_id, name = excluded.name, model_type = excluded.model_type, run_id = excluded.run_id, state = excluded.state, created = excluded.created, updated = excluded.updated, deleted = excluded.deleted
-- experiments: 
SELECT sweeper_experiments.id, sweeper_experiments.name, sweeper_experiments.created, sweeper_experiments.updated, sweeper_experiments.deleted FROM sweeper_experiments ORDER BY sweeper_experiments.id
-- experiment_by_id: experiment
SELECT sweeper_experiments.id, sweeper_experiments.name, sweeper_experiments.created, sweeper_experiments.updated, sweeper_experiments.deleted FROM sweeper_experiments WHERE sweeper_experiments.id = ?
-- experiment_named: name
SELECT sweeper_experiments.id, sweeper_experiments.name, sweeper_experiments.created, sweeper_experiments.updated, sweeper_experiments.deleted FROM sweeper_experiments WHERE sweeper_experiments.name = ?
-- experiment_tags: experiment_id_in
SELECT sweeper_experiment_tags.experiment_id, sweeper_experiment_tags."key", sweeper_experiment_tags.value FROM sweeper_experiment_tags WHERE sweeper_experiment_tags.experiment_id IN (?)
-- latest_values: run_id_in
SELECT sweeper_metrics.run_id, sweeper_metrics."key", sweeper_metrics.value_kind, sweeper_metrics.value, sweeper_metrics.step, sweeper_metrics.time FROM sweeper_metrics WHERE sweeper_metrics.run_id IN (?)
-- history: run_id, metric, count
SELECT sweeper_points.value_kind, sweeper_points.value, sweeper_points.step, sweeper_points.time FROM sweeper_points WHERE sweeper_points.run_id = ? AND sweeper_points."key" = ? ORDER BY sweeper_points.time, sweeper_points.step, sweeper_points.value_kind, sweeper_points.value LIMIT ? OFFSET 0
-- inputs: run_id_in
SELECT sweeper_inputs.run_id, sweeper_inputs.name, sweeper_inputs.digest, sweeper_inputs.source_type, sweeper_inputs.source, sweeper_inputs.fields, sweeper_inputs.profile, sweeper_inputs.tags FROM sweeper_inputs WHERE sweeper_inputs.run_id IN (?)
-- datasets: experiment_id_in
SELECT sweeper_runs.experiment_id, sweeper_inputs.name, sweeper_inputs.digest, sweeper_inputs.tags FROM sweeper_inputs JOIN sweeper_runs ON sweeper_runs.id = sweeper_inputs.run_id WHERE sweeper_runs.experiment_id IN (?)
-- run_models: run_id_in
SELECT sweeper_run_models.run_id, sweeper_run_models.direction, sweeper_run_models.model_id, sweeper_run_models.step FROM sweeper_run_models WHERE sweeper_run_models.run_id IN (?)
-- logged_models_by_id: id_in
SELECT sweeper_logged_models.id, sweeper_logged_models.experiment_id, sweeper_logged_models.name, sweeper_logged_models.model_type, sweeper_logged_models.run_id, sweeper_logged_models.state, sweeper_logged_models.created, sweeper_logged_models.updated, sweeper_logged_models.deleted FROM sweeper_logged_models WHERE sweeper_logged_models.id IN (?)
-- logged_models_of: experiment_id_in
SELECT sweeper_logged_models.id, sweeper_logged_models.experiment_id, sweeper_logged_models.name, sweeper_logged_models.model_type, sweeper_logged_models.run_id, sweeper_logged_models.state, sweeper_logged_models.created, sweeper_logged_models.updated, sweeper_logged_models.deleted FROM sweeper_logged_models WHERE sweeper_logged_models.experiment_id IN (?) AND sweeper_logged_models.deleted = 0 ORDER BY sweeper_logged_models.created DESC, sweeper_logged_models.id
-- logged_models_of_run: run_id
SELECT sweeper_logged_models.id, sweeper_logged_models.experiment_id, sweeper_logged_models.name, sweeper_logged_models.model_type, sweeper_logged_models.run_id, sweeper_logged_models.state, sweeper_logged_models.created, sweeper_logged_models.updated, sweeper_logged_models.deleted FROM sweeper_logged_models WHERE sweeper_logged_models.run_id = ? AND sweeper_logged_models.deleted = 0 ORDER BY sweeper_logged_models.created
-- page_totals: sweep
SELECT count(*) AS count_1, min(sweeper_runs.started) AS min_1, max(sweeper_runs.ended) AS max_1, sum(sweeper_runs.ended - sweeper_runs.started) AS sum_1, sum(CASE WHEN (sweeper_runs.attempts > 1) THEN sweeper_runs.attempts - 1 ELSE 0 END) AS sum_2 FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL
-- page_distinct: sweep
SELECT count(*) AS count_1, count(distinct(sweeper_runs.params)) AS count_2 FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL
-- page_running: sweep
SELECT sweeper_runs.started FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL AND sweeper_runs.state = 'running'
-- page_times: sweep, number
SELECT sweeper_runs.number, sweeper_runs.state, sweeper_runs.created, sweeper_runs.started, sweeper_runs.ended FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number >= ? ORDER BY sweeper_runs.number
-- page_values: sweep, state
SELECT sweeper_runs.number, sweeper_runs.goal_values FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL AND sweeper_runs.state = ? ORDER BY sweeper_runs.number
-- page_failures: sweep, state, count
SELECT sweeper_runs.number, sweeper_runs.failure FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL AND sweeper_runs.state = ? ORDER BY sweeper_runs.number DESC LIMIT ? OFFSET 0
-- page_metrics: sweep
SELECT sweeper_runs.metrics FROM sweeper_runs WHERE sweeper_runs.parent_id = ? AND sweeper_runs.number IS NOT NULL AND sweeper_runs.metrics IS NOT NULL
-- page_loose_runs: 
SELECT sweeper_runs.id, sweeper_runs.name, sweeper_runs.experiment_id, sweeper_runs.state, sweeper_runs.created FROM sweeper_runs WHERE sweeper_runs.parent_id IS NULL AND sweeper_runs.kind = 'run' AND sweeper_runs.deleted = 0 ORDER BY sweeper_runs.created DESC, sweeper_runs.id DESC
-- page_children: parent_id_in
SELECT sweeper_runs.parent_id, count(*) AS count_1 FROM sweeper_runs WHERE sweeper_runs.parent_id IN (?) GROUP BY sweeper_runs.parent_id
-- page_below: parent_id_in
SELECT sweeper_runs.parent_id, sweeper_runs.id FROM sweeper_runs WHERE sweeper_runs.deleted = 0 AND sweeper_runs.parent_id IN (?) ORDER BY sweeper_runs.created, sweeper_runs.number, sweeper_runs.id
-- page_experiments: 
SELECT sweeper_experiments.id, sweeper_experiments.name, sweeper_experiments.created FROM sweeper_experiments WHERE sweeper_experiments.deleted = 0 ORDER BY sweeper_experiments.id
-- page_experiment_runs: 
SELECT sweeper_runs.experiment_id, sweeper_runs.kind, count(*) AS count_1, max(sweeper_runs.created) AS max_1 FROM sweeper_runs WHERE sweeper_runs.parent_id IS NULL AND sweeper_runs.deleted = 0 GROUP BY sweeper_runs.experiment_id, sweeper_runs.kind
-- page_registered: 
SELECT sweeper_models.id, sweeper_models.name, sweeper_model_versions.version, sweeper_model_versions.stage, sweeper_runs.id AS id_1, sweeper_runs.parent_id FROM sweeper_models JOIN sweeper_model_versions ON sweeper_model_versions.model_id = sweeper_models.id JOIN sweeper_runs ON sweeper_runs.id = sweeper_model_versions.run_id WHERE sweeper_model_versions.deleted = 0 ORDER BY sweeper_models.name, sweeper_model_versions.version
-- page_metric_names: run_id_in
SELECT sweeper_points.run_id, sweeper_points."key", count(*) AS count_1 FROM sweeper_points WHERE sweeper_points.run_id IN (?) GROUP BY sweeper_points.run_id, sweeper_points."key"
