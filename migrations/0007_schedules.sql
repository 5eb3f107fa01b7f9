-- When what recurs is due. All instances share a row; whoever moves `next_run` on runs the slot, in the same transaction.
CREATE TABLE schedules (
    name       TEXT   PRIMARY KEY,
    next_run   BIGINT NOT NULL,                        -- unix ms
    last_slot  BIGINT NOT NULL DEFAULT 0,              -- unix ms; the slot that was run last, 0: none yet
    updated_at BIGINT NOT NULL                         -- unix ms
);

-- How far a long task has come, so that it goes on there after a restart.
CREATE TABLE progress (
    name       TEXT   PRIMARY KEY,
    value      TEXT   NOT NULL,                        -- JSON
    updated_at BIGINT NOT NULL                         -- unix ms
);

-- Deliveries that GitHub's log shows and that never reached us: to be fetched, oldest first.
CREATE TABLE missed_deliveries (
    log_id       BIGINT PRIMARY KEY,                   -- GitHub's id of one attempt; newer ones are higher
    guid         TEXT   NOT NULL UNIQUE,               -- X-GitHub-Delivery
    event        TEXT   NOT NULL,                      -- X-GitHub-Event
    found_at     BIGINT NOT NULL                       -- unix ms
);

-- How far a repository has been looked through for what no delivery told us of.
CREATE TABLE reconciled (
    repo_id          BIGINT PRIMARY KEY,
    comments_through BIGINT NOT NULL,                  -- unix ms by GitHub's clock
    issues_through   BIGINT NOT NULL,                  -- unix ms by GitHub's clock
    looked_at        BIGINT NOT NULL                   -- unix ms
);

-- Commands that have not ended: those that nothing works for any more are looked for among them.
CREATE INDEX commands_open ON commands (repo_id, seq) WHERE state IN ('accepted', 'running');
