import { Group, type HeaderIdentity, type ImportedFile, ImportReport, type Patient } from '@negatoscope/contract';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { FakeApi, listOf, Refusal, uploadsOver } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { patientOf } from './rows-fixture.ts';
import { idOf, make } from './sample.ts';

const ID = idOf(400);
const fileOf = (name: string, bytes = 'DICM'): File => new File([bytes], name);
const report = (fields: Partial<ImportReport> = {}): ImportReport => make(ImportReport, { id: ID, status: 'DONE', ...fields });
/** The names of the files in a request that sent some. */
const namesIn = (body: unknown): string[] =>
  body instanceof FormData ? body.getAll('files').flatMap((file) => (file instanceof File ? [file.name] : [])) : [];
const outcomes = (body: unknown, of: (name: string) => Partial<ImportedFile> = () => ({})): { files: ImportedFile[] } => ({
  files: namesIn(body).map((name) => ({ name, outcome: 'stored', sizeBytes: 4, ...of(name) })),
});

/** A server that takes everything. */
const server = (): FakeApi =>
  new FakeApi()
    .on('createImport', () => report({ status: 'RUNNING' }))
    .on('addImportFiles', ({ body }) => outcomes(body))
    .on('finishImport', () => report())
    .on('getImport', () => report({ received: 1, stored: 1, files: [{ name: 'IM1', outcome: 'stored', sizeBytes: 4 }] }))
    .on('getPatient', () => patientOf(1, { externalId: 'P-1' }));

async function open(api: FakeApi, options: Parameters<typeof openPage>[2] = {}, address = '/app/import') {
  const page = await openPage(api, address, options);
  vi.stubGlobal('XMLHttpRequest', uploadsOver(api));
  await screen.findByText(options.locale === 'en' ? 'Drop a folder, a CD or a ZIP' : 'Déposez un dossier, un CD ou un ZIP');
  return page;
}
const input = (): HTMLInputElement => {
  const found = document.querySelector<HTMLInputElement>('input[type="file"]:not([webkitdirectory])');
  if (found === null) throw new TypeError('There is no field for files.');
  return found;
};
const choose = (user: UserEvent, ...files: File[]): Promise<void> => user.upload(input(), files);
const title = (name: string) => screen.findByRole('heading', { level: 2, name: fr(name) });

/** Answers what headers say, in place of the worker that reads them. */
function headersSay(identities: readonly HeaderIdentity[]): void {
  vi.stubGlobal(
    'Worker',
    class {
      onmessage?: (event: { data: { identities: readonly HeaderIdentity[]; isLast: boolean } }) => void;
      postMessage(): void {
        this.onmessage?.({ data: { identities, isLast: true } });
      }
      terminate(): void {}
    },
  );
}
const identity = (fields: Partial<HeaderIdentity> = {}): HeaderIdentity => ({
  personName: 'STRANGE^BOB',
  patientId: 'P-9',
  issuer: '',
  birthDate: '19450505',
  ...fields,
});
const verdict = (fields: { contradicts?: boolean; namesNobody?: boolean; owner?: Patient | null } = {}) => ({
  contradicts: true,
  namesNobody: false,
  owner: null,
  ...fields,
});

describe('an import', () => {
  test('sends what was chosen, closes itself and shows its report', async () => {
    const api = server();
    const { user } = await open(api);
    await choose(user, fileOf('IM1'), fileOf('IM2'), fileOf('.DS_Store'));
    await title('Import terminé');
    expect(api.of('createImport').map(({ body }) => body)).toEqual([{}]);
    expect(api.of('addImportFiles').flatMap(({ body }) => namesIn(body))).toEqual(['IM1', 'IM2']);
    expect(api.of('finishImport').map(({ params, body }) => [params.id, body])).toEqual([[ID, { cancelled: false }]]);
    expect(await screen.findByRole('region', { name: 'Fichiers' })).toBeTruthy();
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('100');
  });

  test('of which files were refused does not end like one that took all, and says why of each', async () => {
    const reasons = { IM1: 'NOT_DICOM', IM2: 'TRUNCATED' } as const;
    const files: ImportedFile[] = [
      { name: 'IM1', outcome: 'rejected', reason: reasons.IM1, sizeBytes: 4 },
      { name: 'IM2', outcome: 'rejected', reason: reasons.IM2, sizeBytes: 4 },
      { name: 'IM3', outcome: 'duplicate', reason: 'SAME_CONTENT', sizeBytes: 4 },
    ];
    const api = server()
      .on('addImportFiles', () => ({ files }))
      .on('getImport', () => report({ received: 3, rejected: 2, duplicates: 1, files }));
    const { user } = await open(api, { locale: 'en' });
    await choose(user, fileOf('IM1'), fileOf('IM2'), fileOf('IM3'));
    await title('Import finished, 2 files refused');
    const alert = await screen.findByRole('alert');
    expect(
      within(alert)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual(['1 × not DICOM', '1 × truncated file']);
    const rows = within(await screen.findByRole('grid', { name: 'Files' })).getAllByRole('row');
    expect(rows.slice(1).map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^IM1.*not DICOM/),
      expect.stringMatching(/^IM2.*truncated file/),
      expect.stringMatching(/^IM3.*already present/),
    ]);
  });

  test('is stopped only after a question; what was received stays', async () => {
    const api = server().on('addImportFiles', () => new Promise(() => undefined));
    const { user } = await open(api);
    await choose(user, fileOf('IM1'));
    await title('Import en cours');
    await user.click(screen.getByRole('button', { name: 'Arrêter' }));
    const question = await screen.findByRole('dialog', { name: fr('Arrêter cet import ?') });
    expect(question.textContent).toContain('Ce qui a été reçu reste sur le serveur');
    await user.click(within(question).getByRole('button', { name: 'Annuler' }));
    expect(api.of('finishImport')).toEqual([]);
    await user.click(screen.getByRole('button', { name: 'Arrêter' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Arrêter' }));
    await title('Import arrêté');
    expect(api.of('finishImport').map(({ body }) => body)).toEqual([{ cancelled: true }]);
    await user.click(screen.getByRole('button', { name: 'Autre import' }));
    expect(await screen.findByText('Imports précédents')).toBeTruthy();
  });

  test('that was stopped says nothing any more once another one has begun', async () => {
    let close: (report: unknown) => void = () => undefined;
    const api = server()
      .on('addImportFiles', () => new Promise(() => undefined))
      .on('finishImport', () => new Promise((resolve) => (close = resolve)));
    const { user } = await open(api);
    await choose(user, fileOf('IM1'));
    await title('Import en cours');
    await user.click(screen.getByRole('button', { name: 'Arrêter' }));
    await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Arrêter' }));
    await title('Import arrêté');
    await user.click(screen.getByRole('button', { name: 'Autre import' }));
    await choose(user, fileOf('IM2'));
    await title('Import en cours');
    close(report({ status: 'CANCELLED' }));
    // Longer than what is shown is held back.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(screen.getByRole('heading', { level: 2, name: 'Import en cours' })).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Fichiers' }).textContent).toContain('IM2');
  });

  test('rests while one wants it to, and goes on', async () => {
    let answer: (files: unknown) => void = () => undefined;
    const api = server().on('addImportFiles', () => new Promise((resolve) => (answer = resolve)));
    const { user } = await open(api);
    await choose(user, fileOf('IM1'));
    await title('Import en cours');
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    await title('En pause');
    await waitFor(() => expect(api.of('addImportFiles')).toHaveLength(1));
    await user.click(screen.getByRole('button', { name: 'Reprendre' }));
    await title('Import en cours');
    answer(outcomes(api.of('addImportFiles')[0]?.body));
    await title('Import terminé');
  });

  test('outlives a line that is cut, and goes on by itself', async () => {
    const api = server();
    const { user } = await open(api);
    api.on('createImport', () => {
      api.away(true);
      return report({ status: 'RUNNING' });
    });
    await choose(user, fileOf('IM1'));
    await title('Connexion perdue : l’import reprendra tout seul');
    api.away(false);
    act(() => void window.dispatchEvent(new Event('online')));
    await title('Import terminé');
    expect(api.of('addImportFiles').flatMap(({ body }) => namesIn(body))).toEqual(['IM1']);
  });

  test('of a full disk rests, says what to do, and loses no file', async () => {
    let isFull = true;
    const api = server().on('addImportFiles', ({ body }) => (isFull ? new Refusal('STORAGE_FULL') : outcomes(body)));
    const { user } = await open(api);
    await choose(user, fileOf('IM1'), fileOf('IM2'));
    await title('En pause');
    expect((await screen.findByRole('alert')).textContent).toContain(fr('Le disque du serveur est plein ; rien n’a été perdu'));
    isFull = false;
    await user.click(screen.getByRole('button', { name: 'Reprendre' }));
    await title('Import terminé');
    expect(namesIn(api.of('addImportFiles').at(-1)?.body)).toEqual(['IM1', 'IM2']);
  });

  test.each([
    ['createImport', 'GROUP_REQUIRED', 'Your account has no group', false],
    ['addImportFiles', 'IMPORT_FINISHED', 'This import has already finished.', true],
  ] as const)('that %s refuses (%s) says why, and whether anything was received', async (operation, code, text, isKept) => {
    const api = server().on(operation, () => new Refusal(code));
    const { user } = await open(api, { locale: 'en' });
    await choose(user, fileOf('IM1'));
    await title('The import has stopped');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain(text);
    expect(alert.textContent?.includes('What was received is safe.')).toBe(isKept);
    await user.click(screen.getByRole('button', { name: 'Another import' }));
    expect(await screen.findByText('Drop a folder, a CD or a ZIP')).toBeTruthy();
  });

  test('leaves the field free for the same files once more', async () => {
    const { user } = await open(server());
    await choose(user, fileOf('IM1'));
    await title('Import terminé');
    // A browser tells of a choice only where it is another than the field has.
    expect(document.querySelector<HTMLInputElement>('input[type="file"]:not([webkitdirectory])')?.files).toHaveLength(0);
  });

  test('goes on while one is elsewhere, where a sign leads back to it', async () => {
    let answer: (files: unknown) => void = () => undefined;
    const api = server().on('addImportFiles', () => new Promise((resolve) => (answer = resolve)));
    const { user, navigate } = await open(api);
    await choose(user, fileOf('IM1'), fileOf('IM2'));
    await title('Import en cours');
    await waitFor(() => expect(api.of('addImportFiles')).toHaveLength(1));
    await navigate('/app/profile');
    const pill = await screen.findByRole('link', { name: /Import\s:\s\d/ });
    expect(pill.getAttribute('href')).toBe('/app/import');
    answer({
      files: [
        { name: 'IM1', outcome: 'stored', sizeBytes: 4 },
        { name: 'IM2', outcome: 'rejected', reason: 'NOT_DICOM', sizeBytes: 4 },
      ],
    });
    expect(await screen.findByRole('link', { name: /Terminé avec 1 refus/ })).toBeTruthy();
  });

  test('takes what is dropped anywhere, folders too', async () => {
    const api = server();
    await open(api);
    const entry = (name: string): object => ({
      isFile: true,
      isDirectory: false,
      name,
      fullPath: `/CD/${name}`,
      file: (take: (file: File) => void) => take(fileOf(name)),
    });
    const portions = [[entry('IM2'), entry('IM1'), entry('Thumbs.db')], []];
    const folder = {
      isFile: false,
      isDirectory: true,
      name: 'CD',
      fullPath: '/CD',
      createReader: () => ({ readEntries: (take: (found: object[]) => void) => take(portions.shift() ?? []) }),
    };
    const dataTransfer = { types: ['Files'], items: [{ webkitGetAsEntry: () => folder }] };
    fireEvent.dragOver(window, { dataTransfer });
    expect(await screen.findByText('Lâchez pour importer')).toBeTruthy();
    fireEvent.drop(window, { dataTransfer });
    await title('Import terminé');
    expect(api.of('addImportFiles').flatMap(({ body }) => namesIn(body))).toEqual(['CD/IM1', 'CD/IM2']);
  });

  test('goes into the group that was chosen, by who may choose', async () => {
    const api = server().on('listGroups', () => listOf([make(Group, { id: idOf(700), name: 'Cardiologie' })]));
    const { user } = await open(api, { role: 'ADMIN' });
    await user.selectOptions(await screen.findByLabelText('Groupe'), 'Cardiologie');
    await choose(user, fileOf('IM1'));
    await title('Import terminé');
    expect(api.of('createImport').map(({ body }) => body)).toEqual([{ groupId: idOf(700) }]);
  });
});

describe('images that name somebody else than the chosen patient', () => {
  const address = `/app/import?patientId=${patientOf(1).id}`;
  const asked = async (
    items: readonly object[],
    identities: readonly HeaderIdentity[],
    role: 'RADIOLOGIST' | 'STAFF' = 'RADIOLOGIST',
  ) => {
    const api = server().on('identifyImport', () => ({ items }));
    const page = await open(api, { role }, address);
    headersSay(identities);
    await choose(page.user, fileOf('IM1'));
    return { api, ...page };
  };
  const send = () => screen.getByRole('button', { name: 'Importer' });

  test('are asked about before anything is sent; both sides are seen', async () => {
    const { api, user } = await asked([verdict({ owner: patientOf(2) })], [identity()]);
    const question = await screen.findByRole('region', { name: 'Ces images ne portent pas le nom de BERNARD Anna' });
    expect(question.textContent).toContain('STRANGE BOB');
    expect(question.textContent).toContain('05/05/1945');
    expect(question.textContent).toContain('Cette personne a déjà un dossier');
    expect(api.of('identifyImport')[0]?.body).toEqual({ patientId: patientOf(1).id, identities: [identity()] });
    expect(send().hasAttribute('disabled')).toBe(true);
    await user.click(within(question).getByRole('button', { name: 'Annuler' }));
    expect(await screen.findByText('Pour BERNARD Anna')).toBeTruthy();
    expect(api.of('createImport')).toEqual([]);
  });

  test.each([
    [/Les classer dans le dossier de PETIT Anna/, { onMismatch: 'owner' }],
    [/Les mettre à part/, { onMismatch: 'apart' }],
  ] as const)('go where one says: %s', async (name, way) => {
    const { api, user } = await asked([verdict({ owner: patientOf(2) })], [identity()]);
    await user.click(await screen.findByRole('radio', { name }));
    await user.click(send());
    await title('Import terminé');
    expect(api.of('createImport').map(({ body }) => body)).toEqual([{ patientId: patientOf(1).id, ...way }]);
  });

  test('are the patient’s all the same only with a reason', async () => {
    const { api, user } = await asked([verdict()], [identity()]);
    await user.click(await screen.findByRole('radio', { name: /Les attribuer quand même à BERNARD Anna/ }));
    await user.type(screen.getByLabelText('Motif'), ' abc ');
    expect(send().hasAttribute('disabled')).toBe(true);
    await user.type(screen.getByLabelText('Motif'), 'def');
    await user.click(send());
    await title('Import terminé');
    expect(api.of('createImport')[0]?.body).toEqual({
      patientId: patientOf(1).id,
      acceptMismatch: true,
      mismatchReason: 'abc def',
    });
  });

  test('are not for the desk to attach', async () => {
    await asked([verdict()], [identity()], 'STAFF');
    expect(await screen.findByText(/revient à un médecin ou à l’administrateur/)).toBeTruthy();
    expect(screen.queryByRole('radio', { name: /Les attribuer quand même/ })).toBeNull();
  });

  test('of many people are summed up', async () => {
    const people = Array.from({ length: 6 }, (_, index) => identity({ patientId: `P-${index + 10}` }));
    await asked(
      people.map(() => verdict()),
      people,
    );
    expect(await screen.findByText('et 2 autres personnes')).toBeTruthy();
    expect(screen.getAllByRole('table')).toHaveLength(4);
    expect(screen.getByRole('radio', { name: /Les classer sous les noms qu’elles portent/ })).toBeTruthy();
  });

  test('and some that name nobody are asked about one after the other', async () => {
    const { api, user } = await asked(
      [verdict(), verdict({ contradicts: false, namesNobody: true })],
      [identity(), identity({ personName: '', patientId: '', birthDate: '' })],
    );
    await user.click(await screen.findByRole('radio', { name: /Les mettre à part/ }));
    await user.click(send());
    const question = await screen.findByRole('region', { name: 'Ces images ne portent ni nom ni date de naissance' });
    expect(api.of('createImport')).toEqual([]);
    expect(send().hasAttribute('disabled')).toBe(true);
    await user.click(within(question).getByRole('checkbox', { name: /Ces images sont celles de BERNARD Anna/ }));
    await user.click(send());
    await title('Import terminé');
    expect(api.of('createImport')[0]?.body).toEqual({ patientId: patientOf(1).id, onMismatch: 'apart' });
  });

  test('are kept from being sent, with a way on, where the patient can’t be read', async () => {
    let isDown = true;
    const api = server()
      .on('identifyImport', () => ({ items: [verdict()] }))
      .on('getPatient', () => (isDown ? new Refusal('INTERNAL') : patientOf(1)));
    const { user } = await open(api, {}, address);
    headersSay([identity()]);
    await choose(user, fileOf('IM1'));
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByRole('region', { name: 'Ces images ne portent pas le nom de BERNARD Anna' })).toBeTruthy();
    expect(api.of('createImport')).toEqual([]);
  });

  test('who sees pseudonyms is not asked, since the server keeps what they bring apart', async () => {
    const api = server();
    const { user } = await open(api, { role: 'RESEARCHER' });
    headersSay([identity()]);
    await choose(user, fileOf('IM1'));
    await title('Import terminé');
    expect(api.of('identifyImport')).toEqual([]);
  });

  test('are named while they are sent, whoever they are', async () => {
    const api = server()
      .on('identifyImport', () => ({ items: [verdict({ contradicts: false }), verdict({ contradicts: false })] }))
      .on('addImportFiles', () => new Promise(() => undefined));
    const { user } = await open(api);
    headersSay([identity(), identity({ personName: '', patientId: 'X' })]);
    await choose(user, fileOf('IM1'), fileOf('IM2'));
    const named = await screen.findByRole('region', { name: 'Ces images portent le nom de' });
    expect(
      within(named)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([expect.stringContaining('STRANGE BOB 05/05/1945 · 1 fichier'), expect.stringContaining('sans nom')]);
  });
});

describe('earlier imports', () => {
  const entry = (number: number, fields: Partial<ImportReport> = {}) => {
    const {
      files: _files,
      patients: _patients,
      studies: _studies,
      alreadyUnder: _under,
      ...row
    } = report({ id: idOf(number), ...fields });
    return row;
  };

  test('are listed with how they ended, page by page, each a way to its report', async () => {
    const api = server().on('listImports', ({ query }) =>
      query.cursor === undefined
        ? listOf([entry(1, { stored: 3, conflicts: 1 })], { nextCursor: 'next' })
        : listOf([entry(2, { status: 'CANCELLED' })]),
    );
    const { user } = await open(api);
    const first = await screen.findByRole('link', { name: /3 reçus · 1 en conflit/ });
    expect(first.getAttribute('href')).toBe(`/app/imports/${idOf(1)}`);
    await user.click(within(screen.getByRole('main')).getByRole('button', { name: 'Plus' }));
    expect(await screen.findByRole('link', { name: /Arrêté.*Rien n’a été reçu/ })).toBeTruthy();
    expect(within(screen.getByRole('main')).queryByRole('button', { name: 'Plus' })).toBeNull();
  });

  test('that can’t be read are not told as none', async () => {
    let isDown = true;
    const api = server().on('listImports', () => (isDown ? new Refusal('INTERNAL') : listOf([entry(1, { stored: 2 })])));
    const { user } = await open(api);
    const alert = await screen.findByRole('alert');
    expect(screen.queryByText('Vos imports apparaîtront ici, avec leur rapport.')).toBeNull();
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByRole('link', { name: /2 reçus/ })).toBeTruthy();
  });
});
