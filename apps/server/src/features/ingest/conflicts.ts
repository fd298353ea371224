import type { Conflict, listConflicts, QueryOf, ResultOf } from '@negatoscope/contract';
import { canonicalJson, type DicomJsonElement, type DicomJsonObject, keywordOf, parseDate } from '@negatoscope/dicom';
import { notFound } from '../../kernel/failure.ts';
import { aUuid, decodeCursor, encodeCursor } from '../../kernel/list.ts';
import type { Db, RowScope, Tx } from '../../platform/db/database.ts';
import type { GuardedObjects } from '../../platform/objects/types.ts';
import { storedJson } from './relations.ts';
import { inflateJson } from './same-content.ts';
import { identityOf } from './summary.ts';

export interface ConflictRow {
  readonly id: string;
  readonly group_id: string | null;
  readonly kind: Conflict['kind'];
  readonly study_id: string | null;
  readonly existing_instance_id: string | null;
  readonly study_instance_uid: string;
  readonly sop_instance_uid: string;
  readonly size_bytes: number;
  readonly status: Conflict['status'];
  readonly json: Buffer;
  readonly created_at: Date;
  readonly decided_at: Date | null;
  readonly import_id: string | null;
}

interface ExistingRow {
  readonly id: string;
  readonly size_bytes: number;
  readonly received_at: Date;
  readonly json: Buffer | null;
  readonly metadata_object: string | null;
  readonly stored_version: Buffer | null;
}

const COLUMNS =
  'id, group_id, kind, study_id, existing_instance_id, study_instance_uid, sop_instance_uid, size_bytes, status, json, created_at, decided_at, import_id';
const MAX_DIFFERENCES = 200;
const MAX_VALUE_CHARACTERS = 500;

export interface ConflictTools {
  readonly db: Db;
  readonly objects: GuardedObjects;
}

/** Reads a conflict of the scope. Fails with NOT_FOUND. */
export async function requireConflict(tx: Tx, id: string, forUpdate = false): Promise<ConflictRow> {
  const row = await tx.first<ConflictRow>(`SELECT ${COLUMNS} FROM conflicts WHERE id = $1 ${forUpdate ? 'FOR UPDATE' : ''}`, [
    id,
  ]);
  if (row === undefined) throw notFound();
  return row;
}

/**
 * What stands on the other side: the stored instance of the same UID (its old version once it was replaced), or any instance of the
 * study that the patient contradicts.
 */
async function findExisting(tx: Tx, row: ConflictRow): Promise<ExistingRow | undefined> {
  const same = await tx.first<ExistingRow>(
    `SELECT i.id, i.size_bytes, i.received_at, m.json, s.metadata_object, NULL::bytea AS stored_version
     FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id
     WHERE i.id <> $1 AND (i.id = $2 OR ($2::uuid IS NULL AND s.study_id = $3)) ORDER BY i.id LIMIT 1`,
    [row.id, row.existing_instance_id, row.study_id],
  );
  if (same !== undefined || row.existing_instance_id === null) return same;
  return tx.first<ExistingRow>(
    `SELECT id, (row->>'size_bytes')::bigint AS size_bytes, (row->>'received_at')::timestamptz AS received_at, NULL::bytea AS json,
       NULL::uuid AS metadata_object, json AS stored_version FROM instance_versions WHERE id = $1`,
    [row.existing_instance_id],
  );
}

const firstText = (element: DicomJsonElement | undefined): string | null => {
  const value = element?.Value?.[0];
  return typeof value === 'string' && value !== '' ? value : null;
};

function sideOf(json: DicomJsonObject | undefined, sizeBytes: number, receivedAt: Date): Conflict['incoming'] {
  const identity = json === undefined ? undefined : identityOf(json);
  return {
    patientName: identity === undefined ? '' : [identity.familyName, identity.givenName].filter((part) => part !== '').join(' '),
    patientId: identity?.patientId || null,
    birthDate: identity?.birthDate ?? null,
    studyDate: parseDate(firstText(json?.['00080020']) ?? undefined) ?? null,
    description: firstText(json?.['0008103E']) ?? firstText(json?.['00081030']),
    sizeBytes,
    receivedAt: receivedAt.toISOString(),
  };
}

/** The contract's form of a conflict; with `details` its differences too. */
export async function describeConflict(
  tools: ConflictTools,
  scope: RowScope,
  row: ConflictRow,
  details: boolean,
): Promise<Conflict> {
  const existing = await tools.db.withScope(scope, (tx) => findExisting(tx, row));
  const existingDeflated =
    existing === undefined ? undefined : (existing.stored_version ?? (await storedJson(tools.objects, existing)));
  const existingJson = existingDeflated === undefined ? undefined : await inflateJson(existingDeflated);
  const incomingJson = await inflateJson(row.json);
  return {
    id: row.id,
    kind: row.kind,
    sopInstanceUid: row.sop_instance_uid,
    studyInstanceUid: row.study_instance_uid,
    status: row.status,
    existing: existing === undefined ? null : sideOf(existingJson, existing.size_bytes, existing.received_at),
    incoming: sideOf(incomingJson, row.size_bytes, row.created_at),
    importId: row.import_id,
    ...(details ? { differences: differences(existingJson ?? {}, incomingJson ?? {}) } : {}),
    createdAt: row.created_at.toISOString(),
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}

/** A conflict as who does not see identities may have it: neither side's person nor text, nor which attributes differ. */
export function withoutIdentity(conflict: Conflict): Conflict {
  const bare = (side: Conflict['incoming']): Conflict['incoming'] => ({
    ...side,
    patientName: '',
    patientId: null,
    birthDate: null,
    description: null,
  });
  const { differences: _hidden, existing, incoming, ...rest } = conflict;
  return { ...rest, existing: existing === null ? null : bare(existing), incoming: bare(incoming) };
}

/** Attributes that differ, in tag order; values as short text. Bulk values say only that they are there. */
function differences(existing: DicomJsonObject, incoming: DicomJsonObject): NonNullable<Conflict['differences']> {
  const tags = [...new Set([...Object.keys(existing), ...Object.keys(incoming)])].sort();
  const found = tags.flatMap((tag) => {
    const [left, right] = [existing[tag], incoming[tag]];
    const isBulk = left?.BulkDataURI !== undefined && right?.BulkDataURI !== undefined;
    const asText = (element: DicomJsonElement | undefined): string =>
      canonicalJson(element === undefined ? {} : { [tag]: element });
    if (isBulk || asText(left) === asText(right)) return [];
    return { tag, keyword: keywordOf(tag) ?? tag, existing: shown(left), incoming: shown(right) };
  });
  return found.slice(0, MAX_DIFFERENCES);
}

function shown(element: DicomJsonElement | undefined): string | null {
  if (element === undefined) return null;
  if (element.BulkDataURI !== undefined || element.InlineBinary !== undefined) return '…';
  const values = (element.Value ?? []).map((value) => {
    if (typeof value !== 'object' || value === null) return String(value ?? '');
    return 'Alphabetic' in value && typeof value.Alphabetic === 'string' ? value.Alphabetic : JSON.stringify(value);
  });
  return values.join('\\').slice(0, MAX_VALUE_CHARACTERS);
}

const LISTED =
  "(status = 'OPEN') = $1 AND ($2::uuid IS NULL OR import_id = $2::uuid) AND ($3::text IS NULL OR study_instance_uid = $3)";

/** Conflicts of the scope, newest first; of one import or study when the query names it. */
export async function listConflictPage(
  tools: ConflictTools,
  scope: RowScope,
  query: QueryOf<typeof listConflicts>,
): Promise<ResultOf<typeof listConflicts>> {
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, aUuid);
  const wanted = [query.status === 'OPEN', query.importId ?? null, query.studyInstanceUid ?? null];
  const { rows, total } = await tools.db.withScope(scope, async (tx) => ({
    rows: await tx.rows<ConflictRow>(
      `SELECT ${COLUMNS} FROM conflicts WHERE ${LISTED} AND ($4::uuid IS NULL OR id < $4::uuid) ORDER BY id DESC LIMIT $5`,
      [...wanted, after, query.limit + 1],
    ),
    total: await tx.first<{ n: number }>(`SELECT count(*) AS n FROM conflicts WHERE ${LISTED}`, wanted),
  }));
  const page = rows.slice(0, query.limit);
  const items: Conflict[] = [];
  for (const row of page) items.push(await describeConflict(tools, scope, row, false));
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]), total: total?.n ?? 0, totalIsExact: true };
}
