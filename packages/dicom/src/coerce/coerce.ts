import { type OpenDataset, openDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import { tagText } from '../tag-text.ts';
import type { DicomJsonElement, DicomJsonObject, ParseOptions } from '../types.ts';
import { fileMetaInformation, preamble } from '../write/file-start.ts';
import { CHARACTER_SET, decideCharset } from './decide-charset.ts';
import { type Edit, editsOf } from './edits.ts';
import { type Layout, readLayout } from './layout.ts';
import { ORIGINAL_ATTRIBUTES } from './original-attributes.ts';
import type { CoercedFile, CoercedPiece, CoerceOptions } from './types.ts';

const WRITABLE_VRS = new Set(['PN', 'LO', 'SH', 'CS', 'DA']);

/**
 * Makes the file that is sent where the index says something else than the stored header: some top-level attributes replaced, with their old
 * values in the Original Attributes Sequence (PS3.3 C.12.1.1.9). Gives runs of new and of stored bytes; Pixel Data and what follows are never read.
 * Group lengths of changed groups (retired) are left out and the preamble is zeros. A file without a Specific Character Set whose text is
 * all ASCII gets ISO_IR 192 when a new value needs it; other files keep theirs, with approximations. A file that was stored without preamble or
 * file meta information gets them.
 * Fails as `part10Reader` does, and with BAD_STRUCTURE or BAD_LENGTH when an attribute can't be replaced.
 */
export function* coercePart10(sizeBytes: number, options: CoerceOptions, limits: ParseOptions = {}): ByteReader<CoercedFile> {
  const opened = yield* openDataset(sizeBytes, limits);
  const layout = yield* readLayout(opened);
  const wanted = numbered(options.replacements(layout.json));
  const { space } = opened.window;
  const end = space === 'file' ? sizeBytes : undefined;
  const isCompleted = !opened.hasPreamble || !opened.hasMeta;
  const { datasetOffset } = opened;
  if (wanted.size === 0 && !isCompleted)
    return { changed: [], isCompleted, approximated: [], space: 'file', datasetOffset, head: [], pieces: [run(0, sizeBytes)] };
  const changed = [...wanted.keys()].map(tagText);
  const { repertoire, approximated } = decideCharset(opened, layout, wanted);
  const edits = wanted.size === 0 ? [] : yield* editsOf(opened, layout, { wanted, repertoire, options });
  const start = fileStart(opened, layout, options);
  const whole = { changed, isCompleted, approximated, space, datasetOffset };
  if (space === 'file') return { ...whole, head: [], pieces: [...start, ...spliced(datasetOffset, end, edits)] };
  return { ...whole, head: start, pieces: spliced(0, end, edits) };
}

/** Preamble of zeros, prefix and file meta information: those that are stored, or new ones where the file has none. */
function fileStart(opened: OpenDataset, { json }: Layout, { implementation }: CoerceOptions): CoercedPiece[] {
  const start = { bytes: preamble() };
  if (opened.hasMeta) return [start, run(opened.metaOffset, opened.datasetOffset - opened.metaOffset)];
  const meta = fileMetaInformation(json, { transferSyntaxUid: opened.syntax.uid, implementation });
  return [start, ...meta.map((bytes) => ({ bytes }))];
}

const run = (offset: number, length: number): CoercedPiece => ({ offset, length });

/** Replacements by tag number, in tag order. */
function numbered(json: DicomJsonObject): Map<number, DicomJsonElement> {
  const list = Object.entries(json).map(([key, value]): [number, DicomJsonElement] => [Number.parseInt(key, 16), value]);
  if (list.some(([tag, { vr }]) => !WRITABLE_VRS.has(vr) || tag <= CHARACTER_SET || tag >= ORIGINAL_ATTRIBUTES))
    throw new RangeError('Only text of the dataset before group 0400 can be replaced.');
  return new Map(list.sort(([left], [right]) => left - right));
}

/** The space from `from` on with its edits, in order; insertions at one place keep theirs. */
function spliced(from: number, end: number | undefined, edits: readonly Edit[]): CoercedPiece[] {
  const sorted = [...edits].sort((left, right) => left.from - right.from || left.to - right.to);
  const pieces: CoercedPiece[] = [];
  let at = from;
  for (const edit of sorted) {
    if (edit.from > at) pieces.push(run(at, edit.from - at));
    pieces.push(...edit.pieces);
    at = Math.max(at, edit.to);
  }
  if (end === undefined) pieces.push({ offset: at, length: undefined });
  else if (end > at) pieces.push(run(at, end - at));
  return pieces;
}
