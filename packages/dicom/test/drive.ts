import type { ByteReader, ByteRequest } from '../src/index.ts';

export interface Driven<Result> {
  readonly result: Result;
  readonly requests: readonly ByteRequest[];
}

/** Runs a reader; `answer` decides how many of the bytes from the requested offset on are given. */
export function drive<Result>(
  reader: ByteReader<Result>,
  spaces: { file: Uint8Array; inflated?: Uint8Array },
  answer: (request: ByteRequest) => number,
): Driven<Result> {
  const requests: ByteRequest[] = [];
  let step = reader.next();
  while (!step.done) {
    const request = step.value;
    requests.push(request);
    const bytes = request.space === 'file' ? spaces.file : (spaces.inflated ?? new Uint8Array(0));
    // A copy, so that a reader that looks beyond what it was given would be caught.
    step = reader.next(bytes.slice(request.offset, request.offset + Math.max(1, answer(request))));
  }
  return { result: step.value, requests };
}

/** Exactly what was asked for, as a file read answers. */
export const exact = (request: ByteRequest) => request.length;
