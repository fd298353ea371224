import type { NodeEventCode, NodeEventKind, NodeEventOutcome } from '@negatoscope/contract';

/** Something that happened with a known node; nothing in it says who a patient is. */
export interface NodeEvent {
  readonly nodeId: string;
  readonly kind: NodeEventKind;
  /** This server asked. */
  readonly isOurs: boolean;
  readonly outcome: NodeEventOutcome;
  readonly code: NodeEventCode | null;
  /** Of the last answer (PS3.7 annex C). */
  readonly status?: number | null;
  /** Instances, or matches of a query. */
  readonly done?: number;
  readonly warned?: number;
  readonly failed?: number;
  readonly bytes?: number;
  readonly ms?: number;
  readonly instanceUid?: string | undefined;
  /** What it is the whole of: it is a line of its own, added to no other. */
  readonly of?: string;
  /** It is counted and not told: that it goes well is no news. */
  readonly isQuiet?: true;
}

/** One that was sent away and is no known node. */
export interface Caller {
  readonly address: string;
  /** Empty where nothing was said. */
  readonly callingAet: string;
  readonly calledAet: string;
  readonly code: NodeEventCode;
}

/** Events of one row, added up. */
export interface Gathered {
  nodeId: string;
  together: string;
  event: NodeEvent;
  firstAt: Date;
  lastAt: Date;
  times: number;
  done: number;
  warned: number;
  failed: number;
  bytes: number;
  ms: number;
  instanceUids: string[];
}

const TOGETHER_MS = 10 * 60_000;
const MOST_UIDS = 10;

/** By what a row is told from another: events that are alike within ten minutes are one. */
export function togetherOf(event: NodeEvent, at: Date): string {
  if (event.of !== undefined) return event.of;
  const { kind, isOurs, outcome, code, status } = event;
  const slot = Math.floor(at.getTime() / TOGETHER_MS);
  return [kind, isOurs ? 'OUT' : 'IN', outcome, code ?? '', status ?? '', slot].join(' ');
}

/** Adds an event to those of its row. */
export function gather(rows: Map<string, Gathered>, event: NodeEvent, at: Date): void {
  const together = togetherOf(event, at);
  const key = `${event.nodeId} ${together}`;
  const row = rows.get(key) ?? emptyRow(event, together, at);
  rows.set(key, row);
  add(row, event, at);
}

function add(row: Gathered, event: NodeEvent, at: Date): void {
  row.lastAt = at;
  row.times += 1;
  row.done += event.done ?? 0;
  row.warned += event.warned ?? 0;
  row.failed += event.failed ?? 0;
  row.bytes += event.bytes ?? 0;
  row.ms += Math.round(event.ms ?? 0);
  if (event.instanceUid !== undefined && row.instanceUids.length < MOST_UIDS) row.instanceUids.push(event.instanceUid);
}

const emptyRow = (event: NodeEvent, together: string, at: Date): Gathered => ({
  ...{ nodeId: event.nodeId, together, event, firstAt: at, lastAt: at },
  ...{ times: 0, done: 0, warned: 0, failed: 0, bytes: 0, ms: 0, instanceUids: [] },
});

/** A row of one event. */
export function oneEvent(event: NodeEvent, at: Date): Gathered {
  const row = emptyRow(event, togetherOf(event, at), at);
  add(row, event, at);
  return row;
}

/** Two parts of one row. */
export const merged = (older: Gathered, newer: Gathered): Gathered => ({
  ...newer,
  firstAt: older.firstAt,
  times: older.times + newer.times,
  done: older.done + newer.done,
  warned: older.warned + newer.warned,
  failed: older.failed + newer.failed,
  bytes: older.bytes + newer.bytes,
  ms: older.ms + newer.ms,
  instanceUids: [...older.instanceUids, ...newer.instanceUids].slice(0, MOST_UIDS),
});

/** What a caller says of itself may hold any byte. */
export const plainTitle = (title: string): string => title.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 16);
