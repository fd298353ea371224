import type { FileOutcome } from '@negatoscope/contract';
import type { FileReason } from '@negatoscope/contract/file-reasons';
import type { ApiErrorCode } from '../../api/error.ts';
import type { Person } from './whose.ts';

export type ImportPhase =
  | 'idle'
  | 'scanning'
  | 'reading'
  | 'running'
  | 'paused'
  | 'waiting'
  | 'finishing'
  | 'done'
  | 'cancelled'
  | 'failed';
export type FileState = 'queued' | 'sending' | FileOutcome;
export const OUTCOMES = ['stored', 'duplicate', 'conflict', 'rejected', 'ignored'] as const satisfies readonly FileOutcome[];

export interface FileLine {
  readonly name: string;
  readonly sizeBytes: number;
  state: FileState;
  reason?: FileReason | undefined;
}
/** Progress of the one import that this page runs; `lines` is changed in place and `version` counts the changes. */
export interface ImportSnapshot {
  readonly phase: ImportPhase;
  readonly importId?: string | undefined;
  readonly lines: readonly FileLine[];
  readonly version: number;
  readonly scanned: number;
  readonly filesDone: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly counts: Readonly<Record<FileOutcome, number>>;
  readonly bytesPerSecond: number;
  readonly remainingS: number;
  readonly resumed: boolean;
  readonly error?: ApiErrorCode | undefined;
}

export const EMPTY_COUNTS: Readonly<Record<FileOutcome, number>> = {
  stored: 0,
  duplicate: 0,
  conflict: 0,
  rejected: 0,
  ignored: 0,
};
export const IDLE: ImportSnapshot = {
  phase: 'idle',
  lines: [],
  version: 0,
  scanned: 0,
  filesDone: 0,
  bytesDone: 0,
  bytesTotal: 0,
  counts: EMPTY_COUNTS,
  bytesPerSecond: 0,
  remainingS: Number.POSITIVE_INFINITY,
  resumed: false,
};

let snapshot: ImportSnapshot = IDLE;
const listeners = new Set<() => void>();
export const importSnapshot = (): ImportSnapshot => snapshot;
export function publishImport(next: ImportSnapshot): void {
  snapshot = next;
  for (const listener of listeners) listener();
}
export function onImport(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
let people: readonly Person[] = [];
/** Whom the files of the present import name, as far as the page could tell before it sent them. */
export const importPeople = (): readonly Person[] => people;
export function publishPeople(next: readonly Person[]): void {
  people = next;
  for (const listener of listeners) listener();
}
export const isActive = (phase: ImportPhase): boolean =>
  ['scanning', 'reading', 'running', 'paused', 'waiting', 'finishing'].includes(phase);
/** Share of the work that is done, 0 to 1: by bytes, or by files when all are empty. */
export function progressOf(state: ImportSnapshot): number {
  if (state.phase === 'done') return 1;
  if (state.bytesTotal > 0) return Math.min(1, state.bytesDone / state.bytesTotal);
  return state.lines.length === 0 ? 0 : state.filesDone / state.lines.length;
}
