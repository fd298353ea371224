-- What happened with each DICOM node, who called and is not known, and what the process that listens says of itself. Locks: none on tables that exist.

-- What is alike within ten minutes is one row (`together`), so that a node writes so many rows an hour and no more. Nobody's name is in it.
CREATE TABLE dicom_node_log (
  id uuid PRIMARY KEY,
  node_id uuid NOT NULL,
  together text NOT NULL,
  kind text NOT NULL,
  -- Whether this server asked, or the node.
  is_ours boolean NOT NULL,
  outcome text NOT NULL,
  code text,
  status integer,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  times integer NOT NULL,
  done bigint NOT NULL,
  warned bigint NOT NULL,
  failed bigint NOT NULL,
  bytes bigint NOT NULL,
  ms bigint NOT NULL,
  -- The first ten of those that it is about.
  instance_uids text[] NOT NULL,
  UNIQUE (node_id, together)
);
CREATE INDEX dicom_node_log_newest ON dicom_node_log (node_id, last_at DESC, id DESC);

-- What is counted of a node, by day: kept longer than its log.
CREATE TABLE dicom_node_days (
  node_id uuid NOT NULL,
  day date NOT NULL,
  kind text NOT NULL,
  is_ours boolean NOT NULL,
  times bigint NOT NULL,
  done bigint NOT NULL,
  warned bigint NOT NULL,
  failed bigint NOT NULL,
  bytes bigint NOT NULL,
  PRIMARY KEY (node_id, day, kind, is_ours)
);

-- Who was sent away and is no known node. A connection that was closed before it said anything has no titles.
CREATE TABLE dicom_callers (
  address text NOT NULL,
  calling_aet text NOT NULL,
  called_aet text NOT NULL,
  code text NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  times bigint NOT NULL,
  PRIMARY KEY (address, calling_aet, called_aet)
);

-- A sign of life of each process that listens, every five seconds.
CREATE TABLE dicom_listeners (
  id uuid PRIMARY KEY,
  is_listening boolean NOT NULL,
  -- Why it can't, as the operating system names it.
  trouble text,
  connections integer NOT NULL,
  associations integer NOT NULL,
  -- Connections that were closed because there were too many, since it began.
  turned_away bigint NOT NULL,
  started_at timestamptz NOT NULL,
  reported_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON dicom_node_log, dicom_node_days, dicom_callers, dicom_listeners TO negatoscope_app;
