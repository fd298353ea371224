import type { Vr } from './tags.ts';

export type Scalar = string | number | bigint;
export type ElementValue = Scalar | readonly Scalar[] | Uint8Array | readonly Dataset[] | null;

/** An element with its VR said outright, and the ways to write it oddly or wrongly. */
export interface ExplicitElement {
  readonly vr: Vr;
  readonly value?: ElementValue;
  /** Sequences and UN: the element's length is written as FFFFFFFF with a sequence delimiter. */
  readonly undefinedLength?: boolean;
  /** Sequences: each item's length is written as FFFFFFFF with an item delimiter. */
  readonly undefinedItemLength?: boolean;
  /** Written in place of the true length, for broken files. */
  readonly declaredLength?: number;
}

/** Encapsulated pixel data (PS3.5 A.4): the fragments of each frame, already compressed. */
export interface EncapsulatedPixelData {
  readonly frames: readonly (readonly Uint8Array[])[];
  /** `basic` fills the Basic Offset Table, `empty` leaves it at zero length, `extended` adds (7FE0,0001) and (7FE0,0002). */
  readonly offsetTable: 'basic' | 'empty' | 'extended';
}

export type ElementInput = ElementValue | ExplicitElement | EncapsulatedPixelData | undefined;

/** PS3.6 keywords or tags of 8 hexadecimal digits to values; an undefined value leaves the element out. */
export interface Dataset {
  readonly [keywordOrTag: string]: ElementInput;
}

/** Byte encodings of text the writer does by itself; other character sets are given as bytes. */
export type TextEncoding = 'ascii' | 'latin1' | 'utf8';

export function isEncapsulated(input: ElementInput): input is EncapsulatedPixelData {
  return typeof input === 'object' && input !== null && 'frames' in input && 'offsetTable' in input;
}

export function isExplicitElement(input: ElementInput): input is ExplicitElement {
  return typeof input === 'object' && input !== null && !Array.isArray(input) && !(input instanceof Uint8Array) && 'vr' in input;
}

export function textEncodingOf(dataset: Dataset): TextEncoding | undefined {
  const input = dataset.SpecificCharacterSet;
  if (input === 'ISO_IR 192') return 'utf8';
  if (input === 'ISO_IR 100') return 'latin1';
  return undefined;
}
