// @vitest-environment jsdom
// It loads the page's module anew, and runs with the files that share nothing.
import type { SharedView } from '@negatoscope/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { frenchSpaces as fr } from '../i18n/typography.ts';

const SECRET = 's'.repeat(43);
const [STUDY, SERIES] = ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];

const view = (more: Partial<SharedView> = {}): SharedView => ({
  ...{ site: 'Hôpital de Thiès', recipient: 'Dr Ndiaye', profile: 'IDENTIFIED', mayDownload: false, csrfToken: 'token' },
  ...{ expiresAt: '2026-12-13T10:00:00.000Z', visitEndsAt: '2026-11-29T20:00:00.000Z' },
  studies: [
    {
      ...{ id: STUDY, studyInstanceUid: '1.2.3', patientName: 'SOW <b>Awa</b>', birthDate: '1981-11-30' },
      ...{ studyDate: '2026-11-20', description: 'Thorax', modalities: ['CT'] },
      series: [
        { id: SERIES, seriesInstanceUid: '1.2.3.4', modality: 'CT', seriesNumber: 1, description: 'Axial', instanceCount: 3 },
      ],
    },
  ],
  ...more,
});

interface Asked {
  readonly address: string;
  readonly method: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}
let asked: Asked[];
/** What the server answers by the beginning of an address; 401 for all others. */
let answers: Record<string, () => Response>;
const json = (body: unknown, status = 200, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const refused =
  (code: string, status: number, headers = {}) =>
  () =>
    json({ code }, status, headers);

async function serve(address: string, { method = 'GET', body, headers = {} }: RequestInit = {}): Promise<Response> {
  asked.push({
    address,
    method,
    body: typeof body === 'string' ? JSON.parse(body) : undefined,
    headers: { ...(headers as object) },
  });
  const known = Object.keys(answers).find((one) => `${method} ${address}`.startsWith(one));
  return (known === undefined ? undefined : answers[known]?.()) ?? json({ code: 'SHARE_VISIT_OVER' }, 401);
}

/** Opens the page at an address with this fragment, in French. */
async function open(fragment = `#${SECRET}`): Promise<void> {
  history.replaceState(null, '', `/s${fragment}`);
  vi.resetModules();
  await import('../recipient/main.ts');
}
const text = (): string => document.body.textContent ?? '';
const says = (what: string) => vi.waitFor(() => expect(text()).toContain(what));
const button = (name: string): HTMLButtonElement => {
  const all = [...document.querySelectorAll('button')];
  const found = all.find((one) => (one.ariaLabel ?? one.getAttribute('aria-label') ?? one.textContent ?? '').includes(name));
  if (found === undefined) throw new Error(`No button ${name}`);
  return found;
};
/** Types a code and sends it. */
function sendCode(code: string): void {
  const field = document.querySelector<HTMLInputElement>('#code');
  if (field === null) throw new Error('No field');
  field.value = code;
  field.form?.dispatchEvent(new SubmitEvent('submit', { cancelable: true }));
}
const opened = () => json({ csrfToken: 'token', visitEndsAt: '2026-11-29T20:00:00.000Z' }, 201);
const instances = Array.from({ length: 3 }, (_, at) => ({ sopInstanceUid: `1.2.3.4.${at + 1}`, kind: 'IMAGE', frames: 1 }));

beforeEach(() => {
  asked = [];
  answers = {
    'POST /api/shared/open': opened,
    'GET /api/shared/series/': () => json({ instances }),
    'GET /api/shared': () => json(view()),
    'DELETE /api/shared': () => new Response(null, { status: 204 }),
    'GET /dicom-web/': () => new Response('picture'),
  };
  vi.stubGlobal('fetch', serve);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal('createImageBitmap', async () => ({ width: 64, height: 64, close: () => undefined }));
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(null);
  localStorage.setItem('ng.locale', 'fr');
  document.body.innerHTML = '<div id="root"></div>';
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
  localStorage.clear();
  sessionStorage.clear();
});

it('sends the secret in a body alone, and takes it out of the address before it asks for anything', async () => {
  await open();
  expect([location.pathname, location.hash]).toEqual(['/s', '']);
  await says('Hôpital de Thiès');
  expect(asked.filter(({ address }) => address.includes(SECRET))).toEqual([]);
  expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ secret: SECRET });
  expect([JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })].join('')).not.toContain(SECRET);
});

it('shows whose the images are, of when, that they are no diagnosis, and what else is to be known, as text', async () => {
  await open();
  await says('SOW <b>Awa</b>');
  await says(fr('Image 2 sur 3'));
  for (const part of ['Né(e) le 30/11/1981', 'examen du 20/11/2026', 'pour Dr Ndiaye', 'pas pour le diagnostic', 'avec perte'])
    expect(text()).toContain(part);
  expect(document.querySelector('#root b')).toBeNull();
  expect(asked.map(({ address }) => address)).toContain(
    '/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.2.3.4.2/frames/1/rendered?viewport=1024%2C1024',
  );
  expect(() => button('Télécharger')).toThrow();
});

it('lets no name and no description turn round what stands beside it, dates least of all (Unicode UAX 9)', async () => {
  const [turned] = view().studies;
  if (turned === undefined) throw new Error('No study');
  const series = turned.series.map((one) => ({ ...one, description: 'Ax\u202eial' }));
  const study = { ...turned, series, patientName: 'SOW\u202e Awa', description: '\u2067Thorax' };
  answers['GET /api/shared'] = () => json(view({ studies: [study] }));
  await open();
  await says('SOW Awa');
  expect(text()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
  for (const part of ['Axial', 'Thorax', 'Né(e) le 30/11/1981']) expect(text()).toContain(part);
});

it('says that a name is a pseudonym', async () => {
  answers['GET /api/shared'] = () => json(view({ profile: 'PSEUDONYM' }));
  await open();
  await says('Pseudonyme SOW');
});

it('asks for the code where there is one, says at its field what is wrong, and opens by the right one', async () => {
  answers['POST /api/shared/open'] = refused('SHARE_CODE_NEEDED', 401);
  await open();
  await says('Ce partage est protégé par un code');
  sendCode('123');
  await says('Saisissez les 8 chiffres');
  answers['POST /api/shared/open'] = refused('SHARE_CODE_WRONG', 401);
  sendCode('1111 1111');
  await says('Ce code n’est pas le bon');
  expect(document.querySelector('#code')?.getAttribute('aria-describedby')).toBe('code-error');
  expect(document.activeElement?.id).toBe('code');
  answers['POST /api/shared/open'] = opened;
  sendCode('12 34 56 78');
  await says('Hôpital de Thiès');
  expect(asked.filter(({ method }) => method === 'POST').map(({ body }) => (body as { code?: string }).code)).toEqual([
    ...[undefined, '11111111', '12345678'],
  ]);
});

it.each([
  ['a link that opens nothing, without telling why', refused('SHARE_UNKNOWN', 404), 'Ce lien n’ouvre rien'],
  ['too many attempts, with how long to wait', refused('RATE_LIMITED', 429, { 'retry-after': '130' }), 'Attendez 3 min'],
  ['a server that is away', () => json({}, 503), 'Le serveur ne répond pas'],
])('says what to do about %s', async (_what, answer, said) => {
  answers['POST /api/shared/open'] = answer;
  await open();
  await says(said);
  expect(document.activeElement?.tagName).toBe('H1');
});

it('without a secret goes on with the visit that is there, and says so where none is', async () => {
  await open('');
  await says('Hôpital de Thiès');
  expect(asked.some(({ method }) => method === 'POST')).toBe(false);
  answers['GET /api/shared'] = refused('SHARE_VISIT_OVER', 401);
  document.body.innerHTML = '<div id="root"></div>';
  await open('');
  await says('La visite est terminée');
});

it('ends with nothing of the images left, and tells the server so', async () => {
  await open();
  await says('SOW');
  button('Terminer').click();
  await says('Visite terminée');
  expect(text()).not.toContain('SOW');
  await vi.waitFor(() =>
    expect(asked.at(-1)).toMatchObject({ method: 'DELETE', address: '/api/shared', headers: { 'x-csrf-token': 'token' } }),
  );
});

it('shows nothing any more once a picture is refused because the visit is over', async () => {
  await open();
  await says(fr('Image 2 sur 3'));
  answers = {};
  // In another window, so that the picture is asked for anew.
  const preset = document.querySelector('select');
  if (preset === null) throw new Error('No presets');
  preset.value = 'lung';
  preset.dispatchEvent(new Event('change'));
  await says('La visite est terminée');
  expect(text()).not.toContain('SOW');
});

it('is drawn again in the other language, with what was shown', async () => {
  await open();
  await says('Terminer');
  button('English').click();
  await says('not for diagnosis');
  expect([document.documentElement.lang, text().includes('Born 30 Nov 1981')]).toEqual(['en', true]);
  expect(document.activeElement?.textContent).toBe('Français');
});

it('opens documents in a page of their own, and says what is held back', async () => {
  const others = [
    { sopInstanceUid: '1.9', kind: 'DOCUMENT', frames: 0 },
    { sopInstanceUid: '1.8', kind: 'HELD_BACK', frames: 0 },
  ];
  answers['GET /api/shared/series/'] = () => json({ instances: others });
  await open();
  await says('Ouvrir le document');
  const link = document.querySelector<HTMLAnchorElement>('a.primary');
  expect([link?.pathname, link?.target, link?.rel]).toEqual([
    ...['/dicom-web/studies/1.2.3/series/1.2.3.4/instances/1.9/rendered', '_blank', 'noopener'],
  ]);
  expect(text()).toContain('Des images ne sont pas montrées');
  expect(document.querySelector<HTMLElement>('.viewer')?.hidden).toBe(true);
});
