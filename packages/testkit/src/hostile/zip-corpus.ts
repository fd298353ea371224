import { buildZip } from '../zip/zip.ts';
import type { ZipEntry } from '../zip/zip-records.ts';
import { archive, entry, GOOD, type HostileZip } from './hostile-zip.ts';

function climbingNames(): HostileZip[] {
  const bad = (name: string): ZipEntry => ({ ...entry('named'), name });
  return [
    archive('traversal.zip', 'names that climb out of the folder', [
      bad('../../../etc/cron.d/evil'),
      bad('a/../../b.dcm'),
      bad('..\\..\\windows\\evil.dcm'),
    ]),
    archive('absolute.zip', 'absolute names', [
      bad('/etc/passwd'),
      bad('C:\\Windows\\evil.dcm'),
      bad('\\\\server\\share\\evil.dcm'),
    ]),
    archive('nul-in-name.zip', 'a NUL inside a name', [bad('image.dcm\u0000.exe')]),
    archive('empty-name.zip', 'an entry without a name', [bad('')]),
    archive('long-name.zip', 'a name of 60,000 bytes', [bad('d/'.repeat(30_000))]),
  ];
}

function oddNames(): HostileZip[] {
  return [
    archive(
      'duplicate-names.zip',
      'the same name twice, with different instances',
      [{ ...entry('other'), name: GOOD }],
      'accept',
    ),
    archive(
      'latin1-name.zip',
      'a name that is not UTF-8',
      [{ ...entry('latin1'), name: Uint8Array.of(0xe9, 0x74, 0xe9, 0x2e, 0x64, 0x63, 0x6d) }],
      'accept',
    ),
    archive('local-name-differs.zip', 'local and central names differ', [
      { ...entry('central.dcm'), localName: '../../local.dcm' },
    ]),
    archive('symlink.zip', 'a symbolic link to /etc/passwd', [
      { name: 'link', bytes: Buffer.from('/etc/passwd'), externalAttributes: 0xa1ff0000 },
    ]),
    archive('directory.zip', 'folder entries and system litter', [
      { name: 'folder/', bytes: new Uint8Array(0) },
      { name: '__MACOSX/._x', bytes: Uint8Array.of(1) },
      { name: '.DS_Store', bytes: Uint8Array.of(1) },
    ]),
  ];
}

function sizes(): HostileZip[] {
  const image = entry('image.dcm');
  return [
    archive('size-too-small.zip', 'more bytes than the directory says', [{ ...image, method: 8, size: 10 }]),
    archive('size-too-large.zip', 'fewer bytes than the directory says', [
      { ...image, method: 8, size: image.bytes.length + 5000 },
    ]),
    archive('compressed-size-beyond-end.zip', 'an entry that reaches past the end', [{ ...image, compressedSize: 0x7fffffff }]),
    archive('offset-beyond-end.zip', 'a local header past the end', [{ ...image, offset: 0x7ffffff0 }]),
    archive('wrong-crc.zip', 'a checksum that does not fit', [{ ...image, crc: 0xdeadbeef }]),
    archive('corrupt-deflate.zip', 'deflated bytes that do not inflate', [
      { ...image, method: 8, raw: new Uint8Array(300).fill(0xee) },
    ]),
    archive('encrypted.zip', 'an entry marked as encrypted', [{ ...image, flags: 1 }]),
    archive('unknown-method.zip', 'a compression method nobody has', [{ ...image, method: 99 }]),
    archive('bomb.zip', '64 MiB of zeros in 64 KiB', [{ name: 'zeros.dcm', bytes: new Uint8Array(1 << 26), method: 8 }]),
  ];
}

/** Two directory entries over the same bytes, and one that begins inside another (the overlapping bomb). */
function overlapping(): HostileZip {
  const first = entry(GOOD);
  const second = entry('second.dcm');
  const start = 30 + GOOD.length + first.bytes.length;
  const bytes = buildZip([
    first,
    second,
    { ...second, name: 'third.dcm', raw: new Uint8Array(0), compressedSize: second.bytes.length, offset: start },
  ]);
  return { name: 'overlapping.zip', bytes, expectation: 'refuse', good: [], about: 'entries that share their bytes' };
}

const refused = (name: string, bytes: Uint8Array, about: string): HostileZip => ({
  name,
  bytes,
  about,
  expectation: 'refuse',
  good: [],
});

function nested(plain: Uint8Array): HostileZip[] {
  let doll = plain;
  for (let level = 0; level < 5; level++) doll = buildZip([{ name: `level-${level}.zip`, bytes: doll }]);
  const about = 'six ZIPs within each other and nothing else';
  return [
    archive('nested.zip', 'a ZIP within', [{ name: 'inner.zip', bytes: plain }]),
    archive('nested-named-dcm.zip', 'a ZIP within, under a DICOM name', [{ name: 'inner.dcm', bytes: plain }]),
    { name: 'russian-dolls.zip', bytes: doll, expectation: 'skip', good: [], about },
  ];
}

function brokenDirectories(plain: Uint8Array): HostileZip[] {
  return [
    refused('truncated-directory.zip', plain.slice(0, -60), 'the central directory is cut'),
    refused('truncated-half.zip', plain.slice(0, plain.length >> 1), 'the second half is missing'),
    refused('no-end-record.zip', plain.slice(0, -22), 'no end record'),
    refused('only-end-record.zip', plain.slice(-22), 'an end record and nothing before it'),
    refused('too-many-entries.zip', buildZip([entry(GOOD)], { entryCount: 60_000 }), 'says 60,000 entries, has one'),
    refused('not-a-zip.zip', new Uint8Array(Buffer.from('PK but no more of a ZIP than that')), 'two right letters'),
  ];
}

function oddDirectories(plain: Uint8Array): HostileZip[] {
  return [
    { name: 'empty.zip', bytes: buildZip([]), expectation: 'accept', good: [], about: 'a right archive without entries' },
    {
      name: 'prefixed.zip',
      bytes: new Uint8Array(Buffer.concat([Buffer.alloc(1000, 0x4d), plain])),
      expectation: 'either',
      good: [],
      about: 'bytes before the first entry, so that no offset fits',
    },
    {
      name: 'comment.zip',
      bytes: buildZip([entry(GOOD)], { comment: Buffer.from('PK\u0005\u0006 a comment that begins like an end record') }),
      expectation: 'either',
      good: [GOOD],
      about: 'a comment that holds an end record signature',
    },
  ];
}

/** ZIP archives that hurt careless readers; most hold one right instance, `good.dcm`, that a bad neighbour must not cost. */
export function zipCorpus(): HostileZip[] {
  const plain = buildZip([entry(GOOD), entry('second.dcm')]);
  return [
    ...climbingNames(),
    ...oddNames(),
    ...sizes(),
    overlapping(),
    ...nested(plain),
    ...brokenDirectories(plain),
    ...oddDirectories(plain),
  ];
}
