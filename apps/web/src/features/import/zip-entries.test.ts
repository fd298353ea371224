import { buildZip, chestXray, SopClass, TransferSyntax, writePart10, type ZipEntry, zipCorpus } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { ofBlob } from './bytes.ts';
import { identityIn } from './header-identity.ts';
import { entrySource, isZipFile, zipEntries } from './zip-entries.ts';

const dicom = (name: string, more: Record<string, string> = {}): Uint8Array => {
  const dataset = { PatientName: name, PatientID: 'Z-1', PatientBirthDate: '19700203', ...more };
  for (const { bytes } of chestXray({ seed: name, rows: 64, columns: 64, dataset })) return bytes;
  throw new Error('The phantom has no instance.');
};
const blobOf = (bytes: Uint8Array): Blob => new Blob([Uint8Array.from(bytes)]);

/** Whom the entries of an archive name; undefined for one that says nothing. */
async function namesIn(zip: Blob): Promise<(string | undefined)[]> {
  const entries = await zipEntries(ofBlob(zip));
  const identities = entries.map(async (entry) => {
    const source = await entrySource(zip, entry).catch(() => undefined);
    return source === undefined ? undefined : (await identityIn(source))?.personName;
  });
  return Promise.all(identities);
}

describe('a ZIP in the browser', () => {
  it('names the people of its entries, stored or deflated, and passes over what is no DICOM', async () => {
    const entries: ZipEntry[] = [
      { name: 'CD/', bytes: new Uint8Array(0) },
      { name: 'CD/IM1', bytes: dicom('Martin^Ana') },
      { name: 'CD/IM2', bytes: dicom('Petit^Luc'), method: 8 },
      { name: 'CD/README.TXT', bytes: Buffer.from('nothing'), method: 8 },
    ];
    expect(await namesIn(blobOf(buildZip(entries)))).toEqual(['Martin^Ana', 'Petit^Luc', undefined]);
  });

  it('reads a header that is longer than the beginning of a deflated entry, up to a limit', async () => {
    // A private element before the patient: 200 kB are still read, 9 MB are left to the server.
    const long = (bytes: number): Uint8Array =>
      writePart10(
        {
          SOPClassUID: SopClass.secondaryCapture,
          SOPInstanceUID: `2.25.${bytes}`,
          '00090010': { vr: 'LO', value: 'DESK' },
          '00091001': { vr: 'UN', value: new Uint8Array(bytes).fill(7) },
          PatientName: 'Long^Header',
        },
        { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
      );
    const zip = buildZip([
      { name: 'a', bytes: long(200_000), method: 8 },
      { name: 'b', bytes: long(9_000_000), method: 8 },
    ]);
    expect(await namesIn(blobOf(zip))).toEqual(['Long^Header', undefined]);
  });

  it('inflates no more than the beginning of an entry that swells without end', async () => {
    const zip = buildZip([
      { name: 'bomb', bytes: new Uint8Array(64_000_000), method: 8 },
      { name: 'good', bytes: dicom('Martin^Ana'), method: 8 },
    ]);
    expect(await namesIn(blobOf(zip))).toEqual([undefined, 'Martin^Ana']);
  });

  it('looks into some of very many entries, spread over all of them', async () => {
    const entries = Array.from({ length: 1000 }, (_, index) => ({ name: `f${index}`, bytes: Uint8Array.of(index % 256) }));
    const found = await zipEntries(ofBlob(blobOf(buildZip(entries))), 100);
    expect(found.length).toBeGreaterThan(50);
    expect(found.length).toBeLessThanOrEqual(101);
    const offsets = found.map(({ offset }) => offset);
    expect(offsets[0]).toBe(0);
    expect(Math.max(...offsets)).toBeGreaterThan(30_000);
  });

  it('follows ZIP64 (APPNOTE 4.5.3): more entries than the old record can count', async () => {
    const empty = Array.from({ length: 66_000 }, () => ({ name: 'x', bytes: new Uint8Array(0) }));
    const entries: ZipEntry[] = [...empty, { name: 'last', bytes: dicom('Martin^Ana') }];
    const found = await zipEntries(ofBlob(blobOf(buildZip(entries))), 100_000);
    expect(found).toHaveLength(66_001);
  });

  it.each(zipCorpus().map((zip) => [zip.name, zip] as const))(
    'comes to an end with %s, which is made to hurt',
    async (_, zip) => {
      const names = await namesIn(blobOf(zip.bytes));
      expect(names.length).toBeLessThan(100_000);
    },
  );

  it('is told by its bytes, not by its name; a DICOM preamble may begin like one', async () => {
    const preamble = Uint8Array.from(dicom('Martin^Ana'));
    preamble.set([0x50, 0x4b, 0x03, 0x04]);
    const zip = buildZip([{ name: 'a', bytes: dicom('Martin^Ana') }]);
    expect(await Promise.all([zip, preamble, new Uint8Array(3)].map((bytes) => isZipFile(ofBlob(blobOf(bytes)))))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
