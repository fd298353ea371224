import type { Consultation, ConsultationLine } from '@negatoscope/contract';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

/** All that a day or a patient has on one page: a clinic of more in a day has several sites. */
const MOST = 200;
const LOOK_EVERY_MS = 1_000;

export const dayQuery = (date: string) =>
  queryOptions({
    queryKey: ['consultations', 'day', date],
    queryFn: ({ signal }) => call('listConsultations', { query: { date, limit: MOST }, signal }),
  });
export const consultationsOfPatientQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['consultations', 'of-patient', patientId],
    queryFn: ({ signal }) => call('listConsultations', { query: { patientId, limit: MOST }, signal }),
  });
export const consultationQuery = (id: string) =>
  queryOptions({ queryKey: ['consultation', id], queryFn: ({ signal }) => call('getConsultation', { params: { id }, signal }) });

/** The newest prediction of a study, looked for again while it has no answer. */
export const lastPredictionQuery = (studyId: string) =>
  queryOptions({
    queryKey: ['predictions', 'of-study', studyId],
    queryFn: async ({ signal }) => (await call('listPredictions', { query: { studyId, limit: 1 }, signal })).items[0] ?? null,
    refetchInterval: ({ state }) => (state.data?.state === 'QUEUED' ? LOOK_EVERY_MS : false),
  });

/** Puts a changed consultation everywhere it is shown. */
export function consultationChanged(consultation: Consultation): void {
  queryClient.setQueryData(consultationQuery(consultation.id).queryKey, consultation);
  void queryClient.invalidateQueries({ queryKey: ['consultations'] });
}

/** What the server tells of one that changed: lists are asked for again, and the one itself where it is not known as it is now. */
export function lineChanged(line: Pick<ConsultationLine, 'id' | 'version'>): void {
  const { queryKey } = consultationQuery(line.id);
  const known = queryClient.getQueryData(queryKey);
  void queryClient.invalidateQueries({ queryKey: ['consultations'] });
  if (known !== undefined && known.version < line.version) void queryClient.invalidateQueries({ queryKey });
}
