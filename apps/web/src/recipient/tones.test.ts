import { expect, it } from 'vitest';
import { filterOf, type OwnWindow, PLAIN, presetsOf, windowOf } from './tones.ts';

const OWN: OwnWindow = { center: 40, width: 400, shape: 'linear', isReversed: false };

it('asks for no window while nobody has changed it, so that the picture comes as the server shows it', () => {
  expect([windowOf(PLAIN, OWN), windowOf(PLAIN, undefined)]).toEqual([undefined, undefined]);
});

it('moves the stored window: brighter is a lower centre, more contrast a narrower width (PS3.18 8.3.5.1.3)', () => {
  expect(windowOf({ ...PLAIN, brightness: 50 }, OWN)).toBe('-160,400,linear');
  expect(windowOf({ ...PLAIN, contrast: 50 }, OWN)).toBe('40,200,linear');
  expect(windowOf({ ...PLAIN, contrast: -50 }, { ...OWN, shape: 'sigmoid' })).toBe('40,800,sigmoid');
});

it('makes an image of MONOCHROME1 brighter by a higher centre', () => {
  expect(windowOf({ ...PLAIN, brightness: 50 }, { ...OWN, isReversed: true })).toBe('240,400,linear');
});

it('never asks for a width below the least that there is', () => {
  expect(windowOf({ ...PLAIN, contrast: 100 }, { ...OWN, width: 2 })).toBe('40,1,linear');
});

it('takes the presets of CT for CT alone, whether or not a window is stored', () => {
  expect([presetsOf('CT').length, presetsOf('MR').length]).toEqual([7, 0]);
  expect(windowOf({ ...PLAIN, preset: 'lung' }, undefined)).toBe('-600,1500,linear');
});

it('leaves to the browser what no window can do: inverting, and the light of colour', () => {
  expect(filterOf(PLAIN, true)).toBe('none');
  expect(filterOf({ ...PLAIN, isInverted: true, brightness: 50 }, true)).toBe('invert(1)');
  expect(filterOf({ ...PLAIN, brightness: 50, contrast: 50 }, false)).toBe('brightness(1.4) contrast(2)');
});
