import { Group, ReportPhrase, ReportTemplate } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, listOf, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

const SECTIONS = { history: '', technique: '', comparison: '', findings: '<i>Foie</i>.', impression: '' };
const ofSite = (id: number, siteId: string | null, name: string) =>
  make(ReportTemplate, {
    id: idOf(id),
    level: 'SITE',
    siteId,
    name,
    language: 'fr',
    modality: 'US',
    region: null,
    sections: SECTIONS,
  });
const api = (): FakeApi =>
  new FakeApi()
    .on('getReportSite', () => ({ siteId: null, letterhead: null, mayDictate: null }))
    .on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Thiès' })]))
    .on('listReportTexts', () => ({
      templates: [ofSite(1, null, 'Foie'), ofSite(2, idOf(700), 'Rate')],
      phrases: [
        make(ReportPhrase, { id: idOf(3), level: 'SITE', siteId: null, language: 'fr', short: 'sp', text: '<b>Rien.</b>' }),
      ],
    }));
const open = async (of: FakeApi) => {
  const page = await openPage(of, '/app/admin/reports', { role: 'ADMIN' });
  await screen.findByRole('heading', { level: 1, name: 'Comptes rendus' });
  return page;
};
const templates = () => screen.findByRole('region', { name: 'Modèles' });

describe('templates and abbreviations of a site', () => {
  test('are shown as text, changed upon what they were, and brought back once deleted', async () => {
    const of = api()
      .on('saveReportTemplate', () => ofSite(1, null, 'Foie'))
      .on('deleteReportTemplate', () => undefined);
    const { user } = await open(of);
    expect(within(await templates()).queryByText('Rate')).toBeNull();
    expect(screen.getByText(/<b>Rien\.<\/b>/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: fr('Modifier « Foie »') }));
    const dialog = await screen.findByRole('dialog');
    const name = within(dialog).getByRole('textbox', { name: 'Nom' });
    expect(within(dialog).getByRole('textbox', { name: 'Résultats' })).toHaveProperty('value', '<i>Foie</i>.');
    await user.clear(name);
    await user.type(name, 'Foie et voies biliaires');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() =>
      expect(of.of('saveReportTemplate')[0]?.body).toEqual({
        ...{ level: 'SITE', siteId: null, replaces: idOf(1), name: 'Foie et voies biliaires', language: 'fr' },
        ...{ modality: 'US', region: null, sections: SECTIONS },
      }),
    );
    await user.click(await screen.findByRole('button', { name: fr('Supprimer « Foie »') }));
    await user.click(await screen.findByRole('button', { name: 'Annuler' }));
    await waitFor(() => expect(of.of('saveReportTemplate')[1]?.body).toMatchObject({ replaces: null, name: 'Foie' }));
  });

  test('are of the site that is chosen; an abbreviation that is none, or a taken one, is told', async () => {
    const of = api().on('saveReportPhrase', () => new Refusal('NAME_TAKEN'));
    const { user } = await open(of);
    await templates();
    await user.selectOptions(await screen.findByRole('combobox', { name: 'Site' }), 'Thiès');
    expect(within(await templates()).getByText('Rate')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Nouvelle abréviation' }));
    const dialog = await screen.findByRole('dialog');
    await user.type(within(dialog).getByRole('textbox', { name: 'Abréviation' }), 'a b');
    await user.type(within(dialog).getByRole('textbox', { name: 'Texte' }), 'Rien à signaler.');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    expect((await within(dialog).findByRole('alert')).textContent).toContain('16 au plus');
    await user.clear(within(dialog).getByRole('textbox', { name: 'Abréviation' }));
    await user.type(within(dialog).getByRole('textbox', { name: 'Abréviation' }), 'RAS');
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await within(dialog).findByText('Ce nom est déjà utilisé.');
    expect(of.of('saveReportPhrase').map(({ body }) => body)).toEqual([
      { level: 'SITE', siteId: idOf(700), replaces: null, language: 'fr', short: 'ras', text: 'Rien à signaler.' },
    ]);
  });

  test('come of a file of MRRT: what was read is looked over before it is kept, and what can’t be read is told', async () => {
    const of = api()
      .on('readReportTemplate', ({ body }) =>
        (body as { html: string }).html.includes('section')
          ? { name: '', language: null, sections: SECTIONS, leftOut: ['SCRIPTS' as const] }
          : new Refusal('TEMPLATE_UNREADABLE'),
      )
      .on('saveReportTemplate', () => ofSite(9, null, 'foie'));
    const { user } = await open(of);
    const input = within(await templates()).getByLabelText('Importer (MRRT)', { selector: 'input' });
    await user.upload(input, new File(['rien'], 'rien.html', { type: 'text/html' }));
    await screen.findByText(/n’est pas un modèle MRRT/);
    await user.upload(input, new File([new Uint8Array([0xff, 0xfe, 0x00])], 'image.html', { type: 'text/html' }));
    await screen.findByText(fr('Ce fichier n’est pas un texte.'));
    await user.upload(input, new File(['x'.repeat(300 * 1024)], 'grand.html', { type: 'text/html' }));
    await screen.findByText(/256/);
    expect(of.of('readReportTemplate')).toHaveLength(1);
    await user.upload(input, new File(['<section>'], 'foie.html', { type: 'text/html' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog.textContent).toContain('des scripts');
    expect(of.of('saveReportTemplate')).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'Enregistrer' }));
    await waitFor(() => expect(of.of('saveReportTemplate')[0]?.body).toMatchObject({ name: 'foie', sections: SECTIONS }));
  });
});

test('one’s own stand in the profile of who writes reports, and of nobody else', async () => {
  await openPage(api(), '/app/profile', { role: 'STAFF' });
  await screen.findByRole('heading', { level: 1, name: 'Mon profil' });
  expect(screen.queryByText('Mes abréviations')).toBeNull();
});

test('a letterhead without a name is not sent; one with it is, with whether people may dictate', async () => {
  const of = api().on('saveReportSite', ({ body }) => body as never);
  const { user } = await open(of);
  const form = await screen.findByRole('form', { name: 'En-tête des comptes rendus' });
  await user.selectOptions(within(form).getByRole('combobox', { name: 'En-tête des comptes rendus' }), 'Un en-tête propre');
  expect(form.textContent).toContain(fr('son éditeur peut envoyer le son à ses serveurs'));
  await user.selectOptions(within(form).getByRole('combobox', { name: 'Dictée' }), 'Autorisée');
  await user.click(within(form).getByRole('button', { name: 'Enregistrer' }));
  await within(form).findByText('Ce champ est obligatoire.');
  expect(of.of('saveReportSite')).toEqual([]);
  await user.type(within(form).getByRole('textbox', { name: 'Établissement' }), 'Fann');
  await user.type(within(form).getByRole('textbox', { name: 'Adresse et service' }), 'Radiologie{Enter} Dakar ');
  await user.click(within(form).getByRole('button', { name: 'Enregistrer' }));
  await waitFor(() =>
    expect(of.of('saveReportSite')[0]?.body).toEqual({
      ...{ siteId: null, mayDictate: true },
      letterhead: { name: 'Fann', lines: ['Radiologie', 'Dakar'], phone: null, logo: null },
    }),
  );
});
