-- What we did on GitHub: the intent is written before the call and the remote id after it, so that doing the work twice is harmless.
CREATE TABLE effects (
    repo_id        BIGINT NOT NULL,
    effect_key     TEXT   NOT NULL,                    -- job-independent
    kind           TEXT   NOT NULL,                    -- comment, issue, sub_issue, dependency, label ...
    issue          BIGINT NOT NULL,
    state          TEXT   NOT NULL,                    -- intent, done
    content_hash   TEXT   NOT NULL,
    remote_id      BIGINT,
    remote_number  BIGINT,
    remote_node_id TEXT,
    remote_url     TEXT,
    intended_at    BIGINT NOT NULL,                    -- unix ms
    done_at        BIGINT,                             -- unix ms
    PRIMARY KEY (repo_id, effect_key)
);
CREATE INDEX effects_by_issue ON effects (repo_id, issue);

-- Numbers per repository, such as the next session; also written into markers, so that a lost database does not reuse one.
CREATE TABLE counters (
    repo_id BIGINT NOT NULL,
    name    TEXT   NOT NULL,
    value   BIGINT NOT NULL,
    PRIMARY KEY (repo_id, name)
);

-- What was told once to one person on one issue.
CREATE TABLE notices (
    repo_id  BIGINT NOT NULL,
    issue    BIGINT NOT NULL,
    person   TEXT   NOT NULL,                          -- login in lower case
    kind     TEXT   NOT NULL,
    given_at BIGINT NOT NULL,                          -- unix ms
    PRIMARY KEY (repo_id, issue, person, kind)
);

-- How much of a daily allowance a person has used.
CREATE TABLE allowances (
    repo_id BIGINT NOT NULL,
    person  TEXT   NOT NULL,                           -- login in lower case
    kind    TEXT   NOT NULL,
    day     BIGINT NOT NULL,                           -- days since the epoch, UTC
    used    BIGINT NOT NULL,
    PRIMARY KEY (repo_id, person, kind, day)
);

-- What mode observe would have written.
CREATE TABLE observed (
    seq           {{seq}},
    repo_id       BIGINT NOT NULL,
    issue         BIGINT NOT NULL,
    act           TEXT   NOT NULL,                     -- JSON
    delivery_guid TEXT,
    observed_at   BIGINT NOT NULL                      -- unix ms
);
CREATE INDEX observed_by_repo ON observed (repo_id, seq);
