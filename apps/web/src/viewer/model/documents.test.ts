import { mayBeVideo } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import type { DicomJson } from './dicom-json.ts';
import { videosOf } from './documents.ts';
import { buildSeries, buildSeriesInPieces } from './study-model.ts';

const el = (...Value: (number | string)[]) => ({ vr: 'UN', Value });
const study = { studyInstanceUid: '1.1' };
const image = (uid: string, more: DicomJson = {}): DicomJson => ({
  '00080018': el(uid),
  '00280010': el(4),
  '00280011': el(4),
  ...more,
});

describe('instances that are no images', () => {
  it('are the documents of their series, in their order, beside its frames', () => {
    const pdf = { '00080018': el('2'), '00200013': el(2), '00420010': el('Compte rendu') };
    const report = { '00080018': el('3'), '00200013': el(1), '00080056': el('UNAVAILABLE') };
    const { frames, documents } = buildSeries(study, '1.9', [pdf, image('1'), report]);
    expect(frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['1']);
    const url = (uid: string) => `/dicom-web/studies/1.1/series/1.9/instances/${uid}`;
    expect(documents).toEqual([
      { sopInstanceUid: '3', title: undefined, url: url('3'), isHeldBack: true },
      { sopInstanceUid: '2', title: 'Compte rendu', url: url('2'), isHeldBack: false },
    ]);
  });

  it('are videos by their transfer syntax, whatever their class: no frame of one is ever asked for', async () => {
    const videos = videosOf([
      { '00080018': el('1'), '00083002': el('1.2.840.10008.1.2.4.102') },
      { '00080018': el('2'), '00083002': el('1.2.840.10008.1.2.4.50') },
      { '00080018': el('3') },
    ]);
    expect([...videos]).toEqual(['1']);
    const { frames, documents } = await buildSeriesInPieces(
      study,
      '1.9',
      [image('1', { '00280008': el(50) }), image('2')],
      videos,
    );
    expect(frames.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['2']);
    expect(documents.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(['1']);
  });

  it.each([
    ['its class', { '00080016': el('1.2.840.10008.5.1.4.1.1.77.1.1.1') }],
    ['its colours', { '00280004': el('YBR_PARTIAL_420') }],
    ['its compression', { '00282114': el('ISO_14496_10') }],
  ])('may be a video by %s', (_what, more) => expect(mayBeVideo(image('1', more))).toBe(true));

  it.each([
    [{ '00080016': el('1.2.840.10008.5.1.4.1.1.77.1.4') }],
    [{ '00280004': el('YBR_FULL_422'), '00282114': el('ISO_10918_1') }],
  ])('are not asked about where nothing speaks of video', (more) => expect(mayBeVideo(image('1', more))).toBe(false));
});
