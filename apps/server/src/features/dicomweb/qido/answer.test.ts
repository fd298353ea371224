import { describe, expect, it } from 'vitest';
import { dicomJsonText, qidoResult, qidoResultText } from './answer.ts';
import { levelElements, levelText } from './elements.ts';
import { parseQidoQuery } from './query.ts';
import { BARE, FULL } from './rows-fixture.ts';

const BASE = 'http://localhost:3000/dicom-web';

describe.each(['studies', 'series', 'instances'] as const)('an answer of %s', (level) => {
  it.each([true, false])('is the same text put together at once and from its elements (PS3.18 F.2), identity %s', (identity) => {
    for (const row of [FULL, BARE, { ...FULL, person_name: 'Dupont^Jean Paul' }]) {
      const json = levelElements(row, level, BASE, identity);
      expect(levelText(row, level, BASE, identity)).toBe(dicomJsonText(json));
      expect(JSON.parse(levelText(row, level, BASE, identity))).toEqual(json);
    }
  });

  it('has RetrieveURL of its own level', () => {
    const text = levelText(FULL, level, BASE, true);
    const end = { studies: '1.2.3', series: '1.2.3/series/1.2.3.4', instances: '1.2.3/series/1.2.3.4/instances/1.2.3.4.5' };
    expect(text.match(/"00081190":[^}]*/g)).toEqual([`"00081190":{"vr":"UR","Value":["${BASE}/studies/${end[level]}"]`]);
  });

  it('names nobody to who sees pseudonyms, whatever is asked for', () => {
    const row = { ...FULL, study_attributes: { '00100030': { vr: 'DA', Value: ['19700131'] } }, series_attributes: {} };
    const query = parseQidoQuery(level, new URLSearchParams('includefield=all'));
    for (const text of [levelText(row, level, BASE, false), qidoResultText(row, query, BASE, false)]) {
      expect(text).not.toMatch(/Dupont|19700131|House|"P |A\\u0001|S1/);
      expect(JSON.parse(text)['00100020']).toEqual({ vr: 'LO', Value: ['NG-2026-000001'] });
    }
  });

  it('has the kept attributes that are asked for, in the order of tags', () => {
    const row = { ...FULL, study_attributes: { '00081032': { vr: 'SQ' }, '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } } };
    const query = parseQidoQuery(level, new URLSearchParams('includefield=all'));
    const text = qidoResultText(row, query, BASE, true);
    expect(text).toBe(dicomJsonText(qidoResult(row, query, BASE, true)));
    const tags = [...text.matchAll(/"([0-9A-F]{8})":/g)].map(([, tag]) => tag);
    expect(tags).toEqual([...tags].sort());
    expect(tags).toEqual(expect.arrayContaining(['00080005', '00081032']));
  });
});
