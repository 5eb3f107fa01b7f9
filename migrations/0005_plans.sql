-- Commands found in comments. The key is the normalized line and which occurrence of it this is, so that an edit runs only what is new.
CREATE TABLE commands (
    seq         {{seq}},
    repo_id     BIGINT NOT NULL,
    comment_id  BIGINT NOT NULL,
    command_key TEXT   NOT NULL,
    issue       BIGINT NOT NULL,
    actor       TEXT   NOT NULL,
    name        TEXT   NOT NULL,
    line        TEXT   NOT NULL,
    state       TEXT   NOT NULL,                       -- accepted, running, done, refused, failed, stopped
    note        TEXT,                                  -- why it was refused or failed
    created_at  BIGINT NOT NULL,                       -- unix ms
    updated_at  BIGINT NOT NULL,                       -- unix ms
    UNIQUE (repo_id, comment_id, command_key)
);
CREATE INDEX commands_by_issue ON commands (repo_id, issue, seq);

-- One long piece of work on an issue.
CREATE TABLE runs (
    seq            {{seq}},
    repo_id        BIGINT NOT NULL,
    issue          BIGINT NOT NULL,
    kind           TEXT   NOT NULL,                    -- enhance, approve ...
    state          TEXT   NOT NULL,                    -- running, awaiting, done, stopped, failed
    command_seq    BIGINT,                             -- the command that asked for it
    payload        TEXT   NOT NULL,                    -- what is needed to start it again
    stop_requested BIGINT NOT NULL DEFAULT 0,          -- 0 or 1
    note           TEXT,
    created_at     BIGINT NOT NULL,                    -- unix ms
    updated_at     BIGINT NOT NULL                     -- unix ms
);
-- A command has one run, whoever comes first to start it.
CREATE UNIQUE INDEX runs_by_command ON runs (repo_id, command_seq);
CREATE INDEX runs_by_issue ON runs (repo_id, issue, seq);

-- Revisions of the plan of an issue.
CREATE TABLE plans (
    seq             {{seq}},
    repo_id         BIGINT NOT NULL,
    issue           BIGINT NOT NULL,
    rev             BIGINT NOT NULL,
    state           TEXT   NOT NULL,                   -- current, superseded, approved, undone
    hash            TEXT   NOT NULL,                   -- of the document; an approval is bound to it
    base_sha        TEXT   NOT NULL,
    issue_hash      TEXT   NOT NULL,                   -- of the issue text that was read
    cited           TEXT   NOT NULL,                   -- JSON object: path -> blob
    document        TEXT   NOT NULL,                   -- JSON
    actor           TEXT   NOT NULL,
    approval_mode   TEXT,                              -- how it was approved
    comment_id      BIGINT,
    comment_node_id TEXT,
    comment_url     TEXT,
    created_at      BIGINT NOT NULL,                   -- unix ms
    updated_at      BIGINT NOT NULL,                   -- unix ms
    UNIQUE (repo_id, issue, rev)
);
CREATE UNIQUE INDEX plans_current ON plans (repo_id, issue) WHERE state = 'current';

-- What an approved plan became.
CREATE TABLE work_items (
    seq          {{seq}},
    repo_id      BIGINT NOT NULL,
    plan_seq     BIGINT NOT NULL REFERENCES plans (seq),
    parent_issue BIGINT NOT NULL,
    ordinal      BIGINT NOT NULL,
    title        TEXT   NOT NULL,
    fingerprint  TEXT   NOT NULL,
    issue_number BIGINT,                               -- NULL until GitHub gave one
    issue_id     BIGINT,
    state        TEXT   NOT NULL,                      -- open, closed, undone
    body_hash    TEXT   NOT NULL,
    depends_on   TEXT   NOT NULL,                      -- JSON
    created_at   BIGINT NOT NULL,                      -- unix ms
    updated_at   BIGINT NOT NULL                       -- unix ms
);
CREATE UNIQUE INDEX work_items_open ON work_items (repo_id, fingerprint, parent_issue) WHERE state = 'open';
CREATE INDEX work_items_by_parent ON work_items (repo_id, parent_issue, ordinal);
CREATE INDEX work_items_by_issue ON work_items (repo_id, issue_number);
