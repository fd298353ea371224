-- Files whose pixels spell a name of the patient in their bytes wait for a person as well. A short lock of a small table.
ALTER TABLE deid_held_files DROP CONSTRAINT deid_held_files_because_check,
  ADD CONSTRAINT deid_held_files_because_check CHECK (because IN ('BURNED_IN', 'TEXT_SUSPECTED', 'NAME_IN_PIXELS'));
