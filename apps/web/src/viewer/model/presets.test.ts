import type { VoiChoice } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { viewer as en } from '../../i18n/en/viewer.ts';
import { viewer as fr } from '../../i18n/fr/viewer.ts';
import { autoRange, presetsFor } from './presets.ts';

const stored = (id: string): VoiChoice => ({
  id,
  explanation: 'BONE',
  voi: { kind: 'window', center: 300, width: 1500, shape: 'linear' },
});

describe('presets', () => {
  it.each(['CT', 'MR', 'CR', 'PT', undefined])('fit the nine keys and have a text in both languages for %s', (modality) => {
    const choices = presetsFor({ modality, suvFactor: modality === 'PT' ? 4e-4 : undefined });
    expect(choices.length).toBeLessThanOrEqual(9);
    for (const { id } of choices) {
      expect(Object.keys(fr.presets)).toContain(id);
      expect(Object.keys(en.presets)).toContain(id);
    }
  });

  it('name every stored window and table where there is a choice (PS3.3 C.11.2)', () => {
    expect(presetsFor({ modality: 'MR', stored: [stored('window-1'), stored('table-1')] }).map(({ id }) => id)).toEqual([
      'default',
      'auto',
      'full',
      'window-1',
      'table-1',
    ]);
    expect(presetsFor({ modality: 'MR', stored: [stored('window-1')] })).toHaveLength(3);
  });
});

describe('presets of a PET', () => {
  it('are ranges of SUV from 0 where its attributes allow one, in the values of the image', () => {
    const windows = presetsFor({ modality: 'PT', suvFactor: 4e-4 }).flatMap((choice) =>
      choice.kind === 'window' ? [choice.window] : [],
    );
    // SUV 5 is 12,500 Bq/ml there.
    expect(windows.map(({ center, width }) => [center - width / 2, center + width / 2])).toEqual([
      [0, 12_500],
      [0, 17_500],
      [0, 25_000],
    ]);
    expect(windows.every(({ shape }) => shape === 'linear-exact')).toBe(true);
  });

  it('are none where they do not', () => {
    expect(presetsFor({ modality: 'PT' }).map(({ id }) => id)).toEqual(['default', 'auto', 'full']);
  });
});

describe('autoRange', () => {
  it('leaves out the outermost hundredth on both sides, and padding', () => {
    const values = Int16Array.from({ length: 1001 }, (_, index) => index);
    values[0] = -32_000;
    values[1000] = 32_000;
    const range = { min: -32_000, max: 32_000 };
    expect(autoRange(values, undefined, range)).toEqual({ lower: 10, upper: 990 });
    const padding = Uint8Array.from(values, (_, index) => (index < 500 ? 1 : 0));
    expect(autoRange(values, padding, range)).toEqual({ lower: 505, upper: 995 });
  });

  it('stays within values in small units, such as doses in Gy', () => {
    expect(autoRange([0, 0.01, 0.02], undefined, { min: 0, max: 0.02 })).toEqual({ lower: 0, upper: 0.02 });
  });
});
