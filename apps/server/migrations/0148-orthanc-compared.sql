-- What an Orthanc holds is compared with what came from it. Locks: exclusive ones on orthanc_feeds and orthanc_instances for a moment, one on instances that keeps others from writing there as long as the first reference is made.

ALTER TABLE orthanc_instances
  -- What is here of it; null where nothing is, or it was before this was noted.
  ADD COLUMN instance_id uuid REFERENCES instances ON DELETE SET NULL,
  -- When it was last seen there.
  ADD COLUMN listed_at timestamptz,
  -- When it was found to be there no more; null while it is there.
  ADD COLUMN missing_since timestamptz,
  -- What is done about it: it is told; nothing, since more than a deletion may have happened; somebody says that it was deleted, or that nothing is to be done; its
  -- study went into the trash; it is sent again.
  ADD COLUMN missing text CHECK (missing IN ('told', 'held', 'released', 'dismissed', 'trashed', 'sent')),
  ADD CHECK ((missing IS NULL) = (missing_since IS NULL));
CREATE INDEX orthanc_instances_of ON orthanc_instances (instance_id) WHERE instance_id IS NOT NULL;
CREATE INDEX orthanc_instances_missing ON orthanc_instances (feed_id, missing_since) WHERE missing_since IS NOT NULL;

ALTER TABLE orthanc_feeds
  -- Whether it may delete by itself when it is full, as far as it tells; so until it was asked.
  ADD COLUMN may_recycle boolean NOT NULL DEFAULT true,
  -- When the comparison that goes on was begun, and from where on the list it goes on; null where none does.
  ADD COLUMN compare_began timestamptz,
  ADD COLUMN compare_from bigint NOT NULL DEFAULT 0,
  -- When the last one came to its end, and how many instances were known there.
  ADD COLUMN compared_at timestamptz,
  ADD COLUMN known_there integer NOT NULL DEFAULT 0,
  -- Why nothing is done about what is missing; whether the next comparison holds what it finds for that reason.
  ADD COLUMN doubt text CHECK (doubt IN ('EMPTIED', 'TOO_MANY', 'REPLACED', 'RESTORED', 'RECYCLES')),
  ADD COLUMN doubts_next boolean NOT NULL DEFAULT false;
