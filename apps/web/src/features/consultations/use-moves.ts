import type { Consultation, ConsultationStatus } from '@negatoscope/contract';
import { useState } from 'react';
import { call } from '../../api/client.ts';
import { ApiError, errorText } from '../../api/error.ts';
import { consultationChanged } from '../../entities/consultation/queries.ts';
import { currentLocale, text } from '../../i18n/index.ts';
import { showToast } from '../../ui/toast.tsx';

const DONE_TEXT = { IN_PROGRESS: 'taken', DONE: 'finished', CANCELLED: 'cancelled', WAITING: 'undone' } as const;

/** The state that a refusal tells of; what the server answers with is of the contract. */
export const currentOf = (error: unknown): Consultation | undefined =>
  error instanceof ApiError && typeof error.current === 'object' && error.current !== null
    ? (error.current as Consultation) // The contract says that `current` is one.
    : undefined;

/** Says what went wrong, and shows the state that there is. */
export function refusedToast(error: unknown): void {
  const current = currentOf(error);
  if (current !== undefined) consultationChanged(current);
  const isTaken = error instanceof ApiError && error.code === 'CONSULTATION_TAKEN' && current !== undefined;
  const name = current?.physicianName ?? text('consultations', 'someone');
  showToast(isTaken ? text('consultations', 'takenBy', { name }) : errorText(error, currentLocale()), { tone: 'danger' });
}

async function move(id: string, status: ConsultationStatus, takeOverFrom?: string): Promise<Consultation> {
  const body = takeOverFrom === undefined ? { status } : { status, takeOverFrom };
  const moved = await call('moveConsultation', { params: { id }, body });
  consultationChanged(moved);
  return moved;
}

/** Takes the last move back. */
export const undo = async ({ id, undo: back }: Pick<Consultation, 'id' | 'undo'>): Promise<void> => {
  if (back === null) return;
  await move(id, back.to).then(() => showToast(text('consultations', 'undone')), refusedToast);
};

export interface Moves {
  readonly isBusy: boolean;
  /** Moves it and offers the way back; whether it went. */
  to(status: ConsultationStatus, takeOverFrom?: string): Promise<boolean>;
}

/** Moves of a consultation, each with the way back instead of a question before. */
export function useMoves(id: string): Moves {
  const [isBusy, setBusy] = useState(false);
  const to = async (status: ConsultationStatus, takeOverFrom?: string): Promise<boolean> => {
    setBusy(true);
    try {
      const moved = await move(id, status, takeOverFrom);
      const said = text('consultations', takeOverFrom === undefined ? DONE_TEXT[status] : 'takenOver');
      const action = { label: text('common', 'undo'), run: () => void undo(moved) };
      showToast(said, moved.undo === null ? {} : { action });
      return true;
    } catch (error) {
      refusedToast(error);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, to };
}
