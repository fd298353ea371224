import type { OPENING_TYPE } from '@negatoscope/contract';

/** What is asked of the server for series and frames, by the page and by what asks before it (`opening.ts`): an answer fits whoever takes it. */

export const DATASETS_ACCEPT = 'application/dicom+json';

/** WADO-RS of one frame (PS3.18 10.4.1.1.6): as stored, unless another transfer syntax is asked for. */
export const frameAccept = (transferSyntaxUid = '*'): string =>
  `multipart/related; type="application/octet-stream"; transfer-syntax=${transferSyntaxUid}`;

/** The form of a frame of which every beginning is a picture (docs/decisions/0039-slow-lines.md). */
export const PARTS_ACCEPT = 'image/jphc';
export const partsUrl = (frameUrl: string): string => `${frameUrl}/progressive`;

/** Bytes from one on up to before another, or to the last (RFC 9110 14.1.2). */
export const rangeOf = (from: number, end?: number): string => `bytes=${from}-${end === undefined ? '' : end - 1}`;
export const WHOLE_RANGE = rangeOf(0);

/** What a study is opened with, in one answer (`OPENING_TYPE` of the contract, whose code is no part of what runs first). */
export const OPENING_ACCEPT = 'application/x-negatoscope-opening' satisfies typeof OPENING_TYPE;
