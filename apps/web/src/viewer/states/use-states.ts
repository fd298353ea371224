import { presentationStateOf, type SeriesSummary } from '@negatoscope/dicom';
import { fetchSeriesMetadata, type StudyRef } from '../model/dicomweb.ts';
import { useReadSeries } from '../parts/use-read-series.ts';
import type { Room } from '../parts/use-room.ts';
import type { OfferedState, StatesOffer } from './offered.ts';

const isState = ({ modality }: SeriesSummary): boolean => modality === 'PR';
/** Bytes of DICOM JSON: what is longer holds no drawings of a reader. */
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_STATES = 200;

async function readStates(study: StudyRef, seriesInstanceUid: string): Promise<OfferedState[]> {
  const datasets = await fetchSeriesMetadata(study, seriesInstanceUid, { most: MOST_BYTES });
  return datasets.slice(0, MOST_STATES).flatMap((dataset) => {
    const state = presentationStateOf(dataset);
    return state === undefined ? [] : [{ study, state }];
  });
}

/** The presentation states of the studies of the desk, in the order in which they were made. */
export function useStates(room: Room): StatesOffer {
  const { items, failed, isLoading } = useReadSeries(room, isState, readStates);
  return { states: items, failed: failed.map(({ title }) => title), isLoading };
}
