-- A job names its delivery by number as well: numbers grow, so that the index of a batch is written in one place, where one of GUIDs
-- is written in as many as there are deliveries. Rows of earlier programs, and of those that still run beside this one, have the
-- GUID alone.
ALTER TABLE jobs ADD COLUMN delivery_seq BIGINT;       -- deliveries.seq; NULL: none, or written by an earlier program
CREATE INDEX jobs_of_delivery ON jobs (delivery_seq) WHERE delivery_seq IS NOT NULL;
CREATE INDEX jobs_of_guid ON jobs (delivery_guid) WHERE delivery_guid IS NOT NULL AND delivery_seq IS NULL;
DROP INDEX jobs_delivery;
