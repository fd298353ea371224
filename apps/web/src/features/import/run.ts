import { call } from '../../api/client.ts';
import { ApiError } from '../../api/error.ts';
import type { Result } from '../../api/operation.ts';
import { queryClient } from '../../api/query-client.ts';
import { whenSignedIn } from '../../api/session.ts';
import { upload } from '../../api/upload.ts';
import { ImportEngine, type ImportPorts } from './engine.ts';
import { startHasher } from './hasher.ts';
import { IDLE, type ImportSnapshot, importSnapshot, isActive, publishImport } from './import-store.ts';
import type { ImportTarget } from './import-target.ts';
import { type ChosenFile, selectionFingerprint } from './planner.ts';

const MEMORY = 'ng.import';
let engine: ImportEngine<File> | undefined;

const warn = (event: BeforeUnloadEvent): void => event.preventDefault();

/** Shows at most ten states a second, and the last one always. */
function throttled(publish: (snapshot: ImportSnapshot) => void, everyMs = 100): (snapshot: ImportSnapshot) => void {
  let latest: ImportSnapshot | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (latest !== undefined) publish(latest);
    latest = undefined;
  };
  return (snapshot) => {
    const isTurn = snapshot.phase !== importSnapshot().phase;
    latest = snapshot;
    if (isTurn) {
      clearTimeout(timer);
      flush();
    } else timer ??= setTimeout(flush, everyMs);
  };
}

/** After `ms`, or as soon as the browser says that the connection is back. */
function wait(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}

/** `isShown`: whether the page still shows this import, and not another one after it. */
function portsFor(id: string, hash: ImportPorts<File>['hash'], isShown: () => boolean): ImportPorts<File> {
  return {
    hash,
    known: async (files, signal) => {
      const answer = await call('knownFiles', { params: { id }, body: { files: [...files] }, signal });
      return new Set(answer.known);
    },
    send: async (batch, signal, onBytes) => {
      const form = new FormData();
      for (const { name, file } of batch) form.append('files', file, name);
      const answer = await upload(`/api/imports/${encodeURIComponent(id)}/files`, form, { signal, onBytes });
      return (answer as Result<'addImportFiles'>).files; // The contract's shape.
    },
    finish: async (cancelled) => {
      await call('finishImport', { params: { id }, body: { cancelled } });
    },
    wait,
    signedIn: whenSignedIn,
    readable: (file) =>
      file
        .slice(0, 1)
        .arrayBuffer()
        .then(
          () => true,
          () => false,
        ),
    now: () => performance.now(),
    publish: throttled((snapshot) => {
      if (isShown()) publishImport(snapshot);
    }),
  };
}

/** The import of the same files that a reload cut off, when the server still holds it open. */
async function unfinished(fingerprint: string): Promise<string | undefined> {
  try {
    const [id, known] = (sessionStorage.getItem(MEMORY) ?? '').split(' ');
    if (id === undefined || id === '' || known !== fingerprint) return undefined;
    const report = await call('getImport', { params: { id }, query: { files: false } });
    return report.status === 'RUNNING' ? id : undefined;
  } catch {
    return undefined;
  }
}
function remember(id: string, fingerprint: string): void {
  try {
    sessionStorage.setItem(MEMORY, `${id} ${fingerprint}`);
  } catch {
    // Without storage a reload starts a new import; what was sent is then skipped by its hash.
  }
}
function forget(): void {
  try {
    sessionStorage.removeItem(MEMORY);
  } catch {
    // Nothing was kept.
  }
}

/** Opens an import (or the interrupted one of the same files) and sends the files; goes on while one moves through the application. */
export async function startImport(files: readonly ChosenFile<File>[], target: ImportTarget): Promise<void> {
  if (files.length === 0) {
    publishImport(IDLE);
    return;
  }
  addEventListener('beforeunload', warn);
  const hasher = startHasher();
  let own: ImportEngine<File> | undefined;
  const isShown = (): boolean => engine === own;
  try {
    const fingerprint = selectionFingerprint([...files, { name: JSON.stringify(target), sizeBytes: 0 }]);
    const earlier = await unfinished(fingerprint);
    const id = earlier ?? (await call('createImport', { body: target })).id;
    remember(id, fingerprint);
    own = new ImportEngine(files, portsFor(id, hasher.hash, isShown), id, { resumed: earlier !== undefined });
    engine = own;
    await own.run();
    if (isShown()) forget();
  } catch (error) {
    if (isShown())
      publishImport({ ...importSnapshot(), phase: 'failed', error: error instanceof ApiError ? error.code : 'INTERNAL' });
  } finally {
    hasher.close();
    removeEventListener('beforeunload', warn);
    for (const key of ['patients', 'studies', 'overview', 'imports', 'conflicts'])
      void queryClient.invalidateQueries({ queryKey: [key] });
  }
}
export function scanning(count: number): void {
  publishImport({ ...IDLE, phase: 'scanning', scanned: count });
}
/** Headers are read before anything is sent. */
export function reading(count: number): void {
  publishImport({ ...IDLE, phase: 'reading', scanned: count });
}
export const pauseImport = (): void => engine?.pause();
export const resumeImport = (): void => engine?.resume();
export async function cancelImport(): Promise<void> {
  forget();
  await engine?.cancel();
}
/** Clears the page for another import; never while one runs. */
export function resetImport(): void {
  const { phase } = importSnapshot();
  if (isActive(phase) && phase !== 'reading') return;
  engine = undefined;
  publishImport(IDLE);
}
