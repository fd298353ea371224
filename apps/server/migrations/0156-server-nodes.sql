-- Which nodes run the server, each written by its supervisor every few seconds, outside of the write-ahead log. A new table; no lock on others.
CREATE UNLOGGED TABLE server_nodes (
  -- Machine and DATA_DIR: a node that was killed and starts again is the same.
  id text PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  -- HMACs and hashes that say whether two have the same, and nothing else.
  secrets_mark text NOT NULL,
  objects_mark text NOT NULL,
  roles text[] NOT NULL,
  seen_at timestamptz NOT NULL
);
