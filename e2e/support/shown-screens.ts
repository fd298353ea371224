import {
  ballDose,
  ballSegmentation,
  ballStructures,
  ballVolume,
  chestXray,
  ecg,
  presentationState,
  wholeSlide,
} from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Tab } from './browser.ts';
import { csrfOf, storeInstances } from './dicom.ts';
import { chosen, openMore, type PersonalScreen } from './more-screens.ts';
import type { Work } from './people.ts';

/** Begins the report of the study that is shown, with a finding and a conclusion. */
async function write(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(?:Écrire le compte rendu|Write the report)$/ })
    .first()
    .click();
  await page
    .getByRole('textbox', { name: /^(?:Résultats|Findings)$/ })
    .fill('Opacité apicale droite de 12 mm. Pas d’épanchement.');
  await page.getByRole('textbox', { name: /^(?:Conclusion|Impression)$/ }).fill('Opacité apicale droite, contrôle conseillé.');
  await page.waitForTimeout(1500);
}
async function askToSign(page: Page): Promise<void> {
  await write(page);
  await page
    .getByRole('button', { name: /^(?:Signer|Sign)$/ })
    .first()
    .click();
  await page.getByRole('alertdialog').waitFor();
}

/** The other view that somebody has left of an image; changed by the reader's hand where that is asked for. */
const leftView = (isChanged: boolean) => async (page: Page) => {
  await page
    .getByRole('button', { name: /présentation|presentation/i })
    .first()
    .click();
  await page.getByTestId('state-chip').waitFor();
  if (isChanged) await page.keyboard.press('i');
};

/** All that can be laid over the slices of a study. */
async function layAll(page: Page): Promise<void> {
  const boxes = page.getByTestId('layers').getByRole('checkbox');
  await boxes.first().waitFor();
  for (const box of await boxes.all()) await box.check();
  await page.waitForTimeout(800);
}

const until = (id: string) => (page: Page) => page.getByTestId(id).first().waitFor();

/** Studies of what is no plain picture, and a film with a view that somebody has left; gives the UID of each. */
async function storeShown(tab: Tab) {
  const dataset = {
    PatientName: 'Keïta^Fanta',
    PatientID: 'SHOWN',
    PatientBirthDate: '19710814',
    SpecificCharacterSet: 'ISO_IR 192',
  };
  const [film] = chestXray({ seed: 'shown', rows: 512, columns: 512, dataset });
  if (film === undefined) throw new Error('The phantom has no instance.');
  const state = presentationState({
    ...{ seed: 'shown', studyInstanceUid: film.studyInstanceUid, images: [film], window: [2000, 4000], dataset },
    ...{ label: 'APEX', description: 'Apex droit', layers: [['MARQUES', 1, 0xffff]] },
    annotations: [
      {
        layer: 'MARQUES',
        graphics: [{ type: 'CIRCLE', data: [170, 120, 210, 120] }],
        texts: [{ text: 'Opacité', anchor: [215, 120] }],
      },
    ],
  });
  const heart = ecg({ seed: 'shown' });
  const ball = { seed: 'shown' };
  const slices = [...ballVolume(ball)];
  const slide = wholeSlide({ seed: 'shown', columns: 1536, rows: 1024, planes: 3 });
  const all = [film, state, heart, ...slices, ballSegmentation(ball), ballStructures(ball), ballDose(ball), ...slide];
  expect(await storeInstances(tab, all)).toBeLessThan(300);
  const [volume, whole] = [slices[0], slide[0]];
  return {
    film: film.studyInstanceUid,
    heart: heart.studyInstanceUid,
    volume: volume?.studyInstanceUid,
    slide: whole?.studyInstanceUid,
  };
}

/** A person in two groups whose names are long. */
async function inTwoGroups(tab: Tab): Promise<void> {
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  const { request } = tab.page;
  await request.post('/api/groups', { headers, data: { name: 'Urgences' } });
  const { items } = await (await request.get('/api/groups')).json();
  const groupIds = items.map(({ id }: { id: string }) => id);
  const person = { email: 'awa.ndiaye@hopital.example', firstName: 'Awa', lastName: 'Ndiaye', role: 'PHYSICIAN', level: 'WRITE' };
  const made = await request.post('/api/users', {
    headers,
    data: { ...person, password: 'Lanterne-Marbre-42-Voilier', groupIds },
  });
  expect([made.status(), made.status() === 201 ? '' : await made.text()]).toEqual([201, '']);
  const dictated = await request.put('/api/report-sites', {
    headers,
    data: { siteId: null, letterhead: null, mayDictate: true },
  });
  expect([dictated.status(), dictated.status() < 300 ? '' : await dictated.text()]).toEqual([dictated.status(), '']);
}

/** Two nodes, and one of the conflicts decided: lists that a site fills. */
async function fillLists(tab: Tab): Promise<void> {
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  const { request } = tab.page;
  const rights = { mayStore: true, mayQuery: false, mayRetrieve: false, mayWorklist: true, groupId: null };
  const nodes = [
    { name: 'Scanner du rez-de-chaussée', aeTitle: 'CT_REZ', host: '10.1.2.30', port: 104, ...rights },
    {
      ...{ name: 'Archive du centre hospitalier', aeTitle: 'PACS_CH', host: 'pacs.hopital.example', port: 11112, ...rights },
      ...{ mayQuery: true, mayRetrieve: true, mayBeAsked: true, takesStudies: true },
    },
  ];
  for (const data of nodes) expect((await request.post('/api/system/nodes', { headers, data })).status()).toBe(201);
  const { items } = await (await request.get('/api/conflicts')).json();
  const data = { decision: 'keep' };
  expect((await request.post(`/api/conflicts/${items[0]?.id}/decision`, { headers, data })).status()).toBe(200);
}

const inDialog = (name: RegExp) => async (page: Page) => {
  await page.getByRole('button', { name }).first().click();
  await page.getByRole('dialog').first().waitFor();
};

/** What is no plain picture in the viewer, the report as it is written and signed, and what is behind a button of a patient or a person. */
export async function fillShownScreens(tab: Tab, people: Readonly<Record<Work, Tab>>): Promise<readonly PersonalScreen[]> {
  const uids = await storeShown(tab);
  await inTwoGroups(tab);
  await fillLists(tab);
  const list = async (of: Tab, path: string) => (await (await of.page.request.get(path)).json()).items;
  const [patient] = await list(tab, '/api/patients?q=fanta');
  const today = new Date().toISOString().slice(0, 10);
  const played = await list(people.physician, `/api/consultations?date=${today}&limit=50`);
  const under = played.find(({ status }: { status: string }) => status === 'IN_PROGRESS') ?? played[0];
  const study = (uid: string | undefined, panel = '') => `/app/studies/${uid}${panel}`;
  const reads = { as: 'radiologist' } as const;
  return [
    { name: 'shown-slide', path: study(uids.slide), open: until('slide') },
    { name: 'shown-ecg', path: study(uids.heart), open: until('waveform-paper') },
    { name: 'shown-layers', path: study(uids.volume, '?panel=true'), open: layAll },
    { name: 'shown-state', path: study(uids.film), open: leftView(false) },
    { name: 'shown-state-changed', path: study(uids.film), open: leftView(true) },
    { name: 'writing', path: study(uids.film, '?panel=true'), ...reads, open: write },
    { name: 'writing-sign', path: study(uids.film, '?panel=true'), ...reads, open: askToSign },
    { name: 'hand-over', path: `/app/patients/${patient.id}`, open: inDialog(/^(?:Remettre au patient|Hand over)/) },
    { name: 'patient-more', path: `/app/patients/${patient.id}`, open: openMore },
    { name: 'patient-edit', path: `/app/patients/${patient.id}`, open: chosen(/^(?:Modifier|Edit)$/) },
    { name: 'node-new', path: '/app/admin/nodes', open: inDialog(/^(?:Nouveau nœud|New node)$/) },
    { name: 'user-groups', path: '/app/admin/users?q=ndiaye', open: openFirstUser },
    ...(under === undefined
      ? []
      : [{ name: 'consultation-played', path: `/app/consultations/${under.id}`, as: 'physician' as const }]),
  ];
}

/** The first person of the list. */
async function openFirstUser(page: Page): Promise<void> {
  await page.locator('[data-row]').first().dblclick();
  await page.getByRole('dialog').first().waitFor();
}
