-- Tables, row-level security and grants of the index. Runs on an empty database: takes no lock that anyone waits for.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'negatoscope_app') THEN
    CREATE ROLE negatoscope_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
END $$;
GRANT USAGE ON SCHEMA public TO negatoscope_app;

-- Lower case, without accents, anything but letters and digits becomes one space. unaccent() is only STABLE; its dictionary is fixed here, so this may be indexed.
CREATE FUNCTION ng_normalize(value text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  AS $$ SELECT btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, normalize(value, NFKC))), '[^[:alnum:]]+', ' ', 'g')) $$;

CREATE TABLE groups (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  name_key text NOT NULL GENERATED ALWAYS AS (ng_normalize(name)) STORED UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL GENERATED ALWAYS AS (lower(email)) STORED UNIQUE,
  password_hash text NOT NULL,
  first_name text NOT NULL,
  last_name text NOT NULL,
  role text NOT NULL CHECK (role IN ('ADMIN', 'RADIOLOGIST', 'PHYSICIAN', 'STAFF', 'RESEARCHER')),
  level text NOT NULL CHECK (level IN ('READ', 'WRITE', 'ADMIN')),
  status text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'INACTIVE', 'SUSPENDED')),
  group_id uuid REFERENCES groups,
  locale text NOT NULL DEFAULT 'fr' CHECK (locale IN ('fr', 'en')),
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_group ON users (group_id);

-- A refresh token is <session>.<generation>.<HMAC>; only the generation is kept, so nothing here can be replayed.
CREATE TABLE user_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  generation integer NOT NULL DEFAULT 0,
  rotated_at timestamptz NOT NULL DEFAULT now(),
  user_agent text NOT NULL DEFAULT '',
  ip text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  absolute_expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX user_sessions_user ON user_sessions (user_id) WHERE revoked_at IS NULL;

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  token_hash bytea NOT NULL UNIQUE,
  permissions text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_tokens_user ON api_tokens (user_id) WHERE revoked_at IS NULL;

CREATE SEQUENCE patient_record_seq;
CREATE TABLE patients (
  id uuid PRIMARY KEY,
  record_number text NOT NULL UNIQUE DEFAULT 'NG-' || to_char(now(), 'YYYY') || '-' || lpad(nextval('patient_record_seq')::text, 6, '0'),
  group_id uuid REFERENCES groups,
  external_id text,
  family_name text NOT NULL DEFAULT '',
  given_name text NOT NULL DEFAULT '',
  -- The PN value as received, its three groups separated by '=' (PS3.5 6.2.1).
  person_name text NOT NULL DEFAULT '',
  birth_date date,
  sex text NOT NULL DEFAULT 'U' CHECK (sex IN ('M', 'F', 'O', 'U')),
  phone text,
  address text,
  status text NOT NULL DEFAULT 'TO_READ' CHECK (status IN ('TO_READ', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED')),
  identity_status text NOT NULL DEFAULT 'CONFIRMED' CHECK (identity_status IN ('CONFIRMED', 'IDENTITY_REVIEW')),
  identity_reason text CHECK (identity_reason IN ('CONTRADICTION', 'NO_PATIENT_ID', 'PLACEHOLDER_ID')),
  suspect_id uuid REFERENCES patients,
  merged_into uuid REFERENCES patients,
  study_count integer NOT NULL DEFAULT 0,
  last_study_at date,
  modalities text[] NOT NULL DEFAULT '{}',
  name_key text NOT NULL GENERATED ALWAYS AS (ng_normalize(family_name || ' ' || given_name)) STORED,
  search_text text NOT NULL GENERATED ALWAYS AS (ng_normalize(family_name || ' ' || given_name || ' ' || person_name || ' ' || record_number || ' ' || coalesce(external_id, ''))) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
CREATE INDEX patients_group ON patients (group_id);
CREATE INDEX patients_name ON patients (name_key, id) WHERE deleted_at IS NULL;
CREATE INDEX patients_last_study ON patients (last_study_at DESC NULLS LAST, id) WHERE deleted_at IS NULL;
CREATE INDEX patients_created ON patients (created_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX patients_birth ON patients (birth_date, id) WHERE deleted_at IS NULL;
CREATE INDEX patients_review ON patients (created_at) WHERE identity_status = 'IDENTITY_REVIEW' AND deleted_at IS NULL;
CREATE INDEX patients_search ON patients USING gin (search_text gin_trgm_ops);
CREATE INDEX patients_suspect ON patients (suspect_id) WHERE suspect_id IS NOT NULL;

CREATE TABLE patient_identifiers (
  patient_id uuid NOT NULL REFERENCES patients ON DELETE CASCADE,
  group_id uuid,
  issuer text NOT NULL DEFAULT '',
  value text NOT NULL,
  PRIMARY KEY (patient_id, issuer, value)
);
CREATE INDEX patient_identifiers_value ON patient_identifiers (value, issuer, group_id);

CREATE TABLE studies (
  id uuid PRIMARY KEY,
  group_id uuid REFERENCES groups,
  patient_id uuid NOT NULL REFERENCES patients,
  study_instance_uid text NOT NULL,
  study_date date,
  -- Local wall clock, HH:MM:SS[.ffffff], as DICOM gives it.
  study_time text,
  study_id text,
  accession_number text,
  description text,
  referrer text,
  modalities text[] NOT NULL DEFAULT '{}',
  series_count integer NOT NULL DEFAULT 0,
  instance_count integer NOT NULL DEFAULT 0,
  size_bytes bigint NOT NULL DEFAULT 0,
  status text NOT NULL DEFAULT 'TO_READ' CHECK (status IN ('TO_READ', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED')),
  -- Study-level attributes of the first instance as DICOM JSON (PS3.18 F), for QIDO-RS.
  attributes jsonb NOT NULL DEFAULT '{}',
  received_at timestamptz NOT NULL DEFAULT now(),
  first_opened_at timestamptz,
  read_at timestamptz,
  validated_at timestamptz,
  assignee_id uuid REFERENCES users ON DELETE SET NULL,
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT studies_uid UNIQUE NULLS NOT DISTINCT (study_instance_uid, group_id)
);
CREATE INDEX studies_patient ON studies (patient_id);
CREATE INDEX studies_group ON studies (group_id);
CREATE INDEX studies_date ON studies (study_date DESC NULLS LAST, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_received ON studies (received_at DESC, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_status ON studies (status, study_date DESC NULLS LAST, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_accession ON studies (accession_number) WHERE accession_number IS NOT NULL;
CREATE INDEX studies_modalities ON studies USING gin (modalities);

CREATE TABLE series (
  id uuid PRIMARY KEY,
  group_id uuid,
  study_id uuid NOT NULL REFERENCES studies,
  series_instance_uid text NOT NULL,
  modality text NOT NULL DEFAULT 'OT',
  series_number integer,
  description text,
  body_part text,
  instance_count integer NOT NULL DEFAULT 0,
  size_bytes bigint NOT NULL DEFAULT 0,
  -- Grows with every change of the series' instances; names every derived cache.
  version bigint NOT NULL DEFAULT 1,
  attributes jsonb NOT NULL DEFAULT '{}',
  -- Object that holds the DICOM JSON of every instance once the series is quiet; null while it stands in instance_metadata.
  metadata_object uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT series_uid UNIQUE NULLS NOT DISTINCT (series_instance_uid, study_id)
);
CREATE INDEX series_study ON series (study_id);

-- Slim on purpose: plan for 100 million. `id` is also the name of the stored object.
CREATE TABLE instances (
  id uuid PRIMARY KEY,
  group_id uuid,
  series_id uuid NOT NULL REFERENCES series,
  sop_instance_uid text NOT NULL,
  sop_class_uid text NOT NULL,
  transfer_syntax_uid text NOT NULL,
  instance_number integer,
  rows integer,
  columns integer,
  frames integer NOT NULL DEFAULT 0,
  bits_allocated smallint,
  size_bytes bigint NOT NULL,
  file_sha256 bytea NOT NULL,
  dataset_sha256 bytea NOT NULL,
  -- Where the frames are: the compact table of packages/dicom (encodeFrameTable); null when it lives beside the object or there are no frames.
  frame_table bytea,
  received_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT instances_uid UNIQUE NULLS NOT DISTINCT (sop_instance_uid, group_id)
);
CREATE INDEX instances_series ON instances (series_id);
CREATE INDEX instances_hash ON instances (file_sha256);

-- Compressed (raw deflate) DICOM JSON of each instance until a job moves it into the series' object.
CREATE TABLE instance_metadata (
  instance_id uuid PRIMARY KEY REFERENCES instances ON DELETE CASCADE,
  series_id uuid NOT NULL,
  group_id uuid,
  json bytea NOT NULL
);
ALTER TABLE instance_metadata ALTER COLUMN json SET STORAGE EXTERNAL;
CREATE INDEX instance_metadata_series ON instance_metadata (series_id);

CREATE TABLE imports (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  group_id uuid,
  patient_id uuid REFERENCES patients,
  accept_mismatch boolean NOT NULL DEFAULT false,
  entrance text NOT NULL CHECK (entrance IN ('UPLOAD', 'STOW', 'DIMSE', 'ORTHANC', 'DEMO')),
  status text NOT NULL DEFAULT 'RUNNING' CHECK (status IN ('RUNNING', 'DONE', 'CANCELLED')),
  received integer NOT NULL DEFAULT 0,
  stored integer NOT NULL DEFAULT 0,
  duplicates integer NOT NULL DEFAULT 0,
  conflicts integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  ignored integer NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz
);
CREATE INDEX imports_user ON imports (user_id, created_at DESC);

CREATE TABLE import_files (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  name text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('stored', 'duplicate', 'conflict', 'rejected', 'ignored')),
  reason text,
  size_bytes bigint NOT NULL DEFAULT 0,
  file_sha256 bytea,
  patient_id uuid,
  study_instance_uid text,
  series_instance_uid text,
  sop_instance_uid text
);
CREATE INDEX import_files_import ON import_files (import_id, id);

-- An instance kept aside: `id` names its stored object, as for instances.
CREATE TABLE conflicts (
  id uuid PRIMARY KEY,
  group_id uuid,
  kind text NOT NULL CHECK (kind IN ('SAME_UID_OTHER_CONTENT', 'STUDY_PATIENT_MISMATCH')),
  study_id uuid REFERENCES studies,
  existing_instance_id uuid,
  study_instance_uid text NOT NULL,
  series_instance_uid text NOT NULL,
  sop_instance_uid text NOT NULL,
  size_bytes bigint NOT NULL,
  file_sha256 bytea NOT NULL,
  dataset_sha256 bytea NOT NULL,
  json bytea NOT NULL,
  status text NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'KEPT', 'REPLACED', 'DISCARDED')),
  decided_by uuid REFERENCES users ON DELETE SET NULL,
  decided_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX conflicts_open ON conflicts (created_at) WHERE status = 'OPEN';
CREATE UNIQUE INDEX conflicts_same ON conflicts (sop_instance_uid, dataset_sha256, group_id) NULLS NOT DISTINCT WHERE status = 'OPEN';

-- The version that a replacement took the place of; its object stays.
CREATE TABLE instance_versions (
  id uuid PRIMARY KEY,
  group_id uuid,
  series_id uuid NOT NULL REFERENCES series,
  replaced_by uuid NOT NULL,
  row jsonb NOT NULL,
  json bytea,
  replaced_at timestamptz NOT NULL DEFAULT now()
);

-- Second lock on every row: the application role sees only what the transaction's actor may see.
-- The settings are read once a query (initplans), compared by leakproof operators, and empty settings see nothing.
DO $$
DECLARE
  name text;
  in_scope constant text := $p$(
    (SELECT current_setting('negatoscope.scope', true)) = 'all'
    OR group_id = (SELECT nullif(current_setting('negatoscope.group_id', true), '')::uuid)
    OR (group_id IS NULL AND (SELECT current_setting('negatoscope.ungrouped', true)) = 'on')
  )$p$;
BEGIN
  FOREACH name IN ARRAY ARRAY['patients', 'patient_identifiers', 'studies', 'series', 'instances', 'instance_metadata', 'conflicts', 'instance_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY in_scope ON %I TO negatoscope_app USING %s WITH CHECK %s', name, in_scope, in_scope);
  END LOOP;
END $$;
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON imports TO negatoscope_app
  USING ((SELECT current_setting('negatoscope.scope', true)) = 'all' OR user_id = (SELECT nullif(current_setting('negatoscope.actor_id', true), '')::uuid));
ALTER TABLE import_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_files TO negatoscope_app
  USING ((SELECT current_setting('negatoscope.scope', true)) = 'all' OR EXISTS (SELECT FROM imports WHERE imports.id = import_id));

GRANT SELECT, INSERT, UPDATE, DELETE ON groups, users, user_sessions, api_tokens, patients, patient_identifiers, studies, series, instances, instance_metadata,
  imports, import_files, conflicts, instance_versions TO negatoscope_app;
GRANT USAGE ON SEQUENCE patient_record_seq TO negatoscope_app;
