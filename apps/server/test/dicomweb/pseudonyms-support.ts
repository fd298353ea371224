import { deflateRawSync } from 'node:zlib';
import { type EncodedFrame, vrOf } from '@negatoscope/dicom';
import { type Dataset, SopClass, seededUid, writePart10 } from '@negatoscope/testkit';
import sharp from 'sharp';
import { JPEG_2000_LOSSLESS, JPEG_LS_LOSSLESS } from '../../src/platform/codecs/encodable.ts';
import { CodecPool } from '../../src/platform/codecs/pool.ts';

/** What stands in every text of the objects; no answer to who sees pseudonyms may have it, in whatever case. */
export const SEED = 'zanzi';
export const SEEDED_BIRTH_DATES = ['19010203', '1901-02-03'];

const EXPLICIT = '1.2.840.10008.1.2.1';
const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';
const RLE = '1.2.840.10008.1.2.5';
const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';
const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98';
const TEXT = new Set(['LO', 'SH', 'LT', 'ST', 'UT', 'UC', 'PN', 'AE', 'UR', 'UN']);
/** Codes that the objects need to be read at all. */
const NEEDED_CODES = new Set(['00080005', '00080060', '00280004', '00280301', '00080064']);
const GROUPS =
  '0008 0010 0012 0014 0018 0020 0022 0024 0028 0032 0034 0038 003A 0040 0042 0044 0046 0048 0050 0052 0054 0060 0062 0064 0066 0068 0070 0072 0074 0080 0088 0100 2050 3002 3004 3006 3008 300A 300C 4008'.split(
    ' ',
  );

/** Every attribute of the dictionary that is text, and every code, with the seed; a code with it is none, for its letters are small. */
function makeSeededTexts(): Dataset {
  const dataset: Record<string, Dataset[string]> = {};
  for (const group of GROUPS)
    for (let element = 0; element <= 0xffff; element += 1) {
      const tag = group + element.toString(16).toUpperCase().padStart(4, '0');
      const vr = vrOf(tag);
      if (vr !== undefined && TEXT.has(vr)) dataset[tag] = { vr: vr as 'LO', value: `Zanzi${tag}` };
      else if (vr === 'CS' && !NEEDED_CODES.has(tag)) dataset[tag] = { vr, value: 'zanzicode' };
    }
  return { ...dataset, '00091001': { vr: 'LO', value: 'Zanzi private' }, '00090010': { vr: 'LO', value: 'Zanzi creator' } };
}

const TEXTS = makeSeededTexts();

export interface SeededObject {
  readonly name: string;
  readonly isHeld: boolean;
  readonly path: string;
  readonly bytes: Buffer;
  /** The first frame as it is stored. */
  readonly frame?: Uint8Array;
}

const SHAPE = {
  rows: 16,
  columns: 24,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
} as const;
export const PIXELS = Uint8Array.from({ length: SHAPE.rows * SHAPE.columns }, (_, index) => (index * 7) % 251);
const FORMAT: EncodedFrame = {
  ...SHAPE,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  transferSyntaxUid: EXPLICIT,
  bytes: PIXELS,
};

/** The stream with a segment more at an offset. */
function withSegment(stream: Uint8Array, at: number, marker: number, text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.of(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff);
  return Buffer.concat([stream.subarray(0, at), head, content, stream.subarray(at)]);
}

/** The same picture in each compression that leaves as it is stored, with comments and application segments that name somebody, and a name behind its end. */
async function namedStreams(): Promise<readonly (readonly [string, string, Buffer])[]> {
  const jpeg = await sharp(PIXELS, { raw: { width: SHAPE.columns, height: SHAPE.rows, channels: 1 } })
    .toColourspace('b-w')
    .jpeg()
    .toBuffer();
  const pool = new CodecPool({ threads: 1 });
  try {
    const [jls, j2k, rle] = await Promise.all(
      [JPEG_LS_LOSSLESS, JPEG_2000_LOSSLESS, RLE].map(async (syntax) => (await pool.encodeFrame(FORMAT, syntax)).bytes),
    );
    if (jls === undefined || j2k === undefined || rle === undefined) throw new Error('unreachable');
    const inJpeg = (stream: Uint8Array): Buffer =>
      withSegment(withSegment(stream, 2, 0xfe, 'Zanzi comment'), 2, 0xe1, 'Exif\0\0Zanzi');
    // Behind SOC and SIZ.
    const afterSiz = 4 + ((j2k[4] ?? 0) << 8) + (j2k[5] ?? 0);
    const behind = Buffer.from('Zanzi behind');
    const deflated = deflateRawSync(Buffer.concat([PIXELS, Buffer.from('Zanzi inside')]));
    return [
      ['jpeg', JPEG_BASELINE, Buffer.concat([inJpeg(jpeg), behind])],
      ['jpeg-ls', JPEG_LS_LOSSLESS, Buffer.concat([inJpeg(jls), behind])],
      ['jpeg-2000', JPEG_2000_LOSSLESS, Buffer.concat([withSegment(j2k, afterSiz, 0x64, '\0\x01Zanzi'), behind])],
      ['rle', RLE, Buffer.concat([rle, behind])],
      ['deflated', DEFLATED_FRAMES, Buffer.concat([deflated, behind])],
      ['uncompressed', ENCAPSULATED_UNCOMPRESSED, Buffer.concat([PIXELS, behind])],
    ];
  } finally {
    await pool.close();
  }
}

const study = seededUid('pseudonyms', 'study');

function objectOf(name: string, isHeld: boolean, own: Dataset, frame?: readonly [string, Uint8Array]): SeededObject {
  const series = seededUid('pseudonyms', name, 'series');
  const instance = seededUid('pseudonyms', name, 'instance');
  const [syntax, bytes] = frame ?? [EXPLICIT, undefined];
  const dataset: Dataset = {
    ...TEXTS,
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: SopClass.ct,
    SOPInstanceUID: instance,
    StudyInstanceUID: study,
    SeriesInstanceUID: series,
    StudyDate: '20260115',
    Modality: 'CT',
    '00280301': { vr: 'CS', value: 'NO' },
    PatientBirthDate: '19010203',
    PatientSex: 'F',
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: SHAPE.rows,
    Columns: SHAPE.columns,
    BitsAllocated: 8,
    BitsStored: 8,
    HighBit: 7,
    PixelRepresentation: 0,
    // In sequences that are shown, and in some that are not.
    ...Object.fromEntries(['00081140', '52009229', '00081110', '00400275'].map((tag) => [tag, { vr: 'SQ', value: [TEXTS] }])),
    ...(bytes === undefined
      ? { PixelData: { vr: 'OB', value: PIXELS } }
      : {
          PixelData: { frames: [[bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)])]], offsetTable: 'basic' },
        }),
    ...own,
  };
  return {
    name,
    isHeld,
    path: `/studies/${study}/series/${series}/instances/${instance}`,
    bytes: Buffer.from(writePart10(dataset, { transferSyntaxUid: syntax })),
    ...(bytes === undefined ? {} : { frame: bytes }),
  };
}

/** Objects of one study whose every text is seeded: such as are shown without their texts, and such as are held back. */
export async function seededObjects(): Promise<SeededObject[]> {
  const burned = (value: string | undefined): Dataset => ({ '00280301': value === undefined ? undefined : { vr: 'CS', value } });
  const secret = Buffer.from('Zanzi in the bytes.');
  const bytes = { vr: 'OB', value: Buffer.concat([secret, Buffer.alloc(secret.length % 2)]) } as const;
  const class_ = (end: string): Dataset => ({ SOPClassUID: `1.2.840.10008.5.1.4.1.1.${end}` });
  const overlay = {
    '60000010': { vr: 'US', value: 16 },
    '60000011': { vr: 'US', value: 24 },
    '60000050': { vr: 'SS', value: [1, 1] },
  } as const;
  const streams = await namedStreams();
  return [
    ...streams.map(([name, syntax, stream]) => objectOf(name, false, {}, [syntax, stream])),
    objectOf('native', false, {}),
    objectOf('unsaid-ct', false, { ...burned(undefined), '00080064': undefined }),
    objectOf('us-without-words', false, { ...class_('6.1'), Modality: 'US' }),
    objectOf('overlay', false, {
      ...overlay,
      '60000100': { vr: 'US', value: 1 },
      '60003000': { vr: 'OW', value: Buffer.alloc(48, 'Zanzi ') },
    }),
    objectOf('burned', true, burned('YES')),
    ...['US', 'XC', 'OT', 'ES', 'SC'].map((modality) =>
      objectOf(`unsaid-${modality}`, true, { ...burned(undefined), Modality: modality }),
    ),
    ...['7', '6.1', '77.1.4', '77.1.1'].map((end) =>
      objectOf(`unsaid-class-${end}`, true, { ...burned(undefined), ...class_(end) }),
    ),
    objectOf('screen', true, { ...burned(undefined), '00080064': { vr: 'CS', value: 'WSD' } }),
    objectOf('embedded-overlay', true, { ...overlay, '60000100': { vr: 'US', value: 16 }, '60000102': { vr: 'US', value: 12 } }),
    objectOf('pdf', true, { ...class_('104.1'), Modality: 'DOC', PixelData: undefined, '00420011': bytes }),
    objectOf('report', true, {
      ...class_('88.11'),
      Modality: 'SR',
      PixelData: undefined,
      '0040A730': { vr: 'SQ', value: [TEXTS] },
    }),
    objectOf('audio', true, { ...class_('9.4.1'), Modality: 'AU', PixelData: undefined, '54000110': bytes }),
    objectOf('video', true, class_('77.1.4.1'), ['1.2.840.10008.1.2.4.102', bytes.value]),
  ];
}
