import { DeidPreview } from '@negatoscope/contract';
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { FakeApi, listOf } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { make } from './sample.ts';

const preview = (more: Partial<DeidPreview> = {}): DeidPreview =>
  make(DeidPreview, {
    ...{ patient: 'DIALLO Awa', because: null, isRecognisable: false, changes: [], unseen: null },
    ...{ studyDate: '2026-01-10', description: 'Thorax', picture: 'data:image/jpeg;base64,AAAA' },
    ...more,
  });

async function shown(one: DeidPreview, locale: 'fr' | 'en' = 'fr') {
  const api = new FakeApi()
    .on('listDeidProjects', () => ({ items: [] }))
    .on('getPatient', () => patientOf(1))
    .on('listStudies', () => listOf([studyOf(1)]))
    .on('previewDeid', () => ({ items: [one], studies: 1 }));
  const { user } = await openPage(api, `/app/patients/${patientOf(1).id}`, { role: 'PHYSICIAN', locale });
  const fr = locale === 'fr';
  await user.click(await screen.findByRole('button', { name: fr ? 'Exporter sans identité' : 'Export without identity' }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.click(dialog.getByRole('button', { name: fr ? /^Aperçu/ : /^Preview/ }));
  return within(await dialog.findByRole('region', { name: /DIALLO Awa/ }));
}

test.each([
  ['fr', /sans que personne ne l’ait regardé/, /^!?2 endroits ressemblent à du texte/],
  ['en', /without anybody having looked/, /^!?2 places look like text/],
] as const)(
  'of a file that leaves by its header it is said that nobody has looked, and where something looks like text (%s)',
  async (locale, unseen, looks) => {
    const places = [
      { left: 1, top: 2, right: 30, bottom: 12 },
      { left: 1, top: 20, right: 30, bottom: 32 },
    ];
    const region = await shown(preview({ unseen: { rows: 64, columns: 64, looks: places } }), locale);
    expect(region.getByText(unseen)).toBeTruthy();
    expect(region.getByText(looks)).toBeTruthy();
    expect(document.querySelectorAll('figure svg rect')).toHaveLength(2);
  },
);

test('where nothing looks like text only that is said, and nothing of what a person has looked at or what stays', async () => {
  const region = await shown(preview({ unseen: { rows: 64, columns: 64, looks: [] } }));
  expect(region.getByText(/sans que personne ne l’ait regardé/)).toBeTruthy();
  expect(region.queryByText(/ressemble/)).toBeNull();
});

test('of what a person has looked at nothing of the kind is said', async () => {
  const region = await shown(preview());
  expect(region.queryByText(/regardé/)).toBeNull();
});
