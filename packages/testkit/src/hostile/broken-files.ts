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

function notDicom(): HostileFile[] {
  const text = Buffer.from('Ceci est un texte, pas une image.\n'.repeat(40), 'utf8');
  const file = (name: string, bytes: Uint8Array, about: string): HostileFile => ({ name, bytes, about, expectation: 'reject' });
  return [
    file('empty.dcm', new Uint8Array(0), 'no byte at all'),
    file('one-byte.dcm', Uint8Array.of(8), 'a single byte'),
    file('text.txt', new Uint8Array(text), 'plain text'),
    file('text-named.dcm', new Uint8Array(text), 'plain text under a DICOM name'),
    file('picture.png', new Uint8Array(PNG), 'a PNG picture'),
    file('zeros.dcm', new Uint8Array(4096), 'zeros'),
    file('only-preamble.dcm', concat([new Uint8Array(128), Buffer.from('DICM')]), 'preamble and nothing more'),
    file(
      'random.dcm',
      Uint8Array.from({ length: 3000 }, (_, index) => (index * index * 31 + index * 7) & 0xff),
      'bytes without sense',
    ),
  ];
}

function brokenLengths(): HostileFile[] {
  const whole = small('truncated');
  const endless = small('endless-sequence', { ReferencedImageSequence: { vr: 'SQ', value: [], declaredLength: 0xffffffff } });
  return [
    {
      name: 'truncated-header.dcm',
      bytes: whole.slice(0, 300),
      expectation: 'reject',
      about: 'ends inside the identifying elements',
    },
    { name: 'truncated-pixels.dcm', bytes: whole.slice(0, -40), expectation: 'recover', about: 'ends inside Pixel Data' },
    { name: 'truncated-meta.dcm', bytes: whole.slice(0, 180), expectation: 'reject', about: 'ends inside group 0002' },
    {
      name: 'length-beyond-end.dcm',
      bytes: small('beyond', { PatientName: { vr: 'PN', value: 'A^B', declaredLength: 0xfff0 } }),
      expectation: 'reject',
      about: 'a value said to be longer than the file',
    },
    {
      name: 'length-4g.dcm',
      bytes: small('4g', {
        '00091001': { vr: 'OB', value: Uint8Array.of(1, 2), declaredLength: 0xfffffffe },
        '00090010': 'TESTKIT',
      }),
      expectation: 'reject',
      about: 'a private value of 4 GiB in a file of 1 KiB',
    },
    {
      name: 'pixel-length-4g.dcm',
      bytes: small('px4g', { PixelData: { vr: 'OB', value: new Uint8Array(64), declaredLength: 0xfffffffe } }),
      expectation: 'recover',
      about: 'Pixel Data of 4 GiB in a file of 1 KiB',
    },
    {
      name: 'sequence-unterminated.dcm',
      bytes: endless,
      expectation: 'reject',
      about: 'a sequence of undefined length that never ends',
    },
    {
      name: 'item-longer-than-sequence.dcm',
      bytes: small('item', {
        ReferencedImageSequence: { vr: 'SQ', value: [{ ReferencedSOPInstanceUID: '1.2.3' }], declaredLength: 4 },
      }),
      expectation: 'reject',
      about: 'an item longer than its sequence',
    },
    {
      name: 'wrong-meta-length.dcm',
      bytes: small('meta', {}, { metaElements: { FileMetaInformationGroupLength: 4 } }),
      expectation: 'recover',
      about: 'a group 0002 length that is too short',
    },
    {
      name: 'huge-meta-length.dcm',
      bytes: small('meta2', {}, { metaElements: { FileMetaInformationGroupLength: 0x7fffffff } }),
      expectation: 'recover',
      about: 'a group 0002 length of 2 GiB',
    },
    {
      name: 'fragments-unterminated.dcm',
      bytes: small(
        'fragments',
        { PixelData: { frames: [[new Uint8Array(32)]], offsetTable: 'basic' } },
        { transferSyntaxUid: TransferSyntax.rleLossless, truncateAt: -8 },
      ),
      expectation: 'recover',
      about: 'encapsulated Pixel Data without its delimiter',
    },
    {
      name: 'pixels-too-short.dcm',
      bytes: small('short', { Rows: 4000, Columns: 4000 }),
      expectation: 'recover',
      about: '64 bytes of pixels for 4000 rows and columns',
    },
    { name: 'rows-zero.dcm', bytes: small('rows', { Rows: 0 }), expectation: 'recover', about: 'no rows' },
  ];
}

function brokenIdentity(): HostileFile[] {
  const file = (name: string, changes: Dataset, about: string): HostileFile => ({
    name,
    bytes: small(name, changes),
    about,
    expectation: 'reject',
  });
  return [
    file('missing-sop-instance-uid.dcm', { SOPInstanceUID: undefined }, 'no SOP Instance UID'),
    file('missing-study-uid.dcm', { StudyInstanceUID: undefined }, 'no Study Instance UID'),
    file('missing-series-uid.dcm', { SeriesInstanceUID: undefined }, 'no Series Instance UID'),
    file('empty-study-uid.dcm', { StudyInstanceUID: '' }, 'an empty Study Instance UID'),
    file('uid-traversal.dcm', { SOPInstanceUID: '../../../../etc/cron.d/x' }, 'a SOP Instance UID that is a path upwards'),
    file('uid-absolute.dcm', { StudyInstanceUID: '/etc/passwd' }, 'a Study Instance UID that is an absolute path'),
    file('uid-nul.dcm', { SOPInstanceUID: '1.2.3\u00004.5' }, 'a UID with a NUL inside'),
    file('uid-too-long.dcm', { SOPInstanceUID: `1.2.${'3'.repeat(90)}` }, 'a UID of 94 characters'),
    file('uid-sql.dcm', { SeriesInstanceUID: "1.2'; DROP TABLE studies; --" }, 'a UID with SQL'),
    file('uid-html.dcm', { StudyInstanceUID: '<script>alert(1)</script>' }, 'a UID with markup'),
  ];
}

function odd(bombBytes: number): HostileFile[] {
  const longName = 'é'.repeat(2000);
  return [
    {
      name: 'nesting-64.dcm',
      bytes: small('nesting-64', nested(64, true)),
      expectation: 'accept',
      about: '64 sequences within each other',
    },
    {
      name: 'nesting-65.dcm',
      bytes: small('nesting-65', nested(65, false)),
      expectation: 'reject',
      about: '65 sequences within each other, defined lengths',
    },
    {
      name: 'nesting-2000.dcm',
      bytes: nestedFlat('nesting-2000', 2000),
      expectation: 'reject',
      about: '2,000 sequences within each other',
    },
    {
      name: 'nesting-100000.dcm',
      bytes: nestedFlat('nesting-100000', 100_000),
      expectation: 'reject',
      about: '100,000 sequences within each other',
    },
    {
      name: 'deflate-bomb.dcm',
      bytes: deflateBomb(bombBytes),
      expectation: 'reject',
      about: 'a deflated file that inflates a thousandfold',
    },
    {
      name: 'deflate-garbage.dcm',
      bytes: concat([
        writePart10(
          { SOPInstanceUID: '1.2' },
          { ...EXPLICIT, transferSyntaxUid: TransferSyntax.deflatedExplicitVrLittleEndian, truncateAt: 300 },
        ),
        new Uint8Array(200).fill(0xee),
      ]),
      expectation: 'reject',
      about: 'deflated syntax over bytes that do not inflate',
    },
    {
      name: 'header-70k.dcm',
      bytes: small('header', { PatientComments: { vr: 'UT', value: 'x'.repeat(70_000) } }),
      expectation: 'accept',
      about: 'a header over 64 KiB',
    },
    {
      name: 'header-1m-private.dcm',
      bytes: small('private', { '00090010': 'TESTKIT', '00091001': { vr: 'OB', value: new Uint8Array(1 << 20) } }),
      expectation: 'accept',
      about: 'a private value of 1 MiB before the patient',
    },
    {
      name: 'no-preamble.dcm',
      bytes: small('no-preamble', {}, { preamble: false }),
      expectation: 'recover',
      about: 'group 0002 from the first byte',
    },
    {
      name: 'no-meta.dcm',
      bytes: small(
        'no-meta',
        {},
        { preamble: false, meta: false, actualTransferSyntaxUid: TransferSyntax.implicitVrLittleEndian },
      ),
      expectation: 'recover',
      about: 'a bare implicit VR data set',
    },
    {
      name: 'meta-lies.dcm',
      bytes: small('lies', {}, { actualTransferSyntaxUid: TransferSyntax.implicitVrLittleEndian }),
      expectation: 'recover',
      about: 'named explicit, written implicit',
    },
    {
      name: 'unknown-vr.dcm',
      bytes: replaceBytes(small('vr', { StudyID: 'Q1' }), 'SH', 'ZZ'),
      expectation: 'recover',
      about: 'a VR no edition knows',
    },
    {
      name: 'out-of-order.dcm',
      bytes: small('order', { PatientID: 'LATE' }, { keepOrder: true }),
      expectation: 'recover',
      about: 'tags not in rising order',
    },
    {
      name: 'trailing-junk.dcm',
      bytes: small('trailing', {}, { trailingBytes: new Uint8Array(37).fill(0xa5) }),
      expectation: 'recover',
      about: 'bytes after the last element',
    },
    {
      name: 'long-name.dcm',
      bytes: small('long', { PatientName: longName }),
      expectation: 'recover',
      about: 'a patient name of 2,000 letters',
    },
    {
      name: 'bad-charset-bytes.dcm',
      bytes: small('charset', { PatientName: Uint8Array.of(0xff, 0xfe, 0x5e, 0xc3) }),
      expectation: 'recover',
      about: 'bytes that are not UTF-8 under ISO_IR 192',
    },
    {
      name: 'formula-name.dcm',
      bytes: small('formula', { PatientName: '=HYPERLINK("x")^<img src=x onerror=alert(1)>' }),
      expectation: 'accept',
      about: 'a name with markup and a spreadsheet formula',
    },
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
  return [...notDicom(), ...brokenLengths(), ...brokenIdentity(), ...odd(options.bombBytes ?? 1 << 28)];
}
