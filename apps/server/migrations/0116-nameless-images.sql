-- Locks: ACCESS EXCLUSIVE on series for a change of the catalogue without rewriting; studies are read once, and rows of few are changed.
-- Images without name and birth date are a named patient's by their number or study alone, and that is told. Which series hold such images:
ALTER TABLE series ADD COLUMN nameless boolean NOT NULL DEFAULT false;

-- Of studies that are here already the identity of the first image is kept: those that are somebody's by their Patient ID alone are marked.
UPDATE studies s SET identity_mismatch = jsonb_build_object('kind', 'NO_IDENTITY', 'cause', 'SAME_PATIENT_ID', 'received', s.received_identity,
    'reason', NULL, 'userId', NULL, 'importId', NULL, 'at', s.received_at)
  FROM patients p
  WHERE p.id = s.patient_id AND s.identity_mismatch IS NULL AND s.received_identity->>'birthDate' IS NULL
    AND ng_normalize(concat(s.received_identity->>'familyName', s.received_identity->>'givenName', s.received_identity->>'personName')) = ''
    AND (p.birth_date IS NOT NULL OR ng_normalize(p.family_name || p.given_name) <> '')
    AND EXISTS (SELECT FROM patient_identifiers i WHERE i.patient_id = p.id AND i.value = s.received_identity->>'patientId');
