import { describe, expect, it } from 'vitest';
import { hasDcmtk, parse, runDcmtk } from '../testing/read-back.ts';
import { brokenFiles } from './broken-files.ts';
import { dicomdirCd } from './dicomdir.ts';

const FILES = brokenFiles({ bombBytes: 1 << 24 });

function bytesOf(name: string): Uint8Array {
  const file = FILES.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`no file ${name}`);
  return file.bytes;
}

describe('brokenFiles', () => {
  it('has the hostile kinds by name, each once', () => {
    const names = FILES.map((file) => file.name);
    expect(new Set(names).size).toBe(names.length);
    for (const kind of [
      'empty.dcm',
      'text.txt',
      'picture.png',
      'truncated-header.dcm',
      'truncated-pixels.dcm',
      'length-beyond-end.dcm',
      'nesting-65.dcm',
      'nesting-2000.dcm',
    ]) {
      expect(names).toContain(kind);
    }
    for (const kind of ['deflate-bomb.dcm', 'header-70k.dcm', 'missing-sop-instance-uid.dcm', 'uid-traversal.dcm'])
      expect(names).toContain(kind);
  });
  it.each(FILES.filter((file) => file.expectation === 'accept'))('$name is odd but readable: $about', ({ bytes, name }) => {
    expect(parse(bytes).string('x0020000d')).toMatch(/^2\.25\./);
    if (hasDcmtk) expect(runDcmtk('dcmdump', [bytes]).status, name).toBe(0);
  });
  it('nesting is as deep as it says', () => {
    let depth = 0;
    let dataSet = parse(bytesOf('nesting-65.dcm'));
    for (;;) {
      const inner = dataSet.elements.x00081140?.items?.[0]?.dataSet;
      if (!inner) break;
      dataSet = inner;
      depth++;
    }
    expect(depth).toBe(65);
  });
  it('the bomb is small and inflates to what it says', () => {
    const bomb = bytesOf('deflate-bomb.dcm');
    expect(bomb.length).toBeLessThan((1 << 24) / 400);
    expect(parse(bomb).elements.x00091001?.length).toBe(1 << 24);
  });
  it('a header over 64 KiB pushes the pixels behind it', () => {
    expect(parse(bytesOf('header-70k.dcm')).elements.x7fe00010?.dataOffset).toBeGreaterThan(65_536);
  });
});

describe('dicomdirCd', () => {
  const cd = dicomdirCd();
  it('announces the images on the disc and one that is missing', () => {
    const present = cd.files.map((file) => file.path);
    expect(cd.announced.filter((path) => !present.includes(path))).toEqual(cd.missing);
    expect(cd.missing.length).toBe(1);
    expect(cd.sopInstanceUids.length).toBe(cd.announced.length - 1);
    for (const path of ['DICOMDIR', 'AUTORUN.INF', 'VIEWER.EXE', 'README.TXT']) expect(present).toContain(path);
  });
  it('links its records by byte offset (PS3.3 F.3)', () => {
    const bytes = Buffer.from(cd.files.find((file) => file.path === 'DICOMDIR')?.bytes ?? []);
    const parsed = parse(bytes);
    const items = parsed.elements.x00041220?.items ?? [];
    const byOffset = new Map(items.map((item) => [item.dataOffset - 8, item.dataSet]));
    const paths: string[] = [];
    const walk = (offset: number): void => {
      if (offset === 0) return;
      const record = byOffset.get(offset);
      if (!record) throw new Error(`no record at ${offset}`);
      if (record.string('x00041430') === 'IMAGE') paths.push((record.string('x00041500') ?? '').replaceAll('\\', '/'));
      walk(record.uint32('x00041420') ?? 0);
      walk(record.uint32('x00041400') ?? 0);
    };
    walk(parsed.uint32('x00041200') ?? 0);
    expect(paths).toEqual(cd.announced);
  });
});
