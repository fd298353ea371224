import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildZip, chestXray } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath, openTabOf, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { type Stage, setStage } from './support/stage.ts';

const ANA = { PatientName: 'Martin^Ana', PatientID: 'ANA-1', PatientBirthDate: '19700203', SpecificCharacterSet: 'ISO_IR 192' };
const LUC = { PatientName: 'Núñez^Luc', PatientID: 'LUC-1', PatientBirthDate: '19410506', SpecificCharacterSet: 'ISO_IR 192' };
const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const REASON = 'Erreur de la console, vérifié avec la patiente';

/** A stranger's images on their way into a patient's record: told, refused, attached with a reason, moved to their owner, and back. */
describe.skipIf(chromiumPath === undefined)('images of another person than the patient they are imported for', () => {
  let admin: Tab;
  let tmp: string;
  let folder: string;
  let archive: string;
  let patientId: string;
  let ownerId: string;
  let strangerStudy: string;
  const people = new Map<string, Tab>();

  const begin = async ({ tab, server, browser }: Stage): Promise<void> => {
    admin = tab;
    tmp = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-stranger-'));
    folder = path.join(tmp, 'folder');
    mkdirSync(folder);
    const films = [
      ...chestXray({ seed: 'ana', rows: 64, columns: 64, dataset: ANA }),
      ...chestXray({ seed: 'luc', rows: 64, columns: 64, dataset: LUC }),
    ];
    expect(await storeInstances(admin, films)).toBe(200);
    for (const film of chestXray({
      seed: 'stranger',
      rows: 64,
      columns: 64,
      dataset: { ...LUC, StudyDescription: 'Thorax de Luc' },
    })) {
      strangerStudy = film.studyInstanceUid;
      writeFileSync(path.join(folder, 'IM1'), film.bytes);
      const entry = { bytes: film.bytes, method: 8 };
      archive = path.join(tmp, 'cd.zip');
      writeFileSync(
        archive,
        buildZip([
          { ...entry, name: 'DICOM/IM1' },
          { name: 'LISEZMOI.TXT', bytes: Buffer.from('…') },
        ]),
      );
    }
    const { items } = await (await admin.page.request.get('/api/patients?sort=name')).json();
    [patientId, ownerId] = items.map(({ id }: { id: string }) => id);
    for (const role of ['STAFF', 'PHYSICIAN']) {
      const answer = await admin.page.request.post('/api/users', {
        headers: { 'x-csrf-token': await csrfOf(admin) },
        data: {
          email: `${role.toLowerCase()}@example.org`,
          password: PASSWORD,
          firstName: 'Une',
          lastName: role,
          role,
          level: 'WRITE',
        },
      });
      expect(answer.status()).toBe(201);
      people.set(role, await openTabOf(browser, { ...server, email: `${role.toLowerCase()}@example.org` }));
    }
  };
  setStage(begin, { drawnBy: 'processor', isAlone: true });
  afterAll(async () => {
    for (const { context } of people.values()) await context.close();
    rmSync(tmp, { recursive: true, force: true });
  });

  /** Their page stays open from test to test; each goes where it begins. */
  const tabOf = (role: 'STAFF' | 'PHYSICIAN'): Tab => {
    const tab = people.get(role);
    if (tab === undefined) throw new Error(`Nobody is signed in as ${role}.`);
    return tab;
  };
  const chooseFolder = async (page: Page): Promise<void> => {
    await visit(page, `/app/import?patientId=${patientId}`);
    await page.getByText('Pour MARTIN Ana').waitFor();
    await page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);
    await page.getByText('Ces images ne portent pas le nom de MARTIN Ana').first().waitFor();
  };
  const studiesOf = async (tab: Tab, id: string): Promise<string[]> =>
    (await (await tab.page.request.get(`/api/studies?patientId=${id}`)).json()).items.map(
      (study: { studyInstanceUid: string }) => study.studyInstanceUid,
    );

  it('the desk is told before anything is sent, sees both identities, and may not attach them', async () => {
    const desk = tabOf('STAFF');
    await chooseFolder(desk.page);
    const panel = desk.page.getByRole('region', { name: /Ces images ne portent pas/ });
    expect(await panel.textContent()).toMatch(/MARTIN Ana[\s\S]*Núñez Luc[\s\S]*03\/02\/1970[\s\S]*06\/05\/1941/);
    expect(await panel.getByRole('radio').count()).toBe(2);
    await panel.getByText('revient à un médecin').waitFor();
    expect((await (await desk.page.request.get('/api/imports')).json()).items).toEqual([]);
    const refused = await desk.page.request.post('/api/imports', {
      headers: { 'x-csrf-token': await csrfOf(desk) },
      data: { patientId, acceptMismatch: true, mismatchReason: REASON },
    });
    expect(refused.status()).toBe(403);
    await desk.page.getByRole('button', { name: 'Annuler' }).click();
    await desk.page.getByText('Déposez un dossier').waitFor();
    expect(desk.problems).toEqual([]);
  });

  it('a ZIP is looked into by the page: both identities are seen before a byte of it is sent', async () => {
    const desk = tabOf('STAFF');
    const { page } = desk;
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    await visit(page, `/app/import?patientId=${patientId}`);
    await page.getByText('Pour MARTIN Ana').waitFor();
    await page.locator('input[type=file]:not([webkitdirectory])').setInputFiles(archive);
    const panel = page.getByRole('region', { name: /Ces images ne portent pas le nom de MARTIN Ana/ });
    await panel.waitFor();
    expect(await panel.textContent()).toMatch(/MARTIN Ana[\s\S]*Núñez Luc[\s\S]*03\/02\/1970[\s\S]*06\/05\/1941/);
    expect(sent).toEqual(['/api/imports/identify']);
    expect((await (await page.request.get('/api/imports')).json()).items).toEqual([]);
    expect(desk.problems).toEqual([]);
  });

  it('images that name nobody are asked about before they are sent, and stay marked with who filed them', async () => {
    const desk = tabOf('STAFF');
    const { page } = desk;
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(new URL(request.url()).pathname);
    });
    for (const film of chestXray({
      seed: 'nobody',
      rows: 64,
      columns: 64,
      dataset: { PatientName: '', PatientID: '', PatientBirthDate: '' },
    })) {
      await visit(page, `/app/import?patientId=${patientId}`);
      await page.getByText('Pour MARTIN Ana').waitFor();
      await page
        .locator('input[type=file]:not([webkitdirectory])')
        .setInputFiles({ name: 'IM1', mimeType: 'application/octet-stream', buffer: Buffer.from(film.bytes) });
      const panel = page.getByRole('region', { name: 'Ces images ne portent ni nom ni date de naissance' });
      await panel.waitFor();
      expect(sent).toEqual(['/api/imports/identify']);
      expect(await panel.getByRole('button', { name: 'Importer' }).isDisabled()).toBe(true);
      await panel.getByRole('checkbox', { name: /sont celles de MARTIN Ana/ }).check();
      await panel.getByRole('button', { name: 'Importer' }).click();
      await page.getByText('Import terminé', { exact: true }).waitFor({ timeout: 60_000 });
      await visit(page, `/app/studies/${film.studyInstanceUid}`);
      await page.getByRole('note').getByText('Classées sous ce patient par Une STAFF', { exact: false }).waitFor();
    }
  });

  it('a physician attaches them with a reason; they stay marked in the lists and above the images, and are found by either name', async () => {
    const physician = tabOf('PHYSICIAN');
    const { page } = physician;
    await chooseFolder(page);
    await page.getByRole('radio', { name: /Les attribuer quand même/ }).check();
    expect(await page.getByRole('button', { name: 'Importer', exact: true }).isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Motif' }).fill(REASON);
    await page.getByRole('button', { name: 'Importer', exact: true }).click();
    await page.getByText('Import terminé', { exact: true }).waitFor({ timeout: 60_000 });
    expect(await studiesOf(physician, patientId)).toContain(strangerStudy);
    await visit(page, '/app/worklist?q=nunez');
    const row = page.locator('[data-row]').filter({ hasText: 'MARTIN' });
    await row.getByRole('img', { name: /Núñez Luc.*Une PHYSICIAN.*vérifié avec la patiente/ }).waitFor();
    await visit(page, `/app/studies/${strangerStudy}`);
    await page.getByRole('note').getByText(REASON, { exact: false }).waitFor();
  });

  it('the study goes to its owner by a search in place, unmarked, and the move is undone exactly', async () => {
    const physician = tabOf('PHYSICIAN');
    const { page } = physician;
    await visit(page, `/app/patients/${patientId}`);
    const row = page.getByRole('listitem').filter({ hasText: 'Thorax de Luc' });
    await row.getByRole('button', { name: 'Plus' }).click();
    await page.getByRole('menuitem', { name: 'Déplacer vers un autre patient…' }).click();
    await page.getByLabel('Nouveau dossier').first().fill('nunez');
    await page.getByRole('button', { name: /NÚÑEZ Luc/ }).click();
    await page.getByRole('button', { name: 'Déplacer', exact: true }).click();
    await page.getByText('Examen déplacé vers NÚÑEZ Luc.').waitFor();
    expect(await studiesOf(physician, ownerId)).toContain(strangerStudy);
    const moved = await (await page.request.get(`/api/studies/${strangerStudy}`)).json();
    expect(moved).toMatchObject({ identityMismatch: null, patient: { id: ownerId } });
    await page.getByRole('button', { name: 'Annuler' }).click();
    await page.getByText('Déplacement annulé.').waitFor();
    const back = await (await page.request.get(`/api/studies/${strangerStudy}`)).json();
    expect(back).toMatchObject({ identityMismatch: { reason: REASON }, patient: { id: patientId } });
    expect(physician.problems).toEqual([]);
  });

  it('a CD that is here already says under whom, and refusals are not called a success', async () => {
    const desk = tabOf('STAFF');
    writeFileSync(path.join(folder, 'IM1-cut.dcm'), Buffer.alloc(0));
    await desk.page.goto('/app/import');
    await desk.page.locator('input[type=file][webkitdirectory]').setInputFiles(folder);
    await desk.page.getByText('Import terminé avec 1 refus').first().waitFor({ timeout: 60_000 });
    await desk.page.getByText('1 image est déjà là, sous le nom de MARTIN Ana.').waitFor();
  });

  it('a name that was read by another character set is doubtful in the report, the lists and above the images, until somebody settles it', async () => {
    const desk = tabOf('STAFF');
    const { page } = desk;
    for (const film of chestXray({
      seed: 'doubt',
      rows: 64,
      columns: 64,
      dataset: { ...ANA, PatientName: 'QQQQQQQ^Zoe', PatientID: 'ZOE-1' },
    })) {
      const file = Buffer.from(film.bytes);
      // Declares UTF-8, is written in ISO 8859-1.
      file.write('Müllers', file.indexOf('QQQQQQQ'), 'latin1');
      await visit(page, '/app/import');
      await page
        .locator('input[type=file]:not([webkitdirectory])')
        .setInputFiles({ name: 'IM1', mimeType: 'application/octet-stream', buffer: file });
      await page.getByText('1 examen au texte incertain').waitFor({ timeout: 60_000 });
      const sign = page.locator('[data-row]').getByRole('img', { name: /un jeu de caractères/ });
      for (const list of ['patients', 'worklist']) {
        await visit(page, `/app/${list}?q=muller`);
        await sign.waitFor();
      }
      await visit(page, `/app/studies/${film.studyInstanceUid}`);
      await page.getByRole('link', { name: 'Vérifier le nom' }).click();
    }
    await page.getByText('Nom à vérifier').waitFor();
    await page.getByRole('button', { name: 'Le nom est juste' }).click();
    await page.getByText('Nom confirmé.').waitFor();
    await page.getByText('Nom à vérifier').waitFor({ state: 'detached' });
    expect(desk.problems).toEqual([]);
  });

  it('a new patient with the name and birth date of another one is not made before one has seen them', async () => {
    const desk = tabOf('STAFF');
    const { page } = desk;
    await visit(page, '/app/patients?create=true');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Nom', { exact: true }).fill('MARTIN');
    await dialog.getByLabel('Prénom').fill('ana');
    await page.evaluate(() => undefined);
    const date = dialog.getByRole('spinbutton');
    if ((await date.count()) === 3) {
      await date.nth(0).pressSequentially('03');
      await date.nth(1).pressSequentially('02');
      await date.nth(2).pressSequentially('1970');
    }
    await dialog.getByRole('button', { name: 'Créer' }).click();
    await dialog.getByText('Un patient a déjà ce nom et cette date de naissance').waitFor();
    await dialog.getByRole('link', { name: /MARTIN Ana/ }).waitFor();
    await dialog.getByRole('button', { name: 'Créer quand même' }).click();
    await page.getByText('Patient créé.').waitFor();
  });

  it('the trash lists what was deleted and until when, and gives it back', async () => {
    const { page } = admin;
    const answer = await page.request.delete(`/api/patients/${ownerId}?cascade=true`, {
      headers: { 'x-csrf-token': await csrfOf(admin) },
    });
    expect(answer.status()).toBe(204);
    await visit(page, '/app/trash');
    const line = page.getByRole('listitem').filter({ hasText: 'Núñez' });
    expect(await line.textContent()).toMatch(/effacement le \d\d\/\d\d\/\d{4}/);
    await line.getByRole('button', { name: 'Rétablir' }).click();
    await page.getByText('La corbeille est vide').waitFor();
    expect((await page.request.get(`/api/patients/${ownerId}`)).status()).toBe(200);
  });
});
