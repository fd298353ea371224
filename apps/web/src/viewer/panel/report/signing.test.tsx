import { SignedReport } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, Refusal } from '../../../test/fake-api.ts';
import { fr } from '../../../test/page-fixture.tsx';
import { idOf, make } from '../../../test/sample.ts';
import { draft, EMPTY, NONE, sent, writeReport } from './report-fixture.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const SIGNED = make(SignedReport, {});
const signButton = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Signer' });
const conclusion = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Conclusion' });
const question = () => screen.queryByRole('alertdialog', { name: 'Signer' });
const unwritten = () =>
  new FakeApi().on('getReport', () => ({ ...NONE, draft: draft({ sections: EMPTY }) })).on('signReport', () => SIGNED);
const written = () => new FakeApi().on('signReport', () => SIGNED);

describe('before a report is signed', () => {
  test('its author is asked, by name and for whom, with the keyboard on the answer; names are text', async () => {
    const { user } = await writeReport(written(), { patient: `${HOSTILE}^Ан\u202eна` });
    await user.click(signButton());
    expect(question()?.textContent).toContain('Signer au nom de Jeanne Durand');
    expect(question()?.textContent).toContain(fr(`Patient : ${HOSTILE.toUpperCase()} Анна`));
    expect(document.querySelector('img')).toBeNull();
    expect(document.activeElement?.textContent).toBe('Oui, signer');
  });

  test.each([
    [
      'Annuler',
      (user: { click: (element: Element) => Promise<void> }) => user.click(screen.getByRole('button', { name: 'Annuler' })),
    ],
    ['Escape', (user: { keyboard: (keys: string) => Promise<void> }) => user.keyboard('{Escape}')],
  ] as const)('%s takes the question back, and the keyboard is where it was asked', async (_how, back) => {
    const api = written();
    const { user } = await writeReport(api);
    await user.click(signButton());
    await back(user);
    expect(question()).toBeNull();
    expect(document.activeElement).toBe(signButton());
    expect(api.of('signReport')).toEqual([]);
  });

  test('Control and Enter ask from any field, and sign nothing by themselves', async () => {
    const api = written();
    const { user } = await writeReport(api);
    await user.click(screen.getByRole('textbox', { name: 'Résultats' }));
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(question()).toBeTruthy();
    expect(api.of('signReport')).toEqual([]);
  });
});

describe('a report without a conclusion', () => {
  test('is not asked about, nor once its conclusion is begun: the keyboard stays with who types', async () => {
    const api = unwritten();
    const { user } = await writeReport(api);
    expect(signButton().disabled).toBe(true);
    await user.click(conclusion());
    await user.keyboard('{Control>}{Enter}{/Control}');
    expect(question()).toBeNull();
    await user.keyboard('Pas de fracture.');
    expect(document.activeElement).toBe(conclusion());
    expect([question(), conclusion().value]).toEqual([null, 'Pas de fracture.']);
    expect(api.of('signReport')).toEqual([]);
  });

  test('is no longer asked about when it is emptied while one is asked', async () => {
    const { user } = await writeReport(written());
    await user.click(signButton());
    await user.clear(conclusion());
    await user.type(conclusion(), 'Stable.');
    expect([question(), document.activeElement]).toEqual([null, conclusion()]);
  });

  test('of spaces alone is none', async () => {
    const { user } = await writeReport(unwritten());
    await user.type(conclusion(), '   ');
    expect(signButton().disabled).toBe(true);
  });
});

describe('what is signed', () => {
  test('is what was typed last, kept before it is signed', async () => {
    const api = written().on('saveReport', () => draft({ version: 7 }));
    const { user } = await writeReport(api);
    await user.type(conclusion(), ' Et stable.');
    await user.click(signButton());
    await user.click(screen.getByRole('button', { name: 'Oui, signer' }));
    await waitFor(() => expect(api.of('signReport')).toHaveLength(1));
    expect(sent(api).at(-1)?.sections.impression).toBe('Texte. Et stable.');
    expect(api.of('signReport')[0]?.body).toEqual({ version: 7, patientId: idOf(1), areValuesLossless: true });
    expect(await screen.findByRole('button', { name: 'Écrire le compte rendu' })).toBeTruthy();
  });

  test('is nothing while the text can’t be kept', async () => {
    const api = written().on('saveReport', () => new Refusal('UNAVAILABLE'));
    const { user } = await writeReport(api);
    await user.type(conclusion(), ' Stable.');
    await user.click(signButton());
    await user.click(screen.getByRole('button', { name: 'Oui, signer' }));
    expect((await screen.findByRole('alert')).textContent).toContain('Pas encore enregistré');
    expect(api.of('signReport')).toEqual([]);
    expect(conclusion().value).toBe('Texte. Stable.');
  });

  test.each([
    ['REPORT_OF_OTHER_PATIENT', /n’est plus au patient/],
    ['FORBIDDEN', /Votre rôle ne permet pas/],
    ['NOT_FOUND', /Introuvable/],
  ] as const)('is refused in so many words where it may not be (%s), and the text stays', async (code, text) => {
    const { user } = await writeReport(written().on('signReport', () => new Refusal(code)));
    await user.click(signButton());
    const dialog = within(question() ?? document.body);
    await user.click(dialog.getByRole('button', { name: 'Oui, signer' }));
    expect((await screen.findByRole('alert')).textContent).toMatch(text);
    expect(conclusion().value).toBe('Texte.');
    await waitFor(() => expect(dialog.getByRole<HTMLButtonElement>('button', { name: 'Oui, signer' }).disabled).toBe(false));
  });
});
