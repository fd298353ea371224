import { describe, expect, test } from 'vitest';
import {
  basicTextReport,
  type Code,
  type DicomJsonObject,
  encapsulatedPdf,
  type InstanceReference,
  jsonItems,
  jsonNumber,
  jsonNumbers,
  jsonPersonName,
  jsonString,
  jsonStrings,
  keyObjectSelection,
  locateFrames,
  type MadeInstance,
  type MadeMeasurement,
  measurementReport,
  type ParsedInstance,
  parsePart10,
  secondaryCaptureImage,
} from '../src/index.ts';

/** What the server itself makes: each is read again as a file of anybody's. */
const study: DicomJsonObject = {
  '00080020': { vr: 'DA', Value: ['20260301'] },
  '00081030': { vr: 'LO', Value: ['Thorax de face'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Été^Anaïs', Ideographic: '山田' }] },
  '00100020': { vr: 'LO', Value: ['P-1'] },
  '00100040': { vr: 'CS' },
  '0020000D': { vr: 'UI', Value: ['1.2.3'] },
  // None of a study: it stays where it is.
  '00280010': { vr: 'US', Value: [512] },
};
const made: MadeInstance = {
  study,
  seriesInstanceUid: '1.2.3.9',
  sopInstanceUid: '1.2.3.9.1',
  seriesNumber: 901,
  instanceNumber: 4,
  contentDate: '20260302',
  contentTime: '081500',
  manufacturer: 'Negatoscope',
  implementation: { classUid: '2.25.1', version: 'TEST' },
};
const image = (series: string, instance: string, frames?: readonly number[]): InstanceReference => ({
  seriesInstanceUid: series,
  sopInstanceUid: instance,
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  ...(frames === undefined ? {} : { frames }),
});
const code = (value: string, meaning = value, scheme = 'DCM'): Code => ({ value, scheme, meaning });
const predecessor = { seriesInstanceUid: '1.2.3.8', sopClassUid: '1.2.840.10008.5.1.4.1.1.88.59', sopInstanceUid: '1.2.3.8.1' };

const read = (bytes: Uint8Array): ParsedInstance => {
  const parsed = parsePart10(bytes);
  expect(parsed.warnings).toEqual([]);
  return parsed;
};
const [CONTENT, TYPE, CONCEPT, RELATION, TEXT] = ['0040A730', '0040A040', '0040A043', '0040A010', '0040A160'] as const;
const codeOf = (json: DicomJsonObject, tag: string = CONCEPT): string | undefined => {
  const [item] = jsonItems(json, tag);
  return item === undefined ? undefined : jsonString(item, '00080100');
};
/** A content tree as lines: depth, relation, type, concept. */
function tree(json: DicomJsonObject, depth = 0): string[] {
  return jsonItems(json, CONTENT).flatMap((item) => [
    `${'·'.repeat(depth)}${jsonString(item, RELATION)} ${jsonString(item, TYPE)} ${codeOf(item) ?? '-'}`,
    ...tree(item, depth + 1),
  ]);
}
const templateOf = (json: DicomJsonObject): string | undefined => {
  const [item] = jsonItems(json, '0040A504');
  return item === undefined ? undefined : jsonString(item, '0040DB00');
};
/** Evidence or predecessors: by study, series and instance. */
const referred = (json: DicomJsonObject, tag: string): string[] =>
  jsonItems(json, tag).flatMap((one) =>
    jsonItems(one, '00081115').flatMap((series) =>
      jsonItems(series, '00081199').map(
        (item) => `${jsonString(one, '0020000D')} ${jsonString(series, '0020000E')} ${jsonString(item, '00081155')}`,
      ),
    ),
  );

const capture = (pixels: Uint8Array, rows = 2, columns = 3): Uint8Array =>
  secondaryCaptureImage({ ...made, rows, columns, pixels });
const report = (parts: Parameters<typeof basicTextReport>[0]['parts']): DicomJsonObject =>
  read(basicTextReport({ ...made, title: code('18748-4', 'Diagnostic imaging report', 'LN'), parts })).json;

test('text of a report has no controls but ends of lines: an escape would begin another character set (PS3.5 6.1.3)', () => {
  const parts = [{ name: code('121071', 'Finding'), text: 'a\u0007b\u001b$)Cc\r\nd\te' }];
  const [item] = jsonItems(report(parts), '0040A730');
  expect(item && jsonString(item, '0040A160')).toBe('a b $)Cc\r\nd\te');
});

describe('every instance that is made', () => {
  const { json, fileMeta, transferSyntaxUid } = read(capture(new Uint8Array(6)));

  test('names whom its study names, and copies nothing else of it (PS3.3 C.7.1.1, C.7.2.1)', () => {
    expect(jsonPersonName(json, '00100010')).toEqual({ Alphabetic: 'Été^Anaïs', Ideographic: '山田' });
    expect([jsonString(json, '00100020'), jsonString(json, '0020000D'), jsonString(json, '00081030')]).toEqual([
      'P-1',
      '1.2.3',
      'Thorax de face',
    ]);
    expect(jsonNumber(json, '00280010')).toBe(2);
  });

  test('has attributes of type 2 that the study lacks, empty, and none of type 3 (PS3.5 7.4)', () => {
    for (const tag of ['00080050', '00080090', '00100030', '00100040', '00200010', '00080030'])
      expect(json[tag]).toEqual({ vr: expect.any(String) });
    expect(json['00100021']).toBeUndefined();
    expect(
      read(
        secondaryCaptureImage({
          ...made,
          study: { '0020000D': { vr: 'UI', Value: ['1.2'] } },
          rows: 1,
          columns: 2,
          pixels: new Uint8Array(2),
        }),
      ).json['00081030'],
    ).toBeUndefined();
  });

  test('says what it is, when and by what it was made (PS3.3 C.12.1, C.7.3.1; PS3.10 7.1)', () => {
    expect([
      jsonString(json, '00080018'),
      jsonString(json, '0020000E'),
      jsonNumber(json, '00200011'),
      jsonNumber(json, '00200013'),
    ]).toEqual(['1.2.3.9.1', '1.2.3.9', 901, 4]);
    expect([jsonString(json, '00080023'), jsonString(json, '00080033'), jsonString(json, '00080070')]).toEqual([
      '20260302',
      '081500',
      'Negatoscope',
    ]);
    expect([jsonString(fileMeta, '00020002'), jsonString(fileMeta, '00020003'), jsonString(fileMeta, '00020012')]).toEqual([
      '1.2.840.10008.5.1.4.1.1.7',
      '1.2.3.9.1',
      '2.25.1',
    ]);
    expect([transferSyntaxUid, jsonString(json, '00080005')]).toEqual(['1.2.840.10008.1.2.1', 'ISO_IR 192']);
    expect(json['0008103E']).toBeUndefined();
    const named = secondaryCaptureImage({
      ...made,
      seriesDescription: 'Captures',
      rows: 1,
      columns: 2,
      pixels: new Uint8Array(2),
    });
    expect(jsonString(read(named).json, '0008103E')).toBe('Captures');
  });
});

describe('a secondary capture (PS3.3 A.8.1, C.7.6.3)', () => {
  test.each([
    ['gray', 1, 'MONOCHROME2'],
    ['colour', 3, 'RGB'],
  ])('in %s holds its pixels as they were given', (_what, samples, photometric) => {
    const pixels = Uint8Array.from({ length: 6 * samples }, (_, index) => index + 1);
    const file = capture(pixels);
    const parsed = read(file);
    expect([jsonNumber(parsed.json, '00280002'), jsonString(parsed.json, '00280004')]).toEqual([samples, photometric]);
    expect(parsed.json['00280006'] === undefined).toBe(samples === 1);
    const table = locateFrames(parsed, file);
    expect(table).toMatchObject({ kind: 'native', count: 1, frameBytes: pixels.length, warnings: [] });
    expect(file.subarray(parsed.pixelData?.offset, (parsed.pixelData?.offset ?? 0) + pixels.length)).toEqual(pixels);
  });

  test('says that it was drawn, and that somebody’s name may be in it', () => {
    const { json } = read(capture(new Uint8Array(6)));
    expect([jsonStrings(json, '00080008'), jsonString(json, '00080064'), jsonString(json, '00280301')]).toEqual([
      ['DERIVED', 'SECONDARY'],
      'WSD',
      'YES',
    ]);
  });

  test('of another size than its pixels is none', () => {
    for (const length of [5, 12, 24]) expect(() => capture(new Uint8Array(length))).toThrow(RangeError);
  });

  test('of an odd number of pixels is padded to an even length (PS3.5 8.1.1)', () => {
    const file = capture(Uint8Array.of(1, 2, 3), 1, 3);
    expect(read(file).pixelData?.length).toBe(4);
    expect([...file.subarray(-4)]).toEqual([1, 2, 3, 0]);
  });
});

describe('an encapsulated PDF (PS3.3 A.45.1, C.24.2)', () => {
  test('holds the document byte for byte and says how long it is, since values are even', () => {
    const pdf = new TextEncoder().encode('%PDF-1.7 odd');
    for (const bytes of [pdf, pdf.subarray(0, 11)]) {
      const { json } = read(encapsulatedPdf({ ...made, documentTitle: 'Compte rendu', pdf: bytes }));
      const inside = Buffer.from(json['00420011']?.InlineBinary ?? '', 'base64');
      expect(inside.length).toBe(bytes.length + (bytes.length % 2));
      expect(inside.subarray(0, jsonNumber(json, '00420015'))).toEqual(Buffer.from(bytes));
      expect([jsonString(json, '00420010'), jsonString(json, '00420012'), jsonString(json, '00080060')]).toEqual([
        'Compte rendu',
        'application/pdf',
        'DOC',
      ]);
    }
  });
});

describe('a Basic Text SR (PS3.3 A.35.1)', () => {
  const findings = { name: code('121070', 'Findings'), text: 'Sans anomalie.\nDeuxième ligne.' };

  test('is complete, not verified, and each text is followed by its images', () => {
    const json = report([
      { ...findings, images: [image('1.5', '1.5.1'), image('1.5', '1.5.2', [3, 4])] },
      { name: code('121076'), text: 'Normal' },
    ]);
    expect([jsonString(json, '0040A491'), jsonString(json, '0040A493'), jsonString(json, '00080060'), codeOf(json)]).toEqual([
      'COMPLETE',
      'UNVERIFIED',
      'SR',
      '18748-4',
    ]);
    expect(tree(json)).toEqual(['CONTAINS TEXT 121070', 'CONTAINS IMAGE -', 'CONTAINS IMAGE -', 'CONTAINS TEXT 121076']);
    const [text, whole, frames] = jsonItems(json, CONTENT);
    expect(text?.[TEXT]?.Value).toEqual(['Sans anomalie.\nDeuxième ligne.']);
    const framesOf = (item: DicomJsonObject | undefined) => jsonNumbers(jsonItems(item ?? {}, '00081199')[0] ?? {}, '00081160');
    expect([framesOf(whole), framesOf(frames)]).toEqual([[], [3, 4]]);
  });

  test('lists each instance that it speaks of once, by series (C.17.2.3)', () => {
    const images = [image('1.5', '1.5.1'), image('1.6', '1.6.1'), image('1.5', '1.5.1', [2])];
    expect(referred(report([{ ...findings, images }]), '0040A375')).toEqual(['1.2.3 1.5 1.5.1', '1.2.3 1.6 1.6.1']);
    expect(report([findings])['0040A375']).toBeUndefined();
  });
});

describe('a Key Object Selection (PS3.3 A.35.4, PS3.16 TID 2010)', () => {
  const select = (more: object = {}): DicomJsonObject =>
    read(keyObjectSelection({ ...made, objects: [image('1.5', '1.5.1', [7])], ...more })).json;

  test('is “Of Interest” unless it says why, and names who chose before what was chosen', () => {
    const json = select({ author: 'Rakoto^Lalao', description: 'Pour le staff' });
    expect([codeOf(json), templateOf(json), jsonString(json, '00080060'), jsonString(json, '0040A050')]).toEqual([
      '113000',
      '2010',
      'KO',
      'SEPARATE',
    ]);
    expect(tree(json)).toEqual([
      'HAS OBS CONTEXT CODE 121005',
      'HAS OBS CONTEXT PNAME 121008',
      'CONTAINS TEXT 113012',
      'CONTAINS IMAGE -',
    ]);
    expect(jsonPersonName(jsonItems(json, CONTENT)[1] ?? {}, '0040A123')).toEqual({ Alphabetic: 'Rakoto^Lalao' });
    expect(tree(select())).toEqual(['CONTAINS IMAGE -']);
    expect(codeOf(select({ title: code('113004', 'For Teaching') }))).toBe('113004');
  });

  test('names the one that it takes the place of (C.17.2.2)', () => {
    expect(referred(select({ predecessor }), '0040A360')).toEqual(['1.2.3 1.2.3.8 1.2.3.8.1']);
    expect(select()['0040A360']).toBeUndefined();
  });
});

describe('a measurement report (PS3.3 A.35.3, PS3.16 TID 1500)', () => {
  const length = { concept: code('410668003', 'Length', 'SCT'), value: 12.345678901234567, unit: code('mm', 'mm', 'UCUM') };
  const line: MadeMeasurement = {
    trackingId: 'L1',
    trackingUid: '2.25.7',
    image: image('1.5', '1.5.1', [7]),
    shapes: [{ graphicType: 'POLYLINE', points: [1.5, 2, 10, 20] }],
    isRegion: false,
    values: [length],
    comments: [],
  };
  const make = (...measurements: MadeMeasurement[]): DicomJsonObject =>
    read(measurementReport({ ...made, author: 'Rakoto^Lalao', language: code('fr-FR', 'Français', 'RFC5646'), measurements }))
      .json;
  /** Lines of the one group. */
  const group = (...measurements: MadeMeasurement[]): string[] => tree(make(...measurements)).slice(6);

  test('says in which language, by whom and of what, then what was measured', () => {
    const json = make(line);
    expect([codeOf(json), templateOf(json), jsonString(json, '0040A491')]).toEqual(['126000', '1500', 'COMPLETE']);
    expect(tree(json).slice(0, 6)).toEqual([
      'HAS CONCEPT MOD CODE 121049',
      'HAS OBS CONTEXT CODE 121005',
      'HAS OBS CONTEXT PNAME 121008',
      'HAS CONCEPT MOD CODE 121058',
      'CONTAINS CONTAINER 126010',
      '·CONTAINS CONTAINER 125007',
    ]);
    expect(jsonPersonName(jsonItems(json, '0040A078')[0] ?? {}, '0040A123')).toEqual({ Alphabetic: 'Rakoto^Lalao' });
    expect(referred(json, '0040A375')).toEqual(['1.2.3 1.5 1.5.1']);
  });

  test('a length is inferred from its line on its frame (TID 1501, TID 300)', () => {
    expect(group(line)).toEqual([
      '··HAS OBS CONTEXT TEXT 112039',
      '··HAS OBS CONTEXT UIDREF 112040',
      '··CONTAINS NUM 410668003',
      '···INFERRED FROM SCOORD -',
      '····SELECTED FROM IMAGE -',
    ]);
    const at = (json: DicomJsonObject, ...path: number[]): DicomJsonObject =>
      path.reduce((item, index) => jsonItems(item, CONTENT)[index] ?? {}, json);
    const number = at(make(line), 4, 0, 2);
    const [measured] = jsonItems(number, '0040A300');
    // A decimal string of at most 16 characters, and beside it the whole number (PS3.5 6.2).
    expect([jsonNumber(measured ?? {}, '0040A30A'), jsonNumber(measured ?? {}, '0040A161')]).toEqual([
      12.3456789012346,
      length.value,
    ]);
    expect(codeOf(measured ?? {}, '004008EA')).toBe('mm');
    expect(jsonNumbers(at(number, 0), '00700022')).toEqual([1.5, 2, 10, 20]);
    expect(jsonNumbers(jsonItems(at(number, 0, 0), '00081199')[0] ?? {}, '00081160')).toEqual([7]);
  });

  test('values of a region stand beside it, each by how it was derived (TID 1410)', () => {
    const mean = { ...length, derivation: code('373098007', 'Mean', 'SCT') };
    const lines = group({ ...line, isRegion: true, values: [mean, length], observer: 'Diop^Jeanne' });
    expect(lines).toEqual([
      '··HAS OBS CONTEXT CODE 121005',
      '··HAS OBS CONTEXT PNAME 121008',
      '··HAS OBS CONTEXT TEXT 112039',
      '··HAS OBS CONTEXT UIDREF 112040',
      '··CONTAINS SCOORD 111030',
      '···SELECTED FROM IMAGE -',
      '··CONTAINS NUM 410668003',
      '···HAS CONCEPT MOD CODE 121401',
      '··CONTAINS NUM 410668003',
    ]);
  });

  test('a text without a value is where it was put', () => {
    expect(group({ ...line, values: [], comments: ['à revoir'] }).slice(2)).toEqual([
      '··CONTAINS TEXT 121106',
      '···INFERRED FROM SCOORD -',
      '····SELECTED FROM IMAGE -',
    ]);
    expect(group({ ...line, comments: ['à revoir'] }).filter((one) => one.includes('121106'))).toEqual([
      '··CONTAINS TEXT 121106',
    ]);
  });

  test.each([
    [0.1 + 0.2, 0.3],
    [123_456_789.123_456_78, 123_456_789.123_457],
    [1.234_567_890_123e-7, 1.234_567_890_1e-7],
    [-98_765_432_109_876.5, -98_765_432_109_877],
    [1e21, 1e21],
  ])('%d is written in 16 characters as %d', (value, written) => {
    const json = make({ ...line, values: [{ ...length, value }] });
    const number = jsonItems(jsonItems(jsonItems(json, CONTENT)[4] ?? {}, CONTENT)[0] ?? {}, CONTENT)[2] ?? {};
    const text = jsonNumber(jsonItems(number, '0040A300')[0] ?? {}, '0040A30A');
    expect(String(text).length).toBeLessThanOrEqual(16);
    expect(text).toBeCloseTo(written, 4);
    expect(Math.abs((text ?? 0) - value)).toBeLessThanOrEqual(Math.abs(value) * 1e-9);
  });
});
