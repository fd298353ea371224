import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { ownEmergenciesQuery } from './queries.ts';

/** Whether this patient is open to who is signed in by an access in an emergency, which is for reading. */
export function useOnlyReads(patientId: string | undefined): boolean {
  const can = useCan();
  const { data } = useQuery({ ...ownEmergenciesQuery, enabled: can('patients.emergency') && patientId !== undefined });
  return data?.items.some((one) => one.patientId === patientId) ?? false;
}
