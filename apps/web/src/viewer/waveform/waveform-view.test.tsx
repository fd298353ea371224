import { type DicomJsonObject, waveformGroupsOf } from '@negatoscope/dicom';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { FakeApi, Refusal } from '../../test/fake-api.ts';
import { fr, openPart } from '../../test/page-fixture.tsx';
import { seriesOf } from '../testing/pane-fixture.ts';
import { WaveformView } from './waveform-view.tsx';

const HOSTILE = '<img src=x onerror="alert(1)">';
const LEADS = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'];
const channel = (name: string): DicomJsonObject => ({
  '003A0203': { vr: 'SH', Value: [name] },
  '003A0210': { vr: 'DS', Value: [1] },
  '003A0211': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['uV'] } }] },
});
const groupsOf = (leads: readonly string[], seconds: number, form = 'SS') =>
  waveformGroupsOf({
    '54000100': {
      vr: 'SQ',
      Value: [
        {
          '003A0005': { vr: 'US', Value: [leads.length] },
          '003A0010': { vr: 'UL', Value: [seconds * 100] },
          '003A001A': { vr: 'DS', Value: [100] },
          '003A0200': { vr: 'SQ', Value: leads.map(channel) },
          '54001004': { vr: 'US', Value: [form === 'MB' ? 8 : 16] },
          '54001006': { vr: 'CS', Value: [form] },
          '54001010': { vr: 'OW', BulkDataURI: 'x' },
        },
      ],
    },
  });

const open = async (groups: ReturnType<typeof groupsOf>, locale: 'fr' | 'en' = 'en', api = new FakeApi()) => {
  const answered = api.answers('getWaveform')
    ? api
    : api.on('getWaveform', ({ query }) => {
        const count = Number(query.count);
        const [found] = groups;
        const channels = found?.kind === 'group' ? found.group.channels.length : 0;
        const isFew = count <= 5000;
        return {
          kind: isFew ? 'samples' : 'extremes',
          values: Array.from({ length: channels }, () =>
            Array.from({ length: isFew ? count : 5000 }, (_, at) => (at % 2) * 1000),
          ),
        };
      });
  return {
    api: answered,
    ...(await openPart(answered, <WaveformView series={seriesOf()} sopInstanceUid="1.2.9" groups={groups} />, { locale })),
  };
};

afterEach(() => vi.restoreAllMocks());

test('an ECG of twelve leads stands on paper that is as long as its time, and is measured with calipers', async () => {
  const { user } = await open(groupsOf(LEADS, 10));
  const paper = await screen.findByTestId('waveform-paper');
  expect(paper.getAttribute('viewBox')).toBe('0 0 260 130');
  expect([...paper.querySelectorAll('text')].map(({ textContent }) => textContent)).toEqual([...LEADS, 'II']);
  await user.selectOptions(screen.getByLabelText('Speed'), '50');
  expect(screen.getByTestId('waveform-paper').getAttribute('viewBox')).toBe('0 0 510 130');
  const area = screen.getByTestId('calipers');
  vi.spyOn(area, 'getBoundingClientRect').mockReturnValue({ left: 0, top: 0, width: 510, height: 130 } as DOMRect);
  const point = (type: string, clientX: number, clientY: number): void =>
    void fireEvent(area, new MouseEvent(type, { clientX, clientY, bubbles: true }));
  point('pointerdown', 100, 60);
  point('pointermove', 140, 50);
  point('pointerup', 140, 50);
  // 40 mm at 50 mm/s, 10 mm at 10 mm/mV.
  expect(screen.getByTestId('caliper-readout').textContent).toBe('800 ms · 75/min · 1 mV');
  const calipers = screen.getByRole('application');
  calipers.focus();
  await user.keyboard('{ArrowRight}{Shift>}{ArrowLeft}{/Shift}');
  expect(screen.getByTestId('caliper-readout').textContent).toContain('820 ms');
});

test('a waveform of a day is read page by page, and whole only by its extremes', async () => {
  const { api, user } = await open(groupsOf(['CH1', 'CH2'], 86_400), 'fr');
  await screen.findByTestId('waveform-paper');
  expect(screen.getByRole('status').textContent).toBe(fr('0 s – 10 s sur 24 h'));
  const asked = () => api.asked.filter(({ id }) => id === 'getWaveform');
  await user.click(screen.getByRole('button', { name: 'Page suivante' }));
  await waitFor(() => expect(asked()).toHaveLength(2));
  await user.selectOptions(screen.getByLabelText('Durée affichée'), '86400');
  await waitFor(() =>
    expect(asked().map(({ query }) => [query.from, query.count])).toEqual([
      [0, 1000],
      [1000, 1000],
      [0, 8_640_000],
    ]),
  );
  expect(await screen.findByText(/Durée comprimée/)).toBeTruthy();
  expect(screen.getByTestId('waveform-paper').getAttribute('viewBox')).toBe('0 0 260 70');
  expect(screen.queryByTestId('calipers')).toBeNull();
});

test('names of channels are texts, and what can’t be drawn says why', async () => {
  await open(groupsOf([HOSTILE], 2));
  const paper = await screen.findByTestId('waveform-paper');
  expect(within(paper).getByText(HOSTILE)).toBeTruthy();
  expect(document.querySelector('img')).toBeNull();
});

test('sound that is compressed is not drawn as if it were a value', async () => {
  await open(groupsOf(['A'], 2, 'MB'));
  expect((await screen.findByRole('alert')).textContent).toContain('mu-law');
});

test('what can’t be had is asked for again', async () => {
  let isDown = true;
  const api = new FakeApi().on('getWaveform', () =>
    isDown ? new Refusal('OBJECT_DAMAGED') : { kind: 'samples', values: [[1, null, 2]] },
  );
  const { user } = await open(groupsOf(['A'], 2), 'en', api);
  expect((await screen.findByRole('alert')).textContent).toContain('Waveform unavailable');
  isDown = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect((await screen.findByTestId('waveform-lines')).getAttribute('d')).toMatch(/^M[\d. ]+M[\d. ]+$/);
});
