import type { ByteWindow } from './byte-window.ts';
import { guessEncoding } from './guess-encoding.ts';
import type { ByteRequest } from './types.ts';

/** A reader that asks for bytes and ends with a result: `yield`s a request, is resumed with its answer. */
export type ByteReader<Result> = Generator<ByteRequest, Result, Uint8Array>;

const PREAMBLE_BYTES = 128;

/**
 * Where the file meta information or the dataset begins: after preamble and prefix (PS3.10 7.1), after a lone prefix, or at once. The letters of the
 * prefix may be text of a dataset: without group 0002 behind them they are one where the file begins like one.
 */
export function* findStart(file: ByteWindow): ByteReader<{ hasPreamble: boolean; offset: number }> {
  const head = yield* file.peek(PREAMBLE_BYTES + 6);
  const hasMeta = head[PREAMBLE_BYTES + 4] === 2 && head[PREAMBLE_BYTES + 5] === 0;
  const isText = !hasMeta && guessEncoding(head, (file.end ?? 0) - file.pos) !== undefined;
  if (isPrefix(head, PREAMBLE_BYTES) && !isText) return { hasPreamble: true, offset: PREAMBLE_BYTES + 4 };
  return { hasPreamble: false, offset: isPrefix(head, 0) ? 4 : 0 };
}

function isPrefix(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x44 && bytes[at + 1] === 0x49 && bytes[at + 2] === 0x43 && bytes[at + 3] === 0x4d;
}
