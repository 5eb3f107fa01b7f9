-- How fast each installation may be written to: the books that all instances share.
CREATE TABLE paces (
    installation_id BIGINT PRIMARY KEY,
    content         TEXT   NOT NULL,                   -- JSON: what was created in the last hour, and which moments are promised to whom
    points          TEXT   NOT NULL,                   -- JSON: points taken in the last minute
    holder          TEXT,                              -- the instance whose request creates content at the moment
    held_until      BIGINT NOT NULL                    -- unix ms; a holder that was killed keeps it no longer
);

-- A claim goes from installation to installation, and takes the one's next turn: however many repositories and jobs an
-- installation has, the next one is not kept waiting. So turns are counted within an installation.
DROP INDEX jobs_open;
CREATE INDEX jobs_open ON jobs (gate, priority, installation_id, turn, seq) WHERE state = 'ready';
DROP INDEX jobs_served;
CREATE INDEX jobs_served ON jobs (installation_id, turn) WHERE state <> 'ready';
