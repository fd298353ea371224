import type { RowKinds } from '../../archive/row-kind.ts';

/** What is erased here is not sent any more. */
export const ORTHANC_KINDS: RowKinds = [
  { table: 'orthanc_outbox', level: 'instance', key: 'instance_id', merge: 'stays', purge: 'delete', export: 'stays' },
  // What was taken stays known by its bytes.
  { table: 'orthanc_instances', level: 'instance', key: 'instance_id', merge: 'stays', purge: 'let-go', export: 'stays' },
];
