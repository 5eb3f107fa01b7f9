-- The newest list of candidates that was shown on an issue, for the arithmetic behind it.
CREATE TABLE discoveries (
    repo_id    BIGINT NOT NULL,
    issue      BIGINT NOT NULL,
    document   TEXT   NOT NULL,                        -- JSON
    created_at BIGINT NOT NULL,                        -- unix ms
    PRIMARY KEY (repo_id, issue)
);
