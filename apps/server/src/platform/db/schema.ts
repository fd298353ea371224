import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

/**
 * The tables as Drizzle's query builder sees them. The migrations make them; a test holds the two equal. Defaults and generated
 * values are the database's own: here they only say that an insert may leave the column out.
 */
const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });

export const apiTokens = pgTable('api_tokens', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  name: text('name').notNull(),
  tokenHash: bytea('token_hash').notNull(),
  permissions: text('permissions').array().notNull(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  lastUsedAt: timestamp('last_used_at', { withTimezone: true }),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
});

export const auditChain = pgTable('audit_chain', {
  sequence: bigint('sequence', { mode: 'number' }).notNull(),
  eventId: uuid('event_id').notNull(),
  segment: text('segment').notNull(),
  previousHash: bytea('previous_hash').notNull(),
  hash: bytea('hash').notNull(),
});

export const auditEvents = pgTable('audit_events', {
  id: uuid('id').primaryKey(),
  occurredAt: timestamp('occurred_at', { withTimezone: true }).notNull(),
  action: text('action').notNull(),
  outcome: text('outcome').notNull(),
  actorId: uuid('actor_id'),
  sessionId: uuid('session_id'),
  entityType: text('entity_type'),
  entityId: text('entity_id'),
  patientId: uuid('patient_id'),
  groupId: uuid('group_id'),
  ip: text('ip'),
  details: jsonb('details').notNull().default(sql`DEFAULT`),
});

export const auditPending = pgTable('audit_pending', {
  eventId: uuid('event_id').notNull(),
});

export const conflicts = pgTable('conflicts', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  kind: text('kind').notNull(),
  studyId: uuid('study_id'),
  existingInstanceId: uuid('existing_instance_id'),
  studyInstanceUid: text('study_instance_uid').notNull(),
  seriesInstanceUid: text('series_instance_uid').notNull(),
  sopInstanceUid: text('sop_instance_uid').notNull(),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  fileSha256: bytea('file_sha256').notNull(),
  json: bytea('json').notNull(),
  status: text('status').notNull().default(sql`DEFAULT`),
  decidedBy: uuid('decided_by'),
  decidedAt: timestamp('decided_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  importId: uuid('import_id'),
  objectUntil: timestamp('object_until', { withTimezone: true }),
});

export const groups = pgTable('groups', {
  id: uuid('id').primaryKey(),
  name: text('name').notNull(),
  nameKey: text('name_key').notNull().generatedAlwaysAs(sql``),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  isPersonal: boolean('is_personal').notNull().default(sql`DEFAULT`),
  homeId: uuid('home_id'),
});

export const importAnnounced = pgTable('import_announced', {
  importId: uuid('import_id').notNull(),
  sopInstanceUid: text('sop_instance_uid').notNull(),
  fileId: text('file_id').notNull(),
});

export const importFiles = pgTable('import_files', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  importId: uuid('import_id').notNull(),
  name: text('name').notNull(),
  outcome: text('outcome').notNull(),
  reason: text('reason'),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  fileSha256: bytea('file_sha256'),
  patientId: uuid('patient_id'),
  studyInstanceUid: text('study_instance_uid'),
  seriesInstanceUid: text('series_instance_uid'),
  sopInstanceUid: text('sop_instance_uid'),
});

export const imports = pgTable('imports', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id'),
  groupId: uuid('group_id'),
  patientId: uuid('patient_id'),
  acceptMismatch: boolean('accept_mismatch').notNull().default(sql`DEFAULT`),
  entrance: text('entrance').notNull(),
  status: text('status').notNull().default(sql`DEFAULT`),
  received: integer('received').notNull().default(sql`DEFAULT`),
  stored: integer('stored').notNull().default(sql`DEFAULT`),
  duplicates: integer('duplicates').notNull().default(sql`DEFAULT`),
  conflicts: integer('conflicts').notNull().default(sql`DEFAULT`),
  rejected: integer('rejected').notNull().default(sql`DEFAULT`),
  ignored: integer('ignored').notNull().default(sql`DEFAULT`),
  bytes: bigint('bytes', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  finishedAt: timestamp('finished_at', { withTimezone: true }),
  spoolRead: integer('spool_read').notNull().default(sql`DEFAULT`),
  onMismatch: text('on_mismatch').notNull().default(sql`DEFAULT`),
  mismatchReason: text('mismatch_reason'),
});

export const instanceMetadata = pgTable('instance_metadata', {
  instanceId: uuid('instance_id').notNull(),
  seriesId: uuid('series_id').notNull(),
  groupId: uuid('group_id'),
  json: bytea('json').notNull(),
});

export const instanceVersions = pgTable('instance_versions', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  seriesId: uuid('series_id').notNull(),
  replacedBy: uuid('replaced_by').notNull(),
  row: jsonb('row').notNull(),
  json: bytea('json'),
  replacedAt: timestamp('replaced_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
});

export const instances = pgTable('instances', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  seriesId: uuid('series_id').notNull(),
  sopInstanceUid: text('sop_instance_uid').notNull(),
  sopClassUid: text('sop_class_uid').notNull(),
  transferSyntaxUid: text('transfer_syntax_uid').notNull(),
  instanceNumber: integer('instance_number'),
  rows: integer('rows'),
  columns: integer('columns'),
  frames: integer('frames').notNull().default(sql`DEFAULT`),
  bitsAllocated: smallint('bits_allocated'),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
  fileSha256: bytea('file_sha256').notNull(),
  frameTable: bytea('frame_table'),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  repairs: integer('repairs').notNull().default(sql`DEFAULT`),
});

export const nameTokens = pgTable('name_tokens', {
  token: text('token').notNull(),
});

export const patientIdentifiers = pgTable('patient_identifiers', {
  patientId: uuid('patient_id').notNull(),
  groupId: uuid('group_id'),
  issuer: text('issuer').notNull().default(sql`DEFAULT`),
  value: text('value').notNull(),
});

export const patients = pgTable('patients', {
  id: uuid('id').primaryKey(),
  recordNumber: text('record_number').notNull().default(sql`DEFAULT`),
  groupId: uuid('group_id'),
  externalId: text('external_id'),
  familyName: text('family_name').notNull().default(sql`DEFAULT`),
  givenName: text('given_name').notNull().default(sql`DEFAULT`),
  personName: text('person_name').notNull().default(sql`DEFAULT`),
  birthDate: date('birth_date'),
  sex: text('sex').notNull().default(sql`DEFAULT`),
  phone: text('phone'),
  address: text('address'),
  status: text('status').notNull().default(sql`DEFAULT`),
  identityStatus: text('identity_status').notNull().default(sql`DEFAULT`),
  identityReason: text('identity_reason'),
  suspectId: uuid('suspect_id'),
  mergedInto: uuid('merged_into'),
  studyCount: integer('study_count').notNull().default(sql`DEFAULT`),
  lastStudyAt: date('last_study_at'),
  modalities: text('modalities').array().notNull().default(sql`DEFAULT`),
  nameKey: text('name_key').notNull().generatedAlwaysAs(sql``),
  searchText: text('search_text').notNull().generatedAlwaysAs(sql``),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
  textUncertain: boolean('text_uncertain').notNull().default(sql`DEFAULT`),
});

export const rateLimits = pgTable('rate_limits', {
  key: text('key').primaryKey(),
  points: integer('points').notNull().default(sql`DEFAULT`),
  expire: bigint('expire', { mode: 'number' }),
});

export const series = pgTable('series', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  studyId: uuid('study_id').notNull(),
  seriesInstanceUid: text('series_instance_uid').notNull(),
  modality: text('modality').notNull().default(sql`DEFAULT`),
  seriesNumber: integer('series_number'),
  description: text('description'),
  bodyPart: text('body_part'),
  instanceCount: integer('instance_count').notNull().default(sql`DEFAULT`),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  version: bigint('version', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  attributes: jsonb('attributes').notNull().default(sql`DEFAULT`),
  metadataObject: uuid('metadata_object'),
  mappingLower: doublePrecision('mapping_lower'),
  mappingUpper: doublePrecision('mapping_upper'),
  mappingVersion: bigint('mapping_version', { mode: 'number' }),
  metadataSha256: bytea('metadata_sha256'),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
});

export const signInPlaces = pgTable('sign_in_places', {
  userId: uuid('user_id').notNull(),
  place: text('place').notNull(),
  lastSeen: timestamp('last_seen', { withTimezone: true }).notNull(),
});

export const studies = pgTable('studies', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  patientId: uuid('patient_id').notNull(),
  studyInstanceUid: text('study_instance_uid').notNull(),
  studyDate: date('study_date'),
  studyTime: text('study_time'),
  studyMoment: timestamp('study_moment').notNull().generatedAlwaysAs(sql``),
  studyId: text('study_id'),
  accessionNumber: text('accession_number'),
  description: text('description'),
  referrer: text('referrer'),
  modalities: text('modalities').array().notNull().default(sql`DEFAULT`),
  seriesCount: integer('series_count').notNull().default(sql`DEFAULT`),
  instanceCount: integer('instance_count').notNull().default(sql`DEFAULT`),
  sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull().default(sql`DEFAULT`),
  status: text('status').notNull().default(sql`DEFAULT`),
  attributes: jsonb('attributes').notNull().default(sql`DEFAULT`),
  receivedAt: timestamp('received_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  firstOpenedAt: timestamp('first_opened_at', { withTimezone: true }),
  readAt: timestamp('read_at', { withTimezone: true }),
  validatedAt: timestamp('validated_at', { withTimezone: true }),
  assigneeId: uuid('assignee_id'),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  deletedAt: timestamp('deleted_at', { withTimezone: true }),
  receivedIdentity: jsonb('received_identity'),
  patientName: text('patient_name').notNull().default(sql`DEFAULT`),
  recordNumber: text('record_number').notNull().default(sql`DEFAULT`),
  searchText: text('search_text').notNull().default(sql`DEFAULT`),
  publicText: text('public_text').notNull().default(sql`DEFAULT`),
  patientNames: text('patient_names').notNull().default(sql`DEFAULT`),
  identityMismatch: jsonb('identity_mismatch'),
  textUncertain: boolean('text_uncertain').notNull().default(sql`DEFAULT`),
});

export const studyMoves = pgTable('study_moves', {
  id: uuid('id').primaryKey(),
  groupId: uuid('group_id'),
  studyId: uuid('study_id').notNull(),
  fromPatientId: uuid('from_patient_id'),
  toPatientId: uuid('to_patient_id'),
  fromGroupId: uuid('from_group_id'),
  mismatchBefore: jsonb('mismatch_before'),
  instancesMd5: text('instances_md5').notNull(),
  movedBy: uuid('moved_by'),
  movedAt: timestamp('moved_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  undoneBy: uuid('undone_by'),
  undoneAt: timestamp('undone_at', { withTimezone: true }),
});

export const userSessions = pgTable('user_sessions', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  generation: integer('generation').notNull().default(sql`DEFAULT`),
  rotatedAt: timestamp('rotated_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  userAgent: text('user_agent').notNull().default(sql`DEFAULT`),
  ip: text('ip').notNull().default(sql`DEFAULT`),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  lastUsedAt: timestamp('last_used_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
  absoluteExpiresAt: timestamp('absolute_expires_at', { withTimezone: true }).notNull(),
  revokedAt: timestamp('revoked_at', { withTimezone: true }),
});

export const users = pgTable('users', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  emailKey: text('email_key').notNull().generatedAlwaysAs(sql``),
  passwordHash: text('password_hash').notNull(),
  firstName: text('first_name').notNull(),
  lastName: text('last_name').notNull(),
  role: text('role').notNull(),
  level: text('level').notNull(),
  status: text('status').notNull().default(sql`DEFAULT`),
  groupId: uuid('group_id'),
  locale: text('locale').notNull().default(sql`DEFAULT`),
  lastLoginAt: timestamp('last_login_at', { withTimezone: true }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().default(sql`DEFAULT`),
});

export * from './schema-upkeep.ts';
