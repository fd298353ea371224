import type { Annotation } from '@negatoscope/contract';
import { describe, expect, it, test } from 'vitest';
import { isKeptEdit } from './kept-edit.ts';
import { StudyAnnotations } from './study-annotations.ts';

const edit = {
  ...{ editId: 'e', authorId: 'ana', baseVersion: 0, kind: 'LENGTH', frame: 1, label: null, isDeleted: false },
  ...{ seriesInstanceUid: '1.2', sopInstanceUid: '1.2.3', geometry: { space: 'PIXEL', points: [1, 2, 3, 4] } },
};
const kept = { study: { studyInstanceUid: '1' }, annotationId: 'a', edit, at: 5 };

test.each<[string, unknown, boolean]>([
  ['as this page keeps it', kept, true],
  [
    'in the patient',
    { ...kept, edit: { ...edit, geometry: { space: 'PATIENT', frameOfReferenceUid: '1.9', points: [1, 2, 3] } } },
    true,
  ],
  [
    'of a library: by the address of an image, in its world',
    { annotationUID: 'a', metadata: { toolName: 'Length' }, data: { handles: { points: [[1, 2, 3]] } } },
    false,
  ],
  ['without a study', { ...kept, study: undefined }, false],
  ['without an edit', { ...kept, edit: undefined }, false],
  ['without points', { ...kept, edit: { ...edit, geometry: { space: 'PIXEL' } } }, false],
  ['in a space that is not named', { ...kept, edit: { ...edit, geometry: { space: 'WORLD', points: [1, 2] } } }, false],
  ['with no number', { ...kept, edit: { ...edit, geometry: { space: 'PIXEL', points: [1, null] } } }, false],
  ['not at all', null, false],
])('an edit that waits %s is taken up or left', (_, value, isTaken) => expect(isKeptEdit(value)).toBe(isTaken));

describe('what a later server sends', () => {
  it('in a form that this page does not know costs no other drawing', () => {
    const annotations = new StudyAnnotations({
      ...{ study: { studyInstanceUid: '1' }, authorId: 'ana', canWrite: true, refresh: async () => undefined },
      queue: { add: () => undefined, waitingOf: () => [], subscribe: () => () => undefined },
    });
    const at = '2026-01-01T00:00:00.000Z';
    const own = {
      id: 'known',
      ...edit,
      version: 1,
      createdAt: at,
      changedAt: at,
      mayChange: true,
      isLabelHidden: false,
      author: null,
    };
    const odd = [
      { ...own, id: 'odd', geometry: { space: 'VOLUME', voxels: [1] } },
      { ...own, id: 'none', geometry: undefined },
    ];
    annotations.receive([...odd, own] as unknown as Annotation[]); // What no type of this page describes.
    expect(annotations.getSnapshot().items.map(({ id }) => id)).toEqual(['known']);
  });
});
