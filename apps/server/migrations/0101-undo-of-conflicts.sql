-- A decision about a conflict can be taken back: what was received and discarded stays for a while, what was replaced is put back.
-- Locks: ACCESS EXCLUSIVE on conflicts for a change of the catalogue; nothing is rewritten. The index is over few or no rows.

-- Until when the object of a discarded conflict is kept; null for one that was deleted at once.
ALTER TABLE conflicts ADD COLUMN object_until timestamptz;

-- Undoing looks for the version that an instance took the place of.
CREATE INDEX instance_versions_replaced_by ON instance_versions (replaced_by);
