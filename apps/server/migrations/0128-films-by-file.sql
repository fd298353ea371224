-- Whether a file that was sent is a film that is read blind is asked by its hash. Locks: SHARE on predictions while the index is made.
CREATE INDEX predictions_blind_image ON predictions (image_sha256) WHERE is_blind AND study_id IS NOT NULL;
