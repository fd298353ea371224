import type { Patient } from '@negatoscope/contract';
import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.ts';
import { queryClient } from '../../api/query-client.ts';

export const patientQuery = (id: string) =>
  queryOptions({ queryKey: ['patient', id], queryFn: ({ signal }) => call('getPatient', { params: { id }, signal }) });
export const patientStudiesQuery = (id: string) =>
  queryOptions({
    queryKey: ['studies', 'of-patient', id],
    queryFn: ({ signal }) => call('listStudies', { query: { patientId: id, sort: '-studyDate', limit: 200 }, signal }),
  });
/** When the patient's images left, for who may see it. */
export const patientExportsQuery = (id: string) =>
  queryOptions({
    queryKey: ['patient', id, 'exports'],
    queryFn: ({ signal }) => call('listPatientExports', { params: { id }, signal }),
  });

/** Puts a changed patient everywhere it is shown. */
export function patientChanged(patient: Patient): void {
  queryClient.setQueryData(patientQuery(patient.id).queryKey, patient);
  for (const key of ['patients', 'studies', 'overview', 'search']) void queryClient.invalidateQueries({ queryKey: [key] });
}

/** Finds a thing in the trash by its own id or by what names it, and takes it back. */
export async function restoreFromTrash(kind: 'patient' | 'study', id: string, label: string): Promise<void> {
  const { items } = await call('listTrash', { query: { limit: 100 } });
  const entry = items.find((item) => item.id === id) ?? items.find((item) => item.kind === kind && item.label.includes(label));
  await call('restoreTrash', { params: { id: entry?.id ?? id } });
}
