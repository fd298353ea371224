import { afterEach, expect, it, type Mock, vi } from 'vitest';
import { type EarlyAnswer, forgetEarly, isAskedEarly, offerEarly, takeEarly } from '../../api/early-answer.ts';
import { forgetStudies } from './study-source.ts';

afterEach(() => vi.unstubAllGlobals());

const answered = (response: Response): EarlyAnswer & { readonly abort: Mock } => ({
  response: Promise.resolve(response),
  abort: vi.fn(),
});

it('is given once, to whoever asks for that address', async () => {
  vi.stubGlobal('window', {});
  const answer = answered(new Response('[]'));
  offerEarly('/dicom-web/studies/1/series', answer);
  expect(takeEarly('/dicom-web/studies/2/series')).toBeUndefined();
  expect(isAskedEarly('/dicom-web/studies/1/series')).toBe(true);
  expect(await takeEarly('/dicom-web/studies/1/series')).toBe(await answer.response);
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
  expect(isAskedEarly('/dicom-web/studies/1/series')).toBe(false);
  expect(answer.abort).not.toHaveBeenCalled();
});

it('is let go after a minute', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('window', {});
  const answer = answered(new Response('[]'));
  offerEarly('/dicom-web/studies/1/series', answer);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
  expect(answer.abort).toHaveBeenCalledOnce();
  vi.useRealTimers();
});

it('stays with who has taken it: the minute is over for what nobody took', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('window', {});
  const answer = answered(new Response('[]'));
  offerEarly('/dicom-web/studies/1/series', answer);
  takeEarly('/dicom-web/studies/1/series');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(answer.abort).not.toHaveBeenCalled();
  vi.useRealTimers();
});

it('ends when who has taken it waits no more', () => {
  vi.stubGlobal('window', {});
  const answer = answered(new Response('[]'));
  const waiting = new AbortController();
  offerEarly('/dicom-web/studies/1/series', answer);
  takeEarly('/dicom-web/studies/1/series', waiting.signal);
  expect(answer.abort).not.toHaveBeenCalled();
  waiting.abort();
  expect(answer.abort).toHaveBeenCalledOnce();
});

it('is nobody’s any more when its person signs out', () => {
  vi.stubGlobal('window', {});
  const answer = answered(new Response('[]'));
  offerEarly('/dicom-web/studies/1/series', answer);
  forgetStudies();
  expect(takeEarly('/dicom-web/studies/1/series')).toBeUndefined();
  expect(answer.abort).toHaveBeenCalledOnce();
});

it('what is offered after its person has signed out is stopped, and given to nobody', () => {
  vi.stubGlobal('window', {});
  const answer = answered(new Response('{}'));
  offerEarly('/dicom-web/studies/1/series', answer);
  forgetEarly();
  expect(answer.abort).toHaveBeenCalledOnce();
  const late = answered(new Response('{}'));
  offerEarly('/dicom-web/studies/1/metadata', late);
  expect(late.abort).toHaveBeenCalledOnce();
  expect(takeEarly('/dicom-web/studies/1/metadata')).toBeUndefined();
});
