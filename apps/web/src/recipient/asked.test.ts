import type { SharedInstance, SharedSeries, SharedStudy } from '@negatoscope/contract';
import { afterEach, expect, it, vi } from 'vitest';
import { factsOf } from './facts.ts';
import { shownOf, thumbnailOf } from './shown.ts';
import { readPicture } from './talk.ts';

afterEach(() => vi.unstubAllGlobals());

const series: SharedSeries = {
  ...{ id: '018f0000-0000-7000-8000-000000000001', seriesInstanceUid: '1.2.3', modality: 'CT', seriesNumber: 1 },
  ...{ description: null, instanceCount: 2 },
};
const study: SharedStudy = {
  ...{ id: '018f0000-0000-7000-8000-000000000002', studyInstanceUid: '1.2', patientName: 'Faye', birthDate: null },
  ...{ studyDate: null, description: null, modalities: ['CT'], series: [series] },
};
const instances: SharedInstance[] = [
  { sopInstanceUid: '1.2.3.1', kind: 'IMAGE', frames: 1 },
  { sopInstanceUid: '1.2.3.2', kind: 'DOCUMENT', frames: 0 },
];

it('asks for pictures and their attributes as the visit, whoever is signed in in the same browser (decision 128)', async () => {
  const asked: Headers[] = [];
  vi.stubGlobal('fetch', async (_address: string, { headers }: RequestInit) => {
    asked.push(new Headers(headers));
    return new Response('[]');
  });
  await readPicture('/1/rendered', new AbortController().signal);
  await factsOf('/1');
  expect(asked.map((headers) => headers.get('x-shared-visit'))).toEqual(['1', '1']);
});

it('has the same in the addresses that the browser asks for by itself: thumbnails and documents', () => {
  const { documents } = shownOf(study, series, instances);
  const addresses = [thumbnailOf(study, series), ...documents];
  expect(addresses.map((address) => new URL(address, 'https://negatoscope.example').searchParams.get('shared-visit'))).toEqual([
    '1',
    '1',
  ]);
});
