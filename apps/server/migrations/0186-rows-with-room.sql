-- An instance that arrives is counted in the rows of its study and of its series: each time a new version of them, which needs no index entry where it finds room in
-- its page and no indexed column has changed (HOT). Of a study, with its thirty indexes, every eighth found none; a series' stood in an index's condition.
-- Locks: a moment on studies, an exclusive one on series while it is rewritten (about 15 s for a million) and its indexes with it.

-- Room for one more version of the longest usual row, and versions that nobody sees any more are cleared away before it is needed.
ALTER TABLE studies SET (fillfactor = 70);
ALTER TABLE series SET (fillfactor = 70);

DROP INDEX series_unmapped;
ALTER TABLE series ADD COLUMN is_mapped boolean NOT NULL GENERATED ALWAYS AS (mapping_version IS NOT DISTINCT FROM version) STORED;
-- The series that the job has still to look at; empty most of the time. By what doesn't change while instances come.
CREATE INDEX series_unmapped ON series (id) WHERE NOT is_mapped;
