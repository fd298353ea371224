import { type DicomJsonElement, type DicomJsonObject, type FileSetDirectory, jsonElement } from '@negatoscope/dicom';
import type { Actor } from '../../../access/index.ts';
import { type IndexValues, namedByIndex } from '../../../archive/coercion/index.ts';
import { bulkReader, type InstanceEntry, type SeriesHandle } from '../../../archive/pixels/index.ts';
import { type MediumFile, whole } from '../../../platform/iso/index.ts';
import { type InstanceFile, instanceFile } from '../instance-file.ts';
import type { MediumContents, ShownSeries } from './contents.ts';
import type { MediumDeps } from './deps.ts';
import { fileId } from './file-id.ts';
import { picturesOf } from './picture-frames.ts';

/** A medium while it is filled. */
export interface Disc {
  readonly deps: MediumDeps;
  readonly actor: Actor;
  readonly contents: MediumContents;
  readonly directory: FileSetDirectory;
}

interface Filled {
  /** File IDs of its files begin with these, below `DICOM`. */
  readonly folder: readonly [study: string, series: string];
  readonly shown: ShownSeries;
  readonly values: IndexValues | undefined;
  /** SOP Instance UIDs of what was made for another record than the one that leaves. */
  readonly stays: ReadonlySet<string>;
}

const PDF = 'application/pdf';

/** Each instance of a series, and behind it its pictures or the document that is in it. */
export async function* seriesFiles(disc: Disc, series: SeriesHandle, filled: Filled): AsyncGenerator<MediumFile> {
  const { instances } = await disc.deps.pixels.tables.load(series);
  for (const [index, entry] of instances.entries()) {
    const path = ['DICOM', ...filled.folder, fileId('IM', index + 1)];
    if (filled.stays.has(entry.sopInstanceUid)) continue;
    const file = await opened(disc, entry, filled.values);
    if (file === undefined) continue;
    try {
      yield { name: path.join('/'), sizeBytes: file.sizeBytes, content: file.content };
    } finally {
      await file.discard();
    }
    filled.shown.files += 1;
    const json = await headerOf(disc.deps, entry, filled.values);
    if (json === undefined || !disc.directory.add({ ...entry, path, json })) disc.contents.unlisted += 1;
    yield* shownOf(disc, { series, entry, json }, filled);
  }
}

/** A file that can't be opened, or not given its current patient, costs itself alone. */
async function opened(disc: Disc, entry: InstanceEntry, values: IndexValues | undefined): Promise<InstanceFile | undefined> {
  try {
    return await instanceFile(disc.deps, entry, values);
  } catch {
    disc.contents.missing += 1;
    return undefined;
  }
}

/** The header as it stands in the file that leaves; of a long one what pictures are made of too. Undefined where it can't be read. */
async function headerOf(
  { pixels }: MediumDeps,
  entry: InstanceEntry,
  values: IndexValues | undefined,
): Promise<DicomJsonObject | undefined> {
  try {
    const { json } = await pixels.locator.header(entry);
    return values === undefined ? json : namedByIndex(json, values);
  } catch {
    return undefined;
  }
}

interface ShownInstance {
  readonly series: SeriesHandle;
  readonly entry: InstanceEntry;
  readonly json: DicomJsonObject | undefined;
}

/** Pictures and documents for the page, named by their place in the series. */
async function* shownOf(
  { deps }: Disc,
  { series, entry, json }: ShownInstance,
  { folder, shown }: Filled,
): AsyncGenerator<MediumFile> {
  const place = ['VIEW', ...folder].join('/');
  const document = json === undefined ? undefined : await documentOf(deps, entry, json);
  if (document !== undefined) {
    const name = `${place}/${fileId('D', shown.documents.length + 1)}.PDF`;
    shown.documents.push(name);
    yield { name, ...whole(document) };
  }
  for await (const picture of picturesOf(deps.pixels, series, entry)) {
    const name = `${place}/${fileId('P', shown.pictures.length + 1)}.JPG`;
    shown.pictures.push(name);
    yield { name, ...whole(picture) };
  }
}

/** An encapsulated PDF (PS3.3 C.24.2) that begins as one; undefined for everything else, and for what is too long to be read at once. */
async function documentOf({ pixels }: MediumDeps, entry: InstanceEntry, json: DicomJsonObject): Promise<Uint8Array | undefined> {
  if (jsonElement(json, '00420012')?.Value?.[0] !== PDF) return undefined;
  try {
    const bytes = await elementBytes({ pixels }, entry, jsonElement(json, '00420011'));
    return bytes !== undefined && String.fromCharCode(...bytes.subarray(0, 5)) === '%PDF-' ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function elementBytes(
  { pixels }: Pick<MediumDeps, 'pixels'>,
  entry: InstanceEntry,
  element: DicomJsonElement | undefined,
): Promise<Uint8Array | undefined> {
  if (element?.InlineBinary !== undefined) return Buffer.from(element.InlineBinary, 'base64');
  return element?.BulkDataURI === undefined ? undefined : bulkReader(pixels, entry)(element.BulkDataURI);
}
