-- Locks: ACCESS EXCLUSIVE on series for a change of the catalogue without rewriting, then SHARE while the index is made: no import writes for as long as series are read once.
-- Of series that came before 0116 nobody has looked whether their images carry a name: the job find-nameless does, once. New ones are known as they come.
ALTER TABLE series ADD COLUMN nameless_known boolean NOT NULL DEFAULT false;
ALTER TABLE series ALTER COLUMN nameless_known SET DEFAULT true;
CREATE INDEX series_nameless_unknown ON series (id) WHERE NOT nameless_known;
