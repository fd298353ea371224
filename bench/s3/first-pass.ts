import http from 'node:http';
import type { Work } from '../nginx/measure.ts';
import { get } from '../support/client.ts';
import type { Ours } from '../support/ours.ts';

/** Asks for each path once, one after the other, on one connection: milliseconds each. Fails where one is refused. */
export async function firstPass(server: Ours, work: Work): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const begun = performance.now();
  for (const path of work.paths) {
    const { status } = await get(agent, server.baseUrl + path, { ...server.headers, ...work.headers });
    if (status !== 200) throw new Error(`${path} was answered with ${status}`);
  }
  agent.destroy();
  return (performance.now() - begun) / work.paths.length;
}
