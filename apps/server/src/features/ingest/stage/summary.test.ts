import type { DicomJsonObject, ParsedInstance } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { summarise } from './summary.ts';

const UIDS: DicomJsonObject = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['2.25.1'] },
  '0020000D': { vr: 'UI', Value: ['2.25.2'] },
  '0020000E': { vr: 'UI', Value: ['2.25.3'] },
};

const summaryOf = (json: DicomJsonObject) => {
  const parsed: ParsedInstance = {
    ...{ hasPreamble: true, hasMeta: true, fileMeta: {}, transferSyntaxUid: '1.2.840.10008.1.2.1', datasetOffset: 300 },
    ...{ json: { ...UIDS, ...json }, bulkData: [], warnings: [] },
  };
  return summarise(parsed, 1);
};

describe('attributes that the index keeps (PS3.18 tables 10.6.1-3 and 10.6.1-4)', () => {
  test('are those of study and series as they came, without what is bulk', () => {
    const { study, series } = summaryOf({
      '00080020': { vr: 'DA' },
      '00081030': { vr: 'LO', Value: ['Thorax "face"'] },
      '0008103E': { vr: 'LO', Value: ['Série'] },
      '00102160': { vr: 'SH', Value: ['not kept'] },
      '00081032': { vr: 'SQ', BulkDataURI: 'bulk:1:2' },
    });
    expect(study.attributes).toBe(
      '{"00080020":{"vr":"DA"},"00081030":{"vr":"LO","Value":["Thorax \\"face\\""]},"0020000D":{"vr":"UI","Value":["2.25.2"]}}',
    );
    expect(JSON.parse(series.attributes)).toEqual({
      '0008103E': { vr: 'LO', Value: ['Série'] },
      '0020000E': { vr: 'UI', Value: ['2.25.3'] },
    });
  });

  test('leave out a value of unreasonable size, and it alone', () => {
    const { study } = summaryOf({
      '00081030': { vr: 'LO', Value: ['x'.repeat(20_000)] },
      '00081048': { vr: 'PN', Value: [{ Alphabetic: 'y'.repeat(10_000) }] },
      '00081060': { vr: 'PN', Value: [{ Alphabetic: 'z'.repeat(10_000) }] },
    });
    expect(Object.keys(JSON.parse(study.attributes) as object)).toEqual(['00081048', '00081060', '0020000D']);
  });

  test('and words of the index hold no NUL and no half character', () => {
    const { study } = summaryOf({ '00081030': { vr: 'LO', Value: ['a\0b\uD83Dc'] } });
    expect(study.description).toBe('ab\uFFFDc');
    expect(study.attributes).not.toMatch(/\\u(?:0000|d83d)/);
  });
});
