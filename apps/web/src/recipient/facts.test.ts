import { expect, it } from 'vitest';
import { factsIn, NO_FACTS } from './facts.ts';

const value = (...Value: readonly unknown[]) => ({ vr: 'XX', Value });
const GRAY = { '00280004': value('MONOCHROME2') };
const WINDOW = { '00281050': value(40, 300), '00281051': value(400, 1500) };

it('takes the first window that is stored with an image (PS3.3 C.11.2)', () => {
  expect(factsIn([{ ...GRAY, ...WINDOW }]).own).toEqual({ center: 40, width: 400, shape: 'linear', isReversed: false });
});

it('finds the window of an enhanced image in its functional groups, with its function', () => {
  const groups = value({ '00289132': value({ ...WINDOW, '00281056': value('SIGMOID') }) });
  for (const tag of ['52009229', '52009230'])
    expect(factsIn([{ '00280004': value('MONOCHROME1'), [tag]: groups }]).own).toMatchObject({
      shape: 'sigmoid',
      isReversed: true,
    });
});

it('knows of an earlier loss (PS3.3 C.7.6.1.1.5)', () => {
  expect([factsIn([{ ...GRAY, '00282110': value('01') }]).isLossy, factsIn([GRAY]).isLossy]).toEqual([true, false]);
});

it.each([
  ['colour', [{ '00280004': value('RGB'), ...WINDOW }]],
  ['a width that is none', [{ ...GRAY, ...WINDOW, '00281051': value(0) }]],
  ['no list', { error: 'x' }],
  ['an empty list', []],
  ['nothing', null],
  ['attributes of another form', [{ '00280004': 'MONOCHROME2', '00281051': { Value: 'x' } }]],
])('has no window of %s', (_what, metadata) => {
  expect(factsIn(metadata)).toEqual(NO_FACTS);
});
