import type { Actor } from '../../access/index.ts';
import type { Handles, SeriesHandle, StudyPath } from './handles.ts';
import type { HeldBack } from './held-back.ts';
import type { InstanceEntry, SeriesTables } from './series-table.ts';

export interface SeriesPath extends StudyPath {
  readonly seriesInstanceUid: string;
}

export interface InstancePath extends SeriesPath {
  readonly sopInstanceUid: string;
}

/** What decides who may open what. */
export interface OpeningPorts {
  readonly handles: Handles;
  readonly tables: SeriesTables;
  readonly heldBack: HeldBack;
}

/** A series in the actor's scope. Fails with NOT_FOUND, or AMBIGUOUS_UID where the UID names several studies. */
export const openSeries = ({ handles }: Pick<OpeningPorts, 'handles'>, actor: Actor, path: SeriesPath): Promise<SeriesHandle> =>
  handles.series(actor, path, path.seriesInstanceUid);

/**
 * The series of an instance, as new as that needs it: who stored an instance and asks for it at once may be quicker than the notification that drops
 * the series' old table. Fails as `openSeries` does; an unknown instance is for the caller to tell.
 */
export async function openSeriesOf(
  ports: Pick<OpeningPorts, 'handles' | 'tables'>,
  actor: Actor,
  path: InstancePath,
): Promise<SeriesHandle> {
  const known = await openSeries(ports, actor, path);
  const { bySopInstanceUid } = await ports.tables.load(known);
  return bySopInstanceUid.has(path.sopInstanceUid) ? known : ports.handles.series(actor, path, path.seriesInstanceUid, 'anew');
}

export interface OpenedInstance {
  readonly series: SeriesHandle;
  readonly entry: InstanceEntry;
}

/**
 * An instance whose bytes, frames and pictures this actor may have; the caller records the use. Fails with NOT_FOUND for what is not in the actor's
 * scope, with HELD_BACK where they see pseudonyms and the pixels may name somebody.
 */
export async function openInstance(ports: OpeningPorts, actor: Actor, path: InstancePath): Promise<OpenedInstance> {
  const series = await openSeriesOf(ports, actor, path);
  const entry = await ports.tables.instance(series, path.sopInstanceUid);
  await ports.heldBack.require(actor, entry);
  return { series, entry };
}
