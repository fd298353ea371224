import { type DicomJson, readItems, readNumbers, readString, TAG } from './dicom-json.ts';

/** Which of a pair an image shows. `contradictory`: attributes of one image say different sides. */
export type Laterality = 'R' | 'L' | 'B' | 'contradictory';

const isSide = (value: string | undefined): value is 'R' | 'L' | 'B' => value === 'R' || value === 'L' || value === 'B';

/** The anatomy item of a frame: its own before the shared one (PS3.3 C.7.6.16.2.8). */
function frameAnatomy(dataset: DicomJson, frameNumber: number): DicomJson | undefined {
  const own = readItems(dataset, TAG.PerFrameFunctionalGroupsSequence)[frameNumber - 1];
  const shared = readItems(dataset, TAG.SharedFunctionalGroupsSequence)[0];
  return readItems(own, TAG.FrameAnatomySequence)[0] ?? readItems(shared, TAG.FrameAnatomySequence)[0];
}

/**
 * The side by Frame Laterality (0020,9072), Image Laterality (0020,0062) or Laterality (0020,0060); undefined where none says, or all say unpaired.
 * `frameNumber` counts from 1.
 */
export function lateralityOf(dataset: DicomJson, frameNumber: number): Laterality | undefined {
  const said = [
    readString(frameAnatomy(dataset, frameNumber), TAG.FrameLaterality),
    readString(dataset, TAG.ImageLaterality),
    readString(dataset, TAG.Laterality),
  ].filter(isSide);
  const [first] = said;
  return said.every((side) => side === first) ? first : 'contradictory';
}

/** View Position (0018,5101) as it is written: `CC`, `MLO`, `AP` … */
export const viewPositionOf = (dataset: DicomJson): string | undefined => readString(dataset, TAG.ViewPosition);

/** That an image has lost information, and by how much it was compressed: one ratio for each time, where known. */
export interface Loss {
  readonly ratios: readonly number[];
}

/**
 * Lossy Image Compression (0028,2110), for ever true once it was (PS3.3 C.7.6.1.1.5), with its ratios (0028,2112); `isLossySyntax` is what the stored
 * transfer syntax says, whatever the dataset says. Undefined for an image without loss.
 */
export function lossOf(dataset: DicomJson, isLossySyntax: boolean): Loss | undefined {
  if (!isLossySyntax && readString(dataset, TAG.LossyImageCompression) !== '01') return undefined;
  const ratios = readNumbers(dataset, TAG.LossyImageCompressionRatio) ?? [];
  return { ratios: ratios.filter((ratio) => ratio > 1) };
}
