import { performance } from 'node:perf_hooks';
import type { Scope } from './access/index.ts';
import type { IndexValues } from './archive/coercion/index.ts';
import type { ArchiveReader } from './archive/doors.ts';
import { findRetrieved, findSendable, type RetrievedKeys, type Sendable } from './archive/records/retrieved.ts';
import { createDatasets, createHeavyWork, type DatasetPorts } from './features/dicomweb/index.ts';
import type { Archive, InstanceToSend, RetrievedInstance } from './features/dimse/index.ts';

/** Rows that are looked at together, and for how long what they say counts. */
const AHEAD = 32;
const FRESH_MS = 2_000;

type Find = (ids: readonly string[]) => Promise<readonly Sendable[]>;

/** The rows of instances, looked at shortly before they are sent: what was put into the trash meanwhile, or left the scope, is there no more. */
function lookingAhead(instances: readonly InstanceToSend[], find: Find): (id: string) => Promise<Sendable | undefined> {
  const places = new Map(instances.map(({ id }, place) => [id, place]));
  let page:
    | { readonly until: number; readonly ids: ReadonlySet<string>; readonly rows: Promise<readonly Sendable[]> }
    | undefined;
  return async (id) => {
    const now = performance.now();
    if (page === undefined || now > page.until || !page.ids.has(id)) {
      const place = places.get(id) ?? 0;
      const ids = instances.slice(place, place + AHEAD).map((instance) => instance.id);
      page = { until: now + FRESH_MS, ids: new Set(ids), rows: find(ids) };
    }
    return (await page.rows).find(({ entry }) => entry.id === id);
  };
}

/** The same object as long as a study's values are the same: what was compared with them once needs no second look. */
function sameValues(): (sendable: Sendable) => IndexValues {
  let known: { readonly studyId: string; readonly text: string; readonly values: IndexValues } | undefined;
  return ({ studyId, values }) => {
    const text = JSON.stringify(values);
    if (known?.studyId !== studyId || known.text !== text) known = { studyId, text, values };
    return known.values;
  };
}

/** What DIMSE sends: found and read in a scope, as DICOMweb gives it. */
export function dimseArchive(db: ArchiveReader, ports: Omit<DatasetPorts, 'db' | 'heavy'>): Archive & { close(): Promise<void> } {
  const datasets = createDatasets({ ...ports, db, heavy: createHeavyWork() });
  return {
    find: async (scope: Scope, keys: RetrievedKeys, most: number) => {
      const rows = await db.reading(scope, (tx) => findRetrieved(tx, scope, keys, most));
      let study: RetrievedInstance['study'] | undefined;
      return rows.map(({ id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, study_id, patient_id }) => {
        if (study?.id !== study_id) study = { id: study_id, patientId: patient_id };
        return {
          id,
          sopInstanceUid: sop_instance_uid,
          sopClassUid: sop_class_uid,
          transferSyntaxUid: transfer_syntax_uid,
          study,
        };
      });
    },
    opener: (scope: Scope, instances) => {
      const rowOf = lookingAhead(instances, (ids) => db.reading(scope, (tx) => findSendable(tx, scope, ids)));
      const valuesOf = sameValues();
      return async ({ id }, transferSyntaxUid) => {
        const sendable = await rowOf(id);
        return sendable && datasets.open(sendable.entry, transferSyntaxUid, valuesOf(sendable));
      };
    },
    close: () => datasets.close(),
  };
}
