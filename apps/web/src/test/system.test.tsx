import { BackupCare, BackupRun, JobCare, ObjectCare, ORTHANC_WARNINGS, OrthancStatus, Overview } from '@negatoscope/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, Refusal } from './fake-api.ts';
import { fr, openPage } from './page-fixture.tsx';
import { idOf, make } from './sample.ts';

type Job = JobCare['items'][number];
const health = {
  status: 'OK',
  database: 'OK',
  objects: 'OK',
  queue: 'OK',
  redis: 'UNUSED',
  damagedObjects: 0,
  waitingObjects: 0,
  version: '1.4.0',
} as const;
const care = (fields: Partial<ObjectCare> = {}): ObjectCare => make(ObjectCare, { days: 30, ...fields });
const job = (name: Job['name'], fields: Partial<Job> = {}): Job => {
  const [one] = make(JobCare, { items: [{ ...EMPTY_JOB, name, ...fields }] }).items;
  if (one === undefined) throw new TypeError('There is no job.');
  return one;
};
const EMPTY_JOB: Job = {
  name: 'scrub',
  schedule: null,
  followedBy: [],
  waiting: 0,
  running: 0,
  since: null,
  runs: 0,
  failures: 0,
  totalMs: 0,
  longestMs: 0,
  lastMs: null,
  lastRunAt: null,
  lastFailedAt: null,
  lastFailure: null,
};
const backups = (fields: Partial<BackupCare> = {}): BackupCare =>
  make(BackupCare, { everyMs: null, isLate: false, last: null, items: [], ...fields });
const keys = (project = 0, factor = 0) => ({
  items: [
    { kind: 'PROJECT' as const, total: 3, lost: project },
    { kind: 'FACTOR' as const, total: 12, lost: factor },
  ],
});
const api = (): FakeApi =>
  new FakeApi()
    .on('health', () => health)
    .on('overview', () => make(Overview, { sizeBytes: 1_500_000_000 }))
    .on('objectCare', () => care())
    .on('jobCare', () => ({ items: [] }))
    .on('backupCare', () => backups())
    .on('keyCare', () => keys())
    .on('auditCare', () => ({ checkedAt: '2026-03-01T08:00:00.000Z', checkedEvents: 1_200, wholeAt: null, bad: null }))
    .on('orthancStatus', () => ({ url: null, deletions: null, feed: null, sending: null }));
const open = (of: FakeApi, locale: 'fr' | 'en' = 'fr') => openPage(of, '/app/admin/system', { role: 'ADMIN', locale });
/** What stands beside a name. */
const fact = (name: string): string | null | undefined => screen.getByText(name).parentElement?.querySelector('dd')?.textContent;

describe('the system page', () => {
  test('tells how each part is, how much is stored, and the version', async () => {
    await open(api());
    expect(await screen.findByText('Le serveur répond')).toBeTruthy();
    await waitFor(() => expect(fact('Stockage utilisé')).toBe('1,5\u00a0Go'));
    expect([fact('Base de données'), fact('Fichiers DICOM'), fact('Tâches'), fact('Version')]).toEqual([
      '●OK',
      '●OK',
      '●OK',
      '1.4.0',
    ]);
    expect(screen.getByRole('link', { name: /OpenAPI/ }).getAttribute('href')).toBe('/api/docs');
  });

  test.each([
    ['fr', 'OK', '●OK'],
    ['fr', 'UNAVAILABLE', '!UNAVAILABLEla base de données le remplace : rien ne s’arrête'],
    ['en', 'UNAVAILABLE', '!UNAVAILABLEthe database stands in for it: nothing stops'],
    ['fr', 'UNUSED', undefined],
  ] as const)('tells where Redis is used how it is (%s, %s)', async (locale, redis, told) => {
    await open(
      api().on('health', () => ({ ...health, redis })),
      locale,
    );
    await screen.findByText('1.4.0');
    expect(screen.queryByText('Redis')?.parentElement?.querySelector('dd')?.textContent).toBe(
      told === undefined ? told : fr(told),
    );
  });

  test.each([
    ['fr', 'Le disque est plein : rien de nouveau n’est reçu', 'Le serveur répond'],
    ['en', 'The disk is full: nothing new is accepted', 'The server answers'],
  ] as const)('of a server whose disk is full never says that all is well (%s)', async (locale, text, fine) => {
    const of = api().on('health', () => ({ ...health, status: 'READ_ONLY', objects: 'FULL' }));
    await open(of, locale);
    expect((await screen.findByText(text)).closest('[role="alert"]')).toBeTruthy();
    expect(screen.queryByText(fine)).toBeNull();
    expect(fact(locale === 'fr' ? 'Fichiers DICOM' : 'DICOM files')).toMatch(/^!/);
  });

  test('says what is safe when a part does not answer', async () => {
    await open(
      api().on('health', () => new Refusal('UNAVAILABLE')),
      'en',
    );
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Images already received are safe');
    expect(screen.queryByText('The server answers')).toBeNull();
  });
});

describe('the care of stored files', () => {
  test('says how far the reading is, and when the last one ended', async () => {
    const of = api().on('objectCare', () =>
      care({
        current: { startedAt: '2026-03-01T08:00:00.000Z', objects: 1200, totalObjects: 5000, share: 0.025, isLate: true },
        last: {
          startedAt: '2026-02-01T08:00:00.000Z',
          finishedAt: '2026-02-20T08:00:00.000Z',
          objects: 4900,
          bytes: 2_000_000_000,
          share: 0.02,
        },
      }),
    );
    await open(of);
    await screen.findByText('Lecture en cours');
    expect(fact('Lecture en cours')).toMatch(/^1\s200 sur 5\s000, en retard \(2,5\s% d’un cœur\)$/);
    expect(fact('Dernière lecture complète')).toMatch(/^20\/02\/2026 .* 4\s900 fichiers, 2\sGo$/);
    expect(fact('Fichiers abîmés')).toBe('0');
  });

  test('names each damaged file, what is wrong with it, and how it is mended', async () => {
    const items: ObjectCare['items'] = [
      { id: idOf(1), kind: 'INSTANCE', reason: 'HASH', foundAt: '2026-03-01T08:00:00.000Z', studyInstanceUid: '1.2.3' },
      { id: idOf(2), kind: 'DERIVED', reason: 'MISSING', foundAt: '2026-03-01T08:00:00.000Z', studyInstanceUid: null },
    ];
    await open(api().on('objectCare', () => care({ damaged: 2, items })));
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toMatch(/Importez de nouveau l’original\s: il répare le fichier\./);
    const section = screen.getByRole('region', { name: 'Vérification des fichiers' });
    expect(
      within(section)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    ).toEqual([
      expect.stringMatching(/^Image · contenu différent · 01\/03\/2026.*1\.2\.3$/),
      expect.stringMatching(new RegExp(`^Pièce jointe à un dossier · fichier absent · .*${idOf(2)}$`)),
    ]);
  });

  test.each([
    ['objectCare', 'Vérification des fichiers'],
    ['jobCare', 'Travaux de fond'],
  ] as const)('that can’t be read (%s) says so and recovers, rather than wait for ever', async (operation, name) => {
    let isDown = true;
    const of = api().on(operation, () =>
      isDown ? new Refusal('INTERNAL') : operation === 'jobCare' ? { items: [job('scrub')] } : care(),
    );
    const { user } = await open(of);
    const alert = await screen.findByRole('alert');
    isDown = false;
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(await screen.findByText(operation === 'jobCare' ? 'Relire les fichiers' : 'pas encore commencée')).toBeTruthy();
    expect(screen.getAllByText(name).length).toBeGreaterThan(0);
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

describe('the key that is outside the database', () => {
  test('is said to hold where it opens everything, and nothing is alarming', async () => {
    await open(api());
    await waitFor(() => expect(fact('Clé du serveur')).toBe('ouvre tout ce qu’elle a scellé'));
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test.each([
    ['fr', /1 sur 3.*2 sur 12.*secrets\/factor-key/, 'Clé du serveur', 'n’est plus celle d’avant'],
    ['en', /1 of 3.*2 of 12.*secrets\/factor-key/, 'Key of the server', 'not the same as before'],
  ] as const)('that was lost is an alarm with what is lost by it and what to do (%s)', async (locale, text, name, short) => {
    await open(
      api().on('keyCare', () => keys(1, 2)),
      locale,
    );
    expect((await screen.findByRole('alert')).textContent).toMatch(text);
    expect(fact(name)).toBe(short);
  });

  test('says nothing of what is not lost', async () => {
    await open(api().on('keyCare', () => keys(3, 0)));
    expect((await screen.findByRole('alert')).textContent).not.toMatch(/second facteur qui/);
  });
});

describe('what the server does by itself', () => {
  const lines = async (...items: Job[]): Promise<string[]> => {
    await open(api().on('jobCare', () => ({ items })));
    await screen.findByText('Vider la corbeille après 30 jours');
    const section = screen.getByRole('region', { name: 'Travaux de fond' });
    return within(section)
      .getAllByRole('listitem')
      .map(({ textContent }) => textContent ?? '');
  };
  const ran = { runs: 4, lastRunAt: '2026-03-01T08:00:00.000Z' };

  test('is told in the unit that a person would choose', async () => {
    const told = await lines(
      job('purge-trash'),
      job('scrub', { ...ran, totalMs: 2_000, longestMs: 1_540 }),
      job('pack-series', { ...ran, totalMs: 20_000, longestMs: 900_000, running: 1, waiting: 12 }),
      job('load-demo', { ...ran, runs: 1, totalMs: 40 }),
    );
    expect(told[0]).toMatch(/pas encore$/);
    expect(told[1]).toMatch(/4 fois, 500\sms en moyenne, 1,5\ss au plus · la dernière le 01\/03\/2026/);
    expect(told[2]).toMatch(/5\ss en moyenne, 15\smin au plus.* · en cours · en attente\s: 12$/);
    expect(told[3]).toMatch(/Une fois, en 40\sms, le 01\/03\/2026/);
  });

  test('names the last failure and when it was', async () => {
    const [first, second] = await lines(
      job('purge-trash', { ...ran, failures: 3, lastFailedAt: '2026-03-02T08:00:00.000Z', lastFailure: 'STORAGE_FULL' }),
      job('end-readings', ran),
    );
    expect(first).toMatch(/!Échecs\s: 3, le dernier le 02\/03\/2026.*\(STORAGE_FULL\)$/);
    expect(second).not.toContain('Échecs');
  });
});

describe('backups', () => {
  const run = (fields: Partial<BackupRun> = {}): BackupRun =>
    make(BackupRun, {
      ...{
        id: idOf(1),
        startedAt: '2026-03-01T08:00:00.000Z',
        endedAt: '2026-03-01T08:10:00.000Z',
        outcome: 'DONE',
        failure: null,
      },
      ...{ target: '/mnt/backup', isEncrypted: true, hasDatabase: true, pointAt: '2026-03-01T08:09:00.000Z' },
      ...{ objects: 1200, copiedObjects: 34, copiedBytes: 5_000_000, keptBytes: 800_000_000, damaged: 0, ...fields },
    });

  test('are told by the last that can be restored, and by what came of the latest attempt', async () => {
    const failed = run({ id: idOf(2), outcome: 'FAILED', failure: 'TARGET_FULL', startedAt: '2026-03-02T08:00:00.000Z' });
    await open(api().on('backupCare', () => backups({ everyMs: 86_400_000, last: run(), items: [failed, run()] })));
    await waitFor(() => expect(fact('Dernière sauvegarde')).toMatch(/^01\/03\/2026/));
    expect(fact('Emplacement')).toBe('/mnt/backup · chiffrée');
    expect(fact('Dernier essai')).toMatch(/^échouée, le 02\/03\/2026.*\(TARGET_FULL\)$/);
    expect(fact('Intervalle')).toMatch(/^1\sjour$/);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test.each([
    ['fr', 'Aucune sauvegarde de ce serveur n’a été faite.', 'BACKUP_TO'],
    ['en', 'No backup of this server has been made.', 'npm run backup'],
  ] as const)('that were never made are a warning that says what to do (%s)', async (locale, text, advice) => {
    await open(
      api().on('backupCare', () => backups({ isLate: true })),
      locale,
    );
    const alert = (await screen.findByText(text)).closest('[role="alert"]');
    expect(alert?.textContent).toContain(advice);
  });
});

describe('the Orthanc beside the server', () => {
  const feed = (fields: object = {}): OrthancStatus => ({
    url: 'http://10.0.0.7:8042',
    deletions: 'trash',
    sending: { waiting: 3, failing: 1, reasons: [{ reason: 'NOT_KEPT', count: 1 }] },
    feed: {
      lastChange: 12_345,
      reachedAt: '2026-03-01T08:00:00.000Z',
      failingSince: null,
      failure: null,
      version: '1.12.11',
      warnings: [],
      checkedAt: null,
      waiting: 0,
      items: [],
      compared: { at: '2026-03-01T08:00:00.000Z', there: 900, missing: 0, held: 0, doubt: null },
      ...fields,
    },
  });

  test('is told with how far it was followed; where there is none nothing is', async () => {
    await open(api().on('orthancStatus', () => OrthancStatus.parse(feed())));
    await screen.findByText('http://10.0.0.7:8042');
    expect(fact('Dernier changement suivi')).toMatch(/^12\s345$/);
    expect(fact('Images à redemander')).toBe('0');
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('says what it holds, and why, and what an administrator says of it is sent as it was seen', async () => {
    const [doubt, at] = ['TOO_MANY', '2026-03-01T08:00:00.000Z'] as const;
    const sent: unknown[] = [];
    const answer = feed({ compared: { at, there: 900, missing: 1_234, held: 1_234, doubt } });
    await open(
      api()
        .on('orthancStatus', () => OrthancStatus.parse(answer))
        .on('orthancMissing', ({ body }) => {
          sent.push(body);
          return answer;
        }),
      'en',
    );
    const note = (await screen.findByText(/1,234 images are no longer in Orthanc/)).parentElement;
    expect(note?.textContent).not.toContain('orthancDoubt');
    expect(fact('What is deleted in Orthanc')).toBe('goes into the trash here');
    screen.getByRole('button', { name: 'They were deleted: to the trash' }).click();
    screen.getByRole('button', { name: 'Do nothing' }).click();
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent).toEqual([
      { decision: 'release', doubt, comparedAt: at },
      { decision: 'dismiss', doubt, comparedAt: at },
    ]);
  });

  test.each([
    ['fr', /^C’était voulu.: à la corbeille$/, 'Ce sera fait à la prochaine comparaison, dans quelques minutes.'],
    ['en', 'Do nothing', 'These images stay here; they are not told of any more.'],
  ] as const)('says what was decided, and holds nothing any more (%s)', async (locale, button, told) => {
    const at = '2026-03-01T08:00:00.000Z';
    let held = 8;
    const status = () => feed({ compared: { at, there: 900, missing: 8, held, doubt: held === 0 ? null : 'RECYCLES' } });
    await open(
      api()
        .on('orthancStatus', status)
        .on('orthancMissing', () => {
          held = 0;
          return status();
        }),
      locale,
    );
    (await screen.findByRole('button', { name: button })).click();
    await screen.findByText(told);
    await waitFor(() => expect(screen.queryByRole('button', { name: button })).toBeNull());
  });

  test('what was compared again meanwhile is not decided: it is told, and asked again as it is now', async () => {
    const doubt = 'TOO_MANY';
    let at = '2026-03-01T08:00:00.000Z';
    const sent: unknown[] = [];
    await open(
      api()
        .on('orthancStatus', () => feed({ compared: { at, there: 900, missing: 8, held: 8, doubt } }))
        .on('orthancMissing', ({ body }) => {
          sent.push(body);
          if (sent.length > 1) return feed();
          at = '2026-03-01T08:05:00.000Z';
          return new Refusal('CONFLICT');
        }),
    );
    (await screen.findByRole('button', { name: 'Ne rien faire' })).click();
    await screen.findByText('Orthanc a été comparé de nouveau entre-temps. Regardez ce qui manque maintenant.');
    await screen.findByText(/09:05|08:05/);
    (await screen.findByRole('button', { name: 'Ne rien faire' })).click();
    await waitFor(() => expect(sent).toHaveLength(2));
    expect(sent[1]).toEqual({ decision: 'dismiss', doubt, comparedAt: at });
  });

  test('that is away says so, and that nothing is lost', async () => {
    const of = api().on('orthancStatus', () => feed({ failure: 'UNREACHABLE', failingSince: '2026-03-01T08:00:00.000Z' }));
    await open(of, 'en');
    const alert = await screen.findByRole('alert');
    expect(alert.textContent).toContain('Nobody answers at this address: start it, or correct ORTHANC_URL. Nothing is lost');
  });

  test.each(['fr', 'en'] as const)(
    'says of each setting that is not safe what to change, and of what did not come when it is asked for again (%s)',
    async (locale) => {
      const items = [
        {
          orthancId: '8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52',
          reason: 'CUT',
          attempts: 3,
          retryAt: '2026-03-01T08:00:00.000Z',
        },
        { orthancId: '1', reason: 'STORAGE_FULL', attempts: 1, retryAt: null },
        { orthancId: '2', reason: 'ANOTHER', attempts: 1, retryAt: null },
      ];
      await open(
        api().on('orthancStatus', () => feed({ warnings: [...ORTHANC_WARNINGS], waiting: 3, items })),
        locale,
      );
      const alert = await screen.findByRole('alert');
      expect(within(alert).getAllByRole('listitem')).toHaveLength(ORTHANC_WARNINGS.length);
      expect(alert.textContent).not.toContain('orthanc_');
      const list = screen.getByRole('list', { name: locale === 'fr' ? 'Images à redemander' : 'Images to be asked for again' });
      const lines = within(list)
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent);
      expect(lines[0]).toMatch(
        locale === 'fr'
          ? /^arrivée incomplète ou abîmée · demandée 3 fois · redemandée le/
          : /^came incomplete or damaged · asked for 3 times · again on/,
      );
      expect(lines[1]).toContain(locale === 'fr' ? 'disque plein · demandée une fois' : 'disk full · asked for once');
      expect(lines[2]).toContain(locale === 'fr' ? 'le journal du serveur dit laquelle' : 'the log of the server says which');
    },
  );
});

test('tells how far the chain of the journal was checked, and names the first event that does not hold', async () => {
  await open(api());
  expect((await screen.findByText(/intacte, 1\s200 événements/)).textContent).toBeTruthy();
});

test('says first that the chain of the journal is broken, and where', async () => {
  const bad = { sequence: 1_201, eventId: idOf(4), problem: 'An event was removed.', foundAt: '2026-03-01T08:00:00.000Z' };
  const care = { checkedAt: '2026-03-01T08:00:00.000Z', checkedEvents: 1_200, wholeAt: null, bad };
  await open(
    api().on('auditCare', () => care),
    'en',
  );
  expect(await screen.findByText('The chain of the audit log is broken at event no. 1,201.')).toBeTruthy();
});
