/**
 * What a study is opened with, in one answer (`GET /dicom-web/…/studies/{study}/opening`, docs/decisions/0096-opened-by-one-answer.md): a line of JSON, the bytes that it
 * tells of, the next line, and so on. Each part is what its own address answers; a part that does not come is to be asked for there. Each line names what comes after it, before
 * the bytes of its own part: whoever reads these may ask for the next part at once.
 */
export const OPENING_TYPE = 'application/x-negatoscope-opening';

/** The form that a line of the reader wants of a frame: whose beginning is a picture (decision 39), or as it is stored. */
export type OpeningForm = 'progressive' | 'stored';

/** The same as who opens wants it: `beginning` is a first picture of the progressive form, where the rest would hold up what draws it. */
export type OpeningWish = OpeningForm | 'beginning';

/** How many bytes follow the line, and whether they are packed by gzip. */
interface OpeningBytes {
  readonly length: number;
  readonly isPacked: boolean;
}

/** The frame of the series that is shown first. */
export interface OpeningFrame {
  readonly sopInstanceUid: string;
  /** From 1. */
  readonly frameNumber: number;
  readonly form: OpeningForm;
  /** Whether it is the next part; otherwise it is to be asked for at its own address. */
  readonly isHere: boolean;
}

export type OpeningLine =
  | (OpeningBytes & {
      readonly part: 'series';
      /** Of which the metadata come next: the one that hangs first. */
      readonly seriesInstanceUid: string | null;
      readonly hasImages: boolean;
    })
  | (OpeningBytes & { readonly part: 'metadata'; readonly frame: OpeningFrame | null })
  | (OpeningBytes & { readonly part: 'frame'; readonly status: 200 | 206; readonly headers: Readonly<Record<string, string>> });
