-- What is to be sent to the Orthanc beside this server. Locks: none on tables that exist but a moment on instances for the reference.

CREATE TABLE orthanc_outbox (
  instance_id uuid PRIMARY KEY REFERENCES instances ON DELETE CASCADE,
  queued_at timestamptz NOT NULL DEFAULT now(),
  -- Of the file as it is sent, written down before it is: what comes back by the feed is known by it.
  md5 bytea,
  attempts integer NOT NULL DEFAULT 0,
  -- At once.
  retry_at timestamptz NOT NULL DEFAULT 'epoch',
  failure text
);
CREATE INDEX orthanc_outbox_due ON orthanc_outbox (retry_at);
CREATE INDEX orthanc_outbox_begun ON orthanc_outbox (md5) WHERE md5 IS NOT NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON orthanc_outbox TO negatoscope_app;
