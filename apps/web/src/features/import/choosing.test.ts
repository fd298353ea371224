import { describe, expect, it, vi } from 'vitest';
import { patientOf } from '../../test/rows-fixture.ts';
import { entriesFromDrop, fromEntries, fromInput } from './collect.ts';
import { addBearers, type Bearer } from './identities.ts';
import { IDLE, importSnapshot, isActive, onImport, progressOf, publishImport } from './import-store.ts';
import { shownBirthDate, whoseFiles } from './whose.ts';

const fileOf = (name: string, path = ''): File => Object.assign(new File(['x'], name), { webkitRelativePath: path });
const entryOf = (name: string, fullPath: string, isReadable = true): FileSystemEntry =>
  ({
    isFile: true,
    isDirectory: false,
    name,
    fullPath,
    file: (take: (file: File) => void, fail: () => void) => (isReadable ? take(fileOf(name)) : fail()),
  }) as unknown as FileSystemEntry; // As browsers give them.
const folderOf = (name: string, portions: readonly (readonly FileSystemEntry[])[], isReadable = true): FileSystemEntry => {
  const left = [...portions, []];
  const readEntries = (take: (found: readonly FileSystemEntry[]) => void, fail: () => void) =>
    isReadable ? take(left.shift() ?? []) : fail();
  return {
    isFile: false,
    isDirectory: true,
    name,
    fullPath: `/${name}`,
    createReader: () => ({ readEntries }),
  } as unknown as FileSystemEntry; // As browsers give them.
};

describe('files that a person chose', () => {
  it('are in the order of their paths, without what systems leave in folders', async () => {
    const found = await fromInput(
      [fileOf('IM2', 'CD/B/IM2'), fileOf('Thumbs.db'), fileOf('._IM2'), fileOf('IM1', 'CD/A/IM1'), fileOf('README')],
      () => undefined,
    );
    expect(found.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
      ['CD/A/IM1', 1],
      ['CD/B/IM2', 1],
      ['README', 1],
    ]);
  });

  it('leave the page alive while there are many of them', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 5));
    const counts: number[] = [];
    await fromInput(
      Array.from({ length: 9 }, (_, index) => fileOf(`IM${index}`)),
      (count) => counts.push(count),
    );
    vi.restoreAllMocks();
    expect(counts.length).toBeGreaterThan(1);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
  });
});

describe('what was dropped', () => {
  it('is every file below, folders in portions, and what can’t be read costs only itself', async () => {
    const inner = folderOf('CD/A', [
      [entryOf('IM2', '/CD/A/IM2')],
      [entryOf('IM1', '/CD/A/IM1'), entryOf('GONE', '/CD/A/GONE', false)],
    ]);
    const outer = folderOf('CD', [[inner, entryOf('DICOMDIR', '/CD/DICOMDIR'), entryOf('desktop.ini', '/CD/desktop.ini')]]);
    const found = await fromEntries([outer, folderOf('LOCKED', [], false)], () => undefined);
    expect(found.map(({ name }) => name)).toEqual(['CD/A/IM1', 'CD/A/IM2', 'CD/DICOMDIR']);
  });

  it('tells by the hundred how many there are so far', async () => {
    const counts: number[] = [];
    const files = Array.from({ length: 250 }, (_, index) => entryOf(`IM${index}`, `/CD/IM${index}`));
    await fromEntries([folderOf('CD', [files])], (count) => counts.push(count));
    expect(counts).toEqual([100, 200]);
  });

  it('is taken at once, and texts that are dropped are nothing', () => {
    const entry = entryOf('IM1', '/IM1');
    const items = [{ webkitGetAsEntry: () => entry }, { webkitGetAsEntry: () => null }];
    expect(entriesFromDrop({ items } as unknown as DataTransfer)).toEqual([entry]); // As a browser gives it.
  });
});

describe('whom files name', () => {
  const identity = (personName: string, patientId = 'P-1') => ({ personName, patientId, issuer: '', birthDate: '19700101' });

  it('is counted by person; letters of another case are nobody else', () => {
    const met = new Map<string, Bearer>();
    addBearers(met, [identity('MARTIN^ANNA'), undefined, identity('Martin^Anna'), identity('MARTIN^ANNA', 'P-2')]);
    expect([...met.values()].map(({ identity: { personName, patientId }, files }) => [personName, patientId, files])).toEqual([
      ['MARTIN^ANNA', 'P-1', 2],
      ['MARTIN^ANNA', 'P-2', 1],
    ]);
  });

  it('is nobody where the browser or the server can’t tell, and the import goes on', async () => {
    vi.stubGlobal(
      'Worker',
      class {
        constructor() {
          throw new TypeError('no workers');
        }
      },
    );
    expect(await whoseFiles([{ name: 'IM1', sizeBytes: 1, file: fileOf('IM1') }], {}, () => undefined)).toEqual([]);
    expect(await whoseFiles([], {}, () => undefined)).toEqual([]);
  });

  it('is asked of the server for at most two hundred people, those with the most files first', async () => {
    const identities = Array.from({ length: 250 }, (_, index) => identity(`P${index}`, `${index}`));
    let isClosed = false;
    vi.stubGlobal(
      'Worker',
      class {
        onmessage?: (event: { data: object }) => void;
        postMessage(): void {
          this.onmessage?.({ data: { identities, isLast: false } });
          this.onmessage?.({ data: { identities: [identity('P249', '249')], isLast: true } });
        }
        terminate(): void {
          isClosed = true;
        }
      },
    );
    const bodies: { identities: { personName: string }[] }[] = [];
    vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
      bodies.push(JSON.parse(body));
      const item = { contradicts: false, namesNobody: false, owner: patientOf(1) };
      return new Response(JSON.stringify({ items: [item] }));
    });
    const read: number[] = [];
    const people = await whoseFiles([{ name: 'IM1', sizeBytes: 1, file: fileOf('IM1') }], { patientId: 'a' }, (count) =>
      read.push(count),
    );
    expect(bodies.map(({ identities: sent }) => [sent.length, sent[0]?.personName])).toEqual([[200, 'P249']]);
    // Of those without an answer nothing is said.
    expect(people.map(({ files, owner }) => [files, owner?.recordNumber])).toEqual([[2, 'NG-1']]);
    expect([read, isClosed]).toEqual([[250, 251], true]);
  });

  it('shows a birth date as dates are written, and anything else as it stands', () => {
    expect(['19700203', '1970.02.03', '1970', 'unknown'].map(shownBirthDate)).toEqual([
      '1970-02-03',
      '1970-02-03',
      '1970',
      'unknown',
    ]);
  });
});

describe('how far an import is', () => {
  const at = (fields: Partial<typeof IDLE>) => progressOf({ ...IDLE, phase: 'running', ...fields });

  it('is counted by bytes, by files where all are empty, and never past the whole', () => {
    const lines = [
      { name: 'a', sizeBytes: 0, state: 'stored' as const },
      { name: 'b', sizeBytes: 0, state: 'queued' as const },
    ];
    expect([
      at({}),
      at({ bytesTotal: 10, bytesDone: 4 }),
      at({ bytesTotal: 10, bytesDone: 40 }),
      at({ lines, filesDone: 1 }),
    ]).toEqual([0, 0.4, 1, 0.5]);
    expect(at({ phase: 'done' })).toBe(1);
  });

  it('is told to whoever listens, until they stop', () => {
    const phases: string[] = [];
    const stop = onImport(() => phases.push(importSnapshot().phase));
    publishImport({ ...IDLE, phase: 'paused' });
    stop();
    publishImport(IDLE);
    expect(phases).toEqual(['paused']);
    expect((['idle', 'scanning', 'waiting', 'done', 'failed', 'cancelled'] as const).filter(isActive)).toEqual([
      'scanning',
      'waiting',
    ]);
  });
});
