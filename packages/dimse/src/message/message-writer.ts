import { ProtocolError } from '../errors.ts';
import { encodeDataHeader, PDV_HEADER_BYTES } from '../pdu/encode.ts';
import { writeCommandSet } from './command-set.ts';
import type { CommandSet } from './fields.ts';

/** Longest P-DATA-TF that is sent where the other side sets no limit. */
const OWN_MAX_LENGTH = 131_072;

/** Bytes of a value that fit a P-DATA-TF of the other side's maximum (0: any): values have an even length but the last (PS3.8 9.3.5.1). */
export function payloadBytes(peerMaxLength: number): number {
  const length = peerMaxLength === 0 ? OWN_MAX_LENGTH : Math.min(peerMaxLength, OWN_MAX_LENGTH);
  return Math.max(2, Math.floor((length - PDV_HEADER_BYTES) / 2) * 2);
}

function* pieces(
  { contextId, isCommand, endsHere }: { contextId: number; isCommand: boolean; endsHere: boolean },
  bytes: Uint8Array,
  peerMaxLength: number,
  opening = Number.POSITIVE_INFINITY,
): Generator<readonly Uint8Array[], void> {
  const step = payloadBytes(peerMaxLength);
  let at = 0;
  do {
    const payload = bytes.subarray(at, at + (at === 0 ? Math.min(step, opening) : step));
    at += payload.length;
    const isLast = endsHere && at >= bytes.length;
    yield [encodeDataHeader({ contextId, isCommand, isLast }, payload.length), payload];
  } while (at < bytes.length);
}

/**
 * The P-DATA-TF of a command set, each as its header and a view of its bytes. Of the first no more than `opening` bytes (an even number) of the command
 * set: what has its length can be begun before it is known what is said.
 */
export function commandPdus(contextId: number, command: CommandSet, peerMaxLength: number, opening?: number): Uint8Array[] {
  const all = pieces({ contextId, isCommand: true, endsHere: true }, writeCommandSet(command), peerMaxLength, opening);
  return [...all].flat();
}

/**
 * Those of a run of a dataset, one at a time: whoever sends may wait in between. Only the run with `endsHere` ends it; it may be empty. The others have
 * an even length (VALUE): peers abort at an odd value that is not the last.
 */
export function datasetPdus(
  contextId: number,
  run: { readonly bytes: Uint8Array; readonly endsHere: boolean },
  peerMaxLength: number,
): Generator<readonly Uint8Array[], void> {
  if (!run.endsHere && run.bytes.length % 2 === 1) throw new ProtocolError('VALUE', { length: run.bytes.length });
  return pieces({ contextId, isCommand: false, endsHere: run.endsHere }, run.bytes, peerMaxLength);
}
