import type { Scope } from '../../../access/index.ts';
import { createStoredFinder } from '../../../archive/metadata/stored.ts';
import { indexedAttribute, isKept } from '../../../archive/search/attributes.ts';
import type { DicomJson, QidoRow } from '../../../archive/search/qido-repository.ts';
import { Failure } from '../../../kernel/failure.ts';
import { breathe } from '../../../kernel/turns.ts';
import { QUICK_TEXT_BYTES } from '../../../platform/workers/quick-work.ts';
import type { Dicomweb } from '../service.ts';
import { inflatedQuickly, withAddresses } from '../stored-json.ts';
import type { QidoQuery } from './query.ts';

/** Instances of one answer whose own attributes are read, and bytes of these: what is more is asked for by `offset`. */
const MAX_INSTANCES = 500;
const MAX_BYTES = 16 * 1024 * 1024;
const CHUNK = 32;
/** Text after which others get their turn. */
const BREATH_BYTES = 128 * 1024;

/** Whether the answer needs attributes that only the instances themselves have: those asked for, and without identity whether they are held back. */
function asksInstances({ level, includeAll, include }: QidoQuery, identity: boolean): boolean {
  if (level === 'instances' && !identity) return true;
  const isElsewhere = (tag: string): boolean => indexedAttribute(tag) !== undefined || isKept(tag, level);
  return level === 'instances' && (includeAll || include.some(([tag = '']) => !isElsewhere(tag)));
}

/** The search with a limit that its answer can be put together for. */
export const boundedQuery = (query: QidoQuery, identity: boolean): QidoQuery =>
  asksInstances(query, identity) ? { ...query, limit: Math.min(query.limit, MAX_INSTANCES) } : query;

/** Those of a long text, in the thread; none when it gives up: one instance never costs the list its others. */
const attributesOf = (web: Dicomweb, deflated: Buffer, address: string): Promise<DicomJson> =>
  web.heavy.attributes(deflated, address).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'UNPROCESSABLE') return {};
    throw error;
  });

/**
 * The rows with the attributes of their stored instances, where the search asks for such; fewer rows when these grow too large, and then `more` is
 * true. What they have is read in the scope that the rows were found in.
 */
export async function withInstanceAttributes(
  web: Dicomweb,
  { query, identity, base, scope }: { query: QidoQuery; identity: boolean; base: string; scope: Scope },
  found: { rows: QidoRow[]; more: boolean },
): Promise<{ rows: QidoRow[]; more: boolean }> {
  if (!asksInstances(query, identity)) return found;
  const find = createStoredFinder(web, scope);
  const rows: QidoRow[] = [];
  let bytes = 0;
  let worked = 0;
  for (let at = 0; at < found.rows.length; at += CHUNK) {
    const chunk = found.rows.slice(at, at + CHUNK);
    const stored = await find(chunk.flatMap(({ instance_id: id }) => (id === undefined ? [] : [id])));
    for (const row of chunk) {
      if (bytes > MAX_BYTES) return { rows, more: true };
      const deflated = stored.get(row.instance_id ?? '');
      const address = `${base}/studies/${row.study_instance_uid}/series/${row.series_instance_uid}/instances/${row.sop_instance_uid}`;
      const text = deflated === undefined ? Buffer.from('{}') : inflatedQuickly(deflated);
      bytes += text?.length ?? QUICK_TEXT_BYTES;
      const attributes =
        text === undefined || deflated === undefined
          ? await attributesOf(web, deflated ?? Buffer.alloc(0), address)
          : withAddresses(JSON.parse(text.toString('utf8')) as DicomJson, address); // Written by ingest.
      rows.push({ ...row, instance_attributes: attributes });
      worked += text?.length ?? 0;
      if (worked < BREATH_BYTES) continue;
      worked = 0;
      await breathe();
    }
  }
  return { rows, more: found.more };
}
