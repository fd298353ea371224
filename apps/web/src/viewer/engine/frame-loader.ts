import { cache, imageLoader, type Types } from '@cornerstonejs/core';
import dicomImageLoader from '@cornerstonejs/dicom-image-loader';
import { type DicomJson, readNumbers } from '../model/dicom-json.ts';
import { DicomwebError, type FrameBytes, fetchBulkData, fetchFrame } from '../model/dicomweb.ts';
import { toLibraryDataset } from '../model/library-dataset.ts';
import { inlineBytes, isPalette, PALETTE_TAGS, paletteLevels, segmentedLevels } from '../model/palette.ts';
import { canServerDecode, DECODED_SYNTAX, isNative, isSingleBit, readyForLibrary, storedBytes } from '../model/stored-frame.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { takeFrame } from '../model/study-source.ts';

const SCHEME = 'wadors';

const pendingImages = new Map<string, Promise<Types.IImage>>();
const pendingAborts = new Map<string, AbortController>();
/** Datasets of the frames that are known, by image. */
const datasets = new Map<string, DicomJson>();

interface PaletteSource {
  readonly dataset: DicomJson;
  readonly firstImageId: string;
  levels?: Promise<void>;
}

const palettes = new Map<string, PaletteSource>();

const isImage = (value: object): value is Types.IImage => 'imageId' in value && 'getPixelData' in value;

/** The library's decoding never settles when a step after the codec throws; a frame takes milliseconds, so this is long past hope. */
const DECODE_LIMIT_MS = 30_000;

async function withLimit<T>(decoding: Promise<T>, signal: AbortSignal): Promise<T> {
  let onTimeout: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    onTimeout = setTimeout(() => reject(new DicomwebError('UNDECODABLE')), DECODE_LIMIT_MS);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([decoding, limit]).finally(() => clearTimeout(onTimeout));
}

type PaletteTags = (typeof PALETTE_TAGS)[number];

/** One colour's table as the levels that the library takes, whether it came with the metadata, by reference, or in segments. */
async function tableLevels(dataset: DicomJson, tags: PaletteTags, signal: AbortSignal): Promise<number[]> {
  const isSegmented = dataset[tags.data] === undefined && dataset[tags.segments] !== undefined;
  const tag = isSegmented ? tags.segments : tags.data;
  const uri = dataset[tag]?.BulkDataURI;
  const bytes = inlineBytes(dataset[tag]) ?? (uri === undefined ? undefined : await fetchBulkData(uri, signal));
  if (bytes === undefined) return readNumbers(dataset, tag) ?? undecodable();
  return (isSegmented ? segmentedLevels(bytes) : paletteLevels(bytes, dataset, tags.descriptor)) ?? undecodable();
}

function undecodable(): never {
  throw new DicomwebError('UNDECODABLE');
}

/** Puts the colour tables of a palette image where the library looks for them: as values of the first frame's dataset. */
async function preparePalette(imageId: string, signal: AbortSignal): Promise<void> {
  const source = palettes.get(imageId);
  if (source === undefined) return;
  const { dataset, firstImageId } = source;
  source.levels ??= Promise.all(
    PALETTE_TAGS.map(async (tags) => [tags.data, { vr: 'US', Value: await tableLevels(dataset, tags, signal) }] as const),
  ).then((tables) => addDataset(firstImageId, { ...dataset, ...Object.fromEntries(tables) }));
  await source.levels.catch((error: unknown) => {
    delete source.levels;
    throw error;
  });
}

async function decode(imageId: string, frame: FrameBytes, dataset: DicomJson, options: object, signal: AbortSignal) {
  const { transferSyntaxUid } = frame;
  if (isNative(transferSyntaxUid) && frame.bytes.length < storedBytes(dataset)) throw new DicomwebError('TRUNCATED');
  const bytes = readyForLibrary(frame.bytes, transferSyntaxUid, dataset);
  const decoding = dicomImageLoader.createImage(imageId, bytes, transferSyntaxUid, { ...options }).catch((cause: unknown) => {
    throw new DicomwebError('UNDECODABLE', undefined, cause);
  });
  const image = await withLimit(decoding, signal);
  return isImage(image) ? image : undecodable();
}

/** What the browser can't decode is asked for again, decoded by the server, whose codecs are others. */
async function fetchAndDecode(imageId: string, options: object, signal: AbortSignal): Promise<Types.IImage> {
  const url = imageId.slice(SCHEME.length + 1);
  const dataset = datasets.get(imageId) ?? {};
  const decoded = async () => decode(imageId, await fetchFrame(url, signal, DECODED_SYNTAX), dataset, options, signal);
  const stored = await takeFrame(url, signal);
  await preparePalette(imageId, signal);
  const isCompressed = !isNative(stored.transferSyntaxUid);
  if (isCompressed && isSingleBit(dataset)) return decoded();
  return decode(imageId, stored, dataset, options, signal).catch((error: unknown) => {
    const isBeyondUs = error instanceof DicomwebError && error.code === 'UNDECODABLE' && isCompressed && canServerDecode(dataset);
    if (!isBeyondUs) throw error;
    return decoded().catch(() => {
      throw error;
    });
  });
}

/**
 * Replaces the library's own retrieval: requests can be aborted, bytes fetched ahead are used, and the reason of a failure is kept.
 * Decoding stays the library's.
 */
export function registerFrameLoader(): void {
  imageLoader.registerImageLoader(SCHEME, (imageId, options) => {
    const abort = pendingAborts.get(imageId) ?? new AbortController();
    return { promise: fetchAndDecode(imageId, options ?? {}, abort.signal), cancelFn: () => abort.abort() };
  });
}

/** Makes the attributes of a series known to the library. Only frame 1 is registered: the others derive from it. */
export function registerSeries(series: SeriesModel): void {
  const sources = new Map<DicomJson, PaletteSource>();
  for (const { imageId, dataset, frameNumber, calibration } of series.frames) {
    datasets.set(imageId, dataset);
    if (palettes.has(imageId)) continue;
    const drawn = sources.get(dataset)?.dataset ?? toLibraryDataset(dataset, calibration);
    if (frameNumber === 1) addDataset(imageId, drawn);
    if (!isPalette(dataset)) continue;
    const firstImageId = imageId.replace(/\d+$/, '1');
    const source = sources.get(dataset) ?? { dataset: drawn, firstImageId };
    sources.set(dataset, source);
    palettes.set(imageId, source);
  }
}

/** Hands the library a copy, since it writes into what it is given. */
function addDataset(imageId: string, dataset: DicomJson): void {
  type LibraryDataset = Parameters<typeof dicomImageLoader.wadors.metaDataManager.add>[1];
  // WADORSMetaData is DICOM JSON under another name; its declared element type is wider than what either side uses.
  dicomImageLoader.wadors.metaDataManager.add(imageId, { ...dataset } as unknown as LibraryDataset);
}

/** Forgets the attributes and decoded frames of a series. */
export function forgetSeries(series: SeriesModel): void {
  for (const { imageId } of series.frames) {
    cancelFrame(imageId);
    if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId);
    datasets.delete(imageId);
    palettes.delete(imageId);
    dicomImageLoader.wadors.metaDataManager.remove(imageId);
  }
}

export const isFrameLoaded = (imageId: string): boolean => cache.isLoaded(imageId);

async function load(imageId: string): Promise<Types.IImage> {
  const options = { priority: 0, requestType: 'prefetch', useRGBA: false };
  const image = await imageLoader.loadImage(imageId, options);
  if (cache.getImageLoadObject(imageId) === undefined) cache.putImageSync(imageId, image);
  return image;
}

/** Loads a frame into the library's cache; callers that ask for one that is on its way share it. Rejects with a DicomwebError or an abort. */
export function loadFrame(imageId: string): Promise<Types.IImage> {
  const cached = cache.isLoaded(imageId) ? cache.getImage(imageId) : undefined;
  if (cached !== undefined) return Promise.resolve(cached);
  const known = pendingImages.get(imageId);
  if (known !== undefined) return known;
  // The registered loader, which the next call reaches, finds its controller under the same id.
  pendingAborts.set(imageId, new AbortController());
  const image = load(imageId).finally(() => {
    pendingImages.delete(imageId);
    pendingAborts.delete(imageId);
  });
  pendingImages.set(imageId, image);
  return image;
}

/** Aborts a frame that is on its way; nothing happens otherwise. */
export function cancelFrame(imageId: string): void {
  pendingAborts.get(imageId)?.abort();
}
