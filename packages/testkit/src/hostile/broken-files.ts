import type { Dataset } from '../part10/dataset.ts';
import { TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { concat, deflateBomb, nested, nestedFlat } from './deep-files.ts';
import { EXPLICIT, small } from './small.ts';

/**
 * A file made to hurt. `reject`: no reader should store it. `recover`: a reader may repair it or refuse it, with a reason either way.
 * `accept`: odd but right, it must be read.
 */
export interface HostileFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly expectation: 'reject' | 'recover' | 'accept';
  /** What is wrong or odd, in words. */
  readonly about: string;
}

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

type Expectation = HostileFile['expectation'];
const file = (name: string, expectation: Expectation, about: string, bytes: Uint8Array): HostileFile => ({
  name,
  bytes,
  expectation,
  about,
});

function notDicom(): HostileFile[] {
  const text = Buffer.from('Ceci est un texte, pas une image.\n'.repeat(40), 'utf8');
  const not = (name: string, bytes: Uint8Array, about: string): HostileFile => file(name, 'reject', about, bytes);
  return [
    not('empty.dcm', new Uint8Array(0), 'no byte at all'),
    not('one-byte.dcm', Uint8Array.of(8), 'a single byte'),
    not('text.txt', new Uint8Array(text), 'plain text'),
    not('text-named.dcm', new Uint8Array(text), 'plain text under a DICOM name'),
    not('picture.png', new Uint8Array(PNG), 'a PNG picture'),
    not('zeros.dcm', new Uint8Array(4096), 'zeros'),
    not('only-preamble.dcm', concat([new Uint8Array(128), Buffer.from('DICM')]), 'preamble and nothing more'),
    not(
      'random.dcm',
      Uint8Array.from({ length: 3000 }, (_, index) => (index * index * 31 + index * 7) & 0xff),
      'bytes without sense',
    ),
  ];
}

function truncated(): HostileFile[] {
  const whole = small('truncated');
  return [
    file('truncated-header.dcm', 'reject', 'ends inside the identifying elements', whole.slice(0, 300)),
    file('truncated-pixels.dcm', 'recover', 'ends inside Pixel Data', whole.slice(0, -40)),
    file('truncated-meta.dcm', 'reject', 'ends inside group 0002', whole.slice(0, 180)),
  ];
}

function wrongValueLengths(): HostileFile[] {
  const beyond = small('beyond', { PatientName: { vr: 'PN', value: 'A^B', declaredLength: 0xfff0 } });
  const huge = small('4g', {
    '00091001': { vr: 'OB', value: Uint8Array.of(1, 2), declaredLength: 0xfffffffe },
    '00090010': 'TESTKIT',
  });
  const pixels = small('px4g', { PixelData: { vr: 'OB', value: new Uint8Array(64), declaredLength: 0xfffffffe } });
  return [
    file('length-beyond-end.dcm', 'reject', 'a value said to be longer than the file', beyond),
    file('length-4g.dcm', 'reject', 'a private value of 4 GiB in a file of 1 KiB', huge),
    file('pixel-length-4g.dcm', 'recover', 'Pixel Data of 4 GiB in a file of 1 KiB', pixels),
  ];
}

function wrongSequences(): HostileFile[] {
  const endless = small('endless-sequence', { ReferencedImageSequence: { vr: 'SQ', value: [], declaredLength: 0xffffffff } });
  const item = small('item', {
    ReferencedImageSequence: { vr: 'SQ', value: [{ ReferencedSOPInstanceUID: '1.2.3' }], declaredLength: 4 },
  });
  return [
    file('sequence-unterminated.dcm', 'reject', 'a sequence of undefined length that never ends', endless),
    file('item-longer-than-sequence.dcm', 'reject', 'an item longer than its sequence', item),
  ];
}

function wrongMetaLengths(): HostileFile[] {
  const short = small('meta', {}, { metaElements: { FileMetaInformationGroupLength: 4 } });
  const huge = small('meta2', {}, { metaElements: { FileMetaInformationGroupLength: 0x7fffffff } });
  return [
    file('wrong-meta-length.dcm', 'recover', 'a group 0002 length that is too short', short),
    file('huge-meta-length.dcm', 'recover', 'a group 0002 length of 2 GiB', huge),
  ];
}

function wrongPixels(): HostileFile[] {
  const fragments = small(
    'fragments',
    { PixelData: { frames: [[new Uint8Array(32)]], offsetTable: 'basic' } },
    { transferSyntaxUid: TransferSyntax.rleLossless, truncateAt: -8 },
  );
  const short = small('short', { Rows: 4000, Columns: 4000 });
  return [
    file('fragments-unterminated.dcm', 'recover', 'encapsulated Pixel Data without its delimiter', fragments),
    file('pixels-too-short.dcm', 'recover', '64 bytes of pixels for 4000 rows and columns', short),
    file('rows-zero.dcm', 'recover', 'no rows', small('rows', { Rows: 0 })),
  ];
}

function brokenIdentity(): HostileFile[] {
  const bad = (name: string, changes: Dataset, about: string): HostileFile => file(name, 'reject', about, small(name, changes));
  return [
    bad('missing-sop-instance-uid.dcm', { SOPInstanceUID: undefined }, 'no SOP Instance UID'),
    bad('missing-study-uid.dcm', { StudyInstanceUID: undefined }, 'no Study Instance UID'),
    bad('missing-series-uid.dcm', { SeriesInstanceUID: undefined }, 'no Series Instance UID'),
    bad('empty-study-uid.dcm', { StudyInstanceUID: '' }, 'an empty Study Instance UID'),
    bad('uid-traversal.dcm', { SOPInstanceUID: '../../../../etc/cron.d/x' }, 'a SOP Instance UID that is a path upwards'),
    bad('uid-absolute.dcm', { StudyInstanceUID: '/etc/passwd' }, 'a Study Instance UID that is an absolute path'),
    bad('uid-nul.dcm', { SOPInstanceUID: '1.2.3\u00004.5' }, 'a UID with a NUL inside'),
    bad('uid-too-long.dcm', { SOPInstanceUID: `1.2.${'3'.repeat(90)}` }, 'a UID of 94 characters'),
    bad('uid-sql.dcm', { SeriesInstanceUID: "1.2'; DROP TABLE studies; --" }, 'a UID with SQL'),
    bad('uid-html.dcm', { StudyInstanceUID: '<script>alert(1)</script>' }, 'a UID with markup'),
  ];
}

function nestings(): HostileFile[] {
  return [
    file('nesting-64.dcm', 'accept', '64 sequences within each other', small('nesting-64', nested(64, true))),
    file('nesting-65.dcm', 'reject', '65 sequences within each other, defined lengths', small('nesting-65', nested(65, false))),
    file('nesting-2000.dcm', 'reject', '2,000 sequences within each other', nestedFlat('nesting-2000', 2000)),
    file('nesting-100000.dcm', 'reject', '100,000 sequences within each other', nestedFlat('nesting-100000', 100_000)),
  ];
}

function deflated(bombBytes: number): HostileFile[] {
  const syntax = { ...EXPLICIT, transferSyntaxUid: TransferSyntax.deflatedExplicitVrLittleEndian, truncateAt: 300 };
  const garbage = concat([writePart10({ SOPInstanceUID: '1.2' }, syntax), new Uint8Array(200).fill(0xee)]);
  return [
    file('deflate-bomb.dcm', 'reject', 'a deflated file that inflates a thousandfold', deflateBomb(bombBytes)),
    file('deflate-garbage.dcm', 'reject', 'deflated syntax over bytes that do not inflate', garbage),
  ];
}

function largeHeaders(): HostileFile[] {
  const text = small('header', { PatientComments: { vr: 'UT', value: 'x'.repeat(70_000) } });
  const own = small('private', { '00090010': 'TESTKIT', '00091001': { vr: 'OB', value: new Uint8Array(1 << 20) } });
  return [
    file('header-70k.dcm', 'accept', 'a header over 64 KiB', text),
    file('header-1m-private.dcm', 'accept', 'a private value of 1 MiB before the patient', own),
  ];
}

/** What careless writers leave out, say wrongly or leave behind. */
function carelessWriters(): HostileFile[] {
  const implicit = { actualTransferSyntaxUid: TransferSyntax.implicitVrLittleEndian };
  const bare = small('no-meta', {}, { preamble: false, meta: false, ...implicit });
  const late = small('order', { PatientID: 'LATE' }, { keepOrder: true });
  const trailing = small('trailing', {}, { trailingBytes: new Uint8Array(37).fill(0xa5) });
  return [
    file('no-preamble.dcm', 'recover', 'group 0002 from the first byte', small('no-preamble', {}, { preamble: false })),
    file('no-meta.dcm', 'recover', 'a bare implicit VR data set', bare),
    file('meta-lies.dcm', 'recover', 'named explicit, written implicit', small('lies', {}, implicit)),
    file('unknown-vr.dcm', 'recover', 'a VR no edition knows', replaceBytes(small('vr', { StudyID: 'Q1' }), 'SH', 'ZZ')),
    file('out-of-order.dcm', 'recover', 'tags not in rising order', late),
    file('trailing-junk.dcm', 'recover', 'bytes after the last element', trailing),
  ];
}

function oddTexts(): HostileFile[] {
  const long = small('long', { PatientName: 'é'.repeat(2000) });
  const bytes = small('charset', { PatientName: Uint8Array.of(0xff, 0xfe, 0x5e, 0xc3) });
  const formula = small('formula', { PatientName: '=HYPERLINK("x")^<img src=x onerror=alert(1)>' });
  return [
    file('long-name.dcm', 'recover', 'a patient name of 2,000 letters', long),
    file('bad-charset-bytes.dcm', 'recover', 'bytes that are not UTF-8 under ISO_IR 192', bytes),
    file('formula-name.dcm', 'accept', 'a name with markup and a spreadsheet formula', formula),
  ];
}

/** Replaces the last occurrence of an ASCII pattern by another of the same length. */
function replaceBytes(bytes: Uint8Array, from: string, to: string): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = copy.lastIndexOf(from, 'latin1');
  if (at >= 0) copy.write(to, at, 'latin1');
  return new Uint8Array(copy);
}

/** Files that hurt careless readers, each with a name, what is wrong, and what a reader owes. `bombBytes` is the inflated size of the bomb (256 MiB). */
export function brokenFiles(options: { readonly bombBytes?: number } = {}): HostileFile[] {
  return [
    ...notDicom(),
    ...truncated(),
    ...wrongValueLengths(),
    ...wrongSequences(),
    ...wrongMetaLengths(),
    ...wrongPixels(),
    ...brokenIdentity(),
    ...nestings(),
    ...deflated(options.bombBytes ?? 1 << 28),
    ...largeHeaders(),
    ...carelessWriters(),
    ...oddTexts(),
  ];
}
