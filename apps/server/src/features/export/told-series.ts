import { NiftiRefusal, type NiftiRefusalCode } from '@negatoscope/dicom';

/** In which form a series left, by its place; and why not as one file, with what was measured. */
interface Told {
  readonly path: string;
  readonly form: 'NIFTI' | 'DICOM';
  readonly because?: NiftiRefusalCode;
  readonly measured?: number;
}

/** What the manifest of NIfTI files says of each series. */
export class ToldSeries {
  readonly all: Told[] = [];

  /** What was made of a series; undefined, with the reason told, where it can't be one file. */
  async tell<T>(path: string, make: () => Promise<T>): Promise<T | undefined> {
    try {
      const made = await make();
      this.all.push({ path, form: 'NIFTI' });
      return made;
    } catch (error) {
      if (!(error instanceof NiftiRefusal)) throw error;
      const measured = error.value === undefined ? {} : { measured: error.value };
      this.all.push({ path, form: 'DICOM', because: error.code, ...measured });
      return undefined;
    }
  }
}
