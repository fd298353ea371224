import type { DicomJsonObject } from '../types.ts';
import type { MadeInstance } from './common.ts';
import { empty, sequence, text } from './elements.ts';

/** An instance that is referred to, and where it stands. */
export interface InstanceReference {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  /** One-based numbers of the frames that are meant; all when absent. */
  readonly frames?: readonly number[];
}

/** The evidence that a document refers to, by study and series (PS3.3 C.17.2.3, Hierarchical SOP Instance Reference Macro). */
export function evidenceOf(made: MadeInstance, references: readonly InstanceReference[]): DicomJsonObject {
  if (references.length === 0) return {};
  const series = [...new Set(references.map(({ seriesInstanceUid }) => seriesInstanceUid))].map((uid) => {
    const own = references.filter(({ seriesInstanceUid }) => seriesInstanceUid === uid);
    const unique = [...new Map(own.map((one) => [one.sopInstanceUid, one])).values()];
    return { '0020000E': text('UI', uid), '00081199': sequence(...unique.map(instanceItem)) };
  });
  const study = made.study['0020000D'] ?? empty('UI');
  return { '0040A375': sequence({ '0020000D': study, '00081115': sequence(...series) }) };
}

export const instanceItem = ({ sopClassUid, sopInstanceUid }: InstanceReference): DicomJsonObject => ({
  '00081150': text('UI', sopClassUid),
  '00081155': text('UI', sopInstanceUid),
});

/** A document of the same study that a new one takes the place of. */
export interface Predecessor {
  readonly seriesInstanceUid: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
}

/** Predecessor Documents Sequence (PS3.3 C.17.2.2). */
export function predecessorsOf(made: MadeInstance, predecessor: Predecessor | undefined): DicomJsonObject {
  if (predecessor === undefined) return {};
  const study = made.study['0020000D'] ?? empty('UI');
  const series = { '0020000E': text('UI', predecessor.seriesInstanceUid), '00081199': sequence(instanceItem(predecessor)) };
  return { '0040A360': sequence({ '0020000D': study, '00081115': sequence(series) }) };
}
