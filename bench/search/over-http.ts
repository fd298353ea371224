import http from 'node:http';
import { INDEX_REQUESTS } from '../../apps/server/test/support/index-requests.ts';
import { get } from '../support/client.ts';
import type { Ours } from '../support/ours.ts';
import type { Cell, Table } from '../support/results.ts';
import { quantile } from '../support/statistics.ts';
import { budgetOf } from './in-process.ts';

/** Each list and search as a client sees it: the built server, one connection, a personal token of an administrator. */
export async function overHttp({ baseUrl, headers }: Ours, rounds: number): Promise<Table> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const rows: Cell[][] = [];
  for (const [name, { kind, sort, q, filters }] of Object.entries(INDEX_REQUESTS)) {
    const query = { sort, limit: 25, ...(q === undefined ? {} : { q }), ...filters };
    const url = `${baseUrl}/api/${kind}?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]))}`;
    const times: number[] = [];
    let bad = 0;
    await get(agent, url, headers);
    for (let round = 0; round < rounds; round += 1) {
      const { ms, status } = await get(agent, url, headers);
      times.push(ms);
      if (status !== 200) bad = status;
    }
    const p95 = quantile(times, 0.95);
    rows.push([
      name,
      quantile(times, 0.5),
      p95,
      budgetOf(name),
      bad > 0 ? `answered ${bad}` : p95 > budgetOf(name) ? 'over' : '',
    ]);
  }
  agent.destroy();
  return { title: `Through HTTP, ${rounds} rounds, ms`, columns: ['list or search', 'p50', 'p95', 'budget', ''], rows };
}
