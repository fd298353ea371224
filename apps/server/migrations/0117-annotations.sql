-- What is drawn on images, and every version of it. Locks: none on tables that exist but a moment on studies and users for the references.

-- In the order in which changes of a study become visible: who writes holds the study's row.
CREATE SEQUENCE annotation_seq;

-- An annotation as it stands. Its id is made by who draws it, and means something only within its study.
CREATE TABLE annotations (
  study_id uuid NOT NULL REFERENCES studies,
  id uuid NOT NULL,
  group_id uuid,
  series_instance_uid text NOT NULL,
  sop_instance_uid text NOT NULL,
  frame integer NOT NULL,
  kind text NOT NULL,
  geometry jsonb NOT NULL,
  label text,
  is_deleted boolean NOT NULL DEFAULT false,
  version integer NOT NULL DEFAULT 1,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  seq bigint NOT NULL DEFAULT nextval('annotation_seq'),
  PRIMARY KEY (study_id, id)
);
CREATE UNIQUE INDEX annotations_changed ON annotations (study_id, seq);
CREATE INDEX annotations_author ON annotations (author_id);

-- Every edit by the id that its client gave it, also those that were refused because another had come before (version is null).
CREATE TABLE annotation_edits (
  study_id uuid NOT NULL REFERENCES studies,
  id uuid NOT NULL,
  group_id uuid,
  annotation_id uuid NOT NULL,
  base_version integer NOT NULL,
  version integer,
  geometry jsonb NOT NULL,
  label text,
  is_deleted boolean NOT NULL,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (study_id, id)
);
CREATE INDEX annotation_edits_history ON annotation_edits (study_id, annotation_id, made_at DESC);
CREATE INDEX annotation_edits_author ON annotation_edits (author_id);

ALTER TABLE annotations ENABLE ROW LEVEL SECURITY;
ALTER TABLE annotation_edits ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON annotations, annotation_edits TO negatoscope_app;
GRANT USAGE ON annotation_seq TO negatoscope_app;
