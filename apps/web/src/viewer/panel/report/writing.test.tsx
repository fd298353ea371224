import { Prediction, Prior, ReportEdit, ReportTemplate, SignedReport, type StudyReport } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from '../../../test/fake-api.ts';
import { fr } from '../../../test/page-fixture.tsx';
import { idOf, make } from '../../../test/sample.ts';
import type { KeyFrame } from '../key-frames.ts';
import { draft, EMPTY, NONE, openReport, sent, writeReport } from './report-fixture.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const field = (name: string) => screen.getByRole<HTMLTextAreaElement>('textbox', { name });
const press = (name: string) => screen.getByRole('button', { name });
const keyFrame = (frame: number): KeyFrame => ({
  ...{ seriesInstanceUid: '1.1', sopInstanceUid: `1.1.${frame}`, frame, ids: [], ownId: undefined },
});
const prior = make(Prior, { id: idOf(30), studyInstanceUid: '1.9', studyDate: '2025-02-03', isComparable: true });
const signed = (number: number, impression: string, before?: number): StudyReport['versions'][number] => {
  const one = make(SignedReport, {});
  const amends = before === undefined ? null : { number: before, sha256: 'a' };
  const signedBy = { id: idOf(2), name: 'Jean Bâ' };
  const content = { ...one.content, number, amends, sections: { ...EMPTY, impression }, signedBy, language: 'en' as const };
  return { ...one, content };
};

describe('what a study has already is put into the report by one press', () => {
  test('measurements with their place, key images and the validated score, each below what is written', async () => {
    const score = make(Prediction, { id: idOf(40), state: 'VALIDATED', probability: 0.8214, threshold: 0.5, modelName: HOSTILE });
    const api = new FakeApi().on('listPredictions', () =>
      listOf([{ ...score, state: 'DONE' as const, probability: 0.1 }, score]),
    );
    const { user } = await writeReport(api, { keyFrames: [keyFrame(2), keyFrame(3)] });
    await user.type(field('Résultats'), 'Foie normal.  ');
    await user.click(press('Mesures'));
    await user.click(press('Images clés'));
    await user.click(await screen.findByRole('button', { name: 'Score validé' }));
    const score2 = fr(`Lecture assistée par ${HOSTILE}, validée par un médecin : score 0,82, seuil 0,50.`);
    expect(field('Résultats').value.split('\n')).toEqual([
      ...['Foie normal.', fr('Mesures :'), '- 12,5 mm (Im. 1/3)', `${fr('Images clés :')} Im. 2/3, Im. 3/3.`, score2],
    ]);
    expect(document.querySelector('img')).toBeNull();
  });

  test('in the language of the report, whichever the page speaks', async () => {
    const score = make(Prediction, { id: idOf(40), state: 'VALIDATED', probability: 0.8214, threshold: 0.5, modelName: 'tb' });
    const api = new FakeApi()
      .on('getReport', () => ({ ...NONE, draft: draft({ language: 'en' }) }))
      .on('listPredictions', () => listOf([score]))
      .on('listPriors', () => ({ items: [prior], isWhole: true }));
    const { user } = await writeReport(api, { keyFrames: [keyFrame(2)] });
    for (const name of ['Mesures', 'Images clés', 'Score validé']) await user.click(await screen.findByRole('button', { name }));
    expect(field('Résultats').value.split('\n')).toEqual([
      ...['Measurements:', '- 12.5 mm (Im. 1/3)', 'Key images: Im. 2/3.'],
      'Reading assisted by tb, validated by a physician: score 0.82, threshold 0.50.',
    ]);
    await user.click(await screen.findByRole('button', { name: 'Antérieur' }));
    expect(field('Comparaison').value).toBe('Compared with the study of 3 Feb 2025.');
  });

  test('no place is made up of a series that nobody has shown', async () => {
    const placeOf = ({ frame }: { frame: number }) => (frame === 3 ? { index: 3, count: 3 } : undefined);
    const { user } = await writeReport(new FakeApi(), { placeOf, keyFrames: [keyFrame(1), keyFrame(3)] });
    await user.click(press('Mesures'));
    await user.click(press('Images clés'));
    expect(field('Résultats').value.split('\n')).toEqual([fr('Mesures :'), '- 12,5 mm', `${fr('Images clés :')} Im. 3/3.`]);
  });

  test('nothing is offered where there is nothing: no measurement, no key image, no score that was validated', async () => {
    await writeReport(new FakeApi(), { lines: [] });
    expect(screen.queryByRole('group', { name: 'Insérer' })).toBeNull();
  });

  test('the prior that is best compared, and what was signed of it beside', async () => {
    const api = new FakeApi()
      .on('listPriors', () => ({ items: [{ ...prior, isComparable: false, studyDate: '2026-01-01' }, prior], isWhole: true }))
      .on('getReport', ({ params }) =>
        params.studyInstanceUid === '1.9' ? { ...NONE, versions: [signed(1, HOSTILE)] } : { ...NONE, draft: draft() },
      );
    const { user } = await writeReport(api);
    await user.click(await screen.findByRole('button', { name: 'Antérieur' }));
    expect(field('Comparaison').value).toBe('Comparé à l’examen du 03/02/2025.');
    await user.click(screen.getByText('Antérieur du 03/02/2025'));
    expect((await screen.findByText(HOSTILE)).closest('[lang]')?.getAttribute('lang')).toBe('en');
  });
});

describe('texts that were kept', () => {
  const kept = [
    make(ReportEdit, {
      editId: idOf(60),
      version: null,
      sections: { ...EMPTY, impression: HOSTILE },
      language: 'en',
      author: null,
    }),
    make(ReportEdit, {
      editId: idOf(61),
      version: 1,
      sections: { ...EMPTY, findings: 'Rien.' },
      author: { id: idOf(2), name: 'Bâ' },
    }),
  ];

  test('are looked at when somebody asks; a refused one is told as one, and is taken up whole', async () => {
    const api = new FakeApi().on('listReportEdits', () => ({ items: kept }));
    const { user } = await writeReport(api);
    expect(api.of('listReportEdits')).toEqual([]);
    await user.click(screen.getByText('Textes gardés'));
    const row = (await screen.findByText(/^Une autre personne, .* · non repris$/)).closest('li');
    expect(within(row ?? document.body).getByText(HOSTILE)).toBeTruthy();
    await user.click(within(row ?? document.body).getByRole('button', { name: 'Reprendre' }));
    expect(field('Conclusion').value).toBe(HOSTILE);
    expect(screen.getByRole<HTMLSelectElement>('combobox', { name: 'Langue du texte' }).value).toBe('en');
    await waitFor(() => expect(sent(api).at(-1)).toMatchObject({ sections: { impression: HOSTILE }, language: 'en' }));
  });

  test.each([
    [() => ({ items: [] }), 'Aucun texte gardé.'],
    [() => new Refusal('NOT_FOUND'), 'Introuvable.'],
  ])('none, or none that one may see, is said', async (answer, text) => {
    const { user } = await writeReport(new FakeApi().on('listReportEdits', answer));
    await user.click(screen.getByText('Textes gardés'));
    expect(await screen.findByText(text)).toBeTruthy();
  });
});

describe('a signed report', () => {
  const api = (fields: Partial<StudyReport> = {}) =>
    new FakeApi().on('getReport', () => ({ ...NONE, versions: [signed(2, 'Pneumonie.', 1), signed(1, 'Normal.')], ...fields }));

  test('is amended upon its own text; those before it stand folded away', async () => {
    const of = api();
    const { user } = await writeReport(of);
    expect(field('Conclusion').value).toBe('Pneumonie.');
    expect(screen.getByText(/Version 2, corrige la version 1$/)).toBeTruthy();
    expect(screen.queryByText('Normal.')).toBeNull();
    await user.click(screen.getByText('1 version précédente'));
    expect(await screen.findByText('Normal.')).toBeTruthy();
    await waitFor(() => expect(sent(of)[0]).toMatchObject({ amends: 2, baseVersion: 0, language: 'en' }));
  });

  test('has its PDF, but where it was signed for another record, which is said', async () => {
    const [latest] = [signed(2, 'Pneumonie.')];
    const { close } = await openReport(api(), { role: 'STAFF' });
    const [link] = await screen.findAllByRole('link', { name: 'PDF' });
    expect(link?.getAttribute('href')).toMatch(/\/report\/versions\/2\/pdf\?groupId=none$/);
    close();
    await openReport(api({ versions: [{ ...latest, isOfOtherPatient: true }] }), { role: 'STAFF', locale: 'en' });
    expect((await screen.findByRole('alert')).textContent).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'PDF' })).toBeNull();
  });

  test('of a colleague who still writes is not shown to who is to say first what they see', async () => {
    await openReport(new FakeApi().on('getReport', () => ({ ...NONE, isDraftHidden: true })));
    expect(await screen.findByText(/Dites d’abord ce que vous voyez/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Écrire le compte rendu' })).toBeNull();
  });

  test('that can’t be had is asked for again by one press', async () => {
    let isAway = true;
    const { user } = await openReport(new FakeApi().on('getReport', () => (isAway ? new Refusal('NOT_FOUND') : NONE)));
    await screen.findByRole('button', { name: 'Réessayer' });
    expect(screen.queryByRole('button', { name: 'Écrire le compte rendu' })).toBeNull();
    isAway = false;
    await user.click(press('Réessayer'));
    expect(await screen.findByRole('button', { name: 'Écrire le compte rendu' })).toBeTruthy();
  });
});

test('a template that was begun with stays chosen when the language changes, and one that is gone is no template', async () => {
  const own = { level: 'OWN', siteId: null, modality: null, region: null } as const;
  const mine = make(ReportTemplate, { ...own, id: idOf(5), name: 'Mon foie', language: 'fr', sections: EMPTY });
  const api = new FakeApi()
    .on('listReportTexts', () => ({ templates: [mine], phrases: [] }))
    .on('getReport', () => ({ ...NONE, draft: draft({ template: idOf(99) }) }));
  const { user } = await writeReport(api);
  const template = screen.getByRole<HTMLSelectElement>('combobox', { name: 'Modèle' });
  await screen.findByRole('option', { name: 'Mon foie' });
  expect(template.selectedOptions[0]?.text).toBe('Sans modèle');
  await user.selectOptions(template, 'Mon foie');
  await user.selectOptions(screen.getByRole('combobox', { name: 'Langue du texte' }), 'Anglais');
  expect(template.selectedOptions[0]?.text).toBe('Mon foie');
  expect(field('Conclusion').lang).toBe('en');
});
