import type { AttachedStudy, Consultation, FilmOrder, Study } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { newId } from '../../api/new-id.ts';
import { queryClient } from '../../api/query-client.ts';
import { consultationChanged, lastPredictionQuery } from '../../entities/consultation/queries.ts';
import { placeOf } from '../../entities/study/place.ts';
import { text } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';
import { refusedToast } from './use-moves.ts';

export type WantedFilm = Pick<FilmOrder, 'modality' | 'bodyPart' | 'reason'>;
type Ref = Pick<Study, 'id' | 'studyInstanceUid' | 'groupId'>;

const callsOf = (id: string) => ({
  put: (study: Ref) => () =>
    call('attachStudy', { params: { id }, body: { studyInstanceUid: study.studyInstanceUid, groupId: placeOf(study).groupId } }),
  remove: (study: Ref) => () => call('detachStudy', { params: { id, studyId: study.id } }),
  setOrder: (orderId: string, status: 'REQUESTED' | 'CANCELLED') => () =>
    call('moveOrder', { params: { id, orderId }, body: { status } }),
});

/** One thing at a time; what is refused is said, and gives undefined. */
function useOneAtATime() {
  const [isBusy, setBusy] = useState(false);
  const once = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    setBusy(true);
    try {
      return await work();
    } catch (error) {
      refusedToast(error);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, once };
}

const say = (key: 'attached' | 'detached' | 'ordered' | 'orderCancelled', back: () => void): void =>
  showToast(text('consultations', key), { action: { label: text('common', 'undo'), run: back } });

/** What is done with studies and orders of a consultation: each with the way back instead of a question before. */
export function useFilms(id: string) {
  const { isBusy, once } = useOneAtATime();
  const doing = (work: () => Promise<Consultation>): Promise<Consultation | undefined> =>
    once(async () => {
      const changed = await work();
      consultationChanged(changed);
      return changed;
    });
  const { put, remove, setOrder } = callsOf(id);
  return {
    isBusy,
    attach: async (study: Ref): Promise<void> => {
      if (await doing(put(study))) say('attached', () => void doing(remove(study)));
    },
    detach: async (study: Ref): Promise<void> => {
      if (await doing(remove(study))) say('detached', () => void doing(put(study)));
    },
    order: async (film: WantedFilm): Promise<boolean> => {
      // By an id of its own: what is sent again orders nothing twice. A film that was asked for already has another's, and is not this press's to take back.
      const orderId = newId();
      const made = await doing(() => call('orderFilm', { params: { id }, body: { ...film, orderId } }));
      if (made?.orders.some((one) => one.id === orderId) === true)
        say('ordered', () => void doing(setOrder(orderId, 'CANCELLED')));
      return made !== undefined;
    },
    cancelOrder: async (order: FilmOrder): Promise<void> => {
      if (await doing(setOrder(order.id, 'CANCELLED'))) say('orderCancelled', () => void doing(setOrder(order.id, 'REQUESTED')));
    },
    ask: async ({ id: studyId, studyInstanceUid }: AttachedStudy): Promise<void> => {
      const asked = await once(() => call('predictConsultation', { params: { id }, body: { studyInstanceUid } }));
      if (asked !== undefined) queryClient.setQueryData(lastPredictionQuery(studyId).queryKey, asked);
    },
  };
}
