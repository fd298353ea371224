import type { RowKinds } from '../../archive/kinds.ts';

/** What is erased here is not sent any more. */
export const ORTHANC_KINDS: RowKinds = [
  { table: 'orthanc_outbox', level: 'instance', key: 'instance_id', merge: 'stays', purge: 'delete', export: 'stays' },
];
