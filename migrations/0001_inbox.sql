-- What GitHub told us, as received. A delivery is written in the same transaction as its job, before we answer.
CREATE TABLE deliveries (
    seq             {{seq}},
    guid            TEXT   NOT NULL UNIQUE,            -- X-GitHub-Delivery: the same for every redelivery, so this key makes a repeat harmless
    event           TEXT   NOT NULL,                   -- X-GitHub-Event
    action          TEXT,                              -- the payload's own `action`, where it has one
    installation_id BIGINT NOT NULL,                   -- 0: none
    repo_id         BIGINT NOT NULL,                   -- 0: none
    body            {{bytes}},                         -- the raw bytes, lz4 block with the length in front; NULL once erased
    body_bytes      BIGINT NOT NULL,                   -- stored size of `body`; 0 once erased
    received_at     BIGINT NOT NULL                    -- unix ms
);

-- Retention walks the bodies that are still kept, oldest first, and sums their sizes without touching them.
CREATE INDEX deliveries_kept ON deliveries (seq, body_bytes, installation_id) WHERE body_bytes > 0;
