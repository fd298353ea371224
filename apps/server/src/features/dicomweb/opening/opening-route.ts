import { Readable } from 'node:stream';
import { OPENING_TYPE, type OpeningWish } from '@negatoscope/contract';
import type { RawHandler, Router } from '../../../access/router.ts';
import { baseOf, paramsOf, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import { createFirstFrames, type FirstFrames } from './first-frames.ts';
import { foundSeries, openingParts } from './opening-parts.ts';

const FORMS: readonly string[] = ['progressive', 'beginning', 'stored'] satisfies OpeningWish[];
const isForm = (word: string | null): word is OpeningWish => word !== null && FORMS.includes(word);

/**
 * What a study is opened with, in one answer of ours: its series, the metadata of the one that hangs first (`at` names another one) and the frame that it begins with, in the
 * `form` that suits the reader's line (docs/decisions/0096-opened-by-one-answer.md). Each part is what its own address answers, found by the same functions, under the same permission, and is
 * recorded as it is there; the other keys are those of the search for series.
 */
const openingHandler =
  (web: Dicomweb, firstFrames: FirstFrames): RawHandler =>
  async ({ actor, request, reply }) => {
    const params = paramsOf(request);
    const keys = searchOf(request);
    const [at, form] = [keys.get('at') ?? undefined, keys.get('form')];
    keys.delete('at');
    keys.delete('form');
    const wish = { actor, params, keys, base: baseOf(web, request, params), at, form: isForm(form) ? form : undefined };
    // What can't be searched for has a status.
    const series = await foundSeries(web, wish);
    void reply
      .header('content-type', OPENING_TYPE)
      .header('cache-control', 'private, no-store')
      // A proxy passes each part on as it comes.
      .header('x-accel-buffering', 'no');
    return reply.send(Readable.from(openingParts(web, wish, firstFrames, series), { objectMode: false }));
  };

export function registerOpening(router: Router, web: Dicomweb): void {
  const firstFrames = createFirstFrames();
  for (const [prefix, suffix] of [
    ['/dicom-web', ''],
    ['/dicom-web/groups/:group', 'OfGroup'],
  ] as const)
    router.raw(
      { id: `opening${suffix}`, method: 'GET', path: `${prefix}/studies/:study/opening`, permission: 'studies.read' },
      openingHandler(web, firstFrames),
    );
}
