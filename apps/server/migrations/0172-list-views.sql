-- How a person has their lists: columns, widths, order and filters, under a name or as it was left; and those that a site shares. Locks: none on tables that exist but a moment on users and groups for the references.

CREATE TABLE list_views (
  id uuid PRIMARY KEY,
  -- Of one person, or of a site; of neither: of the installation.
  user_id uuid REFERENCES users ON DELETE CASCADE,
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  -- The partition in which it is seen: a person's own, a group's, or none.
  group_id uuid GENERATED ALWAYS AS (coalesce(user_id, site_id)) STORED,
  -- Empty: as the list was left.
  name text NOT NULL,
  content jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  CHECK (user_id IS NULL OR site_id IS NULL),
  UNIQUE NULLS NOT DISTINCT (group_id, name)
);
CREATE INDEX list_views_user ON list_views (user_id);
CREATE INDEX list_views_site ON list_views (site_id);

ALTER TABLE list_views ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON list_views TO negatoscope_app;
