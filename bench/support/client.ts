import { createReadStream, statSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import http from 'node:http';
import { quantile } from './statistics.ts';

export type Headers = Readonly<Record<string, string>>;
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  /** Until the last byte. */
  readonly ms: number;
}
export interface Load {
  readonly seconds: number;
  readonly requests: number;
  readonly bytes: number;
  readonly failures: number;
  readonly p50: number;
  readonly p95: number;
}

export function answered(request: http.ClientRequest, started: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.once('response', (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes, ms: performance.now() - started }));
    });
  });
}

/** One request on one kept connection after the other; the body is only counted. */
export function get(agent: http.Agent, url: string, headers: Headers): Promise<Answer> {
  const started = performance.now();
  const request = http.get(url, { agent, headers });
  return answered(request, started);
}

/** Every job once, over so many connections; a status of 300 or more is a failure. */
export async function overConnections<T>(
  jobs: readonly T[],
  connections: number,
  run: (agent: http.Agent, job: T, connection: number) => Promise<Answer>,
): Promise<Load> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  let [next, bytes, failures] = [0, 0, 0];
  const one = async (connection: number): Promise<void> => {
    for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
      // A server may end a kept connection in the very moment it is used again: the request is then sent once more.
      const same = job;
      const answer = await run(agent, same, connection).catch(() => run(agent, same, connection));
      times.push(answer.ms);
      bytes += answer.bytes;
      if (answer.status >= 300) failures += 1;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: connections }, (_, connection) => one(connection)));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return { seconds, requests: jobs.length, bytes, failures, p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}

export const getAll = (urls: readonly string[], headers: Headers, connections: number): Promise<Load> =>
  overConnections(urls, connections, (agent, url) => get(agent, url, headers));

/** Whole files, one after the other into the same memory: fresh memory for each takes more of the processors than sending does. */
class Reader {
  #memory = Buffer.alloc(0);

  /** Until the next call. */
  async read(file: string): Promise<Buffer> {
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (this.#memory.length < size) this.#memory = Buffer.alloc(size);
      const { bytesRead } = await handle.read(this.#memory, 0, size, 0);
      if (bytesRead !== size) throw new Error(`${file} was not read whole`);
      return this.#memory.subarray(0, size);
    } finally {
      await handle.close();
    }
  }
}

function post(agent: http.Agent, url: string, headers: Headers, body: Buffer): Promise<Answer> {
  const started = performance.now();
  const request = http.request(url, { method: 'POST', agent, headers: { ...headers, 'content-length': body.length } });
  request.end(body);
  return answered(request, started);
}

/** Ready request bodies from files, each sent as one POST. */
export function postFiles(url: string, files: readonly string[], headers: Headers, connections: number): Promise<Load> {
  const readers = Array.from({ length: connections }, () => new Reader());
  return overConnections(files, connections, async (agent, file, connection) =>
    post(agent, url, headers, (await readers[connection]?.read(file)) ?? Buffer.alloc(0)),
  );
}

/** The same, all of them read before the first is sent: whoever reads them takes from the processors that are measured. */
export async function postHeld(url: string, files: readonly string[], headers: Headers, connections: number): Promise<Load> {
  const bodies: Buffer[] = [];
  for (const file of files) bodies.push(await readFile(file));
  return overConnections(bodies, connections, (agent, body) => post(agent, url, headers, body));
}

/** A file as one multipart/form-data upload. */
export async function upload(url: string, file: string, headers: Headers): Promise<Answer> {
  const boundary = 'negatoscope-bench';
  const head = Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="files"; filename="ct.zip"\r\ncontent-type: application/zip\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const length = head.length + statSync(file).size + tail.length;
  const started = performance.now();
  const request = http.request(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': length },
  });
  const answer = answered(request, started);
  request.write(head);
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  source.pipe(request, { end: false });
  source.once('end', () => request.end(tail));
  return answer;
}
