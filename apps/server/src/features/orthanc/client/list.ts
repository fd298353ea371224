import { InstanceIds } from './answers.ts';
import type { OrthancClient } from './client.ts';
import { OrthancFailure } from './failure.ts';

/**
 * A page of the names of all that it holds; empty behind the last. Fails with BAD_ANSWER where it gives more than it was asked for: what does not count pages says the same
 * for ever.
 */
export async function listInstances(client: OrthancClient, since: number, limit: number): Promise<readonly string[]> {
  const ids = await client.json(`/instances?since=${since}&limit=${limit}`, InstanceIds);
  if (ids === undefined || ids.length > limit) throw new OrthancFailure('BAD_ANSWER');
  // Behind its end there is nothing: one that begins anew would never come to an end.
  if (since > 0 && ids.length > 0 && (await beginsSo(client, ids))) throw new OrthancFailure('BAD_ANSWER');
  return ids;
}

async function beginsSo(client: OrthancClient, ids: readonly string[]): Promise<boolean> {
  const first = await client.json('/instances?since=0&limit=1', InstanceIds);
  return first?.[0] !== undefined && first[0] === ids[0];
}
