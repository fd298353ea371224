import type { Charset } from './charset-terms.ts';
import type { DicomJsonObject } from './types.ts';

export type LevelKind = 'dataset' | 'sequence' | 'item' | 'fragments';

/** How the elements of a level are encoded. */
export interface Encoding {
  readonly isExplicit: boolean;
  readonly littleEndian: boolean;
}

/** One open dataset, sequence, item or run of fragments while a dataset is read. */
export class Level {
  readonly kind: LevelKind;
  readonly parent: Level | undefined;
  /** Tag of the sequence (of its items: the same). */
  readonly tag: number;
  readonly key: string;
  /** First byte of the content. */
  readonly start: number;
  /** First byte after the content; of an undefined length: that of what holds it. */
  readonly end: number;
  readonly hasLength: boolean;
  readonly isExplicit: boolean;
  readonly littleEndian: boolean;
  /** Sequences open at this level. */
  readonly depth: number;
  /** VR of fragments. */
  vr = '';
  json: DicomJsonObject = {};
  items: DicomJsonObject[] = [];
  charset: Charset;
  lastTag = -1;
  elements = 0;
  pixelRepresentation = 0;
  lutEntries: number | undefined;

  constructor(
    kind: LevelKind,
    from: {
      parent?: Level;
      tag: number;
      key: string;
      start: number;
      length: number | undefined;
      encoding: Encoding;
      charset: Charset;
    },
  ) {
    this.kind = kind;
    this.parent = from.parent;
    this.tag = from.tag;
    this.key = from.key;
    this.start = from.start;
    this.hasLength = from.length !== undefined;
    this.end = from.length === undefined ? (from.parent?.end ?? Number.POSITIVE_INFINITY) : from.start + from.length;
    this.isExplicit = from.encoding.isExplicit;
    this.littleEndian = from.encoding.littleEndian;
    this.charset = from.charset;
    this.pixelRepresentation = from.parent?.pixelRepresentation ?? 0;
    this.depth = (from.parent?.depth ?? 0) + (kind === 'sequence' ? 1 : 0);
  }

  /** Where an attribute of this level is: `TAG` or `SEQTAG/0/TAG`. */
  path(key: string): string {
    const parts = [key];
    for (let level: Level | undefined = this; level !== undefined; level = level.parent) {
      if (level.kind === 'sequence') parts.unshift(level.key, String(level.items.length - 1));
    }
    return parts.join('/');
  }
}
