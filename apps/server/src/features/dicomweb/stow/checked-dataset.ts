import type { DicomJsonElement, DicomJsonObject, DicomJsonValue } from '@negatoscope/dicom';
import { Failure } from '../../../kernel/failure.ts';
import type { BulkParts } from './bulk-parts.ts';
import { MAX_DEPTH, type MetadataCount } from './metadata-count.ts';

export const bad = (detail: string, cause?: unknown): Failure => new Failure('BAD_REQUEST', { detail, cause });

/** What elements are held against. */
export interface Bounds {
  readonly count: MetadataCount;
  readonly bulk: BulkParts;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Only what is an element in form becomes one; everything else of the client's is refused. */
function checkedElement(value: unknown, bounds: Bounds, depth: number): DicomJsonElement {
  if (!isObject(value) || typeof value.vr !== 'string') throw bad('An attribute lacks its VR.');
  const { vr, Value, BulkDataURI, InlineBinary } = value;
  if (typeof BulkDataURI === 'string') {
    bounds.count.reference(bounds.bulk.of(BulkDataURI).length);
    return { vr, BulkDataURI };
  }
  if (typeof InlineBinary === 'string') return { vr, InlineBinary };
  if (!('Value' in value)) return { vr };
  if (!Array.isArray(Value)) throw bad('A Value is no array.');
  const values: unknown[] = Value;
  if (vr === 'SQ') for (const [index, item] of values.entries()) values[index] = checkedDataset(item ?? {}, bounds, depth + 1);
  return { vr, Value: values as DicomJsonValue[] }; // The writer looks at each.
}

/** In its place: a copy of half a million elements would take as much memory again. */
export function checkedDataset(value: unknown, bounds: Bounds, depth = 0): DicomJsonObject {
  if (!isObject(value) || depth > MAX_DEPTH) throw bad('A dataset is no object of attributes.');
  const tags = Object.keys(value);
  bounds.count.elements(tags.length);
  for (const [index, tag] of tags.entries()) {
    bounds.count.member(index + 1);
    value[tag] = checkedElement(value[tag], bounds, depth);
  }
  const checked = value as DicomJsonObject; // Each element was.
  if (tags.every((tag) => tag === tag.toUpperCase())) return checked;
  return Object.fromEntries(Object.entries(checked).map(([tag, element]) => [tag.toUpperCase(), element]));
}
