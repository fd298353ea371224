import { expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import { isLegible, stateDrawing } from './drawing.ts';
import { presentationStateOf } from './state.ts';

const FRAME = { sopInstanceUid: '1.2.3', frameNumber: 1, rows: 100, columns: 100 };
const AT_ONCE = { origin: [0, 0], i: [1, 0], j: [0, 1] } as const;

/** A state that has written a text over every image (PS3.3 C.10.5), so many times. */
function stateWith(text: string, times: number) {
  const state = presentationStateOf({
    '00080016': el('UI', '1.2.840.10008.5.1.4.1.1.11.1'),
    '00080018': el('UI', '1.2.4'),
    '00081115': sq({ '0020000E': el('UI', '1.2'), '00081140': sq({ '00081155': el('UI', '1.2.3') }) }),
    '00700001': sq({
      '00700002': el('CS', 'NOTES'),
      '00700008': sq(
        ...Array.from({ length: times }, () => ({
          '00700004': el('CS', 'PIXEL'),
          '00700006': el('ST', text),
          '00700014': el('FL', 10, 10),
          '00700015': el('CS', 'N'),
        })),
      ),
    }),
    '00700060': sq({ '00700002': el('CS', 'NOTES'), '00700062': el('IS', 1) }),
  });
  if (state === undefined) throw new TypeError('That is no state.');
  return state;
}

test.each<[string, string, boolean, number?]>([
  ['accents, which are left out', 'Lésion 3: 12 mm', true],
  ['letters that have strokes', 'Lesion 3: 12 mm', true],
  ['lines as Windows ends them', 'one\r\ntwo', true],
  ['lines as old files end them', 'one\rtwo', true],
  ['another script', '山田', false],
  ['as many letters as are drawn', 'a'.repeat(1000), true, 20],
  ['a thousand more', 'a'.repeat(1000), false, 21],
])('what is told of a picture is what was drawn: %s', (_what, text, isWhole, times = 1) => {
  const state = stateWith(text, times);
  const drawn = stateDrawing(state, FRAME, AT_ONCE, { width: 100, height: 100, scale: 1 });
  expect([isLegible(state), drawn.isWhole, drawn.svg !== undefined]).toEqual([isWhole, isWhole, true]);
});
