import type { ContentNode } from '@negatoscope/dicom';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeApi } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import type { PaneSnapshot } from '../engine/index.ts';
import type { DocumentModel } from '../model/documents.ts';
import { bannerOf, FakePane, frameOf, STUDY, seriesOf, shown } from '../testing/pane-fixture.ts';
import { ContentView } from './content-view.tsx';
import { DocumentView } from './document-view.tsx';
import { PaneIdentity, PaneOverlay } from './pane-overlay.tsx';
import { PatientMark, PatientsNotice } from './patients-notice.tsx';
import { SeriesStrip, type StripSection } from './series-strip.tsx';
import { SliceSlider } from './slice-slider.tsx';
import { PaneTile } from './tiles.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const RIGHT_TO_LEFT = 'كوهين\u202E^Anna';

afterEach(() => vi.unstubAllGlobals());

describe('a document', () => {
  const documentOf = (number: number, fields: Partial<DocumentModel> = {}): DocumentModel => ({
    sopInstanceUid: `1.5.${number}`,
    title: `Compte rendu ${number}`,
    url: `/dicom-web/studies/1/series/1.5/instances/1.5.${number}`,
    isHeldBack: false,
    ...fields,
  });
  const pdf = (): Response => new Response('%PDF-1.7', { headers: { 'content-type': 'application/pdf' } });
  const open = async (
    documents: readonly DocumentModel[],
    answer: () => Response | Promise<Response>,
    { index = 0, hasViewer = true, locale = 'fr' as 'fr' | 'en' } = {},
  ) => {
    const asked: number[] = [];
    vi.spyOn(navigator, 'pdfViewerEnabled', 'get').mockReturnValue(hasViewer);
    const api = new FakeApi().dicomweb(answer);
    const series = seriesOf({ modality: 'DOC', documents, frames: [] });
    const view = (at: number) => <DocumentView series={series} index={at} onIndex={(to) => asked.push(to)} />;
    return { ...(await openPart(api, view(index), { locale })), asked, view };
  };
  Object.defineProperty(Navigator.prototype, 'pdfViewerEnabled', { configurable: true, get: () => true });

  test('that is a PDF is read here, opened in a tab, and downloaded', async () => {
    await open([documentOf(1)], pdf);
    expect((await screen.findByTitle('Compte rendu 1')).getAttribute('src')).toBe(`${documentOf(1).url}/rendered`);
    const links = screen
      .getAllByRole('link')
      .map((link) => [link.textContent, link.getAttribute('href'), link.hasAttribute('download')]);
    expect(links).toEqual([
      ['Ouvrir dans un onglet', `${documentOf(1).url}/rendered`, false],
      ['Télécharger', `${documentOf(1).url}/rendered`, true],
    ]);
    expect(document.body.textContent).toContain('MARTIN ANNA · 03/02/1970');
  });

  test('that says it is a PDF and is none is never opened', async () => {
    await open([documentOf(1)], () => new Response('<script>', { headers: { 'content-type': 'application/pdf' } }));
    expect((await screen.findByRole('alert')).textContent).toContain('Il se dit PDF, mais son contenu n’en est pas un');
    expect(document.querySelector('iframe')).toBeNull();
    expect(screen.getByRole('link', { name: 'Télécharger' })).toBeTruthy();
  });

  test('where a browser shows no PDF is handed over', async () => {
    await open([documentOf(1)], pdf, { hasViewer: false });
    expect(await screen.findByText(/Ce navigateur n’affiche pas les PDF/)).toBeTruthy();
    expect(document.querySelector('iframe')).toBeNull();
  });

  test('that may name the patient is not asked for by who sees pseudonyms', async () => {
    const answer = vi.fn(pdf);
    await open([documentOf(1, { isHeldBack: true })], answer);
    expect(await screen.findByText('Document non montré')).toBeTruthy();
    expect(answer).not.toHaveBeenCalled();
    expect(screen.queryByRole('link')).toBeNull();
  });

  test('that can’t be had says why, and is asked for again', async () => {
    let isDown = true;
    const { user } = await open([documentOf(1)], () => (isDown ? new Response('', { status: 500 }) : pdf()), { locale: 'en' });
    expect((await screen.findByRole('alert')).textContent).toContain('The server could not');
    isDown = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByTitle('Compte rendu 1')).toBeTruthy();
  });

  test('of a format that nothing here plays says which', async () => {
    await open([documentOf(1)], () => new Response('x', { headers: { 'content-type': 'video/mp4' } }));
    expect((await screen.findByRole('alert')).textContent).toContain('video/mp4');
  });

  test('that is no more than a file is kept, and downloaded as it came', async () => {
    await open([documentOf(1)], () => new Response('', { status: 406 }));
    expect(await screen.findByText('Son contenu (DOC) est conservé et peut être téléchargé.')).toBeTruthy();
    const link = screen.getByRole('link', { name: 'Télécharger le fichier DICOM' });
    expect(link.getAttribute('href')).toBe(`${documentOf(1).url}?accept=application/dicom`);
  });

  test('is one of several, from one to the next, not past the ends', async () => {
    const { user, asked, again, view } = await open([documentOf(1), documentOf(2)], pdf);
    expect(await screen.findByText('1 sur 2')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Document précédent' }).hasAttribute('disabled')).toBe(true);
    await user.click(screen.getByRole('button', { name: 'Document suivant' }));
    expect(asked).toEqual([1]);
    again(view(1));
    expect(await screen.findByTitle('Compte rendu 2')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Document suivant' }).hasAttribute('disabled')).toBe(true);
    again(view(7));
    expect(screen.getByTitle('Compte rendu 2')).toBeTruthy();
  });
});

describe('a structured document', () => {
  const node = (fields: Partial<ContentNode>): ContentNode => ({
    type: 'TEXT',
    name: undefined,
    text: undefined,
    reference: undefined,
    isContext: false,
    children: [],
    ...fields,
  });

  test('is read item by item, with the images that are meant', async () => {
    const root = node({
      type: 'CONTAINER',
      name: 'Mesures',
      children: [
        node({ name: 'Longueur', text: '12 mm' }),
        node({ type: 'IMAGE', reference: { sopInstanceUid: '1.2.7', frames: [] } }),
        node({ name: 'Source', reference: { sopInstanceUid: '1.2.8', frames: [2, 5] } }),
        node({ type: 'CONTAINER', children: [node({ type: 'UNKNOWN' })] }),
      ],
    });
    await openPart(new FakeApi(), <ContentView tree={{ root, isWhole: false }} />);
    const article = screen.getByTestId('content-tree');
    expect(within(article).getByRole('heading', { name: 'Mesures' })).toBeTruthy();
    expect([...article.querySelectorAll('li > span')].map(({ textContent }) => textContent)).toEqual([
      'Longueur : 12 mm',
      'image 1.2.7',
      'Source : image 1.2.8, vues 2, 5',
      'CONTAINER',
      'UNKNOWN',
    ]);
    expect(within(article).getByText(/La suite n’est pas montrée ici/)).toBeTruthy();
  });

  test('whose words are hostile is text, whole and in its order', async () => {
    const children = [node({ name: HOSTILE, text: '</li><script>alert(1)</script>' }), node({ text: RIGHT_TO_LEFT })];
    await openPart(new FakeApi(), <ContentView tree={{ root: node({ children }), isWhole: true }} />, { locale: 'en' });
    const article = screen.getByTestId('content-tree');
    expect(article.querySelectorAll('img, script')).toHaveLength(0);
    expect(article.textContent).toContain(`${HOSTILE} : </li><script>alert(1)</script>`);
    expect(article.textContent).toContain(RIGHT_TO_LEFT);
    expect(within(article).getByRole('heading', { name: 'Document without a title' })).toBeTruthy();
  });
});

describe('what stands in place of an image', () => {
  const tile = (fields: Partial<PaneSnapshot>, done: string[] = [], expected?: string) => (
    <PaneTile
      snapshot={shown(fields)}
      expected={expected}
      onRetryFrame={() => done.push('frame')}
      onRetrySeries={() => done.push('series')}
    />
  );

  test.each([
    [{ status: 'empty' }, 'Déposez une série ici, ou choisissez-en une dans la liste.'],
    [{ status: 'loading' }, 'Chargement de la série'],
    [{ status: 'unsupported' }, 'Cette série n’a pas d’image à afficher'],
    [{ frameState: 'failed', errorCode: 'HELD_BACK', askedIndex: 4 }, 'Image 5 non montrée'],
  ] as const)('is told politely: %o', async (fields, text) => {
    await openPart(new FakeApi(), tile(fields));
    expect(screen.getByRole('status').textContent).toContain(text);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test.each([
    [{ status: 'failed', errorCode: 'NOT_ALLOWED' }, 'Série indisponible', 'Votre compte ne permet pas', 'series'],
    [{ status: 'failed' }, 'Série indisponible', 'Le serveur n’a pas pu la fournir', 'series'],
    [{ frameState: 'failed', errorCode: 'NETWORK' }, 'Image 1 pas encore reçue', 'La connexion est interrompue', 'frame'],
    [{ frameState: 'failed' }, 'Image 1 illisible', 'Les pixels ne peuvent pas être décodés', 'frame'],
  ] as const)('that failed says what, why, and tries again: %o', async (fields, title, why, what) => {
    const done: string[] = [];
    const { user } = await openPart(new FakeApi(), tile(fields, done));
    const alert = screen.getByRole('alert');
    expect(alert.textContent).toContain(title);
    expect(alert.textContent).toContain(why);
    // What is only not here yet is no file to take away.
    const isLost = what === 'frame' && !('errorCode' in fields);
    const link = within(alert).queryByRole('link', { name: 'Télécharger le fichier DICOM' });
    expect(link?.getAttribute('href')?.endsWith('/instances/1.2.3.1.1?accept=application/dicom') === true).toBe(isLost);
    await user.click(within(alert).getByRole('button', { name: 'Réessayer' }));
    expect(done).toEqual([what]);
  });

  test('is what is coming, and nothing once an image is there', async () => {
    const { again } = await openPart(new FakeApi(), tile({ status: 'empty' }, [], 'L’examen antérieur arrive'));
    expect(screen.getByRole('status').textContent).toBe('L’examen antérieur arrive');
    again(tile({}));
    expect(screen.queryByRole('status')).toBeNull();
    again(tile({ status: 'unsupported', series: seriesOf({ documents: [{} as DocumentModel] }) }));
    expect(screen.queryByRole('status')).toBeNull();
  });
});

describe('the strip of series', () => {
  const open = async (sections: readonly StripSection[], canLoadPreviews = true) => {
    const chosen: string[] = [];
    const strip = (can: boolean) => (
      <SeriesStrip
        sections={sections}
        shown={[{ study: STUDY, seriesInstanceUid: '1.1' }]}
        active={{ study: STUDY, seriesInstanceUid: '1.1' }}
        namelessUids={['1.2']}
        canLoadPreviews={can}
        onChoose={({ seriesInstanceUid }) => chosen.push(seriesInstanceUid)}
      />
    );
    return { ...(await openPart(new FakeApi(), strip(canLoadPreviews))), chosen, strip };
  };
  const item = (seriesInstanceUid: string, fields = {}) => {
    const { modality, seriesNumber, description, instanceCount, bodyPart } = seriesOf();
    return { seriesInstanceUid, modality, seriesNumber, description, instanceCount, bodyPart, ...fields };
  };

  test('names each, says which is active, and gives it to the active pane', async () => {
    const { user, chosen } = await open([{ study: STUDY, series: [item('1.1'), item('1.2', { description: undefined })] }]);
    const [first, second] = within(screen.getByRole('navigation', { name: 'Séries' })).getAllByRole('button');
    expect([first?.getAttribute('aria-label'), first?.getAttribute('aria-current')]).toEqual([
      'Ouvrir la série 2 CT Axial',
      'true',
    ]);
    expect(second?.getAttribute('aria-label')).toBe(
      'Ouvrir la série 2 CT Série sans description (Images sans nom ni date de naissance)',
    );
    expect(second?.hasAttribute('aria-current')).toBe(false);
    await user.click(second as HTMLElement);
    (first as HTMLElement).focus();
    await user.keyboard('{Enter}');
    expect(chosen).toEqual(['1.2', '1.1']);
  });

  test('asks for pictures once they may be, and shows a sign where there is none', async () => {
    const { again, strip } = await open([{ study: STUDY, series: [item('1.1'), item('1.3', { modality: 'SR' })] }], false);
    const images = () => document.querySelectorAll('nav img');
    expect(images()).toHaveLength(0);
    again(strip(true));
    expect([...images()].map((image) => image.getAttribute('src'))).toEqual([expect.stringMatching(/series\/1\.1\/thumbnail$/)]);
    fireEvent.error(images()[0] as HTMLElement);
    expect(images()).toHaveLength(0);
  });

  test('is dragged by what it is, and by nothing of the patient', async () => {
    await open([{ study: STUDY, series: [item('1.1')] }]);
    const data = new Map<string, string>();
    const dataTransfer = { setData: (type: string, value: string) => data.set(type, value), effectAllowed: 'none' };
    fireEvent.dragStart(screen.getByRole('button'), { dataTransfer });
    expect([...data]).toEqual([
      [
        'application/x-negatoscope-series',
        JSON.stringify({ studyInstanceUid: '1.2.3', groupId: 'none', seriesInstanceUid: '1.1' }),
      ],
    ]);
    expect(dataTransfer.effectAllowed).toBe('copy');
  });

  test('of a study without series says so; headings stand above what is beside', async () => {
    await open([
      { study: STUDY, series: [] },
      { study: { studyInstanceUid: '9' }, series: undefined, heading: <h3>2024</h3> },
    ]);
    expect(screen.getByText('Cet examen ne contient aucune série.')).toBeTruthy();
    expect(screen.getByRole('heading', { name: '2024' })).toBeTruthy();
  });
});

describe('the texts over an image', () => {
  const overlay = async (fields: Partial<PaneSnapshot>, locale: 'fr' | 'en' = 'fr') => {
    await openPart(new FakeApi(), <PaneOverlay snapshot={shown(fields)} link={undefined} />, { locale });
    return document.body.textContent ?? '';
  };

  test('say who, when, what and how', async () => {
    const text = await overlay({
      frame: frameOf(1, { slicePositionMm: -12.25, sliceThicknessMm: 1 }),
      letters: { top: 'A', right: 'L', bottom: 'P', left: 'R' },
      scaleBar: { lengthMm: 50, lengthPx: 120 },
      isInverted: true,
    });
    for (const part of [
      'MARTIN ANNA',
      'P-1',
      '03/02/1970 · 56 ans · F',
      'Sér. 2 · CT · Axial',
      'Im. 1/3',
      'L 400  C 40  Inversé',
      fr('Zoom 150 %'),
      'Pos. -12,3 mm',
      'Ép. 1 mm',
      'non calibré',
      '5 cm',
    ])
      expect(text).toContain(part);
    expect(['A', 'L', 'P', 'R'].map((letter) => screen.getAllByText(letter).length > 0)).toEqual([true, true, true, true]);
  });

  test('speak the other language', async () => {
    const text = await overlay({ calibration: { kind: 'estimated' } as PaneSnapshot['calibration'] }, 'en');
    for (const part of ['3 Feb 1970 · 56 y', 'Ser. 2', 'estimated']) expect(text).toContain(part);
  });

  test('warn of what contradicts itself and of what was lost', async () => {
    const dataset = {
      '00200060': { vr: 'CS', Value: ['L'] },
      '00200062': { vr: 'CS', Value: ['R'] },
      '00282110': { vr: 'CS', Value: ['01'] },
      '00282112': { vr: 'DS', Value: [12.34] },
    };
    const text = await overlay({ frame: frameOf(1, { dataset }) });
    expect(text).toContain('Côté contradictoire dans le fichier');
    expect(text).toContain('Compression avec perte 12,3:1');
  });

  test.each([HOSTILE, RIGHT_TO_LEFT, 'A'.repeat(64)])(
    'show a hostile name as text, in the order of its letters: %s',
    async (name) => {
      const banner = bannerOf({ name, patientId: HOSTILE, studyDescription: HOSTILE });
      const text = await overlay({ series: seriesOf({ banner, description: HOSTILE }) });
      expect(text).toContain(name.split('^')[0]?.replaceAll('\u202e', '').toLocaleUpperCase());
      expect(text).not.toContain('\u202e');
      expect(text).toContain(HOSTILE);
      expect(document.querySelectorAll('img')).toHaveLength(0);
    },
  );

  test('are hidden but for whose image it is', async () => {
    const { container } = await openPart(new FakeApi(), <PaneIdentity snapshot={shown()} />);
    expect(container.textContent).toBe('MARTIN ANNA · 03/02/1970 · 01/03/2026');
  });
});

describe('images of several patients', () => {
  test('are an alert that names each, by number; of one there is none', async () => {
    const two = [bannerOf(), bannerOf({ name: undefined, birthDate: undefined })];
    const { again } = await openPart(new FakeApi(), <PatientsNotice banners={two} />);
    expect(screen.getByRole('alert').textContent).toBe('2 patients à l’écran1 · MARTIN ANNA · 03/02/19702 · Patient sans nom');
    again(<PatientsNotice banners={two.slice(1)} />);
    expect(screen.queryByRole('alert')).toBeNull();
    again(<PatientMark number={2} snapshot={shown()} />);
    expect(screen.getByTestId('patient-mark').textContent).toBe('Patient 2MARTIN ANNA · 03/02/1970');
  });
});

describe('the slider', () => {
  test('goes through the frames by keys, and says which is shown of how many', async () => {
    const pane = new FakePane(shown({ askedIndex: 1 }));
    const { user } = await openPart(new FakeApi(), <SliceSlider pane={pane.pane} snapshot={pane.getSnapshot()} />);
    const slider = screen.getByRole('slider', { name: 'Coupe demandée' });
    expect([slider.getAttribute('min'), slider.getAttribute('max'), (slider as HTMLInputElement).value]).toEqual(['1', '3', '2']);
    slider.focus();
    await user.keyboard('{ArrowRight}{End}{Home}');
    expect(pane.done).toEqual(['goTo 2', 'goTo 2', 'goTo 0']);
    expect(screen.getByRole('progressbar').getAttribute('aria-label')).toBe('3 images chargées sur 3');
    expect(document.body.textContent).toContain('1 / 3');
  });

  test('plays, at a rate that can be set while it does', async () => {
    const pane = new FakePane(shown({ isPlaying: true, framesPerSecond: 12.34 }));
    const { user } = await openPart(new FakeApi(), <SliceSlider pane={pane.pane} snapshot={pane.getSnapshot()} />);
    const rate = screen.getByRole<HTMLInputElement>('spinbutton', { name: 'Images par seconde' });
    expect(rate.value).toBe('12.3');
    fireEvent.change(rate, { target: { value: '25' } });
    await user.click(screen.getByRole('button', { name: fr('Arrêter la lecture') }));
    expect(pane.done).toEqual(['rate 25', 'toggle']);
  });

  test.each([
    ['fr', /garde 1\s639 images sur 10\s000 à la fois/],
    ['en', /holds 1,639 of 10,000 images at a time/],
  ] as const)('says of a series that memory does not hold how much is there at once (%s)', async (locale, told) => {
    const large = shown({ frameCount: 10_000, fitCount: 1_639, shownIndex: 9_999 });
    const { close } = await openPart(new FakeApi(), <SliceSlider pane={new FakePane().pane} snapshot={large} />, { locale });
    expect(screen.getByText(told)).toBeTruthy();
    close();
    const small = shown({ frameCount: 3, fitCount: 3 });
    await openPart(new FakeApi(), <SliceSlider pane={new FakePane().pane} snapshot={small} />, { locale });
    expect(screen.queryByText(/à la fois|at a time/)).toBeNull();
  });

  test('is not there for one image', async () => {
    await openPart(new FakeApi(), <SliceSlider pane={new FakePane().pane} snapshot={shown({ frameCount: 1 })} />);
    await waitFor(() => expect(screen.queryByRole('slider')).toBeNull());
  });
});
