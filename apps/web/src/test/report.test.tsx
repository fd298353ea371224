import { ImportReport } from '@negatoscope/contract';
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { FakeApi, Refusal } from './fake-api.ts';
import { openPage } from './page-fixture.tsx';
import { patientOf, studyOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ADDRESS = `/app/imports/${idOf(400)}`;
type File = ImportReport['files'][number];
const fileOf = (name: string, outcome: File['outcome'], fields: Partial<File> = {}): File => ({
  name,
  outcome,
  sizeBytes: 1000,
  ...fields,
});

/** A report whose numbers are those of its files. */
function reportOf(files: readonly File[], fields: Partial<z.input<typeof ImportReport>> = {}): ImportReport {
  const count = (outcome: File['outcome']): number => files.filter((one) => one.outcome === outcome).length;
  return make(ImportReport, {
    id: idOf(400),
    status: 'DONE',
    received: files.length,
    stored: count('stored'),
    duplicates: count('duplicate'),
    conflicts: count('conflict'),
    rejected: count('rejected'),
    ignored: count('ignored'),
    files: [...files],
    ...fields,
  });
}
const api = (report: ImportReport): FakeApi =>
  new FakeApi()
    .on('getImport', () => report)
    .on('getPatient', () => patientOf(1))
    .on('getStudy', () => ({ ...studyOf(1), series: [] }));
const list = () => screen.findByRole('region', { name: 'Fichiers' });
const names = (of: HTMLElement): string[] =>
  within(of)
    .getAllByRole('row')
    .flatMap((row) => (row.dataset.row === undefined ? [] : [row.dataset.row.split('|')[0] ?? '']));

describe('the report of an import', () => {
  test('leads with what needs a person: refusals by reason, conflicts, what the CD lacks', async () => {
    const files = [
      fileOf('IM1', 'stored'),
      fileOf('IM2', 'rejected', { reason: 'IDENTITY_MISMATCH' }),
      fileOf('IM3', 'rejected', { reason: 'IDENTITY_MISMATCH' }),
      fileOf('IM4', 'rejected', { reason: 'MISSING_SOP_CLASS_UID' }),
      fileOf('IM5', 'rejected', { reason: 'ANNOUNCED_BUT_MISSING' }),
      fileOf('IM6', 'conflict'),
    ];
    await openPage(api(reportOf(files)), ADDRESS);
    const alert = await screen.findByRole('alert');
    expect(within(alert).getByText('3 fichiers refusés')).toBeTruthy();
    expect(
      within(alert)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent?.slice(0, 3)),
    ).toEqual(['2 ×', '1 ×']);
    expect(alert.textContent).toContain('importez-les sans choisir de patient');
    expect(screen.getByText('Le CD annonce 1 image qui n’y est pas')).toBeTruthy();
    const conflicts = screen.getByRole('link', { name: 'Voir les conflits' });
    expect(conflicts.getAttribute('href')).toBe(`/app/conflicts?importId=${idOf(400)}`);
    expect(screen.getByText(/Import terminé avec 4 refus/)).toBeTruthy();
  });

  test('that changed nothing says so, and points at images that are here under another name', async () => {
    const report = reportOf([fileOf('IM1', 'duplicate'), fileOf('IM2', 'duplicate')], {
      alreadyUnder: [{ id: patientOf(1).id, recordNumber: 'NG-1', files: 2, isOther: true }],
    });
    await openPage(api(report), ADDRESS);
    expect(await screen.findByText('Tout était déjà là : rien n’a changé.')).toBeTruthy();
    expect(await screen.findByText('2 images sont déjà là, sous le nom de BERNARD Anna.')).toBeTruthy();
  });

  test('lists files by outcome; what came along is one line until one asks', async () => {
    const files = [
      fileOf('IM1', 'stored'),
      fileOf('IM2', 'duplicate'),
      ...Array.from({ length: 3 }, (_, index) => fileOf(`AUTORUN${index}`, 'ignored')),
    ];
    const { user } = await openPage(api(reportOf(files)), ADDRESS);
    expect(names(await list())).toEqual(['IM1', 'IM2']);
    await user.click(screen.getByRole('button', { name: 'Déjà présents 1' }));
    expect(names(await list())).toEqual(['IM2']);
    await user.click(screen.getByRole('button', { name: 'Tous 5' }));
    await user.click(screen.getByRole('button', { name: /3 fichiers annexes ignorés/ }));
    expect(names(await list())).toEqual(['AUTORUN0', 'AUTORUN1', 'AUTORUN2']);
    // Without conflicts there is nothing to choose.
    expect(screen.queryByRole('button', { name: /Conflits/ })).toBeNull();
  });

  test('of who sees pseudonyms says that it is kept apart, in their language', async () => {
    const report = reportOf([fileOf('IM1', 'stored')], { studies: [{ studyInstanceUid: '2.25.1', groupId: null }] });
    await openPage(api(report), ADDRESS, { role: 'RESEARCHER', locale: 'en' });
    expect(await screen.findByText(/kept apart/)).toBeTruthy();
  });

  test('names whose text was read by a guess', async () => {
    const file = fileOf('IM1', 'stored', { reason: 'TEXT_UNCERTAIN', studyInstanceUid: '2.25.1' });
    await openPage(api(reportOf([file], { studies: [{ studyInstanceUid: '2.25.1', groupId: null }] })), ADDRESS);
    const notice = (await screen.findByText('1 examen au texte incertain')).closest('[role="status"]') as HTMLElement; // The notice around it.
    expect(await within(notice).findByRole('link', { name: 'BERNARD Anna' })).toBeTruthy();
  });

  test('that is not there, and one that can’t be read', async () => {
    const { close } = await openPage(
      new FakeApi().on('getImport', () => new Refusal('NOT_FOUND')),
      ADDRESS,
    );
    expect(await screen.findByText('Cette page n’existe pas')).toBeTruthy();
    close();
    let isDown = true;
    const again = new FakeApi().on('getImport', () => (isDown ? new Refusal('INTERNAL') : reportOf([fileOf('IM1', 'stored')])));
    const { user } = await openPage(again, ADDRESS);
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(names(await list())).toEqual(['IM1']);
  });
});
