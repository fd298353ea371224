import { type Charset, charsetOf } from '../charset.ts';
import { DicomError } from '../errors.ts';
import { jsonStrings } from '../json-access.ts';
import { type ByteReader, type OpenDataset, openDataset } from '../part10.ts';
import { tagText } from '../tag-text.ts';
import type { DicomJsonElement, DicomJsonObject, ParseOptions } from '../types.ts';
import { vrByName } from '../vr.ts';
import { fileMetaInformation } from '../write/part10.ts';
import { element } from './elements.ts';
import { type Layout, type Placed, readBack, readLayout } from './layout.ts';
import { appended, type OldValue, ORIGINAL_ATTRIBUTES, originalItem } from './original-attributes.ts';
import { encodeText, isWritable, type Repertoire, repertoireOf } from './text.ts';
import type { CoercedFile, CoercedPiece, CoerceOptions } from './types.ts';

const CHARACTER_SET = 0x00080005;
const LENGTH_TO_END = 0x00080001;
const WRITABLE_VRS = new Set(['PN', 'LO', 'SH', 'CS', 'DA']);

/** Stored bytes from `from` to `to` give way to `pieces`. */
interface Edit {
  readonly from: number;
  readonly to: number;
  readonly pieces: readonly CoercedPiece[];
}

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
  const preamble: CoercedPiece[] = [{ bytes: new Uint8Array(128) }, { bytes: Uint8Array.of(0x44, 0x49, 0x43, 0x4d) }];
  if (opened.hasMeta) return [...preamble, run(opened.metaOffset, opened.datasetOffset - opened.metaOffset)];
  const meta = fileMetaInformation(json, { transferSyntaxUid: opened.syntax.uid, implementation });
  return [...preamble, ...meta.map((bytes) => ({ bytes }))];
}

const run = (offset: number, length: number): CoercedPiece => ({ offset, length });

/** Replacements by tag number, in tag order. */
function numbered(json: DicomJsonObject): Map<number, DicomJsonElement> {
  const list = Object.entries(json).map(([key, value]): [number, DicomJsonElement] => [Number.parseInt(key, 16), value]);
  if (list.some(([tag, { vr }]) => !WRITABLE_VRS.has(vr) || tag <= CHARACTER_SET || tag >= ORIGINAL_ATTRIBUTES))
    throw new RangeError('Only text of the dataset before group 0400 can be replaced.');
  return new Map(list.sort(([left], [right]) => left - right));
}

/** Adds Specific Character Set to `wanted` where that makes the new values exact and changes nothing else. */
function decideCharset(
  { log }: OpenDataset,
  { json }: Layout,
  wanted: Map<number, DicomJsonElement>,
): { repertoire: Repertoire; approximated: string[] } {
  const charset = charsetOf(jsonStrings(json, tagText(CHARACTER_SET)).join('\\'));
  const repertoire = charsetRepertoire(charset, json);
  const misfits = (one: Repertoire): string[] =>
    [...wanted].filter(([, value]) => !isWritable(value, one)).map(([tag]) => tagText(tag));
  const approximated = misfits(repertoire);
  if (approximated.length === 0) return { repertoire, approximated };
  const isAscii =
    charset.kind === 'default' &&
    !charset.hasUnknownTerm &&
    log.warnings.length < 100 &&
    !log.warnings.some(({ code }) => code === 'UNCERTAIN_TEXT') &&
    !log.bulkData.some(({ vr }) => ['text', 'texts', 'name'].includes(vrByName(vr).kind));
  const exact = misfits('utf8');
  if (!isAscii || exact.length === approximated.length) return { repertoire, approximated };
  const others = [...wanted];
  wanted.clear();
  wanted.set(CHARACTER_SET, { vr: 'CS', Value: ['ISO_IR 192'] });
  for (const [tag, value] of others) wanted.set(tag, value);
  return { repertoire: 'utf8', approximated: exact };
}

/** Terms that follow an empty first one are joined with it, so that they are not taken for the first. */
function charsetRepertoire(charset: Charset, json: DicomJsonObject): Repertoire {
  const first = json[tagText(CHARACTER_SET)]?.Value?.[0];
  return typeof first === 'string' && first.trim() !== '' ? repertoireOf(charset) : 'ascii';
}

interface Change {
  readonly wanted: ReadonlyMap<number, DicomJsonElement>;
  readonly repertoire: Repertoire;
  readonly options: CoerceOptions;
}

function* editsOf(opened: OpenDataset, layout: Layout, change: Change): ByteReader<Edit[]> {
  const { wanted, repertoire, options } = change;
  const { encoding } = opened.syntax;
  const edits: Edit[] = [];
  const old: OldValue[] = [];
  for (const [tag, value] of wanted) {
    const found = layout.elements.filter((one) => one.tag === tag);
    const bytes = element(tag, value.vr, encodeText(value, repertoire), encoding);
    edits.push(...placed(layout, { tag, found, pieces: [{ bytes }] }));
    // Of an attribute that is there twice the last one is what readers take.
    old.push(yield* oldValue(opened, found.at(-1), { tag, vr: value.vr }));
  }
  const found = layout.elements.filter(({ tag }) => tag === ORIGINAL_ATTRIBUTES);
  const makeItem = (inner: typeof encoding): Uint8Array => originalItem(old, options, inner);
  const existing = found.at(-1);
  if (found.length > 1) throw new DicomError('BAD_STRUCTURE', { reason: 'two Original Attributes Sequences' });
  if (existing === undefined) {
    const bytes = element(ORIGINAL_ATTRIBUTES, 'SQ', makeItem(encoding), encoding);
    edits.push(...placed(layout, { tag: ORIGINAL_ATTRIBUTES, found, pieces: [{ bytes }] }));
  } else {
    edits.push(...placed(layout, { tag: ORIGINAL_ATTRIBUTES, found, pieces: yield* appended(opened, existing, makeItem) }));
  }
  const groups = new Set([...wanted.keys(), ORIGINAL_ATTRIBUTES].map((tag) => tag >>> 16));
  for (const one of layout.elements)
    if (((one.tag & 0xffff) === 0 && groups.has(one.tag >>> 16)) || one.tag === LENGTH_TO_END) edits.push(removal(one));
  return edits;
}

function removal({ offset, end }: Placed): Edit {
  return { from: offset, to: end, pieces: [] };
}

/** The first occurrence gives way to `pieces`, others go; an absent attribute is put before the first of a greater tag. */
function placed(layout: Layout, at: { tag: number; found: readonly Placed[]; pieces: readonly CoercedPiece[] }): Edit[] {
  const [first, ...others] = at.found;
  if (first !== undefined) return [{ from: first.offset, to: first.end, pieces: at.pieces }, ...others.map(removal)];
  const next = layout.elements.find(({ tag }) => tag > at.tag)?.offset ?? layout.end;
  return [{ from: next, to: next, pieces: at.pieces }];
}

function* oldValue(
  { window }: OpenDataset,
  found: Placed | undefined,
  absent: { tag: number; vr: string },
): ByteReader<OldValue> {
  if (found === undefined) return { ...absent, bytes: new Uint8Array(0) };
  const { tag, vr, valueOffset, length } = found;
  const bytes = length === undefined || vr === 'SQ' ? undefined : yield* readBack(window, valueOffset, length);
  if (bytes === undefined) throw new DicomError('BAD_STRUCTURE', { offset: found.offset });
  return { tag, vr: found.wasUnknown ? 'UN' : vr, bytes };
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
