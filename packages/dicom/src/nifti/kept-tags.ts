import type { DicomJsonObject } from '../types.ts';

/** Attributes that `planNifti` looks at. */
const TAGS = [
  '00180050',
  '00200012',
  '00200032',
  '00200037',
  '00200100',
  '00280002',
  '00280004',
  '00280006',
  '00280010',
  '00280011',
  '00280030',
  '00280100',
  '00280101',
  '00280102',
  '00280103',
  '00281052',
  '00281053',
  '00283000',
  '52009229',
  '52009230',
  '7FE00008',
  '7FE00009',
] as const;

/** What of a header a plan needs: thousands of them are kept until the last has come. */
export const forNiftiPlan = (json: DicomJsonObject): DicomJsonObject =>
  Object.fromEntries(
    TAGS.flatMap((tag) => {
      const element = json[tag];
      return element === undefined ? [] : [[tag, element]];
    }),
  );
