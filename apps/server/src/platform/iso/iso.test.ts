import { describe, expect, test } from 'vitest';
import { MemoryScratch } from '../../../test/support/memory-objects.ts';
import { readIso } from '../../../test/support/read-iso.ts';
import { fileIdentifier, JOLIET, PRIMARY, putBoth, recordDate, sectorsOf, volumeDate } from './bytes.ts';
import { isoImage, type MediumFile, whole } from './index.ts';
import { emptyFolder, numbered, putFile } from './tree.ts';

const AT = new Date('2026-11-28T09:10:11.250Z');
const volume = { id: 'NG_20261128', application: 'NEGATOSCOPE', at: AT };
const file = (name: string, bytes: Uint8Array): MediumFile => ({ name, ...whole(bytes) });

async function* each(files: readonly MediumFile[]): AsyncGenerator<MediumFile> {
  yield* files;
}
async function imageOf(files: readonly MediumFile[], scratch = new MemoryScratch()): Promise<Buffer> {
  const image = await isoImage(each(files), { scratch, volume });
  const parts: Uint8Array[] = [];
  for await (const part of image.bytes) parts.push(Uint8Array.from(part));
  await image.discard();
  const bytes = Buffer.concat(parts);
  expect(bytes.length).toBe(image.sizeBytes);
  return bytes;
}

describe('an image of a disc (ECMA-119)', () => {
  test('gives back every file, empty ones and those of exactly a sector too', async () => {
    const files = [0, 1, 2047, 2048, 2049, 10_000].map((length, at) =>
      file(`DICOM/ST000001/IM00000${at}`, Buffer.alloc(length, at + 1)),
    );
    const { primary, joliet } = readIso(
      await imageOf([...files, file('README.TXT', Buffer.from('x')), file('DICOMDIR', Buffer.alloc(3))]),
    );
    for (const tree of [primary, joliet]) {
      expect(tree.size).toBe(8);
      for (const [at, length] of [0, 1, 2047, 2048, 2049, 10_000].entries())
        expect(tree.get(`DICOM/ST000001/IM00000${at}`)?.equals(Buffer.alloc(length, at + 1))).toBe(true);
    }
  });

  test('holds a folder of more records than a sector has room for, none of them across its end', async () => {
    const names = Array.from({ length: 500 }, (_, at) => `DICOM/ST000001/SE000001/IM${String(at + 1).padStart(6, '0')}`);
    const { primary, joliet } = readIso(await imageOf(names.map((name) => file(name, Buffer.from(name)))));
    expect([...primary.keys()]).toEqual(names);
    expect([...joliet.keys()]).toEqual(names);
    expect(names.every((name) => String(primary.get(name)) === name)).toBe(true);
  });

  test('holds many folders: path tables longer than a sector', async () => {
    const names = Array.from({ length: 300 }, (_, at) => `DICOM/ST${String(at + 1).padStart(6, '0')}/IM000001`);
    expect(readIso(await imageOf(names.map((name) => file(name, Buffer.alloc(5))))).joliet.size).toBe(300);
  });

  test('begins with sixteen empty sectors, says its name, its length and when it was made', async () => {
    const image = await imageOf([file('A.TXT', Buffer.from('a'))]);
    expect(image.subarray(0, 16 * 2048).every((byte) => byte === 0)).toBe(true);
    const [primary, joliet, last] = [16, 17, 18].map((sector) => image.subarray(sector * 2048, (sector + 1) * 2048));
    expect(primary?.subarray(40, 72).toString('latin1').trim()).toBe('NG_20261128');
    expect(primary?.subarray(813, 829).toString('latin1')).toBe('2026112809101100');
    expect(
      Buffer.from(joliet?.subarray(40, 62) ?? '')
        .swap16()
        .toString('utf16le')
        .trim(),
    ).toBe('NG_20261128');
    expect(joliet?.subarray(88, 91).toString('latin1')).toBe('%/E');
    expect([primary?.[0], joliet?.[0], last?.[0]]).toEqual([1, 2, 255]);
    expect(image.length / 2048).toBe(primary?.readUInt32LE(80));
  });

  test('is the same for the same files at the same time: nothing in it is left to chance', async () => {
    const files = () => ['DICOM/ST000001/IM000001', 'INDEX.HTM', 'DICOMDIR'].map((name) => file(name, Buffer.from(name)));
    const [one, other] = [await imageOf(files()), await imageOf(files())];
    expect(one.equals(other)).toBe(true);
  });

  test('of no file is an empty disc', async () => {
    const { primary, joliet } = readIso(await imageOf([]));
    expect([primary.size, joliet.size]).toEqual([0, 0]);
  });

  test.each(['../X', 'dicom/IM1', 'DICOM/TOOLONGNAME', 'A.LONG', 'A//B', '', '/A', 'A/B/C/D/E/F/G/H/I', 'É', 'A B', 'A;1'])(
    'refuses a name that is none of level 1: %j, and gives back what it took',
    async (name) => {
      const scratch = new MemoryScratch();
      await expect(
        isoImage(each([file('OK', Buffer.alloc(1)), file(name, Buffer.alloc(1))]), { scratch, volume }),
      ).rejects.toThrow(RangeError);
      expect(scratch.count).toBe(0);
    },
  );

  test('that can’t be made whole takes nothing, nor does one that nobody reads to its end', async () => {
    const scratch = new MemoryScratch();
    const broken: MediumFile = {
      name: 'A',
      sizeBytes: 1,
      content: (async function* () {
        yield Buffer.alloc(1);
        throw new Error('gone');
      })(),
    };
    await expect(isoImage(each([broken]), { scratch, volume })).rejects.toThrow('gone');
    expect(scratch.count).toBe(0);
    const image = await isoImage(each([file('A', Buffer.alloc(5000))]), { scratch, volume });
    expect(scratch.count).toBe(1);
    await image.bytes.next();
    await image.bytes.return(undefined);
    expect(scratch.count).toBeLessThanOrEqual(1);
    await image.discard();
    expect(scratch.count).toBeLessThanOrEqual(0);
  });
});

describe('its parts', () => {
  test('numbers stand in both byte orders (7.2.3, 7.3.3)', () => {
    const bytes = Buffer.alloc(12);
    putBoth(bytes, 0, 0x01020304, 4);
    putBoth(bytes, 8, 0x0506, 2);
    expect(bytes.toString('hex')).toBe('040302010102030406050506');
  });
  test('dates are in UTC (8.4.26.1, 9.1.5)', () => {
    expect([...recordDate(AT)]).toEqual([126, 11, 28, 9, 10, 11, 0]);
    expect(volumeDate(AT).toString('latin1')).toBe('2026112809101100\0');
  });
  test('files have a separator and a version, names of Joliet are UCS-2 (7.5.1)', () => {
    expect([fileIdentifier('DICOMDIR'), fileIdentifier('README.TXT')]).toEqual(['DICOMDIR.;1', 'README.TXT;1']);
    expect(PRIMARY.encode('AB').toString('hex')).toBe('4142');
    expect(JOLIET.encode('AB').toString('hex')).toBe('00410042');
  });
  test('sectors are counted up', () => {
    expect([0, 1, 2048, 2049].map(sectorsOf)).toEqual([0, 1, 1, 2]);
  });
  test('folders are numbered by level, parent and name (6.9.1)', () => {
    const root = emptyFolder();
    for (const path of ['B/X/F', 'A/Z/F', 'A/Y/F', 'F']) putFile(root, path, { first: 0, sizeBytes: 0 });
    expect(numbered(root).map(({ folder, parent }) => [folder.name, parent])).toEqual([
      ['', 1],
      ['A', 1],
      ['B', 1],
      ['Y', 2],
      ['Z', 2],
      ['X', 3],
    ]);
  });
});
