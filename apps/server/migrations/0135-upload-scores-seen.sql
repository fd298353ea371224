-- Who was shown what a model says of a file that they sent: the file and its prediction are gone after a day, and who has seen a score does not become blind again by that. Locks: a moment on users for the reference.

CREATE TABLE upload_scores_seen (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  -- Of the file that was sent, whose film an altered copy does not name.
  image_sha256 bytea NOT NULL,
  -- When it was sent, the last time: a film that came to the archive more than a day after it was not in it.
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, image_sha256)
);
CREATE INDEX upload_scores_seen_when ON upload_scores_seen (user_id, asked_at);
GRANT SELECT, INSERT, UPDATE ON upload_scores_seen TO negatoscope_app;

-- What is kept still of files that were sent and answered, as far as their sender may have been shown it.
INSERT INTO upload_scores_seen (user_id, image_sha256, asked_at)
  SELECT p.requested_by, coalesce(p.image_sha256, ''), max(p.created_at) FROM predictions p
  WHERE p.study_id IS NULL AND p.status = 'DONE' AND p.requested_by IS NOT NULL
    AND (NOT p.is_blind OR EXISTS (SELECT FROM prediction_opinions o WHERE o.prediction_id = p.id AND o.user_id = p.requested_by))
  GROUP BY 1, 2;
