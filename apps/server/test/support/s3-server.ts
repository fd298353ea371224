import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { wrongSignature } from './s3-signature.ts';

interface Stored {
  readonly bytes: Buffer;
  readonly etag: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly at: Date;
}

interface Upload {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parts: Map<number, Buffer>;
}

/** What becomes of a request instead of its answer. `cut`: the connection ends after that many bytes of the body. `lost`: it is done, and not answered. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  | { readonly kind: 'cut'; readonly after: number }
  | { readonly kind: 'lost' }
  /** The whole object, whatever range is asked for. */
  | { readonly kind: 'whole' }
  | { readonly kind: 'silent' };

interface Asked {
  readonly method: string;
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string;
}

const PAGE = 7;
const KEPT = /^(?:x-amz-meta-.*|content-type)$/;
const xml = (inner: string): string => `<?xml version="1.0" encoding="UTF-8"?>${inner}`;
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
const md5 = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;
const failed = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: xml(`<Error><Code>${code}</Code><Message>${code}</Message></Error>`),
});

/**
 * As much of S3 as a store of objects uses, over memory: Signature Version 4 and hashes are compared, conditions kept, parts put together, ranges cut,
 * listings paged. It fails as it is told to. What only a real service can show (durability, its own bugs) it does not.
 */
export class S3Server {
  readonly keys = { accessKeyId: 'NEGATOSCOPETEST', secretAccessKey: 'secret/of+the=tests' };
  readonly bucket = 'objects-of-tests';
  readonly objects = new Map<string, Stored>();
  readonly uploads = new Map<string, Upload>();
  /** `METHOD key?query` of every request. */
  readonly asked: string[] = [];
  isFull = false;
  hasBucket = true;
  /** Asked before each request. */
  fault: (asked: { readonly method: string; readonly key: string; readonly query: URLSearchParams }) => Fault | undefined = () =>
    undefined;
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#take(request, response).catch(() => response.destroy()));
  }

  static async open(): Promise<S3Server> {
    const server = new S3Server();
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  get endpoint(): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('It does not listen.');
    return `http://127.0.0.1:${address.port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://s3');
    const [, bucket = '', ...rest] = pathname.split('/').map(decodeURIComponent);
    const { method = '', headers } = request;
    const asked = { method, key: rest.join('/'), query, headers, body };
    this.asked.push(`${method} ${asked.key}?${query}`);
    const fault = this.fault(asked);
    if (fault?.kind === 'silent') return;
    const wrong = wrongSignature(request, body, this.keys);
    let answer: Answer;
    if (fault?.kind === 'status') answer = failed(fault.status, fault.code);
    else if (wrong !== undefined) answer = failed(403, wrong);
    else if (!this.hasBucket || bucket !== this.bucket) answer = failed(404, 'NoSuchBucket');
    else answer = this.#answer(fault?.kind === 'whole' ? { ...asked, headers: {} } : asked);
    if (fault?.kind === 'lost') return void response.destroy();
    const bytes = Buffer.from(answer.body ?? '');
    response.writeHead(answer.status, { 'content-length': bytes.length, ...answer.headers });
    if (fault?.kind === 'cut') {
      response.write(bytes.subarray(0, fault.after), () => response.destroy());
      return;
    }
    response.end(method === 'HEAD' ? undefined : bytes);
  }

  #answer(asked: Asked): Answer {
    const { method, key, query } = asked;
    if (method === 'GET' && key === '') return this.#list(query);
    if (method === 'GET' || method === 'HEAD') return this.#get(asked);
    if (method === 'DELETE') {
      if (query.has('uploadId')) this.uploads.delete(query.get('uploadId') ?? '');
      else this.objects.delete(key);
      return { status: 204 };
    }
    if (this.isFull) return failed(403, 'QuotaExceeded');
    const told = asked.headers['x-amz-checksum-sha256'];
    if (told !== undefined && told !== sha256(asked.body)) return failed(400, 'BadDigest');
    if (method === 'PUT' && query.has('uploadId')) return this.#part(asked);
    if (method === 'PUT') return this.#put(asked, asked.body);
    return query.has('uploads') ? this.#begin(asked) : this.#complete(asked);
  }

  #put({ key, headers }: Pick<Asked, 'key' | 'headers'>, bytes: Buffer, kept = keptOf(headers)): Answer {
    if (headers['if-none-match'] === '*' && this.objects.has(key)) return failed(412, 'PreconditionFailed');
    const etag = md5(bytes);
    this.objects.set(key, { bytes, etag, headers: kept, at: new Date() });
    return { status: 200, headers: { etag } };
  }

  #get({ key, headers, method }: Asked): Answer {
    const stored = this.objects.get(key);
    if (stored === undefined) return method === 'HEAD' ? { status: 404 } : failed(404, 'NoSuchKey');
    const { bytes, etag, at } = stored;
    const more = { ...stored.headers, etag, 'last-modified': at.toUTCString(), 'accept-ranges': 'bytes' };
    if (method === 'HEAD') return { status: 200, headers: { ...more, 'content-length': bytes.length } };
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    if (from === undefined) return { status: 200, headers: more, body: bytes };
    const start = Number(from);
    if (start >= bytes.length) return failed(416, 'InvalidRange');
    const end = to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1);
    const range = { 'content-range': `bytes ${start}-${end}/${bytes.length}` };
    return { status: 206, headers: { ...more, ...range }, body: bytes.subarray(start, end + 1) };
  }

  #list(query: URLSearchParams): Answer {
    const prefix = query.get('prefix') ?? '';
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const most = Math.min(PAGE, Number(query.get('max-keys') ?? PAGE));
    const keys = [...this.objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort();
    const page = keys.slice(0, most);
    const items = page.map((key) => {
      const { at, bytes, etag } = this.objects.get(key) as Stored; // Of the keys above.
      return `<Contents><Key>${key}</Key><LastModified>${at.toISOString()}</LastModified><ETag>${etag}</ETag><Size>${bytes.length}</Size></Contents>`;
    });
    const next = keys.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    const body = xml(
      `<ListBucketResult><IsTruncated>${next !== ''}</IsTruncated>${next}<KeyCount>${page.length}</KeyCount>${items.join('')}</ListBucketResult>`,
    );
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  #begin({ key, headers }: Asked): Answer {
    const id = randomUUID();
    this.uploads.set(id, { key, headers: keptOf(headers), parts: new Map() });
    const body = xml(
      `<InitiateMultipartUploadResult><Key>${key}</Key><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    );
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  #part({ query, body }: Asked): Answer {
    const upload = this.uploads.get(query.get('uploadId') ?? '');
    if (upload === undefined) return failed(404, 'NoSuchUpload');
    upload.parts.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { etag: md5(body) } };
  }

  #complete(asked: Asked): Answer {
    const id = asked.query.get('uploadId') ?? '';
    const upload = this.uploads.get(id);
    if (upload === undefined) return failed(404, 'NoSuchUpload');
    const text = asked.body.toString();
    const told = [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
      number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
      etag: /<ETag>(.*?)</.exec(part)?.[1]?.replaceAll('&quot;', '"'),
    }));
    const parts = told.map(({ number }) => upload.parts.get(number));
    const isRight = told.every(({ etag }, index) => parts[index] !== undefined && md5(parts[index]) === etag);
    const isLarge = parts.slice(0, -1).every((part) => (part?.length ?? 0) >= 5 * 1024 * 1024);
    if (!isRight) return failed(400, 'InvalidPart');
    if (!isLarge) return failed(400, 'EntityTooSmall');
    const answer = this.#put(asked, Buffer.concat(parts.flatMap((part) => part ?? [])), upload.headers);
    if (answer.status !== 200) return answer;
    this.uploads.delete(id);
    const body = xml(`<CompleteMultipartUploadResult><ETag>${answer.headers?.etag}</ETag></CompleteMultipartUploadResult>`);
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }
}

const keptOf = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (KEPT.test(name) ? [[name, String(value)]] : [])));
