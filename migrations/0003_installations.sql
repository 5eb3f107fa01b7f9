-- Where we are installed, and what we know of it.
CREATE TABLE installations (
    installation_id      BIGINT PRIMARY KEY,           -- GitHub's id
    account_login        TEXT   NOT NULL,              -- '' until an event names it
    account_type         TEXT   NOT NULL,              -- User or Organization; '' until known
    repository_selection TEXT   NOT NULL,              -- all or selected; '' until known
    repository_count     BIGINT,                       -- NULL until known
    permissions          TEXT   NOT NULL,              -- JSON object: permission -> level
    paused_until         BIGINT NOT NULL DEFAULT 0,    -- unix ms; a rate limit parks the whole installation
    suspended            BIGINT NOT NULL DEFAULT 0,    -- 0 or 1
    deleted_at           BIGINT,                       -- unix ms
    updated_at           BIGINT NOT NULL               -- unix ms
);

-- What an installation was found to lack, such as sub_issues_missing, and when it was found.
CREATE TABLE capabilities (
    installation_id BIGINT NOT NULL,
    name            TEXT   NOT NULL,
    noticed_at      BIGINT NOT NULL,                   -- unix ms
    PRIMARY KEY (installation_id, name)
);

CREATE TABLE repositories (
    repo_id         BIGINT PRIMARY KEY,                -- GitHub's id: survives renames and transfers
    installation_id BIGINT NOT NULL,
    owner           TEXT   NOT NULL,
    name            TEXT   NOT NULL,
    name_key        TEXT   NOT NULL,                   -- owner/name in lower case; not unique: a freed name may be taken before we hear of it
    removed         BIGINT NOT NULL DEFAULT 0,         -- 0 or 1
    updated_at      BIGINT NOT NULL                    -- unix ms
);
CREATE INDEX repositories_by_name ON repositories (name_key);
CREATE INDEX repositories_by_installation ON repositories (installation_id);

-- Configuration files, and the last text that was good.
CREATE TABLE config_cache (
    scope           TEXT   PRIMARY KEY,                -- org:12 or repo:42
    installation_id BIGINT NOT NULL,
    paths           TEXT,                              -- JSON list: files of other bots that were found beside it
    text            TEXT,                              -- NULL: there is no such file
    good_text       TEXT,                              -- stays in force while `text` has a problem
    problem         TEXT,
    fetched_at      BIGINT NOT NULL                    -- unix ms
);
CREATE INDEX config_cache_by_installation ON config_cache (installation_id);

-- Operator's switches, shared by all instances; also the row that readiness writes.
CREATE TABLE switches (
    name   TEXT   PRIMARY KEY,
    value  TEXT   NOT NULL,
    set_at BIGINT NOT NULL                             -- unix ms
);
