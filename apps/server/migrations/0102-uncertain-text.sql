-- Text that a file declares in one character set and writes in another is read all the same, and said to be uncertain until a person has looked at it.
-- Locks: ACCESS EXCLUSIVE on patients and studies for changes of the catalogue; nothing is rewritten.

-- The name, as a file was read. Cleared when a person writes or confirms it.
ALTER TABLE patients ADD COLUMN text_uncertain boolean NOT NULL DEFAULT false;
-- Description, referring physician or accession number, as the first file was read. Cleared when a person writes the description.
ALTER TABLE studies ADD COLUMN text_uncertain boolean NOT NULL DEFAULT false;
