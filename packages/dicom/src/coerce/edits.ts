import { DicomError } from '../errors.ts';
import type { OpenDataset } from '../part10.ts';
import type { ByteReader } from '../part10-start.ts';
import type { DicomJsonElement } from '../types.ts';
import { element } from './elements.ts';
import { type Layout, type Placed, readBack } from './layout.ts';
import { appended, ORIGINAL_ATTRIBUTES } from './original-attributes.ts';
import { type OldValue, originalItem } from './original-item.ts';
import type { Repertoire } from './repertoire.ts';
import { encodeText } from './text.ts';
import type { CoercedPiece, CoerceOptions } from './types.ts';

const LENGTH_TO_END = 0x00080001;

/** Stored bytes from `from` to `to` give way to `pieces`. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly pieces: readonly CoercedPiece[];
}

interface Change {
  readonly wanted: ReadonlyMap<number, DicomJsonElement>;
  readonly repertoire: Repertoire;
  readonly options: CoerceOptions;
}

export function* editsOf(opened: OpenDataset, layout: Layout, change: Change): ByteReader<Edit[]> {
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
