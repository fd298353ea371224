import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TransferSyntax } from '../part10/transfer-syntax.ts';
import { hasDcmtk, parse, runDcmtk } from '../testing/read-back.ts';
import { chestXray } from './chest-xray.ts';
import { ctVolume } from './ct.ts';
import type { GeneratedInstance } from './instance.ts';
import { mrSeries } from './mr.ts';
import { secondaryCapture } from './secondary-capture.ts';
import { ultrasoundClip } from './ultrasound.ts';

const PHANTOMS: Record<string, (seed: string) => Iterable<GeneratedInstance>> = {
  'CT thorax': (seed) => ctVolume({ seed, slices: 3, rows: 128, columns: 128 }),
  'CT head, signed': (seed) => ctVolume({ seed, slices: 3, rows: 128, columns: 128, anatomy: 'head', isSigned: true }),
  'CT big endian': (seed) =>
    ctVolume({ seed, slices: 1, rows: 64, columns: 64, transferSyntaxUid: TransferSyntax.explicitVrBigEndian }),
  'MR brain': (seed) => mrSeries({ seed, slices: 3, orientation: 'coronal', weighting: 'T1' }),
  'MR knee': (seed) => mrSeries({ seed, slices: 2, anatomy: 'knee', orientation: 'sagittal', weighting: 'PD' }),
  'chest DX': (seed) => chestXray({ seed, rows: 128, columns: 128, infiltrate: 'right-lower' }),
  'chest CR, MONOCHROME1': (seed) =>
    chestXray({ seed, rows: 128, columns: 96, modality: 'CR', photometricInterpretation: 'MONOCHROME1', bitsStored: 14 }),
  'ultrasound RLE': (seed) => ultrasoundClip({ seed, frames: 2, rows: 120, columns: 160, encoding: 'rle' }),
  'ultrasound native': (seed) => ultrasoundClip({ seed, frames: 2, rows: 120, columns: 160 }),
  'secondary capture': (seed) => secondaryCapture({ seed, rows: 60, columns: 80 }),
};

function hashes(instances: Iterable<GeneratedInstance>): string[] {
  return Array.from(instances, (instance) => createHash('sha256').update(instance.bytes).digest('hex'));
}

describe.each(Object.entries(PHANTOMS))('phantom %s', (_, make) => {
  const made = Array.from(make('a'));
  it('gives the same bytes for the same seed and others for another', () => {
    expect(hashes(make('a'))).toEqual(hashes(made));
    expect(hashes(made)[0]).not.toBe(hashes(make('b'))[0]);
  });
  it('says the UIDs that its files hold, under 2.25 (PS3.5 B.2)', () => {
    const seen = new Set<string>();
    for (const instance of made) {
      const parsed = parse(instance.bytes);
      expect([parsed.string('x0020000d'), parsed.string('x0020000e'), parsed.string('x00080018')]).toEqual([
        instance.studyInstanceUid,
        instance.seriesInstanceUid,
        instance.sopInstanceUid,
      ]);
      expect(instance.sopInstanceUid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
      seen.add(instance.sopInstanceUid);
    }
    expect(seen.size).toBe(made.length);
  });
  it.skipIf(!hasDcmtk)('is read by dcmdump and passes dcmftest', () => {
    const files = made.map(({ bytes }) => bytes);
    const dump = runDcmtk('dcmdump', files);
    expect(dump.status).toBe(0);
    expect(dump.output).not.toMatch(/^[WEF]: /m);
    const { status, output } = runDcmtk('dcmftest', files);
    expect([status, output.match(/^yes: /gm)?.length]).toEqual([0, files.length]);
  });
});

function storedPixels(instance: GeneratedInstance): Int16Array {
  const element = parse(instance.bytes).elements.x7fe00010;
  const start = element?.dataOffset ?? 0;
  return new Int16Array(instance.bytes.slice(start, start + (element?.length ?? 0)).buffer);
}

function first(instances: Iterable<GeneratedInstance>): GeneratedInstance {
  for (const instance of instances) return instance;
  throw new Error('no instance');
}

describe('anatomy', () => {
  it('CT: air, lung, soft tissue and bone have their Hounsfield units after rescale (PS3.3 C.11.1)', () => {
    const middle = Array.from(ctVolume({ seed: 'hu', slices: 5, rows: 256, columns: 256 }))[2];
    if (!middle) throw new Error('no slice');
    const parsed = parse(middle.bytes);
    const intercept = Number(parsed.string('x00281052'));
    const values = storedPixels(middle);
    const hu = (x: number, y: number): number => {
      const [left = 0, top = 0] = (parsed.string('x00200032') ?? '').split('\\').map(Number);
      const spacing = Number(parsed.string('x00280030')?.split('\\')[0]);
      return (values[Math.round((y - top) / spacing) * 256 + Math.round((x - left) / spacing)] ?? 0) + intercept;
    };
    expect(hu(-185, -150)).toBeLessThan(-950);
    expect(hu(-100, 0)).toBeLessThan(-700);
    expect(hu(20, -26)).toBeGreaterThan(20);
    expect(Math.max(...values) + intercept).toBeGreaterThan(500);
  });
  it('CT: signed and unsigned storage mean the same Hounsfield units', () => {
    const options = { seed: 'sign', slices: 1, rows: 64, columns: 64 };
    const unsigned = storedPixels(first(ctVolume(options)));
    const signed = storedPixels(first(ctVolume({ ...options, isSigned: true })));
    expect(Array.from(signed)).toEqual(Array.from(unsigned, (value) => value - 1024));
  });
  it('CT: positions step along the normal by the slice spacing, head first (PS3.3 C.7.6.2.1.1)', () => {
    const z = Array.from(ctVolume({ seed: 'z', slices: 4, rows: 32, columns: 32, spacingMm: 2.5 }), ({ bytes }) =>
      Number(parse(bytes).string('x00200032')?.split('\\')[2]),
    );
    expect(z.map((value, index) => value - (z[0] ?? 0) + index * 2.5)).toEqual([0, 0, 0, 0]);
  });
  it('chest: lungs are dark, mediastinum light; MONOCHROME1 is stored inverted (PS3.3 C.7.6.3.1.2)', () => {
    const at = (values: Int16Array, x: number, y: number): number => values[Math.round(y * 255) * 256 + Math.round(x * 255)] ?? 0;
    const size = { seed: 'chest', rows: 256, columns: 256 };
    const plain = storedPixels(first(chestXray(size)));
    const inverted = storedPixels(first(chestXray({ ...size, photometricInterpretation: 'MONOCHROME1' })));
    expect(at(plain, 0.5, 0.6)).toBeGreaterThan(at(plain, 0.72, 0.35) + 800);
    expect(Array.from(inverted)).toEqual(Array.from(plain, (value) => 4095 - value));
  });
  it('MR: three orientations have perpendicular normals', () => {
    const normal = (orientation: 'axial' | 'sagittal' | 'coronal'): number => {
      const cosines =
        parse(first(mrSeries({ seed: 'n', slices: 1, rows: 32, columns: 32, orientation })).bytes).string('x00200037') ?? '';
      const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = cosines.split('\\').map(Number);
      return [b * f - c * e, c * d - a * f, a * e - b * d].findIndex((part) => Math.abs(part) === 1);
    };
    expect([normal('sagittal'), normal('coronal'), normal('axial')]).toEqual([0, 1, 2]);
  });
  it('is made lazily: the first of a million slices comes at once', () => {
    const started = performance.now();
    first(ctVolume({ seed: 'lazy', slices: 1_000_000, rows: 32, columns: 32 }));
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
