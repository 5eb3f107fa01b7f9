-- Work to do. Claiming must cost the same with ten jobs and with a million, so whatever a claim must not see is kept out of
-- its index by `gate`, and the fair order is decided when a job is written (`turn`), not when it is claimed.
CREATE TABLE jobs (
    seq             {{seq}},                           -- the order in which jobs were written; decides within a lane
    name            TEXT   NOT NULL,                   -- versioned, such as enhance.v1; a process leaves names it does not know alone
    payload         TEXT   NOT NULL,                   -- JSON
    lane            TEXT,                              -- at most one job of a lane runs at a time; NULL: no lane
    installation_id BIGINT NOT NULL,                   -- 0: none
    repo_id         BIGINT NOT NULL,                   -- 0: none
    delivery_guid   TEXT,                              -- the delivery that started it
    dedupe_key      TEXT,                              -- at most one ready job with this key; an equal one is folded into it
    state           TEXT   NOT NULL,                   -- ready, running, done, dead, cancelled
    gate            BIGINT NOT NULL,                   -- of a ready job: 0 open, 1 behind another of its lane, 2 not before run_at
    priority        BIGINT NOT NULL,                   -- lower runs first
    turn            BIGINT NOT NULL,                   -- round of the fair order between repositories; lower runs first
    run_at          BIGINT NOT NULL,                   -- unix ms
    attempts        BIGINT NOT NULL DEFAULT 0,         -- runs that count, this one included
    max_attempts    BIGINT NOT NULL,
    claims          BIGINT NOT NULL DEFAULT 0,         -- how often it was ever claimed: the fence, never goes back
    worker          TEXT,                              -- who runs it
    lease_until     BIGINT,                            -- unix ms; a running job past it is given to somebody else
    last_error      TEXT,
    created_at      BIGINT NOT NULL,                   -- unix ms
    finished_at     BIGINT                             -- unix ms; done, dead or cancelled
);

-- What a claim walks: the open jobs, in the order in which it takes them.
CREATE INDEX jobs_open ON jobs (gate, priority, turn, seq) WHERE state = 'ready';
-- Jobs whose time has come; also counts per gate and the age of the oldest.
CREATE INDEX jobs_gate ON jobs (gate, run_at, seq) WHERE state = 'ready';
-- The next turn of a repository at one priority.
CREATE INDEX jobs_share ON jobs (repo_id, priority, turn) WHERE state = 'ready';
-- The highest turn ever served: where a newcomer starts.
CREATE INDEX jobs_served ON jobs (turn, seq) WHERE state <> 'ready';
-- Who is before whom in a lane.
CREATE INDEX jobs_lane ON jobs (lane, seq) WHERE lane IS NOT NULL AND state IN ('ready', 'running');
-- Two running jobs in one lane cannot be written, whatever the code does.
CREATE UNIQUE INDEX jobs_lane_running ON jobs (lane) WHERE lane IS NOT NULL AND state = 'running';
CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE dedupe_key IS NOT NULL AND state = 'ready';
-- Leases that ran out.
CREATE INDEX jobs_lease ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX jobs_dead ON jobs (seq) WHERE state = 'dead';
CREATE INDEX jobs_delivery ON jobs (delivery_guid) WHERE delivery_guid IS NOT NULL;
