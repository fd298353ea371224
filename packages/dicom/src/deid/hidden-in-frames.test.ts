import { describe, expect, it } from 'vitest';
import { concat, encapsulated, explicit, imageAttributes, part10 } from '../../test/build.ts';
import { cleaned } from '../../test/deid/support.ts';
import { jpegOf } from '../../test/jpeg-encoder.ts';

const NAME = 'DUPONTEL';
const segment = (marker: number, content: Uint8Array): Uint8Array =>
  concat(Uint8Array.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff]), content);
const letters = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const STREAM = jpegOf({
  rows: 8,
  columns: 8,
  precision: 8,
  quantisation: Array(64).fill(4),
  components: [[[20, 9, ...Array(62).fill(0)]]],
});
/** Something behind the first marker. */
const behindStart = (piece: Uint8Array): Uint8Array => concat(STREAM.subarray(0, 2), piece, STREAM.subarray(2));
const beforeEnd = (piece: Uint8Array): Uint8Array => concat(STREAM.subarray(0, -2), piece, STREAM.subarray(-2));

const fileOf = (frame: Uint8Array, name = `${NAME}^Zoe`): Uint8Array =>
  part10(
    concat(
      explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'),
      explicit('00080018', 'UI', '1.2.3.4'),
      explicit('00100010', 'PN', name),
      explicit('00280004', 'CS', 'MONOCHROME2'),
      imageAttributes({ rows: 8, columns: 8, frames: '1', bits: 8 }),
      encapsulated([frame]),
    ),
    '1.2.840.10008.1.2.4.50',
  );

/** What of a name is in what leaves; nothing where nothing leaves. */
function left(file: Uint8Array): boolean {
  try {
    return Buffer.from(cleaned(file).bytes).includes(NAME);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^PIXELS_(DAMAGED|NOT_CLEARED)$/) });
    return false;
  }
}

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
    if (!/uses|block/.test(_what)) expect(left(fileOf(stream, 'Somebody^Else'))).toBe(false);
  });

  it('a frame with none leaves', () => {
    expect(cleaned(fileOf(STREAM)).bytes.length).toBeGreaterThan(STREAM.length);
    expect(left(fileOf(behindStart(segment(0xfe, letters(NAME)))))).toBe(false);
  });
});
