import { afterEach, expect, it, vi } from 'vitest';
import { offerEarly, takeEarly } from './early-answer.ts';
import { forgetStudies } from './study-source.ts';

afterEach(() => vi.unstubAllGlobals());

it('is given once, to whoever asks for that address', async () => {
  vi.stubGlobal('window', {});
  const answer = Promise.resolve(new Response('[]'));
  offerEarly('/dicom-web/studies/1/series', answer);
  expect(takeEarly('/dicom-web/studies/2/series')).toBeUndefined();
  expect(await takeEarly('/dicom-web/studies/1/series')).toBe(await answer);
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
});

it('is let go after a minute', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('window', {});
  const answer = new Response('[]');
  offerEarly('/dicom-web/studies/1/series', Promise.resolve(answer));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
  expect(await answer.text().catch(() => 'cancelled')).toBe('cancelled');
  vi.useRealTimers();
});

it('is nobody’s any more when its person signs out', () => {
  vi.stubGlobal('window', {});
  offerEarly('/dicom-web/studies/1/series', Promise.resolve(new Response('[]')));
  forgetStudies();
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
});
