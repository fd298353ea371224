-- What is known of the Orthancs beside this server, and how far their change feeds were read. Locks: none on tables that exist.

CREATE TABLE orthanc_feeds (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  url text NOT NULL UNIQUE,
  -- The last change that was dealt with, by its number; 0 before the first.
  last_seq bigint NOT NULL DEFAULT 0,
  -- Some changes that were read, the newest first, each as Orthanc told it: by them it is seen whether its numbers still mean what they meant.
  anchors jsonb NOT NULL DEFAULT '[]',
  -- New each time that it is begun from the first change again.
  epoch uuid NOT NULL,
  -- From where on the list of all instances is gone through, beside the changes: whoever clears the log of changes takes away what it said. Null when it was.
  sweep_from bigint DEFAULT 0,
  begun_again integer NOT NULL DEFAULT 0,
  reached_at timestamptz,
  failing_since timestamptz,
  failure text
);

-- One line for each instance of an Orthanc that was dealt with, by Orthanc's own name for it (a hash). It hangs on nothing: what was erased here must not come back because it is forgotten.
CREATE TABLE orthanc_instances (
  feed_id smallint NOT NULL REFERENCES orthanc_feeds,
  orthanc_id text NOT NULL,
  epoch uuid NOT NULL,
  -- Of the file as it came; null before one came whole.
  md5 bytea,
  -- As of a file of an import; 'failed' when it did not come.
  outcome text NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'conflict', 'rejected', 'ignored', 'failed')),
  reason text,
  attempts integer NOT NULL DEFAULT 0,
  -- When it is asked for again; null when it need not be.
  retry_at timestamptz,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (feed_id, orthanc_id)
);
CREATE INDEX orthanc_instances_retry ON orthanc_instances (feed_id, retry_at) WHERE retry_at IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON orthanc_feeds, orthanc_instances TO negatoscope_app;
