import { smallPicture } from '@negatoscope/testkit';
import { packSeriesMetadata } from '../../archive/metadata/packing.ts';
import { readSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { IngestFixture } from './ingest-fixture.ts';

const later = { now: () => new Date(Date.now() + 6 * 60_000) };

export function none(): never {
  throw new Error('There is none.');
}

/** What tests of packing ask of a fixture. */
export const packingOf = (fixture: IngestFixture) => ({
  /** A series of so many instances, not packed. */
  async send(seed: string, count = 3) {
    const pictures = Array.from({ length: count }, (_, index) =>
      smallPicture({ seed, number: index + 1, columns: 2, cells: Uint8Array.of(index, 1) }),
    );
    const results = await fixture.send(pictures.map(({ bytes }, index) => ({ name: `${seed} ${index}`, bytes })));
    return results.every(({ outcome }) => outcome === 'stored') ? pictures : none();
  },

  async seriesOf([first]: readonly { readonly seriesInstanceUid: string }[]) {
    const row = await fixture.db.withSystem((tx) =>
      tx.first('SELECT id, study_id, metadata_object, metadata_sha256 FROM series WHERE series_instance_uid = $1', [
        first?.seriesInstanceUid ?? '',
      ]),
    );
    return row ?? none();
  },

  pack: (objects: ObjectStore = fixture.objects) => packSeriesMetadata({ ...fixture, objects, clock: later }),

  /** Instances whose header stands neither in a row nor in the object that their series names. */
  async withoutHeader(): Promise<string[]> {
    const rows = await fixture.db.withSystem((tx) =>
      tx.rows(
        `SELECT i.id, s.metadata_object FROM instances i JOIN series s ON s.id = i.series_id
         WHERE NOT EXISTS (SELECT FROM instance_metadata m WHERE m.instance_id = i.id)`,
      ),
    );
    const missing: string[] = [];
    for (const { id, metadata_object: object } of rows) {
      const packed = object === null ? [] : await readSeriesMetadata(fixture.objects, object);
      if (!packed.some(({ instanceId }) => instanceId === id)) missing.push(id);
    }
    return missing;
  },
});

/** A store with another putting. */
export const withPut = (objects: ObjectStore, put: ObjectStore['put']): ObjectStore =>
  new Proxy<ObjectStore>(objects, {
    get: (store, name) => {
      if (name === 'put') return put;
      const value: unknown = Reflect.get(store, name, store);
      return typeof value === 'function' ? value.bind(store) : value;
    },
  });

/** A store whose putting waits within: what is written is read already. */
export function waitingIn(store: ObjectStore) {
  let go: () => void = () => undefined;
  let come: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  const reached = new Promise<void>((resolve) => {
    come = resolve;
  });
  const put: ObjectStore['put'] = async (objects) => {
    come();
    await gate;
    await store.put(objects);
  };
  return { objects: withPut(store, put), reached, go: () => go() };
}
