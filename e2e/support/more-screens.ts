import { locateFrames, parsePart10 } from '@negatoscope/dicom';
import { type GeneratedInstance, paintText, ultrasoundClip } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Tab } from './browser.ts';
import { csrfOf, storeInstances } from './dicom.ts';
import type { Work } from './people.ts';
import type { Screen } from './screens.ts';

/** Of the clips below. */
export const COLUMNS = 640;
const NAME = 'DIALLO AMINATA';

/** A clip with a name in each frame, as machines write it. */
export function namedClip(number: number): GeneratedInstance {
  const dataset = { PatientName: 'Diallo^Aminata', PatientID: 'held', PatientBirthDate: '19800101', StudyDate: '20260301' };
  const own = { ...dataset, InstanceNumber: number, SOPInstanceUID: `2.25.8${number}` };
  for (const instance of ultrasoundClip({ seed: 'held', frames: 2, dataset: own })) {
    const parsed = parsePart10(instance.bytes);
    const table = locateFrames(parsed, instance.bytes);
    if (table.kind !== 'native') break;
    for (let frame = 0; frame < table.count; frame += 1)
      paintText({ text: NAME, x: 12, y: 14, height: 16 }, (x, y, share) => {
        const from = table.offset + frame * table.frameBytes + (y * COLUMNS + x) * 3;
        if (share > 0.4) instance.bytes.fill(240, from, from + 3);
      });
    return instance;
  }
  throw new Error('The phantom has no native frame.');
}

/** Whose page a screen is: an administrator's where nobody is named. */
export interface PersonalScreen extends Screen {
  readonly as?: Work;
}

/** Asks until it is so, outside of a test. */
async function untilSo(what: string, isSo: () => Promise<boolean>, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await isSo()); ) {
    if (Date.now() > end) throw new Error(`Not in ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The demonstration set, as an administrator loads it. */
export async function loadDemo(tab: Tab): Promise<void> {
  const { page } = tab;
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  expect((await page.request.post('/api/system/demo', { headers })).status()).toBeLessThan(300);
  const total = async (address: string): Promise<number> => (await (await page.request.get(address)).json()).total ?? 0;
  // The clinic's day is played last.
  await untilSo('the clinic’s day', async () => (await total('/api/predictions?limit=1')) > 7, 400);
}

/** An export without identity that waits for somebody to look at its pictures; gives its id. */
async function holdSomething(tab: Tab): Promise<string> {
  const { request } = tab.page;
  await storeInstances(tab, [namedClip(1), namedClip(2)]);
  const [patient] = (await (await request.get('/api/patients?q=aminata%20diallo')).json()).items;
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  const started = await request.post('/api/deid/exports', { headers, data: { patientIds: [patient.id] } });
  const { id } = await started.json();
  const waiting = async (): Promise<number> => (await (await request.get(`/api/deid/exports/${id}`)).json()).waiting;
  await untilSo('an export that waits', async () => (await waiting()) === 2, 60);
  return id;
}

/** What a site and a person have of their own of reports, and a project without identity. */
async function writeTexts(tab: Tab, own: Tab): Promise<void> {
  const sections = {
    ...{ history: 'Toux depuis trois semaines.', technique: 'Deux incidences.', comparison: '' },
    ...{ findings: 'Pas de foyer. Silhouette cardiaque normale.', impression: 'Examen normal.' },
  };
  const of = async (one: Tab, level: 'OWN' | 'SITE'): Promise<void> => {
    const headers = { 'x-csrf-token': await csrfOf(one) };
    const put = async (address: string, data: object): Promise<void> => {
      const answer = await one.page.request.put(address, { headers, data: { level, siteId: null, replaces: null, ...data } });
      expect([address, answer.status(), answer.status() === 200 ? '' : await answer.text()]).toEqual([address, 200, '']);
    };
    const named = { language: 'fr', name: 'Radiographie du thorax, médecine du travail', modality: 'DX', region: 'thorax' };
    await put('/api/report-templates', { ...named, sections });
    await put('/api/report-phrases', { language: 'fr', short: 'rpn', text: 'Pas d’anomalie pleuro-parenchymateuse décelable.' });
  };
  await of(tab, 'SITE');
  await of(own, 'OWN');
}

/** To a dialog behind a button of the page, by any of its names. */
const behind = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('dialog').first().waitFor();
};

/** What a page shows once one of its choices is made. */
export const chosen = (name: RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

/** What is behind the button of a patient's rare actions. */
export const openMore = chosen(/^(?:Autres actions|More actions)$/);

/** To the groups that a patient may go to, and what follows of the first of them. */
async function moveToGroup(page: Page): Promise<void> {
  await openMore(page);
  await behind(/^(?:Changer de groupe|Change the group)$/)(page);
  await page.getByRole('combobox').last().selectOption({ index: 1 });
  await page.waitForTimeout(500);
}

/** Screens that need more than an administrator's own day: what is held, each role's first page, what is behind a button. */
export async function fillMoreScreens(tab: Tab, people: Readonly<Record<Work, Tab>>): Promise<readonly PersonalScreen[]> {
  const held = await holdSomething(tab);
  await writeTexts(tab, people.radiologist);
  const [named] = (await (await tab.page.request.get('/api/patients?q=ramanantsoa')).json()).items;
  const [study] = (await (await tab.page.request.get(`/api/studies?patientId=${named.id}`)).json()).items;
  const works: readonly Work[] = ['radiologist', 'physician', 'desk', 'researcher'];
  return [
    { name: 'held', path: `/app/deidentification/${held}` },
    ...['delays', 'storage', 'people', 'screening'].map((view) => ({
      name: `statistics-${view}`,
      path: `/app/statistics?view=${view}`,
    })),
    ...works.map((as) => ({ name: `dashboard-${as}`, path: '/app', as })),
    { name: 'profile-radiologist', path: '/app/profile', as: 'radiologist' },
    { name: 'worklist-radiologist', path: '/app/worklist', as: 'radiologist' },
    { name: 'emergency', path: '/app/patients', as: 'radiologist', open: behind(/^(?:Accès d’urgence|Emergency)/) },
    { name: 'deidentification-researcher', path: '/app/deidentification', as: 'researcher' },
    { name: 'user-new', path: '/app/admin/users', open: behind(/^(?:Nouvel utilisateur|Nouveau compte|New user|New account)/) },
    { name: 'group-move', path: `/app/patients/${named.id}`, open: moveToGroup },
    { name: 'study-panel', path: `/app/studies/${study.studyInstanceUid}?panel=true`, as: 'radiologist' },
    { name: 'template-new', path: '/app/admin/reports', open: behind(/^(?:Nouveau modèle|New template)/) },
    { name: 'access-emergencies', path: '/app/admin/access', open: chosen(/^(?:Accès d’urgence|Emergency access)$/) },
    { name: 'access-nodes', path: '/app/admin/access', open: chosen(/^(?:Nœuds DICOM|DICOM nodes)$/) },
    { name: 'audit-empty', path: '/app/admin/audit?action=nothing' },
    { name: 'group-delete', path: '/app/admin/groups', open: behind(/^(?:Supprimer|Delete)/) },
  ];
}
