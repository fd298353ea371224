import type { ElementHeader } from './element-header.ts';
import type { Level } from './level.ts';

/** Is told of everything that a dataset holds, once and in order, while it is read; group lengths and Pixel Data are left out. */
export interface DatasetSink {
  /** A sequence, item or run of fragments begins. */
  open(level: Level): void;
  /** It ended at `end`, by its delimiter or because what holds it ended. */
  close(level: Level, end: number, isDelimited: boolean): void;
  /** A value at `start` of the space, or an empty sequence; `bytes` unless it is a large one that was skipped. */
  value(header: ElementHeader, level: Level, start: number, bytes: Uint8Array | undefined): void;
}
