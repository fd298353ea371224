import {
  ArrivalStatistics,
  Consultation,
  DeidHeldSeries,
  DeidProject,
  IdentityReview,
  Notice,
  Prior,
  Series,
  Share,
  TrashEntry,
} from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { conflictOf, patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

/** A description that is never ended, as a file may bring it, and how it is read. */
const [RAW, READ] = ['abc\u202edef\n\u2067ghi\u0007', 'abcdef ghi'];
const ACTING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

const patient = patientOf(1, { externalId: RAW });
const study = studyOf(1, { description: RAW, accessionNumber: RAW, referrer: RAW, textUncertain: true });
const noted = {
  ...{ id: study.id, studyInstanceUid: study.studyInstanceUid, groupId: null, patientId: patient.id },
  ...{ patientName: 'MARTIN Anna', description: RAW },
};
const attached = {
  ...{ id: idOf(202), studyInstanceUid: '2.25.2', groupId: null, studyDate: '2026-03-01', description: RAW },
  ...{ modalities: ['DX'], instanceCount: 1 },
};
const consultation = make(Consultation, { id: idOf(800), patientId: patient.id, status: 'WAITING', studies: [attached] });
const side = { ...conflictOf(1).incoming, patientId: RAW, description: RAW };

/** A server with one of everything that a file tells. */
const told = (): FakeApi =>
  new FakeApi()
    .on('listPatients', () => listOf([patient]))
    .on('getPatient', () => patient)
    .on('listStudies', () => listOf([study, studyOf(2, { description: RAW })]))
    .on('getStudy', () => ({ ...study, series: [make(Series, { id: idOf(250), modality: 'CT', description: RAW })] }))
    .on('listPriors', () => ({ items: [make(Prior, { id: idOf(203), rank: 1, description: RAW })], isWhole: true }))
    .on('search', () => ({ patients: [patient], studies: [study] }))
    .on('listConflicts', () => listOf([conflictOf(1, { existing: { ...side, description: 'Thorax' }, incoming: side })]))
    .on('listIdentityReviews', () =>
      listOf([make(IdentityReview, { id: idOf(500), patient, suspect: patientOf(2, { externalId: RAW }) })]),
    )
    .on('listTrash', () => listOf([make(TrashEntry, { id: idOf(1), kind: 'study', label: `MARTIN Anna · ${RAW}` })]))
    .on('listNotices', () => ({
      ...listOf([make(Notice, { id: idOf(501), kind: 'REPORT_SIGNED', study: noted, readAt: null })]),
      unread: 1,
    }))
    .on('listShares', () =>
      listOf([
        make(Share, { id: idOf(985), state: 'OPEN', studyCount: 1, studies: [{ ...noted, studyDate: null, modalities: [] }] }),
      ]),
    )
    .on('listConsultations', () => listOf([]))
    .on('getConsultation', () => consultation)
    .on('listDeidProjects', () => ({ items: [make(DeidProject, { id: idOf(980), hasKey: true })] }))
    .on('listDeidHeld', () => ({
      items: [make(DeidHeldSeries, { id: idOf(982), studyDescription: RAW, description: RAW, files: 2, waiting: 1 })],
    }))
    .on('arrivalStatistics', () => {
      const sample = make(ArrivalStatistics, {});
      const row = { key: RAW, name: null, studies: 3, instances: 3, bytes: 3 };
      return { ...sample, total: row, referrers: { top: [row], others: 0, othersStudies: 0, nobody: 0 } };
    });

/** All that is read on the page, by eye or by ear. */
function read(): string[] {
  const texts: string[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) texts.push(walker.currentNode.textContent ?? '');
  for (const element of document.querySelectorAll('[title], [aria-label], [alt]'))
    for (const name of ['title', 'aria-label', 'alt']) texts.push(element.getAttribute(name) ?? '');
  return texts;
}

async function readsWell(): Promise<void> {
  await waitFor(() => expect(read().some((one) => one.includes(READ))).toBe(true));
  expect(read().filter((one) => ACTING.test(one))).toEqual([]);
}

describe('texts that came with images turn nothing round and break no line (Unicode UAX 9)', () => {
  test.each([
    '/app/patients',
    `/app/patients/${patient.id}`,
    `/app/consultations/${consultation.id}`,
    '/app/worklist',
    '/app/shares',
    '/app/conflicts',
    '/app/identity-review',
    '/app/trash',
    '/app/statistics?view=arrivals',
    `/app/deidentification/${idOf(981)}`,
  ])('on %s', async (address) => {
    await openPage(told(), address, { role: 'ADMIN' });
    await readsWell();
  });

  test('among a physician’s new results, and in what the bell tells', async () => {
    const { user } = await openPage(told(), '/app', { role: 'PHYSICIAN' });
    await readsWell();
    await user.click(await screen.findByRole('button', { name: /^Notifications/ }));
    await readsWell();
  });

  test('in the palette', async () => {
    const { user } = await openPage(told(), '/app/import', { role: 'ADMIN' });
    await screen.findByRole('heading', { level: 1 });
    await user.keyboard('{Control>}k{/Control}');
    await user.type(await screen.findByRole('combobox', { name: 'Rechercher un patient ou un examen' }), 'abc');
    await readsWell();
  });

  test('side by side, where what only looks alike is marked all the same', async () => {
    const hidden = { existing: { ...side, description: 'Thorax' }, incoming: { ...side, description: 'Tho\u202erax' } };
    const api = told().on('listConflicts', () => listOf([conflictOf(1, hidden)]));
    await openPage(api, '/app/conflicts', { role: 'ADMIN' });
    const row = (await screen.findByText('Description')).closest('tr') as HTMLElement; // It heads one.
    expect(
      within(row)
        .getAllByRole('cell')
        .map(({ textContent }) => textContent),
    ).toEqual(['Thorax', 'Thorax']);
    expect(within(row).getByRole('img', { name: 'différent' })).toBeTruthy();
  });
});
