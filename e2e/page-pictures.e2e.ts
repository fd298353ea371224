import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  chestXray,
  ctVolume,
  type GeneratedInstance,
  mrSeries,
  pixelMatrix,
  SopClass,
  secondaryCapture,
  smallPicture,
  ultrasoundClip,
  writePart10,
} from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { latestStudy, storeFiles, storeInstances } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { compareSeries, type Difference, type Shown } from './support/page-picture.ts';
import { setStage } from './support/stage.ts';
import { FAULTS, manifest, TESTDATA, underOwnUids } from './support/testdata.ts';

/** Grey levels of 255. */
const TOLERANCE = 1;

const PHANTOMS: Readonly<Record<string, () => readonly GeneratedInstance[]>> = {
  'CT with padding and its own window': () => [...ctVolume({ seed: 'page', slices: 4, rows: 96, columns: 96 })],
  MR: () => [...mrSeries({ seed: 'page', slices: 3, rows: 96, columns: 80 })],
  'radiograph, MONOCHROME1': () => [...chestXray({ seed: 'page', rows: 128, columns: 100 })],
  'ultrasound clip in colour': () => [...ultrasoundClip({ seed: 'page', frames: 3, rows: 96, columns: 128 })],
  'secondary capture': () => [...secondaryCapture({ seed: 'page', rows: 64, columns: 96 })],
};

/** Of every second colour one; all of them in the long run. That each transfer syntax is decoded in the page is shown by cornerstone-loader. */
function matrixCases() {
  const all = [...pixelMatrix()];
  const kinds = new Map(all.filter(({ syntax }) => syntax === 'explicit').map((one) => [one.photometric, one]));
  // Grey is among the other phantoms.
  const coloured = [...kinds.values()].filter(({ photometric }) => !photometric.startsWith('MONOCHROME'));
  return isLong ? all : coloured.filter((_one, place) => place % 2 === 0);
}

/** A stream of libjxl: 64 pixels, 4 apart, without loss. */
const JPEG_XL = '/wpBQFC0CAgEAQBgAEsoJMY3FCQkxcSJAJ8AD1jAAhawgAUsAA==';
/** A stream of OpenJPEG: 64 signed values of 12 bits from −1600, 50 apart, without loss. */
const SIGNED_J2K =
  '/0//UQApAAAAAAAIAAAACAAAAAAAAAAAAAAACAAAAAgAAAAAAAAAAAABiwEB/1IADAACAAEAAwQEAAH/XAANQGBoaHBoaHBoaHD/ZAAlAAFDcmVhdGVkIGJ5IE9wZW5KUEVHIHZlcnNpb24gMi41LjT/kAAKAAAAAABBAAH/k8fsBgchf8D8AKP5AwAABwAJf8B9oJD9gUAM9vmfCzf+ob/APqBYPzBQIhi3fF8DfpOsr//Z';

/** One image of 8 × 8 pixels in a compressed stream. */
function streamed(seed: string, transferSyntaxUid: string, base64: string, bits: 8 | 12): GeneratedInstance {
  const { bytes: _bytes, ...ids } = smallPicture({ seed, columns: 8, cells: new Uint8Array(64) });
  const dataset = {
    PatientName: 'STREAM^Own',
    PatientID: seed,
    StudyInstanceUID: ids.studyInstanceUid,
    SeriesInstanceUID: ids.seriesInstanceUid,
    SOPInstanceUID: ids.sopInstanceUid,
    SOPClassUID: SopClass.secondaryCapture,
    Modality: 'OT',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: 8,
    Columns: 8,
    BitsAllocated: bits === 8 ? 8 : 16,
    BitsStored: bits,
    HighBit: bits - 1,
    PixelRepresentation: 0,
    PixelData: { frames: [[Uint8Array.from(Buffer.from(base64, 'base64'))]], offsetTable: 'empty' as const },
  };
  return { ...ids, bytes: writePart10(dataset, { transferSyntaxUid }) };
}

/** What the testkit has no encoder for. */
const STREAMS = {
  'JPEG XL': streamed('stream-jxl', '1.2.840.10008.1.2.4.110', JPEG_XL, 8),
  'JPEG 2000 with a sign that the dataset denies': streamed('stream-j2k', '1.2.840.10008.1.2.4.90', SIGNED_J2K, 12),
};

/** Files of the test data: in the long run all that have pixels, which take minutes in a browser that draws by software. */
function realFiles(): string[] {
  const files = [...manifest()].filter(([, { layout }]) => layout !== '').map(([file]) => file);
  return isLong ? files : [];
}

/** Without an image, or drawn in another size because their pixels are not square; each has a test of its own. */
const APART = /^(encapsulated-pdf|video-mpeg4|README|dicm-at-128|charset-misdeclared|name-underscore|wado-uri)/;

/** Each file (every sixteenth in `npm test`), and those of a folder together: they are one series. */
function faultFiles(): (readonly [name: string, files: readonly string[]])[] {
  if (!existsSync(FAULTS)) return [];
  const entries = readdirSync(FAULTS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries
    .map((entry) => path.relative(FAULTS, path.join(entry.parentPath, entry.name)))
    .filter((file) => !APART.test(file));
  const nameOf = (file: string): string => (path.dirname(file) === '.' ? file : path.dirname(file));
  const names = [...new Set(files.map(nameOf))].filter((_name, place) => isLong || place % 16 === 0);
  return names.map((name) => [name, files.filter((file) => nameOf(file) === name)]);
}

/** What `/rendered` shows in more pixels than are stored, so that there is nothing to compare pixel by pixel. */
const isOtherSize = ({ without }: Difference): boolean => without?.startsWith('size ') === true;

const isEqual = ({ handed = 256, painted = 256 }: Difference): boolean => handed <= TOLERANCE && painted <= TOLERANCE;

// A file of a hundred frames takes minutes; a test that is given up would go on turning the pages of the next one.
const options = { timeout: isLong ? 900_000 : 120_000 };

/** Ours against `GET …/rendered`, at 1:1: both the bytes that the page hands to its library and what stands on the screen. */
describe.skipIf(chromiumPath === undefined)('the page draws what the server renders', options, () => {
  let tab: Tab;
  // The long run stores nearly every real file, under UIDs that others use as well.
  setStage(
    async (stage) => {
      tab = stage.tab;
      // Each frame is drawn five times, by software: as much of the window as small pictures need.
      if (!isLong) await tab.page.setViewportSize({ width: 900, height: 640 });
    },
    { isAlone: isLong },
  );

  const counts: Record<string, { frames: number; refused: number; otherSize: number }> = {};
  const notStored: string[] = [];
  const count = (kind: string, differences: readonly Difference[]): void => {
    const { frames, refused, otherSize } = counts[kind] ?? { frames: 0, refused: 0, otherSize: 0 };
    counts[kind] = {
      frames: frames + differences.length,
      refused: refused + differences.filter(({ isRefused }) => isRefused).length,
      otherSize: otherSize + differences.filter(isOtherSize).length,
    };
  };

  /** `isBroken`: what neither page nor server can read is no difference. */
  async function expectEqual(kind: string, shown: Shown, isBroken = false): Promise<void> {
    const differences = await compareSeries(tab, shown, isLong ? Number.POSITIVE_INFINITY : 1);
    expect(differences.length).toBeGreaterThan(0);
    const isFine = (one: Difference): boolean => isEqual(one) || isOtherSize(one) || (isBroken && one.isRefused === true);
    expect(differences.filter((one) => !isFine(one))).toEqual([]);
    count(kind, differences);
  }

  it.each(Object.entries(PHANTOMS).filter((_one, place) => isLong || place % 2 === 0))('phantom: %s', async (_name, make) => {
    const instances = make();
    expect(await storeInstances(tab, instances)).toBe(200);
    await expectEqual('phantom', { study: instances[0]?.studyInstanceUid ?? '' });
  });

  it.each(matrixCases().map((one) => [one.name, one] as const))('phantom: %s', async (_name, { instance }) => {
    expect(await storeInstances(tab, [instance])).toBe(200);
    await expectEqual('phantom', { study: instance.studyInstanceUid, series: instance.seriesInstanceUid });
  });

  it.each(isLong ? Object.entries(STREAMS) : [])('phantom: %s', async (_name, instance) => {
    expect(await storeInstances(tab, [instance])).toBe(200);
    await expectEqual('phantom', { study: instance.studyInstanceUid });
    const ends = await tab.page.evaluate(() => {
      const { picture } = (window as unknown as { __negatoscopeViewer: { picture: { pixels: Uint8Array } } }).__negatoscopeViewer;
      return [picture.pixels[0], picture.pixels[63]];
    });
    expect(ends).toEqual([0, 255]);
  });

  // Neither is part of a clone of this repository.
  it.skipIf(!existsSync(FAULTS)).each(faultFiles())('fault: %s', async (_name, files) => {
    const all = files.map((file) => readFileSync(path.join(FAULTS, file)));
    expect(await storeFiles(tab, all)).toBe(200);
    await expectEqual('fault', { study: await latestStudy(tab) });
  });

  it.skipIf(!existsSync(TESTDATA)).each(realFiles().map((file, number) => ({ file, number })))(
    'real file: $file',
    async ({ file, number }) => {
      const { layout = '', transferSyntax = '' } = manifest().get(file) ?? {};
      const before = await latestStudy(tab);
      const status = await storeFiles(tab, [underOwnUids(file, number)]);
      const study = await latestStudy(tab);
      const kind = `${transferSyntax} ${/\d+x\d+x3/.test(layout) ? 'colour' : 'grey'}`;
      // What lacks an identifier is not stored at all.
      if (status === 409) return void notStored.push(file);
      expect([status, study === before]).toEqual([200, false]);
      await expectEqual(kind, { study }, file.startsWith('broken/'));
    },
  );

  it('every picture that was to be compared', () => {
    console.log(JSON.stringify({ counts, notStored }, null, 1));
    expect(counts.phantom?.frames).toBeGreaterThan(isLong ? 10 : 3);
  });

  it('without an error or a policy violation of its own', () => {
    expect(tab.problems).toEqual([]);
    expect(tab.strangers).toEqual([]);
  });
});
