import type { SeriesSummary } from '@negatoscope/dicom';
import { useReadSeries } from '../parts/use-read-series.ts';
import type { Room } from '../parts/use-room.ts';
import type { StatesOffer } from './offered.ts';
import { readStates } from './read-states.ts';

const isState = ({ modality }: SeriesSummary): boolean => modality === 'PR';

/** The presentation states of the studies of the desk, in the order in which they were made. */
export function useStates(room: Room): StatesOffer {
  const { items, failed, isLoading } = useReadSeries(room, isState, readStates);
  return { states: items, failed: failed.map(({ title }) => title), isLoading };
}
