-- Copies that are to be deleted in the Orthanc beside this server, since their patient is erased here. Locks: none on tables that exist but a moment on orthanc_feeds for the reference.

CREATE TABLE orthanc_erasures (
  -- Of `erasures`; it hangs on nothing, as what was erased.
  erasure_id uuid NOT NULL,
  -- As the journal knows who it was.
  patient_id uuid,
  feed_id smallint NOT NULL REFERENCES orthanc_feeds,
  -- Orthanc's own names (hashes) of what may be there: studies by the Patient IDs that were known, and instances that came from there or were sent. None are kept once it is done.
  studies text[] NOT NULL,
  instances text[] NOT NULL,
  -- Studies that somebody else has here under the same UID: nothing of them is deleted there.
  shared integer NOT NULL DEFAULT 0,
  asked_at timestamptz NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  retry_at timestamptz,
  failure text,
  -- Studies that were deleted there, by all attempts.
  deleted integer NOT NULL DEFAULT 0,
  done_at timestamptz,
  PRIMARY KEY (erasure_id, feed_id),
  CHECK ((done_at IS NULL) = (retry_at IS NOT NULL))
);
CREATE INDEX orthanc_erasures_due ON orthanc_erasures (feed_id, retry_at) WHERE done_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON orthanc_erasures TO negatoscope_app;
