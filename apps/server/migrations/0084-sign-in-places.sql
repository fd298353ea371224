-- Locks: SHARE ROW EXCLUSIVE on users for milliseconds (a foreign key points to it); two new tables.
-- Tries of signing in, counted for all processes; the columns and their order are those of rate-limiter-flexible. Outside of the write-ahead
-- log: a flood of wrong passwords costs it nothing, and after a crash of the database the quarter of an hour begins anew.
CREATE UNLOGGED TABLE rate_limits (
  key text PRIMARY KEY,
  points integer NOT NULL DEFAULT 0,
  expire bigint
) WITH (fillfactor = 70);

-- Browsers and networks from which a person has signed in before, as keyed hashes.
CREATE TABLE sign_in_places (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  place text NOT NULL,
  last_seen timestamptz NOT NULL,
  PRIMARY KEY (user_id, place)
);
CREATE INDEX sign_in_places_place ON sign_in_places (place);

GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits, sign_in_places TO negatoscope_app;
