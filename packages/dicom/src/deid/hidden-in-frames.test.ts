import { describe, expect, it } from 'vitest';
import { concat, encapsulated, explicit, imageAttributes, part10 } from '../../test/build.ts';
import { cleaned } from '../../test/deid/support.ts';
import { jpegOf } from '../../test/jpeg-encoder.ts';

const NAME = 'DUPONTEL';
const segment = (marker: number, content: Uint8Array): Uint8Array =>
  concat(Uint8Array.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff]), content);
const letters = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const padded = (bytes: Uint8Array): Uint8Array => concat(bytes, letters(' '.repeat(bytes.length % 2)));
const streamOf = (quantisation: readonly number[]): Uint8Array =>
  jpegOf({ rows: 8, columns: 8, precision: 8, quantisation, components: [[[20, 9, ...Array(62).fill(0)]]] });
const STREAM = streamOf(Array(64).fill(4));
/** Something behind the first marker. */
const behindStart = (piece: Uint8Array): Uint8Array => concat(STREAM.subarray(0, 2), piece, STREAM.subarray(2));
const beforeEnd = (piece: Uint8Array): Uint8Array => concat(STREAM.subarray(0, -2), piece, STREAM.subarray(-2));

const fileOf = (frame: Uint8Array, name = `${NAME}^Zoe`, syntax = '1.2.840.10008.1.2.4.50'): Uint8Array =>
  part10(
    concat(
      explicit('00080005', 'CS', 'ISO_IR 192'),
      explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'),
      explicit('00080018', 'UI', '1.2.3.4'),
      explicit('00100010', 'PN', padded(Buffer.from(name))),
      explicit('00280004', 'CS', 'MONOCHROME2'),
      imageAttributes({ rows: 8, columns: 8, frames: '1', bits: 8 }),
      encapsulated([frame]),
    ),
    syntax,
  );

/** What of a name is in what leaves; nothing where nothing leaves. */
function left(file: Uint8Array): boolean {
  try {
    return Buffer.from(cleaned(file).bytes).includes(NAME);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(PIXELS_(DAMAGED|NOT_CLEARED)|NAME_IN_PIXELS)$/) });
    return false;
  }
}

const words = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value >> 8, value & 0xff]));
const long = (value: number): Uint8Array => words(value >>> 16, value & 0xffff);
const DATA = Uint8Array.of(0xcf, 0xb4, 0x10, 0x80, 0x02);
const SIZ = segment(0x51, concat(words(0), ...[8, 8, 0, 0, 8, 8, 0, 0].map(long), words(1), Uint8Array.of(7, 1, 1)));
const COD = segment(0x52, Uint8Array.of(0, 0, 0, 1, 0, 0, 4, 4, 0, 1));
const QCD = segment(0x5c, Uint8Array.of(0x40, 0x40));
/** A JPEG 2000 code stream with something in its main header, in its tile-part’s, in its data, and behind its tile-part. */
function j2k({
  main = [],
  tile = [],
  data = DATA,
  behind = [],
  siz = SIZ,
  cod = COD,
}: Readonly<Record<string, Uint8Array | Uint8Array[]>> = {}) {
  const parts = concat(...[tile].flat(), Uint8Array.of(0xff, 0x93), ...[data].flat());
  const sot = segment(0x90, concat(words(0), long(12 + parts.length), Uint8Array.of(0, 1)));
  const head = [Uint8Array.of(0xff, 0x4f), ...[siz].flat(), ...[cod].flat(), QCD, ...[main].flat()];
  return concat(...head, sot, parts, ...[behind].flat(), Uint8Array.of(0xff, 0xd9));
}
const box = (kind: string, content: Uint8Array): Uint8Array => concat(long(content.length + 8), letters(kind), content);
const SIGNATURE = box('jP  ', Uint8Array.of(0x0d, 0x0a, 0x87, 0x0a));
const J2K = '1.2.840.10008.1.2.4.90';

describe('a name within a JPEG 2000 stream does not leave', () => {
  const uuid = box('uuid', concat(new Uint8Array(16), letters(NAME)));
  it.each([
    ['a comment of the main header', j2k({ main: segment(0x64, concat(words(1), letters(NAME))) })],
    ['a comment of a tile-part', j2k({ tile: segment(0x64, concat(words(1), letters(NAME))) })],
    ['a table of lengths of packets', j2k({ tile: segment(0x58, concat(Uint8Array.of(0), letters(NAME))) })],
    ['a table of lengths of tile-parts', j2k({ main: segment(0x55, concat(Uint8Array.of(0, 0), letters(NAME))) })],
    ['where a component was registered', j2k({ main: segment(0x63, letters(NAME)) })],
    ['a profile', j2k({ main: segment(0x56, letters(NAME)) })],
    ['an unknown segment', j2k({ main: segment(0x6f, letters(NAME)) })],
    ['a size that is longer than its components', j2k({ siz: segment(0x51, concat(SIZ.subarray(4), letters(NAME))) })],
    ['a coding style that is longer than it says', j2k({ cod: segment(0x52, concat(COD.subarray(4), letters(NAME))) })],
    ['a region of interest that is longer', j2k({ main: segment(0x5e, concat(Uint8Array.of(0, 0, 1), letters(NAME))) })],
    ['behind a tile-part', j2k({ behind: letters(NAME) })],
    ['behind the end', concat(j2k(), letters(NAME))],
    ['UUID boxes around the stream', concat(SIGNATURE, uuid, box('jp2c', j2k()), uuid)],
    ['an XML box before it', concat(SIGNATURE, box('xml ', letters(`<name>${NAME}</name>`)), box('jp2c', j2k()))],
  ])('%s', (_what, stream) => expect(left(fileOf(stream, 'Somebody^Else', J2K))).toBe(false));

  it('steps of quantisation and the data of pixels are looked through for the patient', () => {
    expect(left(fileOf(j2k({ main: segment(0x5d, concat(Uint8Array.of(0, 0x42), letters(NAME))) }), `${NAME}^Zoe`, J2K))).toBe(
      false,
    );
    expect(left(fileOf(j2k({ data: concat(DATA, letters(NAME)) }), `${NAME}^Zoe`, J2K))).toBe(false);
  });

  it('a stream with none leaves', () =>
    expect(cleaned(fileOf(j2k(), `${NAME}^Zoe`, J2K)).bytes.length).toBeGreaterThan(j2k().length));
});

describe('short names, and those of other scripts, in a frame', () => {
  /** Whether these bytes are in what leaves; false where nothing leaves. */
  const has = (file: Uint8Array, bytes: Uint8Array): boolean => {
    try {
      return Buffer.from(cleaned(file).bytes).includes(Buffer.from(bytes));
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching('^(PIXELS_NOT_CLEARED|NAME_IN_PIXELS)$') });
      return false;
    }
  };
  it.each([
    ['three letters', 'NGO^Awa', letters('NGO')],
    ['three small ones', 'NGO^Awa', letters('awa')],
    ['five', 'DIALL^O', letters('Diall')],
    ['a name with an accent, Latin-1', 'Éléonore^A', letters('Éléonore')],
    ['the same in capitals, UTF-8', 'Éléonore^A', Buffer.from('ÉLÉONORE')],
    ['an umlaut in two letters', 'Müller^A', letters('Mueller')],
    ['Cyrillic, ISO 8859-5', 'Яковлев^Пётр', Uint8Array.from([0xcf, 0xda, 0xde, 0xd2, 0xdb, 0xd5, 0xd2])],
    ['Cyrillic, UTF-16', 'Яковлев^Пётр', Buffer.from('Яковлев', 'utf16le')],
    ['Chinese, family and given name, UTF-8', '王^小东', Buffer.from('王小东')],
    ['Chinese, GB 18030', '王^小东', Uint8Array.from([0xcd, 0xf5, 0xd0, 0xa1, 0xb6, 0xab])],
    ['Arabic, UTF-8', 'ندياي^عائشة', Buffer.from('عائشة')],
  ])('%s', (_what, name, bytes) => {
    const file = (frame: Uint8Array) => fileOf(frame, name);
    expect(has(file(beforeEnd(bytes)), bytes)).toBe(false);
    const table = concat(new Uint8Array(20).fill(4), bytes, new Uint8Array(44 - bytes.length).fill(4));
    // In a table that is used, and in one that is defined again before anything used it.
    expect(has(file(streamOf([...table])), bytes)).toBe(false);
    expect(has(file(behindStart(segment(0xdb, concat(Uint8Array.of(0), table)))), bytes)).toBe(false);
  });

  it('letters that are a part of others are chance: tables of codes have the alphabet', () => {
    expect(cleaned(fileOf(STREAM, 'DEF^Stu')).bytes.length).toBeGreaterThan(STREAM.length);
  });
});

describe('a name within what decodes a frame does not leave', () => {
  it.each([
    ['a segment that is reserved (JPG)', behindStart(segment(0xc8, letters(NAME)))],
    ['a restart marker with a length', behindStart(segment(0xd3, letters(NAME)))],
    ['a hierarchical segment (EXP)', behindStart(segment(0xdf, letters(NAME)))],
    ['a table of quantisation that nothing uses', behindStart(segment(0xdb, concat(Uint8Array.of(3), letters(NAME.repeat(8)))))],
    [
      'a table of quantisation that is longer than it is',
      behindStart(segment(0xdb, concat(Uint8Array.of(3), letters(NAME.repeat(9))))),
    ],
    [
      'a table of codes that nothing uses',
      behindStart(segment(0xc4, concat(Uint8Array.of(3, 0, 0, 8), new Uint8Array(13), letters(NAME)))),
    ],
    ['a restart interval with more to it', behindStart(segment(0xdd, concat(Uint8Array.of(0, 0), letters(NAME))))],
    ['behind the last block, before the end of the image', beforeEnd(letters(NAME))],
  ])('%s', (_what, stream) => {
    expect(left(fileOf(stream))).toBe(false);
    // Whoever’s name it is.
    if (!/block/.test(_what)) expect(left(fileOf(stream, 'Somebody^Else'))).toBe(false);
  });

  it('a frame with none leaves', () => {
    expect(cleaned(fileOf(STREAM)).bytes.length).toBeGreaterThan(STREAM.length);
    expect(left(fileOf(behindStart(segment(0xfe, letters(NAME)))))).toBe(false);
  });
});

describe('a name within native pixels is told to who asks a person', () => {
  const size = 2_300_000;
  const native = (bytes: Uint8Array, at: number, name: string, rows = 1150): Uint8Array => {
    const pixels = new Uint8Array(rows * 2000).fill(200);
    pixels.set(bytes, at);
    return part10(
      concat(
        ...[explicit('00080005', 'CS', 'ISO_IR 192'), explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2')],
        ...[explicit('00080018', 'UI', '1.2.3.4'), explicit('00100010', 'PN', padded(Buffer.from(name)))],
        imageAttributes({ rows, columns: 2000, frames: '1', bits: 8 }),
        explicit('7FE00010', 'OW', pixels),
      ),
    );
  };
  const JIS = Uint8Array.of(0x3b, 0x33, 0x45, 0x44, 0x42, 0x40);
  it.each([
    ['at the beginning', NAME, letters(NAME), 0],
    ['at the end', NAME, letters(NAME), size - NAME.length],
    ['over the edge of what is read at once', NAME, letters(NAME), 1_048_572],
    ['small letters, UTF-16 at an odd place', NAME, Buffer.from(NAME.toLowerCase(), 'utf16le'), 777_777],
    ['the low bytes of cells that are not empty', NAME, letters([...NAME].join('~')), 4001],
    ['among other letters', NAME, letters(`QWERT${NAME}YUIOP`), 90_000],
    ['kanji of JIS X 0208', '山田^太郎', JIS.subarray(0, 4), 5000],
    ['an accent, Latin-1', 'Éléonore', letters('Éléonore'), 5003],
  ])('%s', (_what, name, bytes, at) => {
    const isTold = (who: string): boolean => {
      try {
        return cleaned(native(bytes, at, who)).bytes.length < 0;
      } catch (error) {
        expect(error).toMatchObject({ code: 'NAME_IN_PIXELS' });
        return true;
      }
    };
    // Four bytes are chance among so many.
    expect([isTold(name), isTold('Somebody^Else')]).toEqual([bytes.length >= 6, false]);
  });

  it.each([
    ['in ASCII', NAME, letters(NAME)],
    ['in Latin-1', 'Éléonore', letters('Éléonore')],
    ['in UTF-16', 'Éléonore', Buffer.from('Éléonore', 'utf16le')],
  ])('at each place about the end of what was read with the header, %s', (_how, name, bytes) => {
    const places = Array.from({ length: 300 }, (_, index) => 65_536 - 820 + index * 3);
    const unseen = places.filter((at) => {
      try {
        return cleaned(native(bytes, at, name, 40)).bytes.length > 0;
      } catch {
        return false;
      }
    });
    expect(unseen).toEqual([]);
  });
});
