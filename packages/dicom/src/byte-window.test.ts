import { describe, expect, test } from 'vitest';
import { ByteWindow, DEFAULT_WINDOW_BYTES, END, MORE, READY } from './byte-window.ts';

const FILE = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
const open = (windowBytes = 64, size: number | undefined = FILE.length): ByteWindow =>
  new ByteWindow('file', size, { windowBytes });
/** Answers the window's own request with so many bytes of the file. */
function answer(window: ByteWindow, atMost = Number.POSITIVE_INFINITY): void {
  const request = window.request();
  window.supply(request, FILE.slice(request.offset, request.offset + Math.min(request.length, atMost)));
}
/** What `peek` gives, and how often it asked. */
function peeked(window: ByteWindow, length: number, atMost = Number.POSITIVE_INFINITY): { bytes: number[]; requests: number } {
  const reading = window.peek(length);
  let requests = 0;
  for (let step = reading.next(); ; requests += 1) {
    if (step.done) return { bytes: [...step.value], requests };
    const { offset, length: wanted } = step.value;
    step = reading.next(FILE.slice(offset, offset + Math.min(wanted, atMost)));
  }
}

describe('a window on a file', () => {
  test('asks for its usual size, and for more where more is needed', () => {
    const window = open();
    expect(window.status(8)).toBe(MORE);
    expect(window.request()).toEqual({ space: 'file', offset: 0, length: 64 });
    expect(window.status(500)).toBe(MORE);
    expect(window.request()).toEqual({ space: 'file', offset: 0, length: 500 });
  });

  test('asks for nothing that lies behind the end', () => {
    const window = open();
    window.pos = FILE.length - 10;
    expect(window.status(8)).toBe(MORE);
    expect(window.request()).toMatchObject({ offset: FILE.length - 10, length: 10 });
    expect(window.status(11)).toBe(END);
  });

  test('keeps what it has from its position on, and asks for the rest alone', () => {
    const window = open();
    window.status(8);
    answer(window);
    window.pos = 60;
    expect(window.status(4)).toBe(READY);
    expect(window.status(8)).toBe(MORE);
    expect(window.request()).toMatchObject({ offset: 64, length: 64 });
    answer(window);
    expect([window.start, window.index, window.view.getUint8(window.index + 7)]).toEqual([60, 0, 67]);
  });

  test('behind a value that was jumped over asks for little, since little may follow', () => {
    const window = open(DEFAULT_WINDOW_BYTES, 10_000_000);
    window.status(8);
    window.supply(window.request(), FILE.slice(0, 1000));
    window.pos = 1_000_000;
    window.status(8);
    expect(window.request()).toMatchObject({ offset: 1_000_000, length: 4096 });
  });

  test('back before what it has is asked for anew', () => {
    const window = open();
    window.pos = 500;
    window.status(8);
    answer(window);
    window.pos = 10;
    expect(window.status(8)).toBe(MORE);
    answer(window);
    expect([window.start, window.bytes[0]]).toEqual([10, 10]);
  });

  test('that is given less than it asked for asks again', () => {
    expect(peeked(open(), 50, 7)).toEqual({ bytes: [...FILE.slice(0, 50)], requests: 8 });
  });

  test('gives what there is at the end, and nothing behind it', () => {
    const window = open();
    window.pos = FILE.length - 3;
    expect(peeked(window, 50).bytes).toEqual([...FILE.slice(-3)]);
    window.pos = FILE.length;
    expect(peeked(window, 50)).toEqual({ bytes: [], requests: 0 });
  });
});

describe('a file that ends before its size', () => {
  test('is cut, whoever says so', () => {
    const window = open(64, FILE.length + 100);
    window.pos = FILE.length;
    window.status(8);
    expect(() => answer(window)).toThrow(expect.objectContaining({ code: 'TRUNCATED', details: { offset: FILE.length } }));
  });

  test('of an unknown size ends where nothing comes any more (RFC 1951: a deflated dataset)', () => {
    const window = new ByteWindow('inflated', undefined, { windowBytes: 64, inflateFrom: 400 });
    window.status(8);
    expect(window.request()).toEqual({ space: 'inflated', offset: 0, length: 64, inflateFrom: 400 });
    window.pos = FILE.length - 4;
    expect(peeked(window, 50).bytes).toEqual([...FILE.slice(-4)]);
    expect([window.end, window.status(5), window.status(4)]).toEqual([FILE.length, END, READY]);
  });
});
