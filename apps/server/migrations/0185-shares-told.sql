-- Every process hears at once that a share was withdrawn, closed or changed, as it hears that rights of its author did. Locks: a moment on shares, share_studies and share_accesses, and an exclusive one on notices, which is small.
CREATE FUNCTION ng_share_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Without an author nobody in particular is told of: all are looked at.
  PERFORM pg_notify('negatoscope_identity', coalesce(OLD.user_id::text, ''));
  RETURN NULL;
END $$;
CREATE TRIGGER shares_changed AFTER UPDATE OF withdrawn_at, closed_at, user_id OR DELETE ON shares FOR EACH ROW EXECUTE FUNCTION ng_share_changed();

-- Of what nothing is shared any more nothing is told either: with the last study of an erased patient goes for whom it was. With the rights of the owner: whoever removes the study need not see the share.
CREATE FUNCTION ng_share_emptied() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  DELETE FROM shares h WHERE h.id IN (SELECT share_id FROM gone) AND NOT EXISTS (SELECT FROM share_studies t WHERE t.share_id = h.id);
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ng_share_emptied() FROM PUBLIC;
CREATE TRIGGER share_studies_gone AFTER DELETE ON share_studies REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ng_share_emptied();

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN
  ('IMPORT_DONE', 'EXPORT_DONE', 'PREDICTION_DONE', 'PREDICTION_FAILED', 'REPORT_SIGNED', 'STUDY_ASSIGNED', 'EMERGENCY_ACCESS', 'SHARE_CLOSED'));
