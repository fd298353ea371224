import type { Tx } from '../platform/db/database.ts';
import { announce } from '../platform/shared-state/index.ts';

export interface ChangedSeries {
  readonly id: string;
  readonly studyId: string;
}

const tellOf = (tx: Tx, series: readonly ChangedSeries[], more: { readonly isRestless?: true } = {}): Promise<void> => {
  const payloads = series.map(({ id, studyId }) => JSON.stringify({ seriesId: id, studyId, ...more }));
  return announce(tx, 'negatoscope_series', payloads);
};

/** Of these series instances came, went or were replaced. */
export const notifySeries = (tx: Tx, series: readonly ChangedSeries[]): Promise<void> => tellOf(tx, series);

/** Longer than a transaction takes that stores what has come. */
export const RESTLESS_MS = 2_000;

/**
 * To these series instances came, and for `RESTLESS_MS` from now on more may that nobody is told of: so long nothing of them is kept in memory. Each telling wakes
 * every process, and those that commit something to tell of do it one after the other.
 */
export const notifyArriving = (tx: Tx, series: readonly ChangedSeries[]): Promise<void> =>
  tellOf(tx, series, { isRestless: true });

/** What is read with the series has changed: its mapping. */
export const notifyMapping = (tx: Tx, seriesId: string): Promise<void> =>
  announce(tx, 'negatoscope_series', [JSON.stringify({ seriesId })]);

/** What of the index has changed: every process hears of it once the transaction is committed, and forgets what it has derived. */
const notifyIndex = (tx: Tx, change: Readonly<Record<string, string>>): Promise<void> =>
  announce(tx, 'negatoscope_index', [JSON.stringify(change)]);

/** A patient's own columns, or where its studies stand, have changed. */
export const notifyPatient = (tx: Tx, id: string): Promise<void> => notifyIndex(tx, { kind: 'patient', id });

export const notifyStudy = (tx: Tx, study: { readonly id: string; readonly patientId: string }): Promise<void> =>
  notifyIndex(tx, { kind: 'study', ...study });
