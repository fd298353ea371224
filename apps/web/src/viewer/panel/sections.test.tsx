import { Prior, Reading } from '@negatoscope/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { openPart } from '../../test/page-fixture.tsx';
import { idOf, make } from '../../test/sample.ts';
import type { ShownAnnotation } from '../annotations/study-annotations.ts';
import { STUDY } from '../testing/pane-fixture.ts';
import { KeptDocuments } from './kept-documents.tsx';
import { KeyImagesSection } from './key-images-section.tsx';
import { MeasurementsSection } from './measurements-section.tsx';
import { PriorsSection } from './priors-section.tsx';
import { ReadingSection } from './reading-section.tsx';
import type { LeaseState } from './use-lease.ts';

const HOSTILE = '<img src=x onerror="alert(1)">';

const measured = (number: number, fields: Partial<ShownAnnotation> = {}): ShownAnnotation => ({
  id: idOf(number),
  frame: number,
  seriesInstanceUid: '1.1',
  sopInstanceUid: `1.1.${number}`,
  kind: 'LENGTH',
  label: null,
  mayChange: true,
  geometry: { space: 'PIXEL', points: [] },
  ...fields,
});

/** Each stands at ten times its number among sixty. */
const placeOf = ({ frame }: { readonly frame: number }) => ({ index: frame * 10, count: 60 });

describe('what is measured', () => {
  const open = async (
    items: readonly ShownAnnotation[],
    canWrite = true,
    lines: readonly string[] = ['12,5 mm'],
    isKnown = true,
  ) => {
    const done: string[] = [];
    const section = (
      <MeasurementsSection
        items={items}
        isKnown={isKnown}
        canWrite={canWrite}
        linesOf={() => lines}
        placeOf={placeOf}
        onJump={({ sopInstanceUid, frame }) => done.push(`jump ${sopInstanceUid} ${frame}`)}
        onRemove={(id) => done.push(`remove ${id}`)}
      />
    );
    return { ...(await openPart(new FakeApi(), section)), done };
  };

  test('is listed with its kind, image and value; a press goes there', async () => {
    const { user, done } = await open([measured(1), measured(2, { kind: 'COBB' }), measured(3, { kind: 'KEY_IMAGE' })]);
    const lines = within(screen.getByTestId('measurements')).getAllByRole('listitem');
    expect(lines.map(({ textContent }) => textContent)).toEqual(['DistanceIm. 10/6012,5 mm', 'Angle de CobbIm. 20/6012,5 mm']);
    expect(screen.getByRole('region', { name: 'Mesures' }).textContent).toMatch(/^Mesures2/);
    await user.click(within(lines[1] as HTMLElement).getByRole('button', { name: /Angle de Cobb/ }));
    expect(done).toEqual(['jump 1.1.2 2']);
  });

  test('is taken away only by who may, which those of others are not', async () => {
    const { user, done } = await open([measured(1), measured(2, { mayChange: false })]);
    const buttons = screen.getAllByRole('button', { name: 'Supprimer la mesure' });
    expect(buttons).toHaveLength(1);
    await user.click(buttons[0] as HTMLElement);
    expect(done).toEqual([`remove ${idOf(1)}`]);
  });

  test.each([
    [true, 'Ce que vous mesurez ou annotez sur les images se retrouve ici.'],
    [false, 'Personne n’a encore rien mesuré sur cet examen.'],
  ])('nothing yet says what will be there (may write: %s)', async (canWrite, text) => {
    await open([], canWrite);
    expect(screen.getByText(text)).toBeTruthy();
  });

  test('that is not known yet is not said to be nothing', async () => {
    await open([], true, [], false);
    expect(screen.getByRole('region', { name: 'Mesures' }).textContent).toBe('Mesures');
  });

  test('past two hundred is counted', async () => {
    await open(Array.from({ length: 203 }, (_, index) => measured(index, { mayChange: false })));
    expect(screen.getByTestId('measurements').children).toHaveLength(200);
    expect(screen.getByText('et 3 autres, sur les images')).toBeTruthy();
  });

  test('that others wrote is text, whatever it is', async () => {
    await open([measured(1, { kind: 'TEXT' })], true, [HOSTILE]);
    expect(screen.getByTitle(HOSTILE).textContent).toBe(HOSTILE);
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('key images', () => {
  const frame = (number: number, ownId?: string) => ({
    seriesInstanceUid: '1.1',
    sopInstanceUid: `1.1.${number}`,
    frame: number,
    ids: ['a'],
    ownId,
  });
  const open = async (frames: readonly ReturnType<typeof frame>[], canWrite = true) => {
    const done: string[] = [];
    const section = (
      <KeyImagesSection
        study={STUDY}
        frames={frames}
        documents={[]}
        placeOf={placeOf}
        isKnown
        canWrite={canWrite}
        onJump={({ sopInstanceUid }) => done.push(`jump ${sopInstanceUid}`)}
        onRemove={({ sopInstanceUid }) => done.push(`remove ${sopInstanceUid}`)}
        onToggle={() => done.push('toggle')}
      />
    );
    return { ...(await openPart(new FakeApi(), section)), done };
  };

  test('are pictures of the server that lead to their frame; one’s own can be taken away', async () => {
    const { user, done } = await open([frame(1, 'mine'), frame(2)]);
    const pictures = [...screen.getByTestId('key-images').querySelectorAll('img')].map((image) => image.getAttribute('src'));
    expect(pictures[1]).toMatch(/\/dicom-web\/.*1\.1\.2\/frames\/2\/thumbnail$/);
    await user.click(screen.getByRole('button', { name: 'Image clé, Im. 20/60' }));
    expect(screen.queryByRole('button', { name: 'Ne plus marquer cette image, Im. 20/60' })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Ne plus marquer cette image, Im. 10/60' }));
    await user.click(screen.getByRole('button', { name: 'Marquer' }));
    expect(done).toEqual(['jump 1.1.2', 'remove 1.1.1', 'toggle']);
  });

  test('whose picture is not there keep their place', async () => {
    await open([frame(1)]);
    fireEvent.error(screen.getByTestId('key-images').querySelector('img') as HTMLElement);
    expect(screen.getByTestId('key-images').querySelector('img')).toBeNull();
    expect(screen.getByRole('button', { name: 'Image clé, Im. 10/60' })).toBeTruthy();
  });

  test('are not for everybody to mark', async () => {
    await open([], false);
    expect(screen.queryByRole('button', { name: 'Marquer' })).toBeNull();
    expect(screen.getByText('Personne n’a encore marqué d’image sur cet examen.')).toBeTruthy();
  });
});

describe('other studies of the patient', () => {
  const priorOf = (number: number, fields: Partial<Prior> = {}): Prior =>
    make(Prior, {
      id: idOf(number),
      studyInstanceUid: `1.2.9.${number}`,
      studyDate: `2024-03-0${number}`,
      description: `Thorax ${number}`,
      modalities: ['CT'],
      bodyParts: ['CHEST'],
      rank: number,
      reasons: [],
      isComparable: false,
      ...fields,
    });
  const open = async (answer: () => unknown, hangs = true, locale: 'fr' | 'en' = 'fr') => {
    const done: string[] = [];
    const api = new FakeApi().on('listPriors', answer);
    const section = (
      <PriorsSection
        study={STUDY}
        date="2026-03-01"
        onOpen={({ studyInstanceUid }) => done.push(`open ${studyInstanceUid}`)}
        onHang={hangs ? ({ studyInstanceUid, groupId }) => done.push(`hang ${studyInstanceUid} ${groupId}`) : undefined}
      />
    );
    return { ...(await openPart(api, section, { locale })), done, api };
  };

  test('stand along their dates, the newest first, with how far away and why to beware', async () => {
    const items = [
      priorOf(1, { rank: 1, isComparable: true }),
      priorOf(2, { studyDate: '2026-03-01', reasons: ['OTHER_SIDE'] }),
      priorOf(3, { studyDate: '2026-04-20', reasons: ['LATER', 'OTHER_IDENTITY'] }),
      priorOf(4, { studyDate: null, description: null }),
    ];
    await open(() => ({ items, isWhole: true }));
    const texts = (await screen.findAllByTestId('prior')).map(({ textContent }) => textContent);
    expect(texts).toEqual([
      '20/04/202650 jours aprèsCT · Thorax 3plus récentimages au nom d’une autre personne',
      '01/03/2026le même jourCT · Thorax 2autre côté',
      '01/03/20242 ans avantCT · Thorax 1le plus comparable',
      'Sans dateCT · CHEST',
    ]);
  });

  test('are opened, or hung beside', async () => {
    const { user, done } = await open(() => ({ items: [priorOf(1)], isWhole: false }));
    await user.click(await screen.findByTestId('prior'));
    await user.click(screen.getByRole('button', { name: /^Afficher à côté\s: 01\/03\/2024$/ }));
    expect(done).toEqual(['open 1.2.9.1', 'hang 1.2.9.1 none']);
    expect(screen.getByRole('region', { name: 'Antérieurs' }).textContent).toContain('1+');
  });

  test('are not hung where nothing hangs beside', async () => {
    await open(() => ({ items: [priorOf(1)], isWhole: true }), false);
    await screen.findByTestId('prior');
    expect(screen.queryByRole('button', { name: /Afficher à côté/ })).toBeNull();
  });

  test('none is told apart from not knowing, which is asked again', async () => {
    let isDown = true;
    const { user } = await open(() => (isDown ? new Refusal('INTERNAL') : { items: [], isWhole: true }), true, 'en');
    expect(await screen.findByText(/could not be loaded/)).toBeTruthy();
    expect(screen.queryByText('No other study of this patient in the archive.')).toBeNull();
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('No other study of this patient in the archive.')).toBeTruthy();
  });

  test('whose words are hostile are text', async () => {
    await open(() => ({ items: [priorOf(1, { description: HOSTILE })], isWhole: true }));
    expect((await screen.findByTestId('prior')).textContent).toContain(HOSTILE);
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('the reading', () => {
  const readingOf = (fields: Partial<Reading> = {}): Reading => make(Reading, { status: 'IN_PROGRESS', ...fields });
  const reader = (name: string | null, isSelf = false): Reading['readers'][number] => ({
    userId: idOf(isSelf ? 1 : 2),
    name,
    since: '2026-03-01T08:00:00.000Z',
    isSelf,
  });
  const open = async (
    snapshot: Partial<LeaseState['snapshot']>,
    { mayRead = true, ports = true, locale = 'fr' as 'fr' | 'en' } = {},
  ) => {
    const done: string[] = [];
    const lease = { look: () => done.push('look'), read: () => done.push('read') } as unknown as LeaseState['lease']; // What the section does with it.
    const section = (
      <ReadingSection
        lease={{ lease, mayRead, snapshot: { reading: undefined, isReading: false, onlyLooks: false, ...snapshot } }}
        onReadAndNext={ports ? () => done.push('readAndNext') : undefined}
        onNext={ports ? () => done.push('next') : undefined}
      />
    );
    return { ...(await openPart(new FakeApi(), section, { locale })), done };
  };
  const names = (): (string | null)[] => screen.queryAllByRole('button').map(({ textContent }) => textContent);

  test('of oneself can be let go, ended, and followed by the next', async () => {
    const { user, done } = await open({ reading: readingOf({ readers: [reader(null, true)] }), isReading: true });
    expect(screen.getByTestId('reading-status').textContent).toBe('En cours');
    expect(screen.getByText('Lu en ce moment par vous')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    for (const name of [/^Lu, suivant/, /^Suivant/, 'Je regarde seulement'])
      await user.click(screen.getByRole('button', { name }));
    expect(done).toEqual(['readAndNext', 'next', 'look']);
  });

  test('by two at once is an alert that names the other', async () => {
    await open({ reading: readingOf({ readers: [reader('Dr Roux'), reader(null, true)] }), isReading: true }, { locale: 'en' });
    expect(screen.getByRole('alert').textContent).toBe('Being read by Dr Roux, you');
  });

  test('by somebody whom one may not know is told so, and who only looks may begin', async () => {
    const { user, done } = await open({ reading: readingOf({ readers: [reader(null)] }), onlyLooks: true });
    expect(screen.getByText('Lu en ce moment par une autre personne')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Je le lis' }));
    expect(done).toEqual(['read']);
  });

  test('that is over says since when; an archived one is not read again', async () => {
    await open({ reading: readingOf({ status: 'ARCHIVED', validatedAt: '2026-03-02T08:00:00.000Z' }) });
    expect(screen.getByText(/^Validé le 02\/03\/2026/)).toBeTruthy();
    expect(names()).toEqual(['SuivantN']);
  });

  test('is not for who may not validate, nor where the page has no list', async () => {
    await open({ reading: readingOf() }, { mayRead: false });
    expect(names()).toEqual(['SuivantN']);
    await open({ reading: readingOf() }, { ports: false });
    expect(names().filter((name) => name?.startsWith('Lu'))).toEqual([]);
  });
});

describe('what is kept of a study', () => {
  const kept = {
    kind: 'MEASUREMENTS',
    seriesInstanceUid: '1',
    sopInstanceUid: '1.1',
    madeAt: '2026-03-01T08:00:00.000Z',
    author: null,
  };
  const made = (outcome: 'STORED' | 'UNCHANGED', leftOut = 0) => ({
    items: [{ kind: 'MEASUREMENTS', outcome, count: 3, leftOut, sopInstanceUid: '1.1' }],
  });
  const open = async (api: FakeApi, fields: { waiting?: number; isEmpty?: boolean; role?: 'STAFF' } = {}) => {
    const { waiting = 0, isEmpty = false, role } = fields;
    return openPart(api, <KeptDocuments study={STUDY} waiting={waiting} isEmpty={isEmpty} />, role === undefined ? {} : { role });
  };
  const keep = () => screen.findByRole('button', { name: 'Conserver en DICOM' });

  test('is made on demand, and said when; what found no place is counted', async () => {
    const api: FakeApi = new FakeApi()
      .on('listKeptDocuments', () => ({ items: api.of('keepDocuments').length === 0 ? [] : [kept] }))
      .on('keepDocuments', () => made('STORED', 2));
    const { user } = await open(api);
    await user.click(await keep());
    await waitFor(() =>
      expect(screen.getByRole('status').textContent).toBe(
        'Mesures et images clés sont conservées dans le dossier. 2 annotations n’y trouvent pas place.',
      ),
    );
    expect(await screen.findByText(/^Conservé le 01\/03\/2026/)).toBeTruthy();
    expect(api.of('keepDocuments').map(({ params, query }) => [params.studyInstanceUid, query.groupId])).toEqual([
      ['1.2.3', 'none'],
    ]);
  });

  test('says so when the record has it all already', async () => {
    const { user } = await open(new FakeApi().on('keepDocuments', () => made('UNCHANGED')));
    await user.click(await keep());
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/^Le dossier a déjà tout/));
  });

  test.each([{ isEmpty: true }, { waiting: 1 }])('is not made of what is not there or not yet sent: %o', async (fields) => {
    await open(new FakeApi(), fields);
    expect((await keep()).hasAttribute('disabled')).toBe(true);
  });

  test('a failure is told where it was asked for', async () => {
    const api = new FakeApi().on('keepDocuments', () => new Refusal('UNAVAILABLE'));
    const { user } = await open(api);
    await user.click(await keep());
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/Une partie du serveur ne répond pas/));
  });

  test('has no place where one may keep nothing and nothing is kept', async () => {
    const api = new FakeApi();
    await open(api, { role: 'STAFF' });
    await waitFor(() => expect(api.of('listKeptDocuments')).toHaveLength(1));
    expect(screen.queryByRole('region')).toBeNull();
  });
});
