import type { Dataset } from '../part10/dataset.ts';
import { TransferSyntax } from '../part10/transfer-syntax.ts';
import { writePart10 } from '../part10/writer.ts';
import { nestings, truncated, wrongMetaLengths, wrongSequences, wrongValueLengths } from './broken-structure.ts';
import { concat } from './deep-files.ts';
import { deflateBomb } from './deflate-bomb.ts';
import { file, type HostileFile } from './hostile-file.ts';
import { EXPLICIT, small } from './small.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

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
