import { type Dataset, writePart10 } from '../../../testkit/src/index.ts';

const ROWS = 12;
const COLUMNS = 16;
const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

const sequence = (...items: Dataset[]) => ({ vr: 'SQ', value: items }) as const;

/** One Enhanced CT whose frame of place `n` is 3 mm · n above the first and has the value 50 · n everywhere. */
export function enhancedCt(places: readonly number[], shift = 0): Uint8Array {
  const cells = new Uint16Array(ROWS * COLUMNS * places.length);
  for (const [index, place] of places.entries()) cells.fill(50 * place, index * ROWS * COLUMNS, (index + 1) * ROWS * COLUMNS);
  const dataset: Dataset = {
    SOPClassUID: ENHANCED_CT,
    SOPInstanceUID: '2.25.8801',
    StudyInstanceUID: '2.25.8802',
    SeriesInstanceUID: '2.25.8803',
    Modality: 'CT',
    Manufacturer: 'SIEMENS',
    ImageType: ['ORIGINAL', 'PRIMARY', 'VOLUME', 'NONE'],
    SeriesNumber: 1,
    InstanceNumber: 1,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    NumberOfFrames: places.length,
    Rows: ROWS,
    Columns: COLUMNS,
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    '52009229': sequence({
      '00209116': sequence({ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }),
      '00289110': sequence({ PixelSpacing: [0.9, 0.8], SliceThickness: 3 }),
      '00289145': sequence({ RescaleIntercept: -1024, RescaleSlope: 1, RescaleType: 'HU' }),
    }),
    '52009230': sequence(
      ...places.map((place) => ({
        '00209111': sequence({
          '00209056': { vr: 'SH', value: '1' } as const,
          '00209057': { vr: 'UL', value: place + 1 } as const,
          '00209157': { vr: 'UL', value: [1, place + 1] } as const,
        }),
        '00209113': sequence({ ImagePositionPatient: [5 + shift * place, -7, 3 * place] }),
      })),
    ),
    PixelData: new Uint8Array(cells.buffer),
  };
  return writePart10(dataset, { transferSyntaxUid: '1.2.840.10008.1.2.1' });
}
