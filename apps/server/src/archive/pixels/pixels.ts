import { CodecPool } from '../../platform/codecs/pool.ts';
import type { GuardedObjects } from '../../platform/objects/store/index.ts';
import type { Changes } from '../../platform/shared-state/index.ts';
import type { ArchiveReader } from '../doors.ts';
import { RESTLESS_MS } from '../notify.ts';
import type { PixelSource } from './decoded-frames.ts';
import { createHandles, type Handles } from './handles.ts';
import { createHeldBack } from './held-back.ts';
import type { HeaderThread } from './large-header.ts';
import { createLocator } from './locate.ts';
import { createNamedFrames, type NamedFrames } from './named-frames.ts';
import type { OpeningPorts } from './open.ts';
import { createProgressiveFrames, type ProgressiveFrames } from './progressive-frames.ts';
import { createRenderer, type PictureSource, type RenderTask } from './renderer.ts';
import { createSeriesMappings } from './series-mappings.ts';
import { createSeriesTables, type SeriesTables } from './series-table.ts';
import { createSlideRenderer, type RenderSlide } from './slide-picture.ts';

export interface PixelSourcePorts {
  readonly db: ArchiveReader;
  readonly objects: GuardedObjects;
  readonly headers: HeaderThread;
}

export interface PixelPorts extends PixelSourcePorts {
  readonly changes: Changes;
}

/** Stored instances for who asks for nobody: a job, which has the tables of series and opens what stands in them. */
export interface ClosablePixelSource extends PixelSource {
  readonly objects: GuardedObjects;
  readonly tables: SeriesTables;
  /** Ends the threads. */
  close(): Promise<void>;
}

/**
 * Stored instances as those see them who may: who asks opens a series or an instance in the actor's scope (`openInstance`), and has its bytes, frames as
 * stored and decoded, and pictures then without the database. Caches are per process and dropped by changes.
 */
export interface Pixels extends ClosablePixelSource, OpeningPorts, PictureSource {
  /** A picture of a frame: what is being made is waited for, what was made is kept. Fails with FRAME_UNREADABLE, NOT_ACCEPTABLE or OBJECT_DAMAGED. */
  render(task: RenderTask): Promise<Buffer>;
  /** A part of a slide, put together of its tiles. Fails as `render` does. */
  readonly renderSlide: RenderSlide;
  readonly named: NamedFrames;
  /** A frame in the form for slow lines. */
  readonly progressive: ProgressiveFrames;
  /** Ends the threads and hears of no change any more. */
  close(): Promise<void>;
}

/** The series that changed, and whether more is coming to it; undefined for anything else, which forgets everything and is always right. */
function changeOf(payload: string): { readonly seriesId: string; readonly isRestless: boolean } | undefined {
  try {
    const value: unknown = JSON.parse(payload);
    if (typeof value === 'object' && value !== null && 'seriesId' in value && typeof value.seriesId === 'string')
      return { seriesId: value.seriesId, isRestless: 'isRestless' in value && value.isRestless === true };
  } catch {
    return undefined;
  }
  return undefined;
}

/** Hears of changes until the returned function is called. */
function forgetting(changes: Changes, handles: Handles): () => void {
  // Of any series it may have been told, before this process could hear it, that more may come.
  const onReset = (): void => handles.forgetAll(RESTLESS_MS);
  const onSeries = (payload: string): void => {
    const change = changeOf(payload);
    if (change === undefined) handles.forgetAll();
    else handles.forgetSeries(change.seriesId, change.isRestless ? RESTLESS_MS : 0);
  };
  const ends = [
    changes.subscribe('negatoscope_series', { onPayload: onSeries, onReset }),
    changes.subscribe('negatoscope_index', { onPayload: () => handles.forgetAll(), onReset }),
  ];
  onReset();
  return () => {
    for (const end of ends) end();
  };
}

export function createPixelSource({ db, objects, headers }: PixelSourcePorts): ClosablePixelSource {
  /** None of its threads runs before the first frame is asked for. */
  const codecs = new CodecPool();
  const locator = createLocator(objects, headers);
  return { objects, tables: createSeriesTables(db), locator, codecs, close: () => codecs.close() };
}

export function createPixels({ changes, ...ports }: PixelPorts): Pixels {
  const source = createPixelSource(ports);
  const handles = createHandles(ports.db, changes);
  const mappings = createSeriesMappings(source);
  const stopForgetting = forgetting(changes, handles);
  return {
    ...source,
    handles,
    heldBack: createHeldBack(source.locator),
    named: createNamedFrames(source.locator),
    mappings,
    render: createRenderer({ ...source, mappings }),
    renderSlide: createSlideRenderer({ ...source, mappings }),
    progressive: createProgressiveFrames(source),
    close: async () => {
      stopForgetting();
      await source.close();
    },
  };
}
