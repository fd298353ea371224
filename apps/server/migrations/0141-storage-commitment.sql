-- What devices ask to be told that it is kept (PS3.4 Annex J). Locks: none on tables that exist.

CREATE TABLE commitment_requests (
  id uuid PRIMARY KEY,
  -- Who asked. No reference: a node that is taken away stays in its table.
  node_id uuid NOT NULL,
  group_id uuid,
  transaction_uid text NOT NULL,
  -- SOP Class and Instance UID of each, as they were asked for: [["1.2…", "1.2…"]].
  instances jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('WAITING', 'TOLD', 'GIVEN_UP')),
  tries integer NOT NULL DEFAULT 0,
  -- When it is tried next by an association of ours, unless it was told before.
  next_at timestamptz NOT NULL,
  asked_at timestamptz NOT NULL,
  told_at timestamptz
);
CREATE UNIQUE INDEX commitment_requests_asked ON commitment_requests (node_id, transaction_uid);
CREATE INDEX commitment_requests_waiting ON commitment_requests (next_at) WHERE status = 'WAITING';

ALTER TABLE commitment_requests ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON commitment_requests TO negatoscope_app;
