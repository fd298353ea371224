import {
  type DeidAction,
  type DicomJsonElement,
  type DicomJsonObject,
  deidentifyDataset,
  formatPersonName,
  keywordOf,
  parsePersonName,
  recognisableFace,
} from '@negatoscope/dicom';
import type { ObjectReader } from '../../platform/objects/store/index.ts';
import { openLooseFile } from '../pixels/index.ts';
import { type DeidentifiedWish, deidentifiedFile } from './deidentified-file.ts';
import type { MaskTools } from './masked-pixels.ts';
import { NotDeidentified, type RefusedBecause } from './refusal.ts';

export interface PreviewedChange {
  readonly path: string;
  readonly keyword: string;
  readonly done: string;
  readonly before: string;
  readonly after: string;
}

/** What would become of one file. */
export interface PreviewedFile {
  /** Why it would not leave as it is. */
  readonly because: RefusedBecause | null;
  readonly isRecognisable: boolean;
  readonly changes: readonly PreviewedChange[];
}

const MOST_CHANGES = 500;
const MOST_TEXT = 160;

/** The element at a path of tags and numbers of items. */
function elementAt(json: DicomJsonObject, path: string): DicomJsonElement | undefined {
  const [tag = '', item, ...rest] = path.split('/');
  const element = json[tag];
  if (item === undefined) return element;
  const inner = element?.Value?.[Number(item)];
  return typeof inner === 'object' && inner !== null ? elementAt(inner as DicomJsonObject, rest.join('/')) : undefined; // Items of a sequence.
}

/** A value as people read it; of bytes and sequences how much there is. */
function textOf(element: DicomJsonElement | undefined): string {
  if (element === undefined) return '';
  const { vr, Value = [], BulkDataURI, InlineBinary } = element;
  if (BulkDataURI !== undefined || InlineBinary !== undefined) return '(…)';
  if (vr === 'SQ') return Value.length === 0 ? '' : `(${Value.length})`;
  const texts = Value.map((value) => {
    if (vr === 'PN' && typeof value === 'object' && value !== null && 'Alphabetic' in value)
      return formatPersonName(parsePersonName(String(value.Alphabetic)));
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  });
  const text = texts.join(' \\ ');
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
}

const changeOf = ({ path, done }: DeidAction, before: DicomJsonObject, after: DicomJsonObject): PreviewedChange => ({
  path,
  keyword: keywordOf(path.split('/').at(-1) ?? '') ?? '',
  done,
  before: textOf(elementAt(before, path)),
  after: textOf(elementAt(after, path)),
});

/** Whether a file leaves, told by making it ready as an export does and sending nothing. */
async function refusalOf(
  objects: ObjectReader,
  stored: { readonly id: string; readonly sizeBytes: number },
  wish: DeidentifiedWish,
): Promise<RefusedBecause | null> {
  try {
    const file = await deidentifiedFile(objects, stored, wish);
    await file.discard();
    return null;
  } catch (error) {
    if (error instanceof NotDeidentified) return error.because;
    throw error;
  }
}

/** A file before and after, by its header; 500 changes at most. Nothing is written. Fails as the store does, and with FRAME_UNREADABLE for what is no DICOM file. */
export async function previewedFile(
  tools: MaskTools,
  objects: ObjectReader,
  stored: { readonly id: string; readonly sizeBytes: number },
  wish: DeidentifiedWish,
): Promise<PreviewedFile> {
  const because = await refusalOf(objects, stored, wish);
  const read = (offset: number, length: number): Promise<Buffer> => objects.read(stored.id, offset, length);
  const { source, entry } = await openLooseFile({ ...stored, read }, tools);
  const { json } = await source.locator.header(entry);
  const isRecognisable = recognisableFace(json);
  try {
    const { output, actions } = deidentifyDataset(json, wish.profile, wish.substitutes);
    const changes = actions.slice(0, MOST_CHANGES).map((action) => changeOf(action, json, output));
    return { because, isRecognisable, changes };
  } catch {
    // What must not leave at all has no other side.
    return { because: because ?? 'UNREADABLE', isRecognisable, changes: [] };
  }
}
