/** What the page of a medium shows, in the order of the medium. */
export interface ShownSeries {
  readonly title: string;
  readonly modality: string;
  /** Addresses of pictures, relative to the page. */
  readonly pictures: string[];
  /** Addresses of documents (PDF). */
  readonly documents: string[];
  /** Files of the series on the medium. */
  files: number;
}

export interface ShownStudy {
  /** `YYYY-MM-DD`. */
  readonly date: string | null;
  readonly title: string;
  readonly series: ShownSeries[];
}

export interface MediumContents {
  readonly patient: { readonly name: string; readonly number: string; readonly birthDate: string | null };
  readonly site: string;
  /** `YYYY-MM-DD`. */
  readonly madeOn: string;
  readonly studies: ShownStudy[];
  /** Files that could not be opened. */
  missing: number;
  /** Files that stand in no directory: no image and of no known type. */
  unlisted: number;
}
