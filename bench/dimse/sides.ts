import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench } from '../support/bench.ts';
import type { Headers } from '../support/client.ts';
import { type Ours, startOurs } from '../support/ours.ts';
import { type Peer, startOrthanc } from '../support/peers.ts';

/** AE title of who asks, and of the `storescp` to which is moved. */
export const [BY, TO] = ['BENCH', 'BENCHSCP'];
const PORTS = { ours: 8066, orthanc: 8067, destination: 8068 } as const;
export const DESTINATION_PORT = PORTS.destination;

/** A server that hears associations. */
export interface Side {
  readonly name: string;
  readonly server: Ours | Peer;
  readonly aeTitle: string;
  readonly port: number;
  readonly headers: Headers;
  /** Instances that it says it has. */
  readonly stored: () => Promise<number>;
}

const json = async (url: string, headers: Headers = {}): Promise<Record<string, unknown>> =>
  (await (await fetch(url, { headers })).json()) as Record<string, unknown>; // Only the named counts are read.

async function makeKnown({ baseUrl, headers }: Ours): Promise<void> {
  const rights = { mayStore: true, mayQuery: true, mayRetrieve: true, mayWorklist: false };
  for (const [aeTitle, port] of [
    [BY, 104],
    [TO, PORTS.destination],
  ] as const) {
    const body = { name: aeTitle, aeTitle, host: '127.0.0.1', port, groupId: null, ...rights };
    const response = await fetch(`${baseUrl}/api/system/nodes`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`A node was not made known: ${response.status} ${await response.text()}`);
  }
}

/** The process that hears nodes comes up beside the one that serves the page, some seconds later on a machine that is busy. */
async function heard(port: number): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const socket = connect({ port, host: '127.0.0.1' });
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (tries === 300) throw error;
    } finally {
      socket.destroy();
    }
    await sleep(100);
  }
}

/** Ours and Orthanc, empty; Orthanc where it is installed. */
export async function startSides(bench: Bench): Promise<Side[]> {
  const ours = await startOurs(bench, undefined, PORTS.ours);
  await makeKnown(ours);
  await heard(PORTS.ours);
  const orthanc = await startOrthanc(bench, undefined, {
    DicomServerEnabled: true,
    DicomPort: PORTS.orthanc,
    DicomAet: 'ORTHANC',
    DicomModalities: { [BY]: [BY, '127.0.0.1', 104], [TO]: [TO, '127.0.0.1', PORTS.destination] },
    OverwriteInstances: false,
  });
  const count = (value: unknown): number => (typeof value === 'number' ? value : 0);
  return [
    {
      ...{ name: 'ours', server: ours, aeTitle: 'NEGATOSCOPE', port: PORTS.ours, headers: ours.headers },
      stored: async () => count((await json(`${ours.baseUrl}/api/stats/overview`, ours.headers)).instances),
    },
    ...(orthanc === undefined
      ? []
      : [
          {
            ...{ name: 'Orthanc', server: orthanc, aeTitle: 'ORTHANC', port: PORTS.orthanc, headers: {} },
            stored: async () => count((await json(`${orthanc.baseUrl}/statistics`)).CountInstances),
          },
        ]),
  ];
}
