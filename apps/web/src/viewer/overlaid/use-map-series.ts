import { isDocumentModality } from '@negatoscope/dicom';
import { useEffect, useState } from 'react';
import { readString } from '../model/dicom-json.ts';
import { fetchInstancesOfClass } from '../model/dicomweb.ts';
import { listedOf, type Room } from '../parts/use-room.ts';

const PARAMETRIC_MAP = '1.2.840.10008.5.1.4.1.1.30';
/** Frames of a map are in few instances, and nobody makes one of a film or of ultrasound: such studies are not asked for any. */
const MOST_INSTANCES = 8;
const WITHOUT: ReadonlySet<string> = new Set([
  'CR',
  'DX',
  'MG',
  'IO',
  'PX',
  'US',
  'XA',
  'RF',
  'ES',
  'XC',
  'SM',
  'SEG',
  'RTDOSE',
  'RTIMAGE',
]);
const NONE: ReadonlySet<string> = new Set();

/** The series of the desk that hold parametric maps: their modality does not tell them. */
export function useMapSeries(room: Room): ReadonlySet<string> {
  const { isSettled } = room;
  const wanted = listedOf(room).filter(({ series = [] }) =>
    series.some(
      ({ modality = '', instanceCount = 0 }) =>
        instanceCount > 0 && instanceCount <= MOST_INSTANCES && !WITHOUT.has(modality) && !isDocumentModality(modality),
    ),
  );
  const key = wanted.map(({ study }) => `${study.groupId ?? ''} ${study.studyInstanceUid}`).join();
  const [found, setFound] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for what is wanted.
  useEffect(() => {
    setFound(NONE);
    if (!isSettled || wanted.length === 0) return;
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const answers = await Promise.all(wanted.map(({ study }) => fetchInstancesOfClass(study, PARAMETRIC_MAP).catch(() => [])));
      const series = answers.flat().map((one) => readString(one, '0020000E') ?? '');
      if (isCurrent && series.length > 0) setFound(new Set(series));
    };
    void ask();
    return () => {
      isCurrent = false;
    };
  }, [key, isSettled]);
  return found;
}
