import type { Tx } from '../platform/db/database.ts';

/** What of the index has changed: every process hears of it once the transaction is committed, and forgets what it has derived. */
export const INDEX_CHANNEL = 'negatoscope_index';
export const SERIES_CHANNEL = 'negatoscope_series';

export interface ChangedSeries {
  readonly id: string;
  readonly studyId: string;
}

/** Of these series instances came, went or were replaced. */
export async function notifySeries(tx: Tx, series: readonly ChangedSeries[]): Promise<void> {
  const payloads = series.map(({ id, studyId }) => JSON.stringify({ seriesId: id, studyId }));
  await tx.rows(
    `SELECT pg_notify('${SERIES_CHANNEL}', payload) FROM unnest($1::text[]) AS p(payload)`,
    [payloads],
    'ingest-notify',
  );
}

const notifyIndex = (tx: Tx, change: Readonly<Record<string, string>>): Promise<number> =>
  tx.run(`SELECT pg_notify('${INDEX_CHANNEL}', $1)`, [JSON.stringify(change)]);

/** A patient's own columns, or where its studies stand, have changed. */
export const notifyPatient = (tx: Tx, id: string): Promise<number> => notifyIndex(tx, { kind: 'patient', id });

export const notifyStudy = (tx: Tx, study: { readonly id: string; readonly patientId: string }): Promise<number> =>
  notifyIndex(tx, { kind: 'study', ...study });
