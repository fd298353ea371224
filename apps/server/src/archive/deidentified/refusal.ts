import type { DeidRefusalCode } from '@negatoscope/dicom';

/** Why nothing of a file leaves. */
export type RefusedBecause =
  | DeidRefusalCode
  | 'NOT_A_PICTURE'
  | 'BURNED_IN'
  | 'TEXT_SUSPECTED'
  | 'MASK_OUTSIDE'
  | 'LEFT_OUT'
  | 'PIXELS_MAY_NAME'
  | 'HEADER_TOO_LONG'
  | 'UNREADABLE';

/** A file that can't be de-identified with certainty; `because` carries no value of it. */
export class NotDeidentified extends Error {
  readonly because: RefusedBecause;

  constructor(because: RefusedBecause, cause?: unknown) {
    super(`A file can't leave without identity: ${because}`, { cause });
    this.name = 'NotDeidentified';
    this.because = because;
  }
}

/** The size of what somebody is to look at. */
export interface HeldPicture {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
}

/** Why a file waits for a person. */
export type HeldBecause = 'BURNED_IN' | 'TEXT_SUSPECTED' | 'NAME_IN_PIXELS';

/** One that may leave once a person has looked at its pixels. */
export class WaitsForPerson extends NotDeidentified {
  declare readonly because: HeldBecause;
  readonly picture: HeldPicture;

  constructor(because: HeldBecause, picture: HeldPicture) {
    super(because);
    this.name = 'WaitsForPerson';
    this.picture = picture;
  }
}
