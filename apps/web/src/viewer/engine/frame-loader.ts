import { cache, imageLoader, type Types } from '@cornerstonejs/core';
import dicomImageLoader from '@cornerstonejs/dicom-image-loader';
import { DicomwebError } from '../model/dicomweb.ts';
import type { FrameModel, SeriesModel } from '../model/study-model.ts';
import { takeFrame } from '../model/study-source.ts';

const SCHEME = 'wadors';

/** Uncompressed syntaxes, where the length of a frame is known and a short one would be drawn as noise (PS3.5 A.1 to A.3, A.5). */
const NATIVE_SYNTAXES = new Set(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99']);

const pendingImages = new Map<string, Promise<Types.IImage>>();
const pendingAborts = new Map<string, AbortController>();
const nativeBytes = new Map<string, number>();

const isImage = (value: object): value is Types.IImage => 'imageId' in value && 'getPixelData' in value;

async function fetchAndDecode(imageId: string, options: object, signal: AbortSignal): Promise<Types.IImage> {
  const { bytes, transferSyntaxUid } = await takeFrame(imageId.slice(SCHEME.length + 1), signal);
  const expected = nativeBytes.get(imageId);
  if (NATIVE_SYNTAXES.has(transferSyntaxUid) && expected !== undefined && bytes.length < expected) {
    throw new DicomwebError('TRUNCATED');
  }
  const image = await dicomImageLoader.createImage(imageId, bytes, transferSyntaxUid, { ...options }).catch((cause: unknown) => {
    throw new DicomwebError('UNDECODABLE', undefined, cause);
  });
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
  for (const frame of series.frames) {
    nativeBytes.set(frame.imageId, frame.nativeBytes);
    if (frame.frameNumber === 1) dicomImageLoader.wadors.metaDataManager.add(frame.imageId, copyForLibrary(frame));
  }
}

/** A copy, since the library writes into what it is given. */
function copyForLibrary(frame: FrameModel): Parameters<typeof dicomImageLoader.wadors.metaDataManager.add>[1] {
  // WADORSMetaData is DICOM JSON under another name; its declared element type is wider than what either side uses.
  return { ...frame.dataset } as unknown as Parameters<typeof dicomImageLoader.wadors.metaDataManager.add>[1];
}

/** Forgets the attributes and decoded frames of a series. */
export function forgetSeries(series: SeriesModel): void {
  for (const { imageId } of series.frames) {
    cancelFrame(imageId);
    if (cache.getImageLoadObject(imageId) !== undefined) cache.removeImageLoadObject(imageId);
    nativeBytes.delete(imageId);
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
