import { describe, expect, it } from 'vitest';
import { parseFramePart } from './multipart.ts';

const TYPE = 'multipart/related; type="application/octet-stream"; boundary="b-1"';
const encode = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const body = (payload: string, header = 'Content-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.80') =>
  encode(`--b-1\r\n${header}\r\n\r\n${payload}\r\n--b-1--\r\n`);

describe('parseFramePart', () => {
  it('gives the payload and its transfer syntax (RFC 2387, PS3.18 8.7.3)', () => {
    const part = parseFramePart(TYPE, body('\x00\x01\xffdata'));
    expect(part?.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.80');
    expect(part?.bytes).toEqual(encode('\x00\x01\xffdata'));
  });

  it('keeps pixels that contain line ends or look like a boundary', () => {
    expect(parseFramePart(TYPE, body('a\r\n\r\n--b-1 b'))?.bytes).toEqual(encode('a\r\n\r\n--b-1 b'));
  });

  it('takes octets without a syntax as explicit little endian, and known media types as theirs', () => {
    expect(parseFramePart(TYPE, body('x', 'Content-Type: application/octet-stream'))?.transferSyntaxUid).toBe(
      '1.2.840.10008.1.2.1',
    );
    expect(parseFramePart('image/jpeg', encode('x'))?.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.50');
  });

  it('has no answer for a body that is cut or has no boundary', () => {
    expect(parseFramePart(TYPE, body('x').subarray(0, 40))).toBeUndefined();
    expect(parseFramePart('multipart/related', body('x'))).toBeUndefined();
    expect(parseFramePart('application/octet-stream', new Uint8Array())).toBeUndefined();
  });
});
