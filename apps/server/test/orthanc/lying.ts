import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { chestXray, type GeneratedInstance } from '@negatoscope/testkit';
import { inspectHeader } from '../../src/features/ingest/index.ts';
import { type InstanceIdentity, orthancIdOf } from '../../src/features/orthanc/feed/orthanc-id.ts';
import { freePort } from '../support/orthanc.ts';

/** How a file is answered when it is not the truth: not at all, as one that is not there, cut off, an error, another instance, with its length or without it fewer bytes, or anything. */
export type FileLie = 'SILENT' | 'MISSING' | 'RESET' | 'ERROR' | 'OTHER' | 'CUT' | 'CUT_UNMEASURED' | 'GARBAGE';
/** How it answers a file that it did not keep (`FORGETS`: as one that it did); `LOST` is one that it keeps and does not answer. */
export type PostLie = 'ERROR' | 'RESET' | 'OTHER' | 'FORGETS' | 'SILENT' | 'TRUNCATED' | 'LOST';
export type ChangesLie = 'TRUNCATED' | 'BACKWARDS' | 'STRANGE_ID' | 'HTML';

/** A peer that says what Orthanc says, until it is told to lie. */
export interface FakeOrthanc {
  readonly url: string;
  lies: {
    file?: FileLie;
    /** Of these instances only. */
    of?: ReadonlySet<string>;
    changes?: ChangesLie;
    /** Left out of its list, though it has them; not to be seen at all. */
    unlisted?: ReadonlySet<string>;
    hidden?: ReadonlySet<string>;
    /** What it says of itself is an error. */
    system?: true;
    /** It says that it deletes the oldest when it is full. */
    recycles?: true;
    /** Of what it says to a file that it is sent. */
    post?: PostLie;
    /** Before each answer. */
    delayMs?: number;
  };
  /** Waited for before a request is dealt with, of which it is told method and path. */
  before: (request: string) => Promise<unknown>;
  /** Names of files that were asked for. */
  readonly asked: string[];
  /** Sizes of files that it was sent. */
  readonly posted: number[];
  /** What it holds. */
  files(): Uint8Array[];
  /** Takes what is deleted there away, with its changes; numbers go on. */
  remove(id: string): void;
  /** Puts it back to before so many of the last additions: their numbers are given again. */
  restore(additions: number): void;
  /** What it is now; the function that is given makes it so again. */
  keep(): () => void;
  /** Without a change that tells of it. */
  addUntold(instance: InstanceIdentity & { readonly bytes: Uint8Array }): string;
  /** Gives its name there. */
  add(instance: InstanceIdentity & { readonly bytes: Uint8Array }): string;
  close(): Promise<void>;
}

/** An image of a patient of its own. */
export function film(name: string): GeneratedInstance & { readonly patientId: string } {
  const patientId = name.slice(0, 64);
  for (const instance of chestXray({ seed: name, rows: 32, columns: 32, dataset: { PatientID: patientId } }))
    return { ...instance, patientId };
  throw new Error('The phantom has no instance.');
}

const md5 = async (bytes: Uint8Array): Promise<string> =>
  (await import('node:crypto')).createHash('md5').update(bytes).digest('hex');

export async function startFakeOrthanc(): Promise<FakeOrthanc> {
  const files = new Map<string, Uint8Array>();
  const uids = new Map<string, string>();
  const log: (string | undefined)[] = [];
  const port = await freePort();
  const fake: FakeOrthanc = {
    url: `http://127.0.0.1:${port}`,
    lies: {},
    before: async () => undefined,
    asked: [],
    posted: [],
    files: () => [...files.values()],
    add: (instance) => {
      const id = orthancIdOf(instance);
      files.set(id, instance.bytes);
      uids.set(id, instance.sopInstanceUid);
      log.push(id);
      return id;
    },
    restore: (additions) => {
      for (const id of log.splice(-additions)) if (id !== undefined) files.delete(id);
    },
    keep: () => {
      const [kept, told] = [[...files], [...log]];
      return () => {
        files.clear();
        for (const [id, bytes] of kept) files.set(id, bytes);
        log.splice(0, log.length, ...told);
      };
    },
    addUntold: (instance) => {
      const id = fake.add(instance);
      log[log.length - 1] = undefined;
      return id;
    },
    remove: (id) => {
      files.delete(id);
      for (const [index, one] of log.entries()) if (one === id) log[index] = undefined;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  const changesOf = (since: number, limit: number): string => {
    const all = log.map((ID, index) => ({ Seq: index + 1, ChangeType: 'NewInstance', ID, Date: '20261127T080000' }));
    const some = all.filter(({ Seq, ID }) => Seq > since && ID !== undefined).slice(0, limit);
    const { changes } = fake.lies;
    if (changes === 'HTML') return '<html>It works</html>';
    if (changes === 'BACKWARDS') some.push({ Seq: 1, ChangeType: 'NewInstance', ID: log[0] ?? '', Date: '' });
    if (changes === 'STRANGE_ID') some.push({ Seq: 1e6, ChangeType: 'NewInstance', ID: '../../tools/shutdown', Date: '' });
    const text = JSON.stringify({ Changes: some, Done: true, Last: some.at(-1)?.Seq ?? log.length });
    return changes === 'TRUNCATED' ? text.slice(0, -9) : text;
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const bytes = await buffer(request);
    fake.posted.push(bytes.length);
    const { post } = fake.lies;
    if (post === 'SILENT') return;
    if (post === 'RESET') {
      response.socket?.resetAndDestroy();
      return;
    }
    if (post === 'ERROR') {
      response.writeHead(500).end();
      return;
    }
    const parsed = inspectHeader(bytes.length, (offset, length) => bytes.subarray(offset, offset + length));
    if (parsed.kind !== 'read' || parsed.digest.kind !== 'instance') throw new Error('It was sent no instance.');
    const { identity, ...uids } = parsed.digest.summary;
    const named = { ...uids, patientId: identity.patientId, bytes };
    const isKept = files.has(orthancIdOf(named));
    const id = isKept ? orthancIdOf(named) : fake.add(named);
    if (post === 'LOST') {
      response.socket?.resetAndDestroy();
      return;
    }
    // It is there when it is asked after, and of no feed before.
    if (post === 'OTHER') files.set(another, film('another').bytes);
    const text = JSON.stringify({ ID: post === 'OTHER' ? another : id, Status: isKept ? 'AlreadyStored' : 'Success' });
    // What it says is not so: it has not kept it.
    if (post !== undefined) {
      files.delete(id);
      log.pop();
    }
    response.end(post === 'TRUNCATED' ? text.slice(0, -4) : text);
  };
  const another = orthancIdOf(film('another'));
  const server = http.createServer((request, response) => {
    const { method, url = '' } = request;
    void fake
      .before(`${method} ${url}`)
      .then(() => (method === 'POST' && url === '/instances' ? take(request, response) : answer(url, response)));
  });
  const answer = async (path: string, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(path, fake.url);
    const { delayMs } = fake.lies;
    if (delayMs !== undefined) await new Promise((done) => setTimeout(done, delayMs));
    const number = (name: string): number => Number(searchParams.get(name) ?? 0);
    const [, , id = '', ...rest] = pathname.split('/');
    const { unlisted, hidden } = fake.lies;
    const bytes = hidden?.has(id) === true ? undefined : files.get(id);
    const listed = [...files.keys()].filter((one) => unlisted?.has(one) !== true && hidden?.has(one) !== true);
    if (pathname === '/system' && fake.lies.system === true) response.writeHead(403).end();
    else if (pathname === '/system')
      response.end(
        fake.lies.recycles === true
          ? '{"Version":"1.12.11","MaximumStorageMode":"Recycle","MaximumStorageSize":1000,"MaximumPatientCount":0}'
          : '{"Version":"1.12.11","MaximumStorageMode":"Reject"}',
      );
    else if (pathname === '/tools/execute-script') response.writeHead(403).end();
    else if (pathname === '/changes') response.end(changesOf(number('since'), number('limit')));
    else if (pathname === '/instances')
      response.end(JSON.stringify(listed.slice(number('since'), number('since') + number('limit'))));
    else if (bytes === undefined) response.writeHead(404).end();
    else if (rest.join('/') === 'attachments/dicom/md5') response.end(await md5(bytes));
    else if (rest.length === 0) response.end(JSON.stringify({ MainDicomTags: { SOPInstanceUID: uids.get(id) } }));
    else {
      fake.asked.push(id);
      const { file, of } = fake.lies;
      sendFile(response, bytes, of === undefined || of.has(id) ? file : undefined, [...files.values()]);
    }
  };
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return fake;
}

function sendFile(response: ServerResponse, bytes: Uint8Array, lie: FileLie | undefined, all: readonly Uint8Array[]): void {
  if (lie === 'SILENT') return;
  if (lie === 'ERROR' || lie === 'MISSING') {
    response.writeHead(lie === 'ERROR' ? 500 : 404).end('{"HttpError":"Not so"}');
    return;
  }
  const half = bytes.subarray(0, bytes.length - 2_000);
  const body =
    lie === 'OTHER' ? (all.find((other) => other !== bytes) ?? bytes) : lie === 'GARBAGE' ? Buffer.alloc(5_000, 'x') : bytes;
  if (lie !== 'CUT_UNMEASURED') response.setHeader('content-length', lie === 'CUT' ? half.length : body.length);
  if (lie === 'RESET') {
    response.write(half, () => response.socket?.resetAndDestroy());
    return;
  }
  response.end(lie === 'CUT' || lie === 'CUT_UNMEASURED' ? half : body);
}
