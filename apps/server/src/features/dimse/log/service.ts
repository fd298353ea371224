import type {
  ListenerState,
  listNodeFigures,
  listNodeLog,
  NodeEventEntry,
  QueryOf,
  ResultOf,
  UnknownCaller,
} from '@negatoscope/contract';
import type { Clock } from '../../../kernel/clock.ts';
import { anInstant, aUuid, decodeCursor, encodeCursor } from '../../../kernel/list.ts';
import type { ReadTx } from '../../../platform/db/database.ts';
import * as repository from './repository.ts';

/** A process that has said nothing for so long is not there. */
const SILENT_MS = 20_000;
const DAY_MS = 86_400_000;

/** What the process that listens says of itself. */
export async function stateOfListener(tx: ReadTx, clock: Clock): Promise<ListenerState> {
  const row = await repository.findListener(tx, new Date(clock.now().getTime() - SILENT_MS));
  if (row === undefined)
    return { state: 'SILENT', trouble: null, connections: 0, associations: 0, turnedAway: 0, startedAt: null };
  const { is_listening: isListening, trouble, connections, associations, turned_away: turnedAway, started_at } = row;
  const state = isListening ? 'LISTENING' : 'CANNOT_LISTEN';
  return { state, trouble, connections, associations, turnedAway, startedAt: started_at.toISOString() };
}

const entryOf = (row: repository.LogRow): NodeEventEntry => ({
  id: row.id,
  kind: row.kind,
  isOurs: row.is_ours,
  outcome: row.outcome,
  code: row.code,
  status: row.status,
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  times: row.times,
  done: row.done,
  warned: row.warned,
  failed: row.failed,
  bytes: row.bytes,
  ms: row.ms,
  instanceUids: row.instance_uids,
});

/** What happened with a node, the newest first. */
export async function readLog(
  tx: ReadTx,
  nodeId: string,
  { cursor, limit }: QueryOf<typeof listNodeLog>,
): Promise<ResultOf<typeof listNodeLog>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, anInstant, aUuid);
  const rows = await repository.logOf(tx, nodeId, { after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const total = (await repository.countLog(tx, nodeId))?.n ?? 0;
  const nextCursor = last === undefined ? null : encodeCursor([last.last_at.toISOString(), last.id]);
  return { items: page.map(entryOf), nextCursor, total, totalIsExact: true };
}

/** Sums of the last days, today among them. */
export async function readFigures(tx: ReadTx, clock: Clock, days: number): Promise<ResultOf<typeof listNodeFigures>> {
  const since = new Date(clock.now().getTime() - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const rows = await repository.figuresSince(tx, since);
  const items = rows.map(({ node_id, kind, is_ours, times, done, warned, failed, bytes }) => ({
    ...{ nodeId: node_id, kind, isOurs: is_ours, times: times ?? 0, done: done ?? 0, warned: warned ?? 0 },
    ...{ failed: failed ?? 0, bytes: bytes ?? 0 },
  }));
  return { since, items, sentAway: (await repository.countSentAway(tx, since))?.n ?? 0 };
}

export const callerOf = (row: repository.CallerRow): UnknownCaller => ({
  address: row.address,
  callingAet: row.calling_aet,
  calledAet: row.called_aet,
  code: row.code,
  firstAt: row.first_at.toISOString(),
  lastAt: row.last_at.toISOString(),
  times: row.times,
});
