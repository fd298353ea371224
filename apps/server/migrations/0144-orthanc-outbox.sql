-- What is to be sent to the Orthanc beside this server, and what was. Locks: none on tables that exist but a moment on instances for the reference.

CREATE TABLE orthanc_outbox (
  instance_id uuid PRIMARY KEY REFERENCES instances ON DELETE CASCADE,
  queued_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  retry_at timestamptz NOT NULL DEFAULT now(),
  failure text,
  -- Of the file as it was sent with each attempt: names may be corrected between two.
  md5s bytea[] NOT NULL DEFAULT '{}'
);
CREATE INDEX orthanc_outbox_due ON orthanc_outbox (retry_at);

-- Files that left for there, written down before their first byte does and kept for good: what the feed brings of them is ours, whenever it hears of it and
-- whatever became here of the instance. It names none.
CREATE TABLE orthanc_sent (
  md5 bytea PRIMARY KEY CHECK (octet_length(md5) = 16)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON orthanc_outbox TO negatoscope_app;
GRANT SELECT, INSERT ON orthanc_sent TO negatoscope_app;
