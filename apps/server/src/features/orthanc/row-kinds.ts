import type { RowKinds } from '../../archive/row-kind.ts';

/** What is erased here is not sent any more. */
export const ORTHANC_KINDS: RowKinds = [
  { table: 'orthanc_outbox', level: 'instance', key: 'instance_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
