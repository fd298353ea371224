import { ReportPhrase, ReportTemplate, SignedReport } from '@negatoscope/contract';
import { act, cleanup, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi, Refusal } from '../../../test/fake-api.ts';
import { fr } from '../../../test/page-fixture.tsx';
import { idOf, make } from '../../../test/sample.ts';
import { expanded, expandedByKey, phrasesOf } from './phrases.ts';
import { draft, EMPTY, NONE, openReport as open, sent } from './report-fixture.tsx';
import { changeTemplate, TEMPLATES, templateText, textsOf } from './templates.ts';

afterEach(() => vi.stubGlobal('SpeechRecognition', undefined));

describe('the report', () => {
  test('is kept as it is typed, with normal text, abbreviations and measurements, and signed as it stands', async () => {
    const api = new FakeApi()
      .on('saveReport', ({ body }) => draft({ version: (body as { baseVersion: number }).baseVersion + 1 }))
      .on('signReport', () => ({ ...make(SignedReport, {}), isOfOtherPatient: false }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    await user.selectOptions(screen.getByRole('combobox', { name: 'Modèle' }), 'Radiographie thoracique');
    await user.click(screen.getByRole('button', { name: 'Mesures' }));
    const history = screen.getByRole('textbox', { name: 'Indication' });
    await user.type(history, '.ct ');
    expect(history).toHaveProperty('value', 'Contrôle conseillé. ');
    await waitFor(() => expect(sent(api).at(-1)?.sections.history).toBe('Contrôle conseillé. '));
    expect(sent(api).at(-1)?.sections.findings).toMatch(/Parenchyme[\s\S]+Mesures[\s\S]+12,5 mm/);
    await screen.findByText(/^Enregistré/);
    await user.click(screen.getByRole('button', { name: 'Signer' }));
    expect(screen.getByText(/SOW Awa/)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Oui, signer' }));
    await waitFor(() => expect(api.of('signReport')).toHaveLength(1));
    expect(api.of('signReport')[0]?.body).toEqual({ version: sent(api).length, patientId: idOf(1), areValuesLossless: true });
  });

  test('is begun with one’s own or the site’s template, and Tab writes one’s own abbreviation out', async () => {
    const shared = { siteId: null, language: 'fr', modality: 'US', region: 'Foie' } as const;
    const sections = { ...EMPTY, history: 'Bilan.', findings: '<b>Foie</b> : [taille] cm.' };
    const template = make(ReportTemplate, { ...shared, id: idOf(5), level: 'OWN', name: 'Mon foie', sections });
    const api = new FakeApi()
      .on('listReportTexts', () => ({
        templates: [template, { ...template, id: idOf(6), language: 'en', name: 'Liver' }],
        phrases: [make(ReportPhrase, { level: 'OWN', siteId: null, language: 'fr', short: 'norm', text: 'Sans particularité.' })],
      }))
      .on('saveReport', () => draft());
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    await screen.findByRole('option', { name: 'Mon foie (US, Foie)' });
    expect(screen.queryByRole('option', { name: /Liver/ })).toBeNull();
    await user.selectOptions(screen.getByRole('combobox', { name: 'Modèle' }), 'Mon foie (US, Foie)');
    expect(screen.getByRole('textbox', { name: 'Résultats' })).toHaveProperty('value', sections.findings);
    const impression = screen.getByRole('textbox', { name: 'Conclusion' });
    await user.type(impression, '.norm');
    await user.tab();
    expect(impression).toHaveProperty('value', 'Sans particularité.');
    expect(document.activeElement).toBe(impression);
    await user.tab();
    expect(document.activeElement).not.toBe(impression);
    await waitFor(() => expect(api.of('saveReport').at(-1)?.body).toMatchObject({ template: idOf(5) }));
  });

  test('of two authors shows the other text, and goes on with the one that is chosen', async () => {
    const api = new FakeApi().on('saveReport', ({ body }) =>
      (body as { baseVersion: number }).baseVersion === 0
        ? new Refusal('REPORT_CHANGED', { current: draft({ version: 4, sections: { ...EMPTY, impression: 'De Bâ.' } }) })
        : draft({ version: 5 }),
    );
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    await user.type(screen.getByRole('textbox', { name: 'Conclusion' }), 'Le mien.');
    expect((await screen.findByRole('alert')).textContent).toContain('De Bâ.');
    expect(screen.getByRole('button', { name: 'Signer' })).toHaveProperty('disabled', true);
    await user.click(screen.getByRole('button', { name: 'Continuer avec le mien' }));
    await waitFor(() => expect(sent(api).at(-1)).toMatchObject({ baseVersion: 4, sections: { impression: 'Le mien.' } }));
    await screen.findByText(/^Enregistré/);
  });

  test('stays while the server is away and is sent again, the same text under the same id', async () => {
    const api = new FakeApi().on('saveReport', () => draft());
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    api.away(true);
    await user.type(screen.getByRole('textbox', { name: 'Conclusion' }), 'Hors ligne.');
    await screen.findByText(/Pas encore enregistré/);
    api.away(false);
    await user.click(screen.getByRole('button', { name: 'Réessayer' }));
    await screen.findByText(/^Enregistré/);
    expect(sent(api)).toHaveLength(1);
    expect(sent(api)[0]?.sections.impression).toBe('Hors ligne.');
  });

  test('of a study that has gone to another record is read again for that patient before it is signed', async () => {
    const api = new FakeApi()
      .on('getReport', () => ({ ...NONE, patientId: idOf(7), draft: draft({ isOfOtherPatient: true }) }))
      .on('saveReport', () => draft({ version: 2, writtenFor: idOf(7) }));
    const { user } = await open(api);
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    expect(screen.getByRole('button', { name: 'Signer' })).toHaveProperty('disabled', true);
    await user.click(await screen.findByRole('button', { name: 'Je l’ai relu pour ce patient' }));
    await waitFor(() => expect(sent(api).at(-1)).toMatchObject({ patientId: idOf(7), baseVersion: 1 }));
    await waitFor(() => expect(screen.getByRole('button', { name: 'Signer' })).toHaveProperty('disabled', false));
  });

  test('is not signed while a measurement comes from a preview', async () => {
    const api = new FakeApi().on('getReport', () => ({ ...NONE, draft: draft() }));
    const { user } = await open(api, { lines: ['12,5 mm', fr('provisoire : aperçu')] });
    await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
    expect(screen.getByRole('button', { name: 'Signer' })).toHaveProperty('disabled', true);
    expect(screen.queryByRole('button', { name: 'Mesures' })).toBeNull();
  });

  test('is read by who does not write: what was signed, as text', async () => {
    const hostile = '<img src=x onerror="alert(1)">';
    const one = make(SignedReport, {});
    const version = { ...one, content: { ...one.content, sections: { ...EMPTY, impression: hostile } } };
    await open(
      new FakeApi().on('getReport', () => ({ ...NONE, versions: [version] })),
      { lines: [], role: 'STAFF' },
    );
    expect((await screen.findByTestId('signed-report')).textContent).toContain(hostile);
    expect(document.querySelector('img')).toBeNull();
    expect(screen.queryByRole('button', { name: 'Corriger' })).toBeNull();
  });
});

test('dictation puts what was understood at the cursor by F8, where the site lets one and the browser can', async () => {
  const made: FakeRecognition[] = [];
  class FakeRecognition extends EventTarget {
    lang = '';
    constructor() {
      super();
      made.push(this);
    }
    start(): void {}
    stop(): void {
      this.dispatchEvent(new Event('end'));
    }
    say(transcript: string): void {
      this.dispatchEvent(Object.assign(new Event('result'), { resultIndex: 0, results: [{ isFinal: true, 0: { transcript } }] }));
    }
  }
  const of = (mayDictate: boolean) =>
    new FakeApi().on('getReport', () => ({ ...NONE, mayDictate, draft: draft() })).on('saveReport', () => draft({ version: 2 }));
  vi.stubGlobal('SpeechRecognition', FakeRecognition);
  const { user } = await open(of(true));
  await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
  const impression = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Conclusion' });
  await user.click(impression);
  impression.setSelectionRange(0, 0);
  await user.keyboard('{F8}');
  expect(made[0]?.lang).toBe('fr-FR');
  act(() => made[0]?.say('pas de fracture. '));
  await waitFor(() => expect(impression.value).toBe('Pas de fracture.Texte.'));
  act(() => made[0]?.say('stable'));
  await waitFor(() => expect(impression.value).toBe('Pas de fracture. StableTexte.'));
  expect(screen.getByRole('button', { name: /Arrêter la dictée.*Conclusion/ }).getAttribute('aria-pressed')).toBe('true');
  await user.keyboard('{F8}');
  expect(screen.queryByRole('button', { name: /Arrêter la dictée/ })).toBeNull();
  expect(made).toHaveLength(1);
});

test('dictation is not there where the browser has none, or the site does not let one', async () => {
  const of = (mayDictate: boolean) => new FakeApi().on('getReport', () => ({ ...NONE, mayDictate, draft: draft() }));
  const { user } = await open(of(true));
  await user.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
  expect(screen.queryByRole('button', { name: /Dicter/ })).toBeNull();
  cleanup();
  vi.stubGlobal('SpeechRecognition', EventTarget);
  const { user: other } = await open(of(false));
  await other.click(await screen.findByRole('button', { name: 'Écrire le compte rendu' }));
  expect(screen.queryByRole('button', { name: /Dicter/ })).toBeNull();
});

test('an abbreviation is written out where it stands alone, and nowhere else', () => {
  const phrases = phrasesOf('fr', []);
  expect(expanded({ text: 'a .tn ', at: 6 }, phrases)).toEqual({ text: 'a Radiographie thoracique normale. ', at: 35 });
  for (const text of ['a.tn ', '.tn', '.zz ', 'tn ']) expect(expanded({ text, at: text.length }, phrases).text).toBe(text);
});

test('one’s own abbreviation comes before the site’s, which comes before ours, in its language', () => {
  const kept = (level: 'OWN' | 'SITE', text: string, language: 'fr' | 'en' = 'fr') =>
    make(ReportPhrase, { level, siteId: null, language, short: 'tn', text });
  const phrases = phrasesOf('fr', [kept('OWN', 'À moi.'), kept('SITE', 'Du site.'), kept('OWN', 'Mine.', 'en')]);
  expect(expandedByKey({ text: '(.TN', at: 4 }, phrases)).toEqual({ text: '(À moi.', at: 7 });
  expect(expandedByKey({ text: '.pe', at: 3 }, phrases)?.text).toBe('Pas d’épanchement pleural.');
  expect(expandedByKey({ text: '.tn ', at: 4 }, phrases)).toBeUndefined();
  expect(phrasesOf('en', [kept('SITE', 'Du site.')]).get('tn')).toBe('Normal chest radiograph.');
});

test('another template takes the place of what nobody changed of the one before', () => {
  const film = changeTemplate(EMPTY, undefined, templateText('chest-film', 'fr'));
  const own = { ...film, impression: 'Pneumonie.' };
  const kept = make(ReportTemplate, { id: idOf(5), sections: { ...EMPTY, history: 'Toux.', findings: 'Bronches.' } });
  expect(changeTemplate(own, textsOf('chest-film', 'fr', []), templateText('bone', 'fr'))).toMatchObject({
    findings: templateText('bone', 'fr').findings,
    impression: 'Pneumonie.',
  });
  const begun = changeTemplate(own, textsOf('chest-film', 'fr', []), textsOf(idOf(5), 'fr', [kept]) ?? {});
  expect(begun).toEqual({ ...EMPTY, history: 'Toux.', findings: 'Bronches.', impression: 'Pneumonie.' });
  expect(changeTemplate(begun, kept.sections, templateText('free', 'fr'))).toEqual({ ...EMPTY, impression: 'Pneumonie.' });
  for (const name of TEMPLATES) for (const language of ['fr', 'en'] as const) expect(templateText(name, language)).toBeDefined();
});
