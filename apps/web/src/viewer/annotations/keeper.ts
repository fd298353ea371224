import { KEPT_EDITS } from '../../api/kept-edits.ts';
import { type EditKeeper, KEEP_MS } from './edit-queue.ts';
import { isKeptEdit, type KeptEdit } from './kept-edit.ts';

/** A row of the browser's own database: who and when to find it by, the rest encrypted. */
interface Row {
  readonly editId: string;
  readonly authorId: string;
  readonly at: number;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly bytes: ArrayBuffer;
}

const EDITS = 'edits';
const KEYS = 'keys';
const CIPHER = 'AES-GCM';
const IV_BYTES = 12;

const settled = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });

async function openRows(): Promise<IDBDatabase> {
  const request = indexedDB.open(KEPT_EDITS, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(EDITS, { keyPath: 'editId' }).createIndex('author', 'authorId');
    request.result.createObjectStore(KEYS);
  };
  return settled(request);
}

const storeOf = (rows: IDBDatabase, name: string, mode: IDBTransactionMode): IDBObjectStore =>
  rows.transaction(name, mode).objectStore(name);

/** A person's key on this browser. It can't be read out, and goes with the database at sign-out. */
async function keyOf(rows: IDBDatabase, authorId: string): Promise<CryptoKey> {
  const known = await settled<CryptoKey | undefined>(storeOf(rows, KEYS, 'readonly').get(authorId));
  if (known !== undefined) return known;
  const made = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ['encrypt', 'decrypt']);
  // Another tab may have been quicker.
  await settled(storeOf(rows, KEYS, 'readwrite').add(made, authorId)).catch(() => undefined);
  return (await settled<CryptoKey | undefined>(storeOf(rows, KEYS, 'readonly').get(authorId))) ?? made;
}

async function rowOf(rows: IDBDatabase, kept: KeptEdit): Promise<Row> {
  const { authorId, editId } = kept.edit;
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify(kept));
  const bytes = await crypto.subtle.encrypt({ name: CIPHER, iv }, await keyOf(rows, authorId), plain);
  return { editId, authorId, at: kept.at, iv, bytes };
}

async function editOf(key: CryptoKey, { iv, bytes }: Row): Promise<KeptEdit[]> {
  try {
    const plain = await crypto.subtle.decrypt({ name: CIPHER, iv }, key, bytes);
    const kept: unknown = JSON.parse(new TextDecoder().decode(plain));
    return isKeptEdit(kept) ? [kept] : [];
  } catch {
    return [];
  }
}

/** Takes out what has waited too long, whoever made it. */
async function dropOld(rows: IDBDatabase): Promise<void> {
  const all = await settled<Row[]>(storeOf(rows, EDITS, 'readonly').getAll());
  const old = all.filter(({ at }) => at < Date.now() - KEEP_MS);
  if (old.length === 0) return;
  const store = storeOf(rows, EDITS, 'readwrite');
  await Promise.all(old.map(({ editId }) => settled(store.delete(editId))));
}

/**
 * Keeps edits in this browser, each person's encrypted with a key of their own. Where the browser offers no encryption (an address that is neither
 * https nor localhost) or no database, nothing is kept beside memory: never in clear.
 */
export function openKeeper(): EditKeeper {
  let opened: Promise<IDBDatabase> | undefined;
  const open = async (): Promise<IDBDatabase> => {
    const rows = await openRows();
    // Signing out deletes it, in whatever tab.
    rows.onversionchange = () => {
      rows.close();
      opened = undefined;
    };
    return rows;
  };
  // One after the other, so that nothing is taken out before it is in.
  let last: Promise<unknown> = Promise.resolve();
  function using<T>(work: (rows: IDBDatabase) => Promise<T>, otherwise: T): Promise<T> {
    if (typeof indexedDB === 'undefined' || globalThis.crypto?.subtle === undefined) return Promise.resolve(otherwise);
    const turn = last.then(async () => {
      opened ??= open();
      return work(await opened);
    });
    const done = turn.catch(() => {
      opened = undefined;
      return otherwise;
    });
    last = done;
    return done;
  }
  return {
    load: (authorId) => using((rows) => loadRows(rows, authorId), []),
    put: (kept) =>
      using(async (rows) => {
        const row = await rowOf(rows, kept);
        await settled(storeOf(rows, EDITS, 'readwrite').put(row));
      }, undefined),
    remove: (editId) => using(async (rows) => void (await settled(storeOf(rows, EDITS, 'readwrite').delete(editId))), undefined),
  };
}

async function loadRows(rows: IDBDatabase, authorId: string): Promise<KeptEdit[]> {
  await dropOld(rows);
  const own = await settled<Row[]>(storeOf(rows, EDITS, 'readonly').index('author').getAll(authorId));
  if (own.length === 0) return [];
  const key = await keyOf(rows, authorId);
  const edits = await Promise.all(own.map((row) => editOf(key, row)));
  return edits.flat().sort((a, b) => a.at - b.at);
}
