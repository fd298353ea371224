import { concat } from '../concat.ts';
import { even, fillOf } from '../even.ts';
import type { Encoding } from '../level.ts';
import { element, item } from './elements.ts';
import { encodeText } from './text.ts';
import type { CoerceOptions } from './types.ts';

const MODIFIED_ATTRIBUTES = 0x04000550;

/** An attribute as it was stored; absent ones are kept as empty. */
export interface OldValue {
  readonly tag: number;
  readonly vr: string;
  readonly bytes: Uint8Array;
}

/** One item of the Original Attributes Sequence (PS3.3 C.12.1.1.9). */
export function originalItem(old: readonly OldValue[], options: CoerceOptions, encoding: Encoding): Uint8Array {
  const sorted = [...old].sort((left, right) => left.tag - right.tag);
  const modified = item(
    concat(sorted.map(({ tag, vr, bytes }) => element(tag, vr, even(bytes, fillOf(vr)), encoding))),
    encoding,
  );
  const text = (tag: number, vr: string, value: string): Uint8Array =>
    element(tag, vr, encodeText({ vr, Value: [value] }, 'ascii'), encoding);
  const parts = [
    element(MODIFIED_ATTRIBUTES, 'SQ', modified, encoding),
    text(0x04000562, 'DT', options.modifiedAt),
    text(0x04000563, 'LO', options.modifyingSystem),
    text(0x04000564, 'LO', ''),
    text(0x04000565, 'CS', 'COERCE'),
  ];
  return item(concat(parts), encoding);
}
