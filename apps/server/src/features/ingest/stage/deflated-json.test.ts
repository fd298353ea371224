import { inflateRawSync } from 'node:zlib';
import type { DicomJsonObject } from '@negatoscope/dicom';
import { describe, expect, test } from 'vitest';
import { deflatedJson } from './deflated-json.ts';

const items = (count: number): DicomJsonObject[] =>
  Array.from({ length: count }, (_, index) => ({ '00281050': { vr: 'DS', Value: [index, 'é"\\'] } }));

describe('the stored text of a dataset', () => {
  test.each<[string, DicomJsonObject]>([
    ['nothing', {}],
    ['empty elements', { '00080005': { vr: 'CS' }, '00081140': { vr: 'SQ' } }],
    ['keys that look like numbers', { '00080005': { vr: 'CS', Value: ['x'] }, '52009229': { vr: 'SQ', Value: items(1) } }],
    ['bulk data', { '7FE00010': { vr: 'OW', BulkDataURI: 'bulk:1:2' }, '00420011': { vr: 'OB', InlineBinary: 'AA==' } }],
    ['a long text in one piece', { '00204000': { vr: 'LT', Value: ['é'.repeat(60_000)] } }],
    [
      'many elements side by side',
      Object.fromEntries(items(300).map((_, at) => [`0011${1000 + at}`, { vr: 'LO', Value: [String(at)] }])),
    ],
    ['a sequence in parts', { '52009230': { vr: 'SQ', Value: items(1000) }, '00080005': { vr: 'CS', Value: ['y'] } }],
    ['several blocks', { '52009230': { vr: 'SQ', Value: items(60_000) } }],
  ])('%s: inflates to what JSON.stringify writes', (_what, json) => {
    expect(inflateRawSync(deflatedJson(json)).toString() === JSON.stringify(json)).toBe(true);
  });

  test('has memory of its own, which goes to another thread without what lies beside it', () => {
    for (const json of [{}, { '00081140': { vr: 'SQ', Value: items(2) } }, { '00081140': { vr: 'SQ', Value: items(1000) } }]) {
      const deflated = deflatedJson(json);
      expect(deflated.buffer.byteLength).toBe(deflated.length);
    }
  });
});
