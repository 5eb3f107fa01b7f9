-- What a command has decided, written together with its first change, so that running it again goes on with that. JSON or an id.
ALTER TABLE commands ADD COLUMN decision TEXT;

-- Stopping a run is its state now, and what was told once is known by its effect.
ALTER TABLE runs DROP COLUMN stop_requested;
DROP TABLE notices;
