import type { RowKinds, TextRows } from '../../archive/row-kind.ts';

/** A study is shared for as long as it is there; who shared it decides by what they see, wherever it goes. */
export const SHARE_KINDS: RowKinds = [
  { table: 'share_studies', level: 'study', key: 'study_id', merge: 'stays', purge: 'delete', export: 'stays' },
];

/** A link is often for the patient, or for somebody of their name. */
export const SHARE_TEXTS: readonly TextRows[] = [
  { table: 'shares', text: "recipient || ' ' || coalesce(note, '')", erase: { recipient: "''", note: 'NULL' } },
];
