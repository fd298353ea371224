import { decodeBase64 } from './base64.ts';
import type { ByteWindow } from './byte-window.ts';
import { jsonElement } from './json-access.ts';
import type { ByteReader } from './part10-start.ts';
import type { ParsedInstance } from './types.ts';

const MAX_BYTES = 64 * 1024 * 1024;

/** 64-bit words of an OV attribute, from its inline value or from the file. */
export function* readWords(parsed: ParsedInstance, window: ByteWindow, tag: string): ByteReader<number[] | undefined> {
  const ref = parsed.bulkData.find((candidate) => candidate.path === tag);
  const element = jsonElement(parsed.json, tag);
  if (element === undefined) return undefined;
  if (ref?.length === undefined)
    return element.InlineBinary === undefined ? undefined : words(decodeBase64(element.InlineBinary));
  if (ref.length > MAX_BYTES || ref.length === 0) return undefined;
  window.pos = ref.offset;
  return words(yield* window.peek(ref.length));
}

function words(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values: number[] = [];
  for (let at = 0; at + 8 <= bytes.length; at += 8) values.push(Number(view.getBigUint64(at, true)));
  return values;
}
