import type { Charset } from './charset-terms.ts';
import type { DicomJsonElement, DicomJsonValue, WarningCode } from './types.ts';

/** Bytes of one value and how to read them. */
export interface RawValue {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Index of the first byte in `bytes`. */
  readonly start: number;
  /** Index after the last byte. */
  readonly end: number;
  readonly littleEndian: boolean;
  readonly charset: Charset;
  /** Whether a number that is none stays the text that it is. */
  readonly keepsText?: boolean;
}

export type Doubt = (code: WarningCode) => void;

const EMPTY = new Map<string, DicomJsonElement>();

/** The shared element of an attribute without value. */
export function emptyElement(vr: string): DicomJsonElement {
  let element = EMPTY.get(vr);
  if (element === undefined) {
    element = Object.freeze({ vr });
    EMPTY.set(vr, element);
  }
  return element;
}

export function withValues(vr: string, values: readonly DicomJsonValue[]): DicomJsonElement {
  if (values.length === 0) return emptyElement(vr);
  if (values.length === 1 && (values[0] === null || values[0] === '')) return emptyElement(vr);
  return { vr, Value: values };
}
