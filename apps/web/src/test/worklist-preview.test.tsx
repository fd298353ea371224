import { Prior, Series, SignedReport, StudyDetail, StudyReport } from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';
const seriesOf = (number: number, description = `Série ${number}`) =>
  make(Series, { id: idOf(600 + number), seriesInstanceUid: `2.25.9.${number}`, modality: 'CT', description });
const detailOf = (number: number, series = [seriesOf(1), seriesOf(2)]) => make(StudyDetail, { ...studyOf(number), series });
const signed = (impression: string) => {
  const sample = make(SignedReport, {});
  const sections = { ...sample.content.sections, findings: 'Pas de lésion.', impression };
  const content = { ...sample.content, sections, signedBy: { id: idOf(5), name: 'Dr Roux' } };
  return make(StudyReport, { versions: [{ ...sample, content }] });
};

/** A list keeps the row where it was left: each test has one of its own. */
let lists = 0;
async function open(api: FakeApi, options: Parameters<typeof openPage>[2] = {}) {
  api.on('listStudies', () => listOf([studyOf(1), studyOf(2)]));
  lists += 1;
  const page = await openPage(api, `/app/worklist?q=list${lists}`, options);
  await screen.findByText('Thorax 1');
  const aside = () => screen.findByRole('complementary', { name: 'Aperçu' });
  return { ...page, aside };
}

describe('the preview beside the worklist', () => {
  test('opens by its key with the row of the cursor: pictures in place of the boxes, whose it is, what was reported', async () => {
    let arrive: (value: unknown) => void = () => undefined;
    const api = new FakeApi()
      .on('getStudy', () => new Promise((resolve) => (arrive = resolve)))
      .on('getReport', () => signed('Normal.'))
      .on('listPriors', () => ({ items: [], isWhole: true }));
    const { user, aside } = await open(api);
    await user.keyboard('j');
    await user.keyboard('p');
    const shown = await aside();
    expect(await within(shown).findByRole('heading', { name: 'BERNARD Anna' })).toBeTruthy();
    expect(shown.querySelectorAll('.ng-skeleton')).toHaveLength(2);
    await waitFor(() => expect(api.of('getStudy')).toHaveLength(1));
    arrive(detailOf(1));
    const picture = await within(shown).findByRole('img', { name: 'CT Série 1' });
    expect(picture.getAttribute('src')).toMatch(/2\.25\.1\/series\/2\.25\.9\.1\/thumbnail$/);
    expect(shown.querySelectorAll('.ng-skeleton')).toHaveLength(0);
    expect(await within(shown).findByText('Normal.')).toBeTruthy();
    expect(shown.textContent).toContain('Dr Roux');
    expect(within(shown).getByText('Aucun examen antérieur.')).toBeTruthy();
  });

  test('does not stand as boxes where the study can’t be read: it says why, and asks again', async () => {
    let isDown = true;
    const api = new FakeApi().on('getStudy', () => (isDown ? new Refusal('UNAVAILABLE') : detailOf(1)));
    const { user, aside } = await open(api);
    await user.keyboard('jp');
    const alert = await within(await aside()).findByRole('alert');
    expect((await aside()).querySelectorAll('.ng-skeleton')).toHaveLength(0);
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await within(await aside()).findByRole('img', { name: 'CT Série 1' })).toBeTruthy();
  });

  test('without a row says how to choose one, follows the cursor, and asks for none that one only passes', async () => {
    const api = new FakeApi().on('getStudy', ({ params }) => detailOf(params.studyInstanceUid === '2.25.1' ? 1 : 2));
    const { user, aside } = await open(api);
    await user.click(screen.getByRole('button', { name: 'Aperçu' }));
    expect(within(await aside()).getByText('Choisissez un examen : son aperçu apparaît ici.')).toBeTruthy();
    await user.keyboard('jj');
    expect(await within(await aside()).findByRole('heading', { name: 'PETIT Anna' })).toBeTruthy();
    await within(await aside()).findByRole('img', { name: 'CT Série 1' });
    expect(api.of('getStudy').map(({ params }) => params.studyInstanceUid)).toEqual(['2.25.2']);
  });

  test('is left by its button or its key, and opens the study', async () => {
    const { user, aside, address } = await open(new FakeApi().on('getStudy', () => detailOf(1)));
    await user.keyboard('jp');
    await user.click(within(await aside()).getByRole('button', { name: 'Fermer l’aperçu' }));
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Aperçu' })).toBeNull());
    await user.keyboard('p');
    await aside();
    await user.keyboard('p');
    await waitFor(() => expect(screen.queryByRole('complementary', { name: 'Aperçu' })).toBeNull());
    await user.keyboard('p');
    await user.click(await within(await aside()).findByRole('button', { name: 'Ouvrir' }));
    await waitFor(() => expect(address()).toBe('/app/studies/2.25.1?groupId=none'));
  });

  test('a picture that is not there keeps its place by its name, which is text', async () => {
    const api = new FakeApi().on('getStudy', () => detailOf(1, [seriesOf(1, HOSTILE)]));
    const { user, aside } = await open(api);
    await user.keyboard('jp');
    fireEvent.error(await within(await aside()).findByRole('img'));
    expect(within(await aside()).queryByRole('img')).toBeNull();
    expect(within(await aside()).getAllByText(`CT ${HOSTILE}`)).toHaveLength(2);
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });

  test('lists what was made before, each with its own address', async () => {
    const prior = make(Prior, {
      ...{ id: idOf(40), studyInstanceUid: '2.25.77', groupId: idOf(700), studyDate: '2024-05-06', modalities: ['CR'] },
      ...{ description: 'Face', rank: 1 },
    });
    const api = new FakeApi().on('getStudy', () => detailOf(1)).on('listPriors', () => ({ items: [prior], isWhole: true }));
    const { user, aside } = await open(api);
    await user.keyboard('jp');
    const link = await within(await aside()).findByRole('link', { name: /06\/05\/2024.*Face/ });
    expect(link.getAttribute('href')).toBe(`/app/studies/2.25.77?groupId=${idOf(700)}`);
    expect(api.of('listPriors')[0]?.query).toEqual({ groupId: 'none', limit: 5 });
  });

  test('shows no report to who may read none, and does not ask for it', async () => {
    const api = new FakeApi().on('getStudy', () => detailOf(1));
    const { user, aside } = await open(api, { role: 'RESEARCHER' });
    await user.keyboard('jp');
    await within(await aside()).findByRole('img', { name: 'CT Série 1' });
    expect(within(await aside()).queryByRole('heading', { name: 'Compte rendu' })).toBeNull();
    expect(api.of('getReport')).toEqual([]);
  });

  test('says that nothing was signed, and shows nothing that was signed for another record', async () => {
    const none = new FakeApi().on('getStudy', () => detailOf(1)).on('getReport', () => make(StudyReport, {}));
    const first = await open(none);
    await first.user.keyboard('jp');
    expect(await screen.findByText('Pas de compte rendu signé.')).toBeTruthy();
    first.close();
    const report = signed('De quelqu’un d’autre.');
    const other = { ...report, versions: report.versions.map((version) => ({ ...version, isOfOtherPatient: true })) };
    const api = new FakeApi().on('getStudy', () => detailOf(1)).on('getReport', () => other);
    const { user, aside } = await open(api);
    await user.keyboard('jp');
    await waitFor(() => expect(api.of('getReport')).toHaveLength(1));
    await within(await aside()).findByRole('img', { name: 'CT Série 1' });
    expect(screen.queryByText('De quelqu’un d’autre.')).toBeNull();
  });
});
