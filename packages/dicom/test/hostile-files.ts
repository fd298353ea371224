import {
  ascii,
  concat,
  encapsulated,
  explicit,
  ITEM_END,
  imageAttributes,
  implicit,
  item,
  part10,
  SEQUENCE_END,
  UNDEFINED,
  u16,
  u32,
} from './build.ts';

const IMPLICIT = '1.2.840.10008.1.2';
const RLE = '1.2.840.10008.1.2.5';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const name = explicit('00100010', 'PN', 'A^B');
const sq = (content: Uint8Array, length = UNDEFINED) => explicit('00081140', 'SQ', content, length);
const huge = explicit('00091010', 'OB', new Uint8Array(0), 0xfffffffe);

/** Crafted files: what they are, their bytes, and what reading them gives: an error code, or `ok` with the warnings. */
export const HOSTILE: readonly (readonly [string, Uint8Array, string])[] = [
  ['no bytes', new Uint8Array(0), 'EMPTY_FILE'],
  ['one byte', Uint8Array.of(8), 'NOT_DICOM'],
  ['zeros', new Uint8Array(4096), 'NOT_DICOM'],
  ['ones', new Uint8Array(4096).fill(255), 'NOT_DICOM'],
  ['text', ascii('The quick brown fox jumps over the lazy dog. '.repeat(20)), 'NOT_DICOM'],
  ['ZIP', concat(Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(400)), 'NOT_DICOM'],
  ['preamble and prefix alone', concat(new Uint8Array(128), ascii('DICM')), 'TRUNCATED'],
  ['prefix without preamble', part10(name).subarray(128), 'ok MISSING_PREAMBLE'],
  ['meta without preamble and prefix', part10(name).subarray(132), 'ok MISSING_PREAMBLE'],
  ['dataset alone, implicit', implicit('00080060', 'CT'), 'ok MISSING_PREAMBLE MISSING_META MISSING_TRANSFER_SYNTAX'],
  ['dataset alone, of an unknown first attribute', implicit('00080003', 'CT'), 'NOT_DICOM'],
  ['meta alone', part10(new Uint8Array(0)), 'ok'],
  ['meta cut inside its first element', part10(name).subarray(0, 136), 'TRUNCATED'],
  ['meta with a group length of 4 GiB', concat(part10(name).subarray(0, 140), u32(UNDEFINED), part10(name).subarray(144)), 'ok'],
  ['meta value of 4 GiB', concat(new Uint8Array(128), ascii('DICM'), explicit('00020102', 'OB', name, 0xfffffffe)), 'TRUNCATED'],
  [
    'meta as a sequence without end',
    concat(new Uint8Array(128), ascii('DICM'), explicit('00020001', 'SQ', item(name, UNDEFINED), UNDEFINED)),
    'TRUNCATED',
  ],
  ['4 GiB element in a small file', part10(concat(name, huge)), 'TRUNCATED'],
  ['text of 4 GiB', part10(explicit('00080080', 'UT', ascii('x'), 0xfffffffe)), 'TRUNCATED'],
  ['undefined length on a text', part10(explicit('00080080', 'UT', ascii('text'), UNDEFINED)), 'BAD_LENGTH'],
  [
    'element cut inside its header',
    part10(concat(name, explicit('00081030', 'LO', 'x')).subarray(0, name.length + 9)),
    'TRUNCATED',
  ],
  ['element header of 12 bytes cut', part10(explicit('00091010', 'OB').subarray(0, 10)), 'TRUNCATED'],
  ['five stray bytes at the end', part10(concat(name, new Uint8Array(5))), 'ok TRAILING_BYTES'],
  ['sequence without delimiter', part10(sq(item(name))), 'TRUNCATED'],
  ['item without delimiter', part10(sq(item(name, UNDEFINED))), 'TRUNCATED'],
  [
    'item delimiter missing before the sequence delimiter',
    part10(concat(sq(concat(item(name, UNDEFINED), SEQUENCE_END)), name)),
    'ok UNEXPECTED_DELIMITER',
  ],
  [
    'delimiter with length 0xFFFFFFFF',
    part10(concat(sq(concat(item(name, UNDEFINED), implicit('FFFEE00D', '', UNDEFINED), SEQUENCE_END)), name)),
    'ok UNEXPECTED_DELIMITER',
  ],
  [
    'sequence delimiter with length 0xFFFFFFFF',
    part10(concat(sq(implicit('FFFEE0DD', '', UNDEFINED)), name)),
    'ok UNEXPECTED_DELIMITER',
  ],
  ['delimiters in the dataset', part10(concat(ITEM_END, SEQUENCE_END, ITEM_END, name)), 'ok UNEXPECTED_DELIMITER'],
  ['item in the dataset', part10(concat(item(name), name)), 'ok UNEXPECTED_ITEM'],
  ['item of undefined length in the dataset', part10(concat(item(name, UNDEFINED), ITEM_END)), 'BAD_STRUCTURE'],
  ['element in a sequence without item', part10(sq(concat(name, SEQUENCE_END))), 'BAD_STRUCTURE'],
  ['item longer than its sequence', part10(concat(sq(item(name, 5000), name.length + 8), name)), 'ok ITEM_LENGTH'],
  [
    'element longer than its item',
    part10(concat(sq(item(explicit('00081150', 'UI', '1.2', 4000), 12), 20), new Uint8Array(8000))),
    'BAD_LENGTH',
  ],
  ['sequence longer than the file', part10(sq(item(name), 1_000_000)), 'TRUNCATED'],
  ['sequence of 4 bytes', part10(concat(sq(u32(0), 4), name)), 'BAD_LENGTH'],
  [
    'sequence inside a sequence longer than the outer',
    part10(concat(sq(item(explicit('00081199', 'SQ', item(), 900)), 28), name)),
    'BAD_LENGTH',
  ],
  [
    'UN of undefined length with an implicit sequence',
    part10(concat(explicit('00091001', 'UN', concat(item(implicit('00100020', 'ID')), SEQUENCE_END), UNDEFINED), name)),
    'ok',
  ],
  ['UN of undefined length without items', part10(explicit('00091001', 'UN', name, UNDEFINED)), 'BAD_STRUCTURE'],
  [
    'UN of undefined length holding explicit elements',
    part10(explicit('00091001', 'UN', concat(item(name), SEQUENCE_END), UNDEFINED)),
    'BAD_LENGTH',
  ],
  [
    'odd lengths',
    part10(concat(explicit('00100010', 'PN', Uint8Array.of(65)), explicit('00100020', 'LO', Uint8Array.of(66)))),
    'ok ODD_LENGTH',
  ],
  ['group length that lies', part10(concat(explicit('00080000', 'UL', u32(UNDEFINED)), name)), 'ok'],
  ['group 0002 again in the dataset', part10(concat(name, explicit('00020010', 'UI', '1.2'))), 'ok'],
  ['the same tag a thousand times', part10(concat(...Array.from({ length: 1000 }, () => name))), 'ok TAG_ORDER'],
  ['VR of two spaces', part10(concat(name, u16(0x10, 0x20), ascii('  '), u16(0))), 'TRUNCATED'],
  ['VR that does not exist', part10(concat(explicit('00091001', 'ZZ', ascii('ab')), name)), 'ok INVALID_VR'],
  ['numbers that are none', part10(explicit('00280008', 'IS', '1e9999\\NaN\\0x10')), 'ok INVALID_NUMBER'],
  ['words that are cut', part10(explicit('00280010', 'US', Uint8Array.of(1))), 'ok LENGTH_NOT_MULTIPLE ODD_LENGTH'],
  ['unknown transfer syntax', part10(name, '1.2.3.4'), 'ok UNKNOWN_TRANSFER_SYNTAX'],
  ['explicit data called implicit', part10(explicit('00080060', 'CS', 'CT'), IMPLICIT), 'ok TRANSFER_SYNTAX_MISMATCH'],
  [
    'private implicit value of undefined length that is no sequence',
    part10(implicit('00091001', name, UNDEFINED), IMPLICIT),
    'BAD_STRUCTURE',
  ],
  ['deflated junk', part10(ascii('this is not deflate data at all'), DEFLATED), 'INFLATE_FAILED'],
  ['fragments of an icon that never end', part10(sq(item(encapsulated([u16(1)]).subarray(0, -8), UNDEFINED)), RLE), 'TRUNCATED'],
  [
    'fragment of undefined length in an icon',
    part10(sq(item(explicit('7FE00010', 'OB', item(u16(1), UNDEFINED), UNDEFINED), UNDEFINED)), RLE),
    'BAD_LENGTH',
  ],
  [
    'pixel data of 4 GiB in a small file',
    part10(concat(imageAttributes({ rows: 2, columns: 2, bits: 8 }), explicit('7FE00010', 'OB', u32(1), 0xfffffffe))),
    'ok PIXEL_DATA_TRUNCATED',
  ],
];
