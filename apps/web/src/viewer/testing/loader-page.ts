import { imageLoader, init as initCore } from '@cornerstonejs/core';
import dicomImageLoader, { init as initLoader } from '@cornerstonejs/dicom-image-loader';

/** A frame as Cornerstone's own `wadors:` loader fetched and decoded it, before any rescale or window. */
interface LoadedFrame {
  readonly rows: number;
  readonly columns: number;
  /** Values in row order, by pixel; an alpha channel is left out. */
  readonly values: number[];
}

declare global {
  interface Window {
    loadFrame?: (instanceUrl: string, frame: number) => Promise<LoadedFrame>;
  }
}

class NoMetadata extends Error {}

type LibraryDataset = Parameters<typeof dicomImageLoader.wadors.metaDataManager.add>[1];

/** Nothing of our viewer takes part: metadata go in as the server gives them, the loader does its own request. */
async function loadFrame(instanceUrl: string, frame: number): Promise<LoadedFrame> {
  const response = await fetch(`${instanceUrl}/metadata`, { headers: { accept: 'application/dicom+json' } });
  const [dataset] = (await response.json()) as LibraryDataset[]; // One instance, one dataset (PS3.18 10.4.1.1.2).
  if (dataset === undefined) throw new NoMetadata(String(response.status));
  const imageId = `wadors:${location.origin}${instanceUrl}/frames/${frame}`;
  dicomImageLoader.wadors.metaDataManager.add(imageId.replace(/\d+$/, '1'), dataset);
  const options = { priority: 0, requestType: 'interaction', preScale: { enabled: false } };
  const image = await imageLoader.loadImage(imageId, options);
  const { rows, columns } = image;
  const pixels = Array.from(image.getPixelData());
  const hasAlpha = pixels.length === rows * columns * 4;
  return { rows, columns, values: hasAlpha ? pixels.filter((_, index) => index % 4 !== 3) : pixels };
}

await initCore();
await initLoader({ maxWebWorkers: 1 });
window.loadFrame = loadFrame;
