import type { VoiChoice } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { viewerStrings } from '../strings.ts';
import { autoRange, presetsFor } from './presets.ts';

const stored = (id: string): VoiChoice => ({
  id,
  explanation: 'BONE',
  voi: { kind: 'window', center: 300, width: 1500, shape: 'linear' },
});

describe('presets', () => {
  it.each(['CT', 'MR', 'CR', undefined])('fit the nine keys and have a text in both languages for %s', (modality) => {
    const choices = presetsFor(modality);
    expect(choices.length).toBeLessThanOrEqual(9);
    for (const { id } of choices) {
      expect(Object.keys(viewerStrings.fr.presets)).toContain(id);
      expect(Object.keys(viewerStrings.en.presets)).toContain(id);
    }
  });

  it('name every stored window and table where there is a choice (PS3.3 C.11.2)', () => {
    expect(presetsFor('MR', [stored('window-1'), stored('table-1')]).map(({ id }) => id)).toEqual([
      'default',
      'auto',
      'full',
      'window-1',
      'table-1',
    ]);
    expect(presetsFor('MR', [stored('window-1')])).toHaveLength(3);
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
