import { buildZip, chestXray, ctVolume, type Dataset } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { type Tab, visit } from './browser.ts';
import { csrfOf, storeFiles } from './dicom.ts';

export const LONG_NAME = 'Ramanantsoa-Razafindrakoto de la Tour-Maubourg';

/** One screen of the product. */
export interface Screen {
  readonly name: string;
  readonly path: string;
  /** Before signing in. */
  readonly isPublic?: boolean;
  /** What stands above the page, brought there by a key or a button. */
  readonly open?: (page: Page) => Promise<void>;
}

function xray(seed: string, dataset: Dataset): Uint8Array {
  for (const { bytes } of chestXray({ seed, rows: 64, columns: 64, dataset: { SpecificCharacterSet: 'ISO_IR 192', ...dataset } }))
    return bytes;
  throw new Error('The phantom has no instance.');
}
function changed(bytes: Uint8Array): Uint8Array {
  return Uint8Array.from(bytes).fill(7, bytes.length - 64);
}
/** Declares UTF-8 and is written in ISO 8859-1. */
function misdeclared(seed: string): Uint8Array {
  const file = Buffer.from(xray(seed, { PatientName: 'QQQQQQQQQQ', PatientID: 'SCREENS-7', PatientBirthDate: '19620512' }));
  file.write('Núñez^José', file.indexOf('QQQQQQQQQQ'), 'latin1');
  return file;
}

/** Something of everything that the pages of the product show: conflicts, doubts, refusals, marks, a trash that is not empty. */
export async function fillScreens(tab: Tab): Promise<readonly Screen[]> {
  const { request } = tab.page;
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  const store = async (...files: Uint8Array[]): Promise<void> => {
    const status = await storeFiles(tab, files);
    if (status !== 200 && status !== 202) throw new Error(`The files of the screens were answered ${status}.`);
  };
  const slices = [
    ...ctVolume({
      seed: 'screens',
      slices: 2,
      rows: 64,
      columns: 64,
      dataset: {
        PatientName: `${LONG_NAME}^Marie-Antoinette`,
        PatientID: 'SCREENS-1',
        PatientBirthDate: '19540708',
        SpecificCharacterSet: 'ISO_IR 192',
        StudyDescription: 'Scanner thoraco-abdomino-pelvien avec injection, temps portal et tardif',
      },
    }),
  ].map(({ bytes }) => bytes);
  await store(...slices);
  await store(...slices.map(changed));
  await store(xray('other', { PatientName: 'Sow^Aminata', PatientID: 'SCREENS-2', PatientBirthDate: '19811130' }));
  await store(xray('doubt', { PatientName: 'Diallo^Moussa', PatientID: 'SCREENS-2', PatientBirthDate: '19620101' }));
  await store(misdeclared('misdeclared'));
  await store(xray('gone', { PatientName: 'Fontaine^Odile', PatientID: 'SCREENS-3' }));

  const list = async (path: string) => (await (await request.get(path)).json()).items;
  const [gone] = await list('/api/patients?q=fontaine');
  await request.delete(`/api/patients/${gone.id}?cascade=true`, { headers });
  const [sow] = await list('/api/patients?q=sow');
  const [named] = await list('/api/patients?q=ramanantsoa');
  const [doubtful] = await list('/api/patients?q=nunez');
  await request.post('/api/groups', { headers, data: { name: 'Service d’imagerie pédiatrique du Grand Hôpital' } });
  const person = {
    email: 'jean-baptiste.desaint-exupery@hopital.example',
    firstName: 'Jean-Baptiste',
    lastName: 'De Saint-Exupéry',
  };
  await request.post('/api/users', {
    headers,
    data: { ...person, password: 'Lanterne-Marbre-42-Voilier', role: 'RADIOLOGIST', level: 'WRITE' },
  });
  const archive = buildZip([
    {
      name: 'CD/IM1',
      bytes: xray('attached', { PatientName: 'Petit^Luc', PatientID: 'SCREENS-5', PatientBirthDate: '19410506' }),
    },
    { name: 'CD/broken.dcm', bytes: slices[0]?.subarray(0, 900) ?? new Uint8Array(0) },
    { name: 'CD/autorun.inf', bytes: Buffer.from('[autorun]') },
    { name: 'CD/IM2', bytes: misdeclared('in an import') },
  ]);
  const answer = await request.post('/api/patients/import', {
    headers,
    multipart: {
      patientId: sow.id,
      acceptMismatch: 'true',
      mismatchReason: 'Erreur de la console, vérifié avec la patiente',
      files: { name: 'cd.zip', mimeType: 'application/zip', buffer: Buffer.from(archive) },
    },
  });
  const report = await answer.json();
  const waiting = await request.post('/api/consultations', {
    headers,
    data: {
      patientId: named.id,
      date: new Date().toISOString().slice(0, 10),
      reason: 'Toux depuis trois semaines, amaigrissement',
    },
  });
  const consultation = await waiting.json();
  // In the middle of it, a physician sees most of what there is.
  await request.post(`/api/consultations/${consultation.id}/status`, { headers, data: { status: 'IN_PROGRESS' } });
  const [study] = await list(`/api/studies?patientId=${named.id}`);
  return screensOf({
    patient: named.id,
    doubtful: doubtful.id,
    report: report.id,
    study: study.studyInstanceUid,
    marked: sow.id,
    consultation: consultation.id,
  });
}

function screensOf(
  ids: Readonly<Record<'patient' | 'doubtful' | 'report' | 'study' | 'marked' | 'consultation', string>>,
): readonly Screen[] {
  const press = (key: string) => async (page: Page) => {
    await page.keyboard.press(key);
    await page.getByRole('dialog').first().waitFor();
  };
  return [
    { name: 'landing', path: '/', isPublic: true },
    { name: 'sign-in', path: '/login', isPublic: true },
    { name: 'dashboard', path: '/app' },
    { name: 'palette', path: '/app', open: press('Control+k') },
    { name: 'keys', path: '/app', open: press('?') },
    { name: 'patients', path: '/app/patients' },
    { name: 'patient-beside', path: `/app/patients?selected=${ids.patient}` },
    { name: 'patient-new', path: '/app/patients?create=true' },
    { name: 'patient', path: `/app/patients/${ids.patient}` },
    { name: 'patient-doubtful', path: `/app/patients/${ids.doubtful}` },
    { name: 'patient-marked', path: `/app/patients/${ids.marked}` },
    { name: 'waiting-room', path: '/app/consultations' },
    { name: 'consultation', path: `/app/consultations/${ids.consultation}` },
    { name: 'predictions', path: '/app/predictions' },
    { name: 'models', path: '/app/admin/models' },
    { name: 'statistics', path: '/app/statistics' },
    { name: 'worklist', path: '/app/worklist' },
    { name: 'worklist-empty', path: '/app/worklist?q=personne' },
    { name: 'study', path: `/app/studies/${ids.study}` },
    { name: 'import', path: '/app/import' },
    { name: 'import-for', path: `/app/import?patientId=${ids.patient}` },
    { name: 'report', path: `/app/imports/${ids.report}` },
    { name: 'conflicts', path: '/app/conflicts' },
    { name: 'conflicts-decided', path: '/app/conflicts?decided=true' },
    { name: 'identity-review', path: '/app/identity-review' },
    { name: 'trash', path: '/app/trash' },
    { name: 'profile', path: '/app/profile' },
    { name: 'users', path: '/app/admin/users' },
    { name: 'access', path: '/app/admin/access' },
    { name: 'groups', path: '/app/admin/groups' },
    { name: 'audit', path: '/app/admin/audit' },
    { name: 'reports', path: '/app/admin/reports' },
    { name: 'retention', path: '/app/admin/retention' },
    { name: 'nodes', path: '/app/admin/nodes' },
    { name: 'archives', path: '/app/archives' },
    { name: 'system', path: '/app/admin/system' },
    { name: 'not-found', path: '/app/no-such-page' },
    { name: 'deidentification', path: '/app/deidentification' },
    { name: 'shares', path: '/app/shares' },
    { name: 'shared-link', path: '/s', isPublic: true },
  ];
}

/** Goes to a screen and waits until it stands. */
export async function showScreen(page: Page, { path, isPublic, open }: Screen): Promise<void> {
  // What stands above a page stays when the page goes.
  if ((await page.getByRole('dialog').count()) > 0) {
    await page.keyboard.press('Escape');
    const gone = page.getByRole('dialog').first().waitFor({ state: 'detached', timeout: 3_000 });
    if (!(await gone.then(() => true).catch(() => false))) await page.goto('/api/health');
  }
  await visit(page, path);
  await page
    .locator(isPublic === true ? 'h1, form' : 'main h1, main p, .ng-viewer')
    .first()
    .waitFor();
  await page.waitForFunction(() => document.querySelector('.ng-skeleton') === null);
  await open?.(page);
}
