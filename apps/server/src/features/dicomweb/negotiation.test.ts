import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { alignBits, type InstanceEntry } from '../../archive/pixels/index.ts';
import { acceptedRanges } from './accept.ts';
import { findBulk, parseByteRange } from './frames/bulkdata.ts';
import { negotiateFrames, parseFrameList } from './frames/frames.ts';
import { dateRange, likePattern, timeRange } from './qido/key-values.ts';
import { parseQidoQuery } from './qido/query.ts';

const requestOf = (accept?: string) => ({ headers: { accept } }) as unknown as FastifyRequest; // Only the header is read.
const ranges = (accept?: string, query = '') => acceptedRanges(requestOf(accept), new URLSearchParams(query));
const entry = (transferSyntaxUid: string): InstanceEntry => ({
  id: '019a0000-0000-7000-8000-000000000003',
  key: '019a0000-0000-7000-8000-000000000003',
  sha256: Buffer.alloc(32),
  sopInstanceUid: '1.2.3',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
  transferSyntaxUid,
  sizeBytes: 1000,
  frames: 3,
  rows: 1,
  columns: 1,
  frameTable: undefined,
});
const NATIVE = '1.2.840.10008.1.2';
const JPEG_LS = '1.2.840.10008.1.2.4.80';

describe('media types of frames (PS3.18 8.7.3)', () => {
  it('sends uncompressed frames as octets in explicit little endian, whatever the stored byte order', () => {
    expect(negotiateFrames(ranges('multipart/related; type="application/octet-stream"'), entry('1.2.840.10008.1.2.2'))).toEqual({
      mediaType: 'application/octet-stream',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      multipart: true,
      isDecoded: false,
    });
  });
  it('sends compressed frames as they are to a client that takes any transfer syntax', () => {
    const type = negotiateFrames(ranges('multipart/related; type=application/octet-stream; transfer-syntax=*'), entry(JPEG_LS));
    expect(type).toMatchObject({ transferSyntaxUid: JPEG_LS, multipart: true });
  });
  it('sends compressed frames in their own media type', () => {
    expect(negotiateFrames(ranges('image/jls'), entry(JPEG_LS))).toEqual({
      mediaType: 'image/jls',
      transferSyntaxUid: JPEG_LS,
      multipart: false,
      isDecoded: false,
    });
    expect(negotiateFrames(ranges(), entry(JPEG_LS))).toMatchObject({ mediaType: 'image/jls', multipart: true });
  });
  it.each(['application/octet-stream', 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1'])(
    'decodes compressed frames for %s, whose default is explicit little endian',
    (accept) => {
      const octets = { mediaType: 'application/octet-stream', transferSyntaxUid: '1.2.840.10008.1.2.1' };
      expect(negotiateFrames(ranges(accept), entry(JPEG_LS))).toEqual({ ...octets, multipart: false, isDecoded: true });
    },
  );
  it.each([
    'text/html',
    'image/jp2',
    'image/jpeg',
    'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.90',
    'image/jls; q=0',
  ])('refuses %s for frames in JPEG-LS with NOT_ACCEPTABLE', (accept) => {
    expect(() => negotiateFrames(ranges(accept), entry(JPEG_LS))).toThrow(expect.objectContaining({ code: 'NOT_ACCEPTABLE' }));
  });
  it('knows image types by the names of earlier editions too, as clients still ask by them', () => {
    const former = 'multipart/related; type="image/x-dicom-rle", image/x-jls, multipart/related; type=image/jhc';
    expect(ranges(former).map((range) => range.type)).toEqual(['image/dicom-rle', 'image/jls', 'image/jphc']);
  });
  it('encodes only for a range that nothing else of its quality satisfies', () => {
    const any = (): boolean => true;
    const type = (accept: string, syntax = NATIVE) => negotiateFrames(ranges(accept), entry(syntax), any);
    expect(type('image/jls')).toMatchObject({ mediaType: 'image/jls', transferSyntaxUid: JPEG_LS, isEncoded: true });
    expect(type('image/jls, application/octet-stream')).toMatchObject({ mediaType: 'application/octet-stream' });
    expect(type('image/jls, application/octet-stream; q=0.9')).toMatchObject({ mediaType: 'image/jls' });
    expect(type('image/jp2, image/jls', JPEG_LS)).toMatchObject({ mediaType: 'image/jls', isDecoded: false });
    expect(() => type('image/jls; transfer-syntax=*')).toThrow(expect.objectContaining({ code: 'NOT_ACCEPTABLE' }));
  });
  it('orders ranges by quality and lets the accept parameter win over the header', () => {
    expect(ranges('image/jpeg; q=0.2, image/jls').map((range) => range.type)).toEqual(['image/jls', 'image/jpeg']);
    expect(ranges('image/jpeg', 'accept=image/png').map((range) => range.type)).toEqual(['image/png']);
  });
});

describe('frame lists (PS3.18 10.4.1.1.5)', () => {
  it('count from 1', () => expect(parseFrameList('1,3', 3)).toEqual([0, 2]));
  it.each(['0', '4', '1,99'])('answer NOT_FOUND for a frame that does not exist: %s', (text) => {
    expect(() => parseFrameList(text, 3)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
  it.each(['', 'a', '1,', '-1', '1.5', '1e9', '99999999999'])('answer BAD_REQUEST for %j', (text) => {
    expect(() => parseFrameList(text, 3)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
  it('bring frames that begin inside a byte to a byte border, lowest bit first (PS3.5 8.1.1)', () => {
    // Lowest bit first the bytes read 10101101 01010011; the eleven bits from the fourth on are 01101010 100.
    expect(alignBits(Buffer.from([0b10110101, 0b11001010]), 3, 11)).toEqual(Buffer.from([0b01010110, 0b001]));
  });
});

describe('bulk data', () => {
  it('is named by what the dataset has and nothing else', () => {
    const ref = { path: '00420011', tag: '00420011', vr: 'OB', offset: 10, bigEndian: false, wordBytes: 1, encapsulated: false };
    const words = { ...ref, space: 'file', vr: 'OW', length: 20, bigEndian: true, wordBytes: 2 } as const;
    const values = [words, { ...ref, space: 'inflated', length: 20 }, { ...ref, space: 'file', length: undefined }] as const;
    expect(findBulk(values, '10-20-be2')).toEqual({ start: 10, end: 30, bigEndianWordBytes: 2, isInflated: false });
    expect(findBulk(values, '10-20-inflated')).toMatchObject({ start: 10, end: 30, isInflated: true });
    for (const text of ['10-20', '10-19-be2', '10-20-be4', '0-128', '10-undefined', '-5', 'x', '1.5-2', '..', '__proto__'])
      expect(() => findBulk(values, text)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
  it('answers single byte ranges (RFC 9110 14.2)', () => {
    expect(parseByteRange('bytes=0-9', 100)).toEqual({ start: 0, end: 10 });
    expect(parseByteRange('bytes=90-', 100)).toEqual({ start: 90, end: 100 });
    expect(parseByteRange('bytes=-5', 100)).toEqual({ start: 95, end: 100 });
    expect(parseByteRange('bytes=5-500', 100)).toEqual({ start: 5, end: 100 });
    expect(parseByteRange('bytes=100-', 100)).toBe('unsatisfiable');
    // RFC 9110 14.1.2: no byte is asked for; and of an object without bytes there is nothing to name a range of.
    expect(parseByteRange('bytes=-0', 100)).toBe('unsatisfiable');
    expect(parseByteRange('bytes=-5', 0)).toBeUndefined();
    expect(parseByteRange('items=1-2', 100)).toBeUndefined();
  });
});

describe('search parameters (PS3.18 8.3.4)', () => {
  const parse = (query: string) => parseQidoQuery('studies', new URLSearchParams(query));
  it('take attributes by keyword or tag, in any case of the hexadecimal digits', () => {
    expect(parse('PatientName=A*&0020000d=1.2&StudyDescription=x').matches.map((match) => match.attribute.keyword)).toEqual([
      'PatientName',
      'StudyInstanceUID',
      'StudyDescription',
    ]);
  });
  it.each(['NoSuchKeyword=1', 'limit=x', 'limit=-1', 'offset=1e9', 'includefield=nonsense', 'PatientName=a%00b'])(
    'refuse %s with BAD_REQUEST',
    (query) => {
      expect(() => parse(query)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
    },
  );
  it('bound limit and offset', () =>
    expect(parse('limit=999999999&offset=999999999')).toMatchObject({ limit: 5000, offset: 10_000_000 }));
  it('turn DICOM wildcards into patterns that match nothing else (PS3.4 C.2.2.2.4)', () =>
    expect(likePattern('50%_a*b?\\')).toBe('50\\%\\_a%b_\\\\'));
  it('read ranges of dates and times, both ends included (PS3.4 C.2.2.2.5)', () => {
    expect(dateRange('20240101-20240131')).toEqual({ from: '2024-01-01', to: '2024-01-31' });
    expect(dateRange('-20240131')).toEqual({ to: '2024-01-31' });
    expect(dateRange('20240229')).toEqual({ from: '2024-02-29', to: '2024-02-29' });
    expect(timeRange('10-1130')).toEqual({ from: '10:00:00', to: '11:30:59.999999' });
  });
  it.each(['20230229', '2024', 'yesterday', '20240101-20240199'])('refuse the date %s', (text) => {
    expect(() => dateRange(text)).toThrow(expect.objectContaining({ code: 'BAD_REQUEST' }));
  });
});
