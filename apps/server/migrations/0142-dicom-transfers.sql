-- Studies are fetched from DICOM nodes and sent to them. Locks: an exclusive one on dicom_nodes for a moment, without a rewrite.

ALTER TABLE dicom_nodes
  -- People may search it and fetch from it; they may send to it.
  ADD COLUMN may_be_asked boolean NOT NULL DEFAULT false,
  ADD COLUMN takes_studies boolean NOT NULL DEFAULT false;

CREATE TABLE dicom_transfers (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('RETRIEVE', 'SEND')),
  node_id uuid NOT NULL,
  -- Whose it is; without them nothing of it is begun any more.
  user_id uuid REFERENCES users ON DELETE SET NULL,
  -- What they might do when they asked: a token may have been able to less than its person. They need it still when it runs.
  permissions text[] NOT NULL,
  -- Into which group a retrieval goes; null is none.
  group_id uuid,
  status text NOT NULL CHECK (status IN ('WAITING', 'RUNNING', 'DONE', 'PARTIAL', 'FAILED', 'CANCELLED')),
  code text,
  is_cancelled boolean NOT NULL DEFAULT false,
  -- Bytes that were sent, or came.
  bytes bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  -- By whoever works at it, every some seconds: what is older is taken by another.
  kept_at timestamptz,
  ended_at timestamptz
);
CREATE INDEX dicom_transfers_of ON dicom_transfers (user_id, created_at DESC, id DESC);
CREATE INDEX dicom_transfers_open ON dicom_transfers (created_at, id) WHERE status IN ('WAITING', 'RUNNING');

-- Of a retrieval its studies, of a sending its instances; by UIDs, so that they hang on nothing: what is deleted meanwhile is found to be gone.
CREATE TABLE dicom_transfer_items (
  transfer_id uuid NOT NULL REFERENCES dicom_transfers ON DELETE CASCADE,
  place integer NOT NULL,
  study_instance_uid text NOT NULL,
  sop_instance_uid text,
  -- Of a sending: the instance that the UID meant to who asked.
  instance_id uuid,
  outcome text NOT NULL CHECK (outcome IN ('WAITING', 'DONE', 'WARNING', 'FAILED')),
  code text,
  status integer,
  comment text,
  -- Of a study that is fetched: how many instances there are, and what became of them.
  total integer,
  done integer NOT NULL DEFAULT 0,
  warned integer NOT NULL DEFAULT 0,
  failed integer NOT NULL DEFAULT 0,
  PRIMARY KEY (transfer_id, place)
);
ALTER TABLE dicom_transfers ENABLE ROW LEVEL SECURITY;
ALTER TABLE dicom_transfer_items ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON dicom_transfers, dicom_transfer_items TO negatoscope_app;
