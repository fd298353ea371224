import type { Patient } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import { type Bearer, MAX_IDENTITIES, readBearers } from './identities.ts';
import type { ImportTarget } from './import-target.ts';
import type { ChosenFile } from './planner.ts';

/** Whose some of the chosen files are, and what the server would make of them. */
export interface Person extends Bearer {
  /** They name somebody else than the chosen patient. */
  readonly contradicts: boolean;
  /** They carry no name, birth date or number of the chosen patient, who has one. */
  readonly namesNobody: boolean;
  /** In whose record they would be filed; null for somebody new. */
  readonly owner: Patient | null;
}

/** The people whom files name, by the server's own rules. Without an answer nobody: the server decides again when the files come. */
export async function whoseFiles(
  files: readonly ChosenFile<File>[],
  { patientId, groupId }: ImportTarget,
  onRead: (count: number) => void,
): Promise<Person[]> {
  try {
    const bearers = await readBearers(files, onRead);
    const asked = bearers.slice(0, MAX_IDENTITIES);
    if (asked.length === 0) return [];
    const { items } = await call('identifyImport', {
      body: {
        ...(patientId === undefined ? {} : { patientId }),
        ...(groupId === undefined ? {} : { groupId }),
        identities: asked.map(({ identity }) => identity),
      },
    });
    return asked.flatMap((bearer, index) => {
      const item = items[index];
      return item === undefined ? [] : { ...bearer, ...item };
    });
  } catch {
    return [];
  }
}

/** A birth date of a header (`YYYYMMDD`) as the rest of the page writes dates; anything else as it stands. */
export const shownBirthDate = (value: string): string => value.replace(/^(\d{4})\.?(\d{2})\.?(\d{2})$/, '$1-$2-$3');
