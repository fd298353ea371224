import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetKeptEdits, KEPT_EDITS } from '../../api/kept-edits.ts';
import { KEEP_MS } from './edit-queue.ts';
import { openKeeper } from './keeper.ts';
import type { KeptEdit } from './kept-edit.ts';

interface Row {
  readonly editId: string;
  authorId: string;
  bytes: ArrayBuffer;
}
type Stores = Record<string, Map<string, unknown>>;

/** As much of a browser's database as edits are kept in: stores of rows by their key, and one that is deleted under those who have it open. */
class FakeDatabases {
  readonly databases = new Map<string, Stores>();
  readonly #open = new Set<{ onversionchange: (() => void) | undefined }>();
  opened = 0;
  isBroken = false;

  open(name: string) {
    this.opened += 1;
    const isNew = !this.databases.has(name);
    const stores = this.databases.get(name) ?? {};
    const database = {
      onversionchange: undefined as (() => void) | undefined, // Whoever opens it sets it.
      createObjectStore: (store: string) => {
        stores[store] = new Map();
        return { createIndex: () => undefined };
      },
      transaction: (store: string) => ({ objectStore: () => storeOf(stores[store] ?? new Map()) }),
      close: () => this.#open.delete(database),
    };
    this.#open.add(database);
    return request(() => {
      if (this.isBroken) throw new DOMException('', 'UnknownError');
      this.databases.set(name, stores);
      return database;
    }, isNew);
  }

  deleteDatabase(name: string): void {
    for (const one of [...this.#open]) one.onversionchange?.();
    this.databases.delete(name);
  }

  get rows(): Row[] {
    return [...(this.databases.get(KEPT_EDITS)?.edits?.values() ?? [])] as Row[]; // What the keeper puts there.
  }
}

/** Is done after whoever asked has said what is to be called. */
function request<T>(work: () => T, isNew = false) {
  const asked: { result?: T; error?: unknown; onsuccess?: () => void; onerror?: () => void; onupgradeneeded?: () => void } = {};
  queueMicrotask(() => {
    try {
      asked.result = work();
      if (isNew) asked.onupgradeneeded?.();
      asked.onsuccess?.();
    } catch (error) {
      asked.error = error;
      asked.onerror?.();
    }
  });
  return asked;
}

const storeOf = (rows: Map<string, unknown>) => ({
  get: (key: string) => request(() => rows.get(key)),
  add: (value: unknown, key: string) => request(() => rows.has(key) || rows.set(key, value)),
  put: (row: Row) => request(() => rows.set(row.editId, row)),
  delete: (key: string) => request(() => rows.delete(key)),
  getAll: () => request(() => [...rows.values()]),
  index: () => ({
    getAll: (author: string) => request(() => [...(rows as Map<string, Row>).values()].filter((row) => row.authorId === author)),
  }),
});

let databases: FakeDatabases;
beforeEach(() => {
  databases = new FakeDatabases();
  vi.stubGlobal('indexedDB', databases);
});

const NOW = Date.now();
const editOf = (editId: string, authorId = 'anna', at = NOW): KeptEdit => {
  const edit = {
    editId,
    authorId,
    kind: 'TEXT',
    sopInstanceUid: '1.2.1',
    seriesInstanceUid: '1.2',
    frame: 1,
    label: 'Nodule suspect',
  };
  const geometry = { space: 'PIXEL', points: [1, 2] };
  return {
    study: { studyInstanceUid: '1' },
    annotationId: `a-${editId}`,
    edit: { ...edit, geometry },
    at,
  } as unknown as KeptEdit; // As the queue gives it.
};
const idsOf = (edits: readonly KeptEdit[]): string[] => edits.map(({ edit }) => edit.editId);

describe('edits that the server has not taken yet', () => {
  it('are there after the page was loaded anew, as they were made and in that order', async () => {
    const keeper = openKeeper();
    await Promise.all([keeper.put(editOf('b', 'anna', NOW + 2)), keeper.put(editOf('a', 'anna', NOW + 1))]);
    expect(await openKeeper().load('anna')).toEqual([editOf('a', 'anna', NOW + 1), editOf('b', 'anna', NOW + 2)]);
  });

  it('go when the server has them, even if that is said while they are still being put', async () => {
    const keeper = openKeeper();
    void keeper.put(editOf('a'));
    await keeper.remove('a');
    expect([databases.rows, await keeper.load('anna')]).toEqual([[], []]);
  });

  it('stand nowhere in clear, and no two of the same look alike', async () => {
    const keeper = openKeeper();
    await keeper.put(editOf('a'));
    await keeper.put(editOf('b'));
    const [first = '', second] = databases.rows.map(({ bytes }) => Buffer.from(bytes).toString('latin1'));
    expect(first).not.toMatch(/Nodule|PIXEL|1\.2\.1/);
    expect(first).not.toBe(second);
  });

  it('are each person’s own: of another nothing is given, and nothing can be read', async () => {
    const keeper = openKeeper();
    await keeper.put(editOf('a', 'anna'));
    await keeper.put(editOf('b', 'bert'));
    expect(idsOf(await keeper.load('anna'))).toEqual(['a']);
    for (const row of databases.rows) row.authorId = 'bert';
    expect(idsOf(await keeper.load('bert'))).toEqual(['b']);
  });

  it('can’t be read out of the browser by their key', async () => {
    await openKeeper().put(editOf('a'));
    const [key] = [...(databases.databases.get(KEPT_EDITS)?.keys?.values() ?? [])] as CryptoKey[]; // One person's.
    expect(key?.extractable).toBe(false);
  });

  it('go after 24 hours, whoever made them', async () => {
    const keeper = openKeeper();
    await keeper.put(editOf('old', 'bert', NOW - KEEP_MS - 1_000));
    await keeper.put(editOf('new', 'bert', NOW - KEEP_MS + 60_000));
    await keeper.load('anna');
    expect(databases.rows.map(({ editId }) => editId)).toEqual(['new']);
  });

  it('that are damaged, or of a form that this page does not know, cost no other', async () => {
    const keeper = openKeeper();
    await keeper.put({ ...editOf('strange'), study: {} } as unknown as KeptEdit); // Of another version.
    for (const id of ['damaged', 'whole']) await keeper.put(editOf(id));
    for (const row of databases.rows) if (row.editId === 'damaged') row.bytes = new ArrayBuffer(40);
    expect(idsOf(await keeper.load('anna'))).toEqual(['whole']);
  });
});

describe('signing out', () => {
  it('takes the edits and their keys with it, under a page that is open; what is drawn next is kept again', async () => {
    const keeper = openKeeper();
    await keeper.put(editOf('a'));
    forgetKeptEdits();
    expect([databases.databases.size, await keeper.load('anna')]).toEqual([0, []]);
    await keeper.put(editOf('b'));
    expect(idsOf(await openKeeper().load('anna'))).toEqual(['b']);
  });
});

describe('a browser that keeps nothing', () => {
  it.each([
    ['has no encryption, as over plain http', () => vi.stubGlobal('crypto', {})],
    ['has no database', () => vi.stubGlobal('indexedDB', undefined)],
  ])('%s: nothing is kept in clear, and nothing fails', async (_, take) => {
    take();
    const keeper = openKeeper();
    await keeper.put(editOf('a'));
    await keeper.remove('a');
    expect([await keeper.load('anna'), databases.opened]).toEqual([[], 0]);
  });

  it('for the moment is asked again at the next edit', async () => {
    const keeper = openKeeper();
    databases.isBroken = true;
    await keeper.put(editOf('a'));
    expect(await keeper.load('anna')).toEqual([]);
    databases.isBroken = false;
    await keeper.put(editOf('b'));
    expect(idsOf(await keeper.load('anna'))).toEqual(['b']);
  });
});
