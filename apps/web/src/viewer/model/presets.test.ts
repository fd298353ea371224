import { describe, expect, it } from 'vitest';
import { viewerStrings } from '../strings.ts';
import { autoRange, presetId, presetsFor, rangeToWindow, windowToRange } from './presets.ts';

describe('presets', () => {
  it.each(['CT', 'MR', 'CR', undefined])('fit the nine keys and have a text in both languages for %s', (modality) => {
    const choices = presetsFor(modality);
    expect(choices.length).toBeLessThanOrEqual(9);
    for (const choice of choices) {
      expect(Object.keys(viewerStrings.fr.presets)).toContain(presetId(choice));
      expect(Object.keys(viewerStrings.en.presets)).toContain(presetId(choice));
    }
  });
});

describe('windowToRange', () => {
  it("follows the standard's formula (PS3.3 C.11.2.1.2.1)", () => {
    expect(windowToRange(2048, 4096)).toEqual({ lower: 0, upper: 4095 });
    expect(windowToRange(40, 400)).toEqual({ lower: -160, upper: 239 });
  });

  it('is undone by rangeToWindow', () => {
    expect(rangeToWindow(windowToRange(-600, 1500))).toEqual({ center: -600, width: 1500 });
  });

  it('is the range itself for LINEAR_EXACT (PS3.3 C.11.2.1.3.2)', () => {
    expect(rangeToWindow({ lower: 0, upper: 0.5 }, true)).toEqual({ center: 0.25, width: 0.5 });
  });
});

describe('autoRange', () => {
  it('leaves out the outermost hundredth on both sides', () => {
    const values = Int16Array.from({ length: 1001 }, (_, index) => index);
    values[0] = -32_000;
    values[1000] = 32_000;
    expect(autoRange(values)).toEqual({ lower: 10, upper: 990 });
  });

  it('stays within values in small units, such as doses in Gy', () => {
    expect(autoRange([0, 0.01, 0.02])).toEqual({ lower: 0, upper: 0.02 });
  });

  it('is never empty, and has no answer without values', () => {
    expect(autoRange([7, 7, 7])).toEqual({ lower: 7, upper: 8 });
    expect(autoRange([Number.NaN])).toBeUndefined();
  });
});
