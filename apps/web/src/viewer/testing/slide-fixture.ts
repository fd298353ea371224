import { WHOLE_SLIDE_MICROSCOPY } from '@negatoscope/dicom';
import type { DicomJson } from '../model/dicom-json.ts';

const value = (vr: string, ...values: unknown[]) => ({ vr, Value: values }) as DicomJson[string];

/** A slide of 1,200 × 800 pixels of 0.5 µm and two smaller ones, of tiles of 100. */
export const slideDatasets = (more: DicomJson = {}): DicomJson[] =>
  [1, 4, 16].map((factor) => {
    const [columns, rows] = [1200 / factor, 800 / factor];
    return {
      '00080008': value('CS', 'DERIVED', 'PRIMARY', 'VOLUME', 'NONE'),
      '00080016': value('UI', WHOLE_SLIDE_MICROSCOPY),
      '00080018': value('UI', `1.2.3.${factor}`),
      '00280008': value('IS', Math.ceil(columns / 100) * Math.ceil(rows / 100)),
      '00280010': value('US', 100),
      '00280011': value('US', 100),
      '00280030': value('DS', 0.0005 * factor, 0.0005 * factor),
      '00209311': value('CS', 'TILED_FULL'),
      '00480006': value('UL', columns),
      '00480007': value('UL', rows),
      ...more,
    };
  });
