import { expect, test } from 'vitest';
import type { ShownAnnotation } from '../annotations/study-annotations.ts';
import { keyFramesOf } from './key-frames.ts';

const mark = (id: string, frame: number, of: Partial<ShownAnnotation> = {}): ShownAnnotation => ({
  ...{ id, frame, seriesInstanceUid: '1.1', sopInstanceUid: '1.1.1', kind: 'KEY_IMAGE', label: null, mayChange: false },
  geometry: { space: 'PIXEL', points: [] },
  ...of,
});

test('a frame that several have marked is one key image, and other frames of its image are others', () => {
  const items = [mark('a', 5), mark('b', 5, { mayChange: true }), mark('c', 6), mark('d', 5, { sopInstanceUid: '1.1.2' })];
  expect(keyFramesOf([...items, mark('e', 5, { kind: 'LENGTH' })])).toEqual([
    { seriesInstanceUid: '1.1', sopInstanceUid: '1.1.1', frame: 5, ids: ['a', 'b'], ownId: 'b' },
    { seriesInstanceUid: '1.1', sopInstanceUid: '1.1.1', frame: 6, ids: ['c'], ownId: undefined },
    { seriesInstanceUid: '1.1', sopInstanceUid: '1.1.2', frame: 5, ids: ['d'], ownId: undefined },
  ]);
});
