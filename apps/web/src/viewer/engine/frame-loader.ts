import { cache, imageLoader, type Types } from '@cornerstonejs/core';
import dicomImageLoader from '@cornerstonejs/dicom-image-loader';
import { type DicomJson, readNumbers } from '../model/dicom-json.ts';
import { DicomwebError, fetchBulkData } from '../model/dicomweb.ts';
import { toLibraryDataset } from '../model/library-dataset.ts';
import { inlineBytes, isPalette, PALETTE_TAGS, paletteLevels } from '../model/palette.ts';
import type { SeriesModel } from '../model/study-model.ts';
import { takeFrame } from '../model/study-source.ts';

const SCHEME = 'wadors';

/** Uncompressed syntaxes, where the length of a frame is known and a short one would be drawn as noise (PS3.5 A.1 to A.3, A.5). */
const NATIVE_SYNTAXES = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99']);

const pendingImages = new Map<string, Promise<Types.IImage>>();
const pendingAborts = new Map<string, AbortController>();
const nativeBytes = new Map<string, number>();

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

/** Puts the colour tables of a palette image where the library looks for them: as values of the first frame's dataset. */
async function preparePalette(imageId: string, signal: AbortSignal): Promise<void> {
  const source = palettes.get(imageId);
  if (source === undefined) return;
  const { dataset, firstImageId } = source;
  source.levels ??= Promise.all(
    PALETTE_TAGS.map(async ({ descriptor, data }) => {
      const uri = dataset[data]?.BulkDataURI;
      const bytes = inlineBytes(dataset[data]) ?? (uri === undefined ? undefined : await fetchBulkData(uri, signal));
      const levels = bytes === undefined ? readNumbers(dataset, data) : paletteLevels(bytes, dataset, descriptor);
      if (levels === undefined) throw new DicomwebError('UNDECODABLE');
      return [data, { vr: 'US', Value: levels }] as const;
    }),
  ).then((tables) => addDataset(firstImageId, { ...dataset, ...Object.fromEntries(tables) }));
  await source.levels.catch((error: unknown) => {
    delete source.levels;
    throw error;
  });
}

async function fetchAndDecode(imageId: string, options: object, signal: AbortSignal): Promise<Types.IImage> {
  const { bytes, transferSyntaxUid } = await takeFrame(imageId.slice(SCHEME.length + 1), signal);
  const expected = nativeBytes.get(imageId);
  if (NATIVE_SYNTAXES.has(transferSyntaxUid) && expected !== undefined && bytes.length < expected) {
    throw new DicomwebError('TRUNCATED');
  }
  await preparePalette(imageId, signal);
  const decoding = dicomImageLoader.createImage(imageId, bytes, transferSyntaxUid, { ...options }).catch((cause: unknown) => {
    throw new DicomwebError('UNDECODABLE', undefined, cause);
  });
  const image = await withLimit(decoding, signal);
  if (!isImage(image)) throw new DicomwebError('UNDECODABLE');
  return image;
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
  for (const { imageId, dataset, frameNumber, calibration, nativeBytes: size } of series.frames) {
    nativeBytes.set(imageId, size);
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
    nativeBytes.delete(imageId);
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
