import { Enums, getShouldUseCPURendering, imageLoader, metaData, type Types, utilities } from '@cornerstonejs/core';
import type { RenderedFrame } from '@negatoscope/dicom';
import type { FrameModel } from '../model/study-model.ts';

/** Frames that the library may be asked to draw, by image. */
const known = new Map<string, FrameModel>();

/** What each viewport draws next: the library asks for it when it is told to show an image. */
const pictures = new WeakMap<object, Types.IImage>();

export const LOADER_SCHEME = 'wadors';

/** Where a frame lies. Without a position the library puts it at the origin; proportions always come from here. */
function imagePlane(frame: FrameModel): object {
  const { rowMm, columnMm } = frame.drawingSpacing;
  const { position, orientation } = frame;
  return {
    frameOfReferenceUID: frame.frameOfReferenceUid ?? frame.imageId,
    rows: frame.rows,
    columns: frame.columns,
    rowPixelSpacing: rowMm,
    columnPixelSpacing: columnMm,
    pixelSpacing: [rowMm, columnMm],
    rowCosines: orientation?.row ?? [1, 0, 0],
    columnCosines: orientation?.column ?? [0, 1, 0],
    imageOrientationPatient: [...(orientation?.row ?? [1, 0, 0]), ...(orientation?.column ?? [0, 1, 0])],
    imagePositionPatient: position ?? [0, 0, 0],
    sliceThickness: frame.sliceThicknessMm,
    usingDefaultValues: false,
  };
}

/** Eight bits without a modality, whatever the dataset says: the library has nothing to interpret. */
const PIXELS = { bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 };

const imagesLoader = {
  loadImages: ([imageId]: string[], listener: Types.ImageLoadListener): Promise<void> => {
    // The listener is the viewport itself.
    const image = pictures.get(listener);
    if (image !== undefined && image.imageId === imageId) listener.successCallback(image.imageId, image);
    return Promise.resolve();
  },
};

/** Without WebGL the library paints by itself and asks for images by their address alone. */
const lastPictures = new Map<string, Types.IImage>();

function provide(type: string, imageId: string): object | undefined {
  const frame = known.get(imageId);
  if (frame === undefined) return undefined;
  switch (type) {
    case Enums.MetadataModules.IMAGE_PLANE:
      return imagePlane(frame);
    case Enums.MetadataModules.IMAGE_PIXEL:
      return {
        ...PIXELS,
        samplesPerPixel: 1,
        photometricInterpretation: 'MONOCHROME2',
        rows: frame.rows,
        columns: frame.columns,
      };
    case Enums.MetadataModules.GENERAL_SERIES:
      return { modality: 'OT' };
    case 'imageRetrieveConfiguration':
      return { create: () => imagesLoader };
    default:
      return undefined;
  }
}

/** Tells the library where its images and what it knows of them come from: from us, ready to be drawn. */
export function registerLibrary(): void {
  metaData.addProvider(provide, 10_000);
  imageLoader.registerImageLoader(LOADER_SCHEME, (imageId) => {
    const image = lastPictures.get(imageId);
    return { promise: image === undefined ? Promise.reject(new Error('not loaded')) : Promise.resolve(image) };
  });
}

export function registerFrames(frames: readonly FrameModel[]): void {
  for (const frame of frames) known.set(frame.imageId, frame);
}

export function forgetFrame(imageId: string): void {
  known.delete(imageId);
  lastPictures.delete(imageId);
}

const withAlpha = (rgb: Uint8Array): Uint8Array => {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
};

/** A picture of 8 bits as the library's image: 0 is black, 255 white, nothing else to be done. */
function imageOf(frame: FrameModel, { pixels: bytes, rows, columns, channels }: RenderedFrame): Types.IImage {
  const isPainted = getShouldUseCPURendering();
  const isColor = channels === 3;
  const pixels = isColor && isPainted ? withAlpha(bytes) : bytes;
  const numberOfComponents = isColor && isPainted ? 4 : channels;
  const { rowMm, columnMm } = frame.drawingSpacing;
  return {
    imageId: frame.imageId,
    minPixelValue: 0,
    maxPixelValue: 255,
    slope: 1,
    intercept: 0,
    // The library's LINEAR makes of these the range from 0 to 255.
    windowCenter: 128,
    windowWidth: 256,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => pixels,
    getCanvas: () => document.createElement('canvas'),
    rows,
    columns,
    height: rows,
    width: columns,
    color: isColor,
    rgba: isColor && isPainted,
    numberOfComponents,
    columnPixelSpacing: columnMm,
    rowPixelSpacing: rowMm,
    invert: false,
    photometricInterpretation: isColor ? 'RGB' : 'MONOCHROME2',
    sizeInBytes: pixels.length,
    dataType: 'Uint8Array',
    voxelManager: utilities.VoxelManager.createImageVoxelManager({
      width: columns,
      height: rows,
      scalarData: pixels,
      numberOfComponents,
    }),
  };
}

/** Puts a picture where the viewport finds it when it is told to show that frame. */
export function offerPicture(viewport: Types.IStackViewport, frame: FrameModel, picture: RenderedFrame): Types.IImage {
  const image = imageOf(frame, picture);
  pictures.set(viewport, image);
  if (getShouldUseCPURendering()) lastPictures.set(frame.imageId, image);
  return image;
}

interface ShownFrame {
  readonly frames: readonly FrameModel[];
  /** Of the frame, from 0. */
  readonly index: number;
  /** The viewport has none of these frames yet. */
  readonly isFirst: boolean;
}
/** Has a viewport show a frame whose picture was offered. */
export const showFrame = (viewport: Types.IStackViewport, { frames, index, isFirst }: ShownFrame): Promise<string> =>
  isFirst
    ? viewport.setStack(
        frames.map(({ imageId }) => imageId),
        index,
      )
    : viewport.setImageIdIndex(index);
