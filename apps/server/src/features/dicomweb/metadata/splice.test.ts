import { describe, expect, test } from 'vitest';
import { type Overlaid, splicedMetadata } from './splice.ts';

const NAME = '{"vr":"PN","Value":[{"Alphabetic":"Müller^Zoé"}]}';
const OVERLAYS: readonly Overlaid[] = [
  { tag: '00081030', text: (stored) => (stored === '{"vr":"LO","Value":["kept"]}' ? undefined : '{"vr":"LO","Value":["new"]}') },
  { tag: '00100010', text: () => NAME },
  { tag: '00100020', text: () => '{"vr":"LO","Value":["P1"]}' },
];
const splice = (json: unknown, overlays = OVERLAYS): unknown => {
  const pieces = splicedMetadata(Buffer.from(JSON.stringify(json)), overlays, (uri) => `https://h/"${uri.slice(5)}`);
  return pieces && JSON.parse(Buffer.concat(pieces).toString('utf8'));
};
const overlaid = { '00100010': JSON.parse(NAME), '00100020': { vr: 'LO', Value: ['P1'] } };
const description = { '00081030': { vr: 'LO', Value: ['new'] } };

describe('metadata without being parsed', () => {
  test.each([
    [
      'attributes that are stored are replaced',
      {
        '00081030': { vr: 'LO', Value: ['old"]}'] },
        '00100010': { vr: 'PN' },
        '00100020': { vr: 'LO', Value: ['x'] },
        '00200010': { vr: 'SH' },
      },
    ],
    [
      'attributes that are not stored are inserted',
      { '00080005': { vr: 'CS', Value: ['ISO_IR 192'] }, '00280010': { vr: 'US', Value: [1] } },
    ],
    ['also behind the last one', { '00080005': { vr: 'CS', Value: ['ä\\"\\\\', '{[', ']}"'] } }],
    ['also before the first one', { '00200010': { vr: 'SH' } }],
    ['also where the last one is replaced', { '00100020': { vr: 'LO' } }],
  ])('%s', (_what, json) => {
    expect(JSON.stringify(splice(json))).toBe(
      JSON.stringify(
        Object.fromEntries(Object.entries({ ...json, ...overlaid, ...description }).sort(([a], [b]) => (a < b ? -1 : 1))),
      ),
    );
  });

  test('an overlay may keep what is stored', () => {
    const json = { '00081030': { vr: 'LO', Value: ['kept'] }, '00200010': { vr: 'SH' } };
    expect(splice(json)).toEqual({ ...json, ...overlaid });
  });

  test('the same attributes within sequences stay as they are', () => {
    const item = { '00100010': { vr: 'PN' }, '00100020': { vr: 'LO', Value: ['other'] } };
    const json = { '00081110': { vr: 'SQ', Value: [item, {}, item] }, '00101002': { vr: 'SQ', Value: [item] } };
    expect(splice(json)).toEqual({ ...json, ...overlaid, ...description });
  });

  test('places of bulk data become addresses at every depth, and only there', () => {
    const said = { vr: 'LT', Value: ['"BulkDataURI":"bulk:1:2"'] };
    const json = (uri: (place: string) => string) => ({
      '00080005': said,
      '00089215': { vr: 'SQ', Value: [{ '00420011': { vr: 'OB', BulkDataURI: uri('12:34') } }] },
      '00420011': { vr: 'OB', BulkDataURI: 'https://elsewhere/bulk:1:2' },
      '7FE00010': { vr: 'OW', BulkDataURI: uri('99:1000:be2:inflated') },
    });
    expect(splice(json((place) => `bulk:${place}`))).toEqual({
      ...json((place) => `https://h/"${place}`),
      ...overlaid,
      ...description,
    });
  });

  test.each([
    [
      'keys that JavaScript puts first',
      '{"52009229":{"vr":"SQ","Value":[{"00289110":{"vr":"SQ"}}]},"00080005":{"vr":"CS"},"00420011":{"vr":"OB","BulkDataURI":"bulk:1:2"}}',
    ],
    [
      'elements in any order',
      '{"00420011":{"vr":"OB","BulkDataURI":"bulk:1:2"},"52009229":{"vr":"SQ","Value":[{"00289110":{"vr":"SQ"}}]},"00080005":{"vr":"CS"}}',
    ],
  ])('%s come in ascending order', (_what, json) => {
    const pieces = splicedMetadata(Buffer.from(json), OVERLAYS, () => 'there') ?? [];
    expect(Buffer.concat(pieces).toString('utf8')).toBe(
      `{"00080005":{"vr":"CS"},"00081030":{"vr":"LO","Value":["new"]},"00100010":${NAME},"00100020":{"vr":"LO","Value":["P1"]},"00420011":{"vr":"OB","BulkDataURI":"there"},"52009229":{"vr":"SQ","Value":[{"00289110":{"vr":"SQ"}}]}}`,
    );
  });

  test('a place that an overlay replaces is gone', () => {
    expect(splice({ '00100010': { vr: 'PN', BulkDataURI: 'bulk:1:70000' }, '00200010': { vr: 'SH' } })).toEqual({
      ...overlaid,
      ...description,
      '00200010': { vr: 'SH' },
    });
  });

  test.each([
    [
      'elements of an item that are out of order',
      { '00081110': { vr: 'SQ', Value: [{ '00200010': { vr: 'SH' }, '00100010': { vr: 'PN' } }] } },
    ],
    ['a dataset without any element', {}],
  ])('%s are left to the caller', (_what, json) => {
    expect(splice(json)).toBeUndefined();
  });
});
