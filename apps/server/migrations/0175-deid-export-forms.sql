-- Where de-identified images go: a ZIP of DICOM or NIfTI files, or a research group of this server. A column with a constant default, and two without: no table is written anew.
ALTER TABLE deid_exports
  ADD COLUMN form text NOT NULL DEFAULT 'DICOM' CHECK (form IN ('DICOM', 'NIFTI', 'GROUP')),
  -- Into which group they come.
  ADD COLUMN target_group_id uuid,
  -- Files that the group has already.
  ADD COLUMN unchanged integer NOT NULL DEFAULT 0;
