import { getWaveform, type WaveformTraces } from '@negatoscope/contract';
import { type Traces, waveformGroupsOf } from '@negatoscope/dicom';
import type { Router } from '../../../access/router.ts';
import { openInstance, type WantedTraces, waveformTraces } from '../../../archive/pixels/index.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { requireIdentity } from '../request.ts';
import type { Dicomweb } from '../service.ts';

/** Decimals that a line on paper has no use for are not sent. */
const DIGITS = 6;
/** Numbers of one answer, of all channels. */
const MOST_VALUES = 400_000;

const rounded = (value: number): number | null => (Number.isNaN(value) ? null : Number(value.toPrecision(DIGITS)));

const answerOf = ({ kind, values }: Traces): WaveformTraces => ({ kind, values: values.map((own) => Array.from(own, rounded)) });

type Part = Pick<WantedTraces, 'from' | 'count' | 'runs'>;

/** What is wanted of a group, within what it has. Fails with NOT_FOUND for what begins behind its end, with NOT_ACCEPTABLE for what can't be drawn. */
function wantedOf(groups: ReturnType<typeof waveformGroupsOf>, index: number, { from, count, runs }: Part): WantedTraces {
  const found = groups[index];
  if (found === undefined) throw notFound();
  if (found.kind === 'refused')
    throw new Failure('NOT_ACCEPTABLE', { detail: `This waveform can not be drawn: ${found.problem}.` });
  const { group } = found;
  if (from >= group.samples) throw notFound();
  const most = Math.max(1, Math.floor(MOST_VALUES / 2 / group.channels.length));
  return { index, group, from, count: Math.min(count, group.samples - from), runs: Math.min(runs, most) };
}

/** A part of a waveform as numbers (PS3.3 C.10.9): read by its range, and thinned out where it is long, so that a day is no more than a page. */
export function registerWaveforms(router: Router, web: Dicomweb): void {
  router.handle(getWaveform, async ({ actor, params, query }) => {
    requireIdentity(actor);
    const { studyInstanceUid, seriesInstanceUid, sopInstanceUid, index } = params;
    const { series, entry } = await openInstance(web, actor, {
      ...{ studyInstanceUid, seriesInstanceUid, sopInstanceUid },
      groupId: query.groupId,
    });
    if (await web.objects.isDamaged(entry.id)) throw new Failure('OBJECT_DAMAGED');
    const wanted = wantedOf(waveformGroupsOf((await web.locator.header(entry)).json), index, query);
    await web.use(actor, series, 'rendered');
    return answerOf(await waveformTraces(web, entry, wanted));
  });
}
