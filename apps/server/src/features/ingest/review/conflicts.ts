import {
  type Conflict,
  type listConflicts as listConflictsOperation,
  personOnPage,
  type QueryOf,
  type ResultOf,
} from '@negatoscope/contract';
import { canonicalJson, type DicomJsonElement, type DicomJsonObject, keywordOf, parseDate } from '@negatoscope/dicom';
import type { Scope } from '../../../access/index.ts';
import { storedJson } from '../../../archive/metadata/stored.ts';
import { type ConflictRow, findExisting, listConflicts, UNDO_DAYS } from '../../../archive/records/conflicts.ts';
import { notFound } from '../../../kernel/failure.ts';
import { aUuid, decodeCursor, encodeCursor } from '../../../kernel/list.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { GuardedObjects } from '../../../platform/objects/store/index.ts';
import { inflateJson } from '../decide/same-content.ts';
import { identityOf } from '../stage/summary.ts';

const MAX_DIFFERENCES = 200;
const MAX_VALUE_CHARACTERS = 500;

export interface ConflictTools {
  readonly db: Db;
  readonly objects: GuardedObjects;
}

/** A conflict that was looked for. Fails with NOT_FOUND. */
export async function requireConflict(found: Promise<ConflictRow | undefined>): Promise<ConflictRow> {
  const row = await found;
  if (row === undefined) throw notFound();
  return row;
}

const firstText = (element: DicomJsonElement | undefined): string | null => {
  const value = element?.Value?.[0];
  return typeof value === 'string' && value !== '' ? value : null;
};

function sideOf(json: DicomJsonObject | undefined, sizeBytes: number, receivedAt: Date): Conflict['incoming'] {
  const identity = json === undefined ? undefined : identityOf(json);
  return {
    patientName: identity === undefined ? '' : personOnPage({ lastName: identity.familyName, firstName: identity.givenName }),
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
  scope: Scope,
  row: ConflictRow,
  details: boolean,
): Promise<Conflict> {
  const existing = await tools.db.reading(scope, (tx) => findExisting(tx, row));
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
    canUndo: row.can_undo,
    undoUntil: undoUntil(row),
  };
}

/** Keeping the stored one deletes nothing, and can be taken back for ever. */
function undoUntil({ can_undo, status, decided_at }: ConflictRow): string | null {
  if (!can_undo || status === 'KEPT' || decided_at === null) return null;
  return new Date(decided_at.getTime() + UNDO_DAYS * 86_400_000).toISOString();
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

/** Conflicts of the scope, newest first; of one import or study when the query names it. */
export async function listConflictPage(
  tools: ConflictTools,
  scope: Scope,
  query: QueryOf<typeof listConflictsOperation>,
): Promise<ResultOf<typeof listConflictsOperation>> {
  const [after] = query.cursor === undefined ? [null] : decodeCursor(query.cursor, aUuid);
  const filter = {
    isOpen: query.status === 'OPEN',
    importId: query.importId ?? null,
    studyInstanceUid: query.studyInstanceUid ?? null,
  };
  const { rows, total } = await tools.db.reading(scope, (tx) => listConflicts(tx, filter, { after, limit: query.limit + 1 }));
  const page = rows.slice(0, query.limit);
  const items: Conflict[] = [];
  for (const row of page) items.push(await describeConflict(tools, scope, row, false));
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  return { items, nextCursor: last === undefined ? null : encodeCursor([last.id]), total, totalIsExact: true };
}
