import type { Browser } from 'playwright-core';
import { openTabOf, type Tab } from './browser.ts';
import { csrfOf } from './dicom.ts';
import type { Served } from './server.ts';

const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const ROLES = { radiologist: 'RADIOLOGIST', physician: 'PHYSICIAN', desk: 'STAFF', researcher: 'RESEARCHER' } as const;
export type Work = keyof typeof ROLES;

/** A person of each kind of work, in a group where one is named, each in a page of their own; `by` is an administrator's. */
export async function openPeople(
  browser: Browser,
  server: Served,
  by: Tab,
  groupId?: string,
): Promise<Readonly<Record<Work, Tab>>> {
  const headers = { 'x-csrf-token': await csrfOf(by) };
  const open = async (work: Work): Promise<Tab> => {
    const email = `${work}@hopital.example`;
    const data = { email, password: PASSWORD, firstName: 'Camille', lastName: work, role: ROLES[work], level: 'WRITE', groupId };
    const made = await by.page.request.post('/api/users', { headers, data });
    if (made.status() !== 201) throw new Error(`Making a ${work} was answered ${made.status()}.`);
    return openTabOf(browser, { ...server, email, password: PASSWORD });
  };
  return {
    radiologist: await open('radiologist'),
    physician: await open('physician'),
    desk: await open('desk'),
    researcher: await open('researcher'),
  };
}
