import { describe, expect, test } from 'vitest';
import { keyObjectSelection, type MadeInstance, measurementReport } from '../made/index.ts';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { type ContentNode, contentTreeOf, referencesOf } from './tree.ts';

const made: MadeInstance = {
  study: { '0020000D': { vr: 'UI', Value: ['1.2.3'] } },
  ...{ seriesInstanceUid: '1.2.3.1', sopInstanceUid: '1.2.3.1.1', seriesNumber: 1, instanceNumber: 1 },
  ...{ contentDate: '20260101', contentTime: '080000', manufacturer: 'Test' },
  implementation: { classUid: '2.25.1', version: 'TEST' },
};
const image = { seriesInstanceUid: '1.2.3.9', sopClassUid: '1.2.840.10008.5.1.4.1.1.2', sopInstanceUid: '1.2.3.9.1' };
const mm = { value: 'mm', scheme: 'UCUM', meaning: 'mm' };
const length = { value: '410668003', scheme: 'SCT', meaning: 'Length' };
const texts = (node: ContentNode): string[] => [
  ...(node.text === undefined ? [] : [`${node.name ?? ''}: ${node.text}`]),
  ...node.children.flatMap(texts),
];

describe('the content of a document', () => {
  test('of a measurement report is read as its values, units, texts and images with their frames', () => {
    const bytes = measurementReport({
      ...{ ...made, author: 'Diop^Awa', language: { value: 'en', scheme: 'RFC5646', meaning: 'English' } },
      measurements: [
        {
          ...{ trackingId: 'Length 1', trackingUid: '2.25.7', isRegion: false, comments: ['Nodule <b>'] },
          image: { ...image, frames: [5] },
          shapes: [{ graphicType: 'POLYLINE', points: [1, 2, 3, 4] }],
          values: [{ concept: length, value: 12.5, unit: mm }],
        },
      ],
    });
    const tree = contentTreeOf(parsePart10(bytes).json);
    expect(tree?.isWhole).toBe(true);
    expect(texts(tree?.root as ContentNode)).toEqual(
      expect.arrayContaining(['Length: 12.5 mm', 'Comment: Nodule <b>', 'Person Observer Name: Diop Awa']),
    );
    expect(tree && referencesOf(tree)).toEqual([{ sopInstanceUid: '1.2.3.9.1', frames: [5] }]);
  });

  test('of a key object selection names its images', () => {
    const bytes = keyObjectSelection({ ...made, author: 'Diop^Awa', objects: [{ ...image, frames: [5, 7] }] });
    const tree = contentTreeOf(parsePart10(bytes).json);
    expect(tree?.root.name).toBe('Of Interest');
    expect(tree && referencesOf(tree)).toEqual([{ sopInstanceUid: '1.2.3.9.1', frames: [5, 7] }]);
  });

  test('of what is no document is none', () => {
    expect(contentTreeOf({})).toBeUndefined();
    expect(contentTreeOf({ '00280010': { vr: 'US', Value: [4] } })).toBeUndefined();
  });

  test('costs no more than a limit, whatever was sent', () => {
    const flat = {
      '0040A730': { vr: 'SQ', Value: Array.from({ length: 20_000 }, () => ({ '0040A040': { vr: 'CS', Value: ['TEXT'] } })) },
    };
    expect(contentTreeOf(flat)).toMatchObject({ isWhole: false });
    let deep: DicomJsonObject = {};
    for (let level = 0; level < 5_000; level += 1) deep = { '0040A730': { vr: 'SQ', Value: [deep] } };
    expect(contentTreeOf(deep)).toMatchObject({ isWhole: false });
    const odd = { '0040A730': { vr: 'SQ', Value: [null, 7, 'x', { '0040A040': { vr: 'CS', Value: ['toString'] } }] } };
    expect(contentTreeOf(odd as unknown as DicomJsonObject)?.root.children).toHaveLength(1);
  });
});
