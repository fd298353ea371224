import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { type Actor, scopeKey, scopeOf, seesIdentity } from '../../../access/index.ts';
import { readOverlay } from '../../../archive/coercion/index.ts';
import type { ArchiveReader } from '../../../archive/doors.ts';
import { readSeriesStored, type StoredInstance } from '../../../archive/metadata/stored.ts';
import type { SeriesHandle, StudyHandle } from '../../../archive/pixels/index.ts';
import { notFound } from '../../../kernel/failure.ts';
import { breathe } from '../../../kernel/turns.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import type { HeavyWork } from '../heavy.ts';
import { inflatedQuickly } from '../stored-json.ts';
import { heldOf, type InstanceText, type SeriesMetadata } from './held-metadata.ts';
import { type MetadataView, metadataWriter } from './instance-text.ts';

/** About what an entry of `places` takes in memory. */
const PLACE_BYTES = 200;
/** The array, and its gzip once it is there: a sixth is generous. */
const WITH_GZIP = 7 / 6;
const CACHE_BYTES = 64 * 1024 * 1024;
/** Text after which others get their turn. */
const BREATH_BYTES = 128 * 1024;
/** A longer series is sent as it is put together. */
const MAX_HELD_BYTES = 16 * 1024 * 1024;

/** A series as somebody sees it, under an address. */
export interface Wanted {
  readonly series: SeriesHandle;
  readonly view: MetadataView;
  readonly base: string;
}

/** A series in one piece, or, of one that is too long to be held, its instances one after the other. */
export type SeriesAnswer = { readonly held: SeriesMetadata } | { readonly texts: AsyncGenerator<InstanceText> };

export interface MetadataPorts {
  readonly db: ArchiveReader;
  readonly objects: ObjectStore;
  readonly heavy: HeavyWork;
}

interface MetadataContext extends MetadataPorts {
  readonly cache: LRUCache<string, SeriesMetadata>;
  /** Series that were found too long, so that they are not begun again for nothing. */
  readonly long: LRUCache<string, true>;
  readonly building: Map<string, Promise<SeriesAnswer>>;
}

export interface Metadata {
  /** What this actor may see of a study, read once for all its series. Fails with NOT_FOUND when it has just gone. */
  view(actor: Actor, study: StudyHandle): Promise<MetadataView>;
  /** Validator of a series' metadata, known without building it. */
  etag(series: SeriesHandle, view: MetadataView): string;
  /** Metadata of every instance of a series, with patient and study attributes of the index laid over. */
  series(wanted: Wanted): Promise<SeriesAnswer>;
  /** The same, instance after instance: memory holds one at a time. */
  instances(wanted: Wanted): AsyncGenerator<InstanceText>;
}

/** Reads, overlays and caches the metadata of series (PS3.18 10.4.1.1.2). */
export function createMetadata({ db, objects, heavy }: MetadataPorts): Metadata {
  const context: MetadataContext = {
    db,
    objects,
    heavy,
    cache: new LRUCache({ maxSize: CACHE_BYTES }),
    long: new LRUCache({ max: 1000 }),
    building: new Map(),
  };
  return {
    view: (actor, study) => viewOf(context, actor, study),
    etag,
    series: (wanted) => seriesAnswer(context, wanted),
    instances: (wanted) => instanceTexts(context, wanted),
  };
}

async function viewOf({ db }: MetadataContext, actor: Actor, study: StudyHandle): Promise<MetadataView> {
  const overlay = await db.reading(scopeOf(actor), (tx) => readOverlay(tx, study.studyId));
  if (overlay === undefined) throw notFound();
  return { overlay, identity: seesIdentity(actor) };
}

const etag = (series: SeriesHandle, view: MetadataView): string =>
  `"${createHash('sha256').update(keyOf(series, view)).digest('base64url').slice(0, 22)}"`;

const keyOf = (series: SeriesHandle, view: MetadataView): string =>
  `${series.seriesId}-${series.version}-${view.overlay.revision}${view.identity ? '' : '-p'}`;

async function seriesAnswer(context: MetadataContext, wanted: Wanted): Promise<SeriesAnswer> {
  const { building, cache, long } = context;
  const key = `${keyOf(wanted.series, wanted.view)} ${wanted.base}`;
  const known = cache.get(key);
  if (known !== undefined) return { held: known };
  const request = `${key} ${scopeKey(wanted.series.scope)}`;
  const pending = long.get(key) === undefined ? building.get(request) : undefined;
  // What others of the same scope put together serves all, but for texts that are given once.
  const shared = pending === undefined ? undefined : await pending;
  if (shared !== undefined && 'held' in shared) return shared;
  if (shared !== undefined || long.get(key) !== undefined) return { texts: instanceTexts(context, wanted) };
  const mine = build(context, wanted).finally(() => building.delete(request));
  building.set(request, mine);
  const answer = await mine;
  if ('held' in answer) keep(context, key, answer.held);
  else long.set(key, true);
  return answer;
}

/** Of a series that has just gone to another group its last reader sees nothing: that is not kept for those who see it. */
function keep({ cache }: MetadataContext, key: string, held: SeriesMetadata): void {
  const { json, places } = held;
  if (places.size > 0) cache.set(key, held, { size: Math.ceil(json.length * WITH_GZIP + places.size * PLACE_BYTES) });
}

async function build(context: MetadataContext, wanted: Wanted): Promise<SeriesAnswer> {
  const made: InstanceText[] = [];
  const rest = instanceTexts(context, wanted);
  let length = 1;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    made.push(next.value);
    length += next.value.length + 1;
    if (length > MAX_HELD_BYTES) return { texts: goingOn(made, rest) };
  }
  return { held: heldOf(made) };
}

/** What was made of a series before it proved too long, and what follows: nothing is made twice. */
async function* goingOn(made: InstanceText[], rest: AsyncGenerator<InstanceText>): AsyncGenerator<InstanceText> {
  for (let text = made.shift(); text !== undefined; text = made.shift()) yield text;
  yield* rest;
}

interface Writing {
  readonly view: MetadataView;
  readonly write: ReturnType<typeof metadataWriter>;
}

async function* instanceTexts(context: MetadataContext, { series, view, base }: Wanted): AsyncGenerator<InstanceText> {
  // One for all instances: what is laid over one is mostly laid over the next.
  const writing: Writing = { view, write: metadataWriter(view) };
  let worked = 0;
  for (const stored of await readSeriesStored(context, series)) {
    const address = `${base}/studies/${series.studyInstanceUid}/series/${series.seriesInstanceUid}/instances/${stored.sopInstanceUid}`;
    const pieces = await textOf(context, stored, writing, address);
    const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
    yield { sopInstanceUid: stored.sopInstanceUid, pieces, length };
    worked += length;
    if (worked < BREATH_BYTES) continue;
    worked = 0;
    await breathe();
  }
}

/** The text of one instance, put together here or, when it is long, in a thread. */
async function textOf(
  { heavy }: MetadataContext,
  stored: StoredInstance,
  { view, write }: Writing,
  address: string,
): Promise<Buffer[]> {
  const text = inflatedQuickly(stored.deflated);
  const facts = { sopClassUid: stored.sopClassUid, transferSyntaxUid: stored.transferSyntaxUid };
  return text === undefined
    ? [await heavy.metadata({ deflated: stored.deflated, view, address, facts })]
    : write(text, address, facts);
}
