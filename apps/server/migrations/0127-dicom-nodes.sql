-- Scanners and archives that the server speaks DIMSE with (PS3.7). Locks: none on tables that exist.

CREATE TABLE dicom_nodes (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  ae_title text NOT NULL,
  -- An address, a network or a host name: who connects under the title comes from there; what is sent to the node goes there, except for a network.
  host text NOT NULL,
  port integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
  may_store boolean NOT NULL,
  -- Of what it sends. No reference: were it set to null when a group goes, everybody would see what comes next. A node of a group that is gone is refused.
  group_id uuid,
  version integer NOT NULL DEFAULT 1,
  last_seen_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  -- Kept, so that taking it away can be undone and the journal's ids mean something.
  removed_at timestamptz
);
CREATE UNIQUE INDEX dicom_nodes_known ON dicom_nodes (ae_title, host) WHERE removed_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON dicom_nodes TO negatoscope_app;
