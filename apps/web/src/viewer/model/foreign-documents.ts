import { MADE_SERIES } from '@negatoscope/contract/made-series';
import type { ContentTree } from '@negatoscope/dicom';
import type { StudyRef } from './dicomweb.ts';
import type { DocumentModel } from './documents.ts';
import type { ForeignMark, MarkIndex } from './foreign-marks.ts';

/** A structured report or key object selection that others have made of a study on the desk. */
export interface ForeignDocument {
  readonly study: StudyRef;
  readonly seriesInstanceUid: string;
  readonly isSelection: boolean;
  readonly title: string;
  readonly document: DocumentModel;
  readonly tree: ContentTree;
  readonly marks: readonly ForeignMark[];
}

/** One drawing with the document that it is of. */
export interface OwnedMark {
  readonly mark: ForeignMark;
  readonly title: string;
}

export interface ForeignDocuments {
  readonly items: readonly ForeignDocument[];
  readonly marks: MarkIndex<OwnedMark>;
}

const MODEL_RESULTS: ReadonlySet<string | undefined> = new Set(Object.values(MADE_SERIES.MODEL_RESULT));
/** Whether a series, by its description, has reports of a model's results that were made here: what speaks for a score lies over the film when it is asked for. */
export const isModelResult = (description: string | undefined): boolean => MODEL_RESULTS.has(description);
