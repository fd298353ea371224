import type { ImportedFile } from '@negatoscope/contract';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../api/error.ts';
import { ImportEngine, type ImportPorts } from './engine.ts';
import type { ImportSnapshot } from './import-store.ts';
import type { ChosenFile } from './planner.ts';

const chosen = (name: string, sizeBytes = 10): ChosenFile<string> => ({ name, sizeBytes, file: name });
const files = (count: number): ChosenFile<string>[] => Array.from({ length: count }, (_, index) => chosen(`IM${index}`));
const stored = (batch: readonly { name: string }[]): ImportedFile[] =>
  batch.map(({ name }) => ({ name, outcome: 'stored', sizeBytes: 10 }));

function bench(overrides: Partial<ImportPorts<string>> = {}) {
  const log = { sent: [] as string[][], finished: [] as boolean[], waits: [] as number[], states: [] as ImportSnapshot[] };
  const ports: ImportPorts<string> = {
    hash: (file) => Promise.resolve(`sha-${file}`),
    known: () => Promise.resolve(new Set()),
    send: (batch) => {
      log.sent.push(batch.map(({ name }) => name));
      return Promise.resolve(stored(batch));
    },
    finish: (cancelled) => {
      log.finished.push(cancelled);
      return Promise.resolve();
    },
    wait: (ms) => {
      log.waits.push(ms);
      return Promise.resolve();
    },
    signedIn: () => Promise.resolve(),
    readable: () => Promise.resolve(true),
    now: () => log.states.length * 100,
    publish: (state) => log.states.push(state),
    ...overrides,
  };
  const last = (): ImportSnapshot => {
    const state = log.states.at(-1);
    if (state === undefined) throw new Error('nothing was published');
    return state;
  };
  return { ports, log, last };
}
const limits = { maxBytes: 100, maxFiles: 5 };

describe('an import', () => {
  it('sends every file once, closes itself and says what became of each', async () => {
    const { ports, log, last } = bench();
    await new ImportEngine(files(23), ports, 'i1', { limits }).run();
    expect(log.sent.flat().sort()).toEqual(
      files(23)
        .map(({ name }) => name)
        .sort(),
    );
    expect(log.finished).toEqual([false]);
    expect(last()).toMatchObject({ phase: 'done', filesDone: 23, bytesDone: 230, counts: { stored: 23 } });
  });
  it('keeps at most three batches in flight', async () => {
    let flying = 0;
    let most = 0;
    const { ports } = bench({
      send: async (batch) => {
        most = Math.max(most, ++flying);
        await new Promise((resolve) => setTimeout(resolve, 2));
        flying -= 1;
        return stored(batch);
      },
    });
    await new ImportEngine(files(60), ports, 'i1', { limits }).run();
    expect(most).toBe(3);
  });
  it('sends nothing that the server already has, and counts it as already present', async () => {
    const { ports, log, last } = bench({ known: () => Promise.resolve(new Set(['sha-IM0', 'sha-IM2'])) });
    await new ImportEngine(files(4), ports, 'i1', { limits }).run();
    expect(log.sent).toEqual([['IM1', 'IM3']]);
    expect(last()).toMatchObject({ filesDone: 4, counts: { stored: 2, duplicate: 2 } });
  });
  it('survives a lost connection: the same batch goes again, after longer and longer waits', async () => {
    let failures = 3;
    const { ports, log, last } = bench();
    const send = ports.send;
    await new ImportEngine(
      files(3),
      { ...ports, send: (...args) => (failures-- > 0 ? Promise.reject(new ApiError('OFFLINE', 0)) : send(...args)) },
      'i1',
      { limits },
    ).run();
    expect(log.waits).toEqual([1000, 2000, 4000]);
    expect(log.states.some((state) => state.phase === 'waiting')).toBe(true);
    expect(last()).toMatchObject({ phase: 'done', filesDone: 3, counts: { stored: 3 } });
  });
  it('waits for the person when the session ends', async () => {
    let isSignedIn = false;
    const { ports, last } = bench({
      signedIn: () => {
        isSignedIn = true;
        return Promise.resolve();
      },
      send: (batch) => (isSignedIn ? Promise.resolve(stored(batch)) : Promise.reject(new ApiError('SESSION_EXPIRED', 401))),
    });
    await new ImportEngine(files(3), ports, 'i1', { limits }).run();
    expect(last()).toMatchObject({ phase: 'done', counts: { stored: 3 } });
  });
  it('drops a file that was deleted meanwhile and sends its neighbours', async () => {
    const { ports, last } = bench({
      readable: (file) => Promise.resolve(file !== 'IM1'),
      send: (batch) =>
        batch.some(({ name }) => name === 'IM1') ? Promise.reject(new ApiError('OFFLINE', 0)) : Promise.resolve(stored(batch)),
    });
    await new ImportEngine(files(3), ports, 'i1', { limits }).run();
    expect(last().lines.map((line) => line.state)).toEqual(['stored', 'rejected', 'stored']);
  });
  it('refuses one batch for good without costing the others', async () => {
    const { ports, last } = bench({
      send: (batch) =>
        batch[0]?.name === 'IM0' ? Promise.reject(new ApiError('TOO_LARGE', 413)) : Promise.resolve(stored(batch)),
    });
    await new ImportEngine(files(10), ports, 'i1', { limits }).run();
    expect(last()).toMatchObject({ phase: 'done', counts: { stored: 5, rejected: 5 } });
    expect(last().lines[0]).toMatchObject({ state: 'rejected', reason: 'FILE_TOO_LARGE' });
  });
  it('stops when the import was closed elsewhere', async () => {
    const { ports, log, last } = bench({ send: () => Promise.reject(new ApiError('IMPORT_FINISHED', 409)) });
    await new ImportEngine(files(10), ports, 'i1', { limits }).run();
    expect(last()).toMatchObject({ phase: 'failed', error: 'IMPORT_FINISHED' });
    expect(log.finished).toEqual([]);
  });
  it('pauses on a full disk and sends what is left after resuming', async () => {
    let isFull = true;
    const { ports, log, last } = bench();
    const send = ports.send;
    const engine = new ImportEngine(
      files(3),
      { ...ports, send: (...args) => (isFull ? Promise.reject(new ApiError('STORAGE_FULL', 507)) : send(...args)) },
      'i1',
      { limits },
    );
    const run = engine.run();
    while (log.states.at(-1)?.phase !== 'paused') await new Promise((resolve) => setTimeout(resolve, 1));
    expect(last().error).toBe('STORAGE_FULL');
    isFull = false;
    engine.resume();
    await run;
    expect(last()).toMatchObject({ phase: 'done', counts: { stored: 3 } });
  });
  it('keeps what was acknowledged when it is cancelled, and tells the server', async () => {
    const { ports, log, last } = bench();
    const engine = new ImportEngine(files(40), ports, 'i1', { limits });
    const send = ports.send;
    let calls = 0;
    Object.assign(ports, {
      send: async (...args: Parameters<typeof send>) => {
        if (++calls === 4) await engine.cancel();
        return send(...args);
      },
    });
    await engine.run();
    expect(last().phase).toBe('cancelled');
    expect(log.finished).toEqual([true]);
    expect(log.sent.length).toBeLessThan(8);
  });
  it('shows the best outcome of a ZIP on its line and counts each entry', async () => {
    const { ports, last } = bench({
      send: () =>
        Promise.resolve([
          { name: 'CD.zip/IM1', outcome: 'stored', sizeBytes: 1 },
          { name: 'CD.zip/IM2', outcome: 'duplicate', sizeBytes: 1 },
          { name: 'CD.zip/autorun.inf', outcome: 'ignored', sizeBytes: 1 },
        ] satisfies ImportedFile[]),
    });
    await new ImportEngine([chosen('CD.zip', 1000)], ports, 'i1').run();
    expect(last().lines[0]?.state).toBe('stored');
    expect(last().counts).toMatchObject({ stored: 1, duplicate: 1, ignored: 1 });
  });
  it('of nothing but known files still closes', async () => {
    const { ports, log, last } = bench({ known: (batch) => Promise.resolve(new Set(batch.map(({ sha256 }) => sha256))) });
    await new ImportEngine(files(7), ports, 'i1', { limits, resumed: true }).run();
    expect(log.sent).toEqual([]);
    expect(last()).toMatchObject({ phase: 'done', resumed: true, counts: { duplicate: 7 } });
  });
});
