import { ERROR_CATALOG, type ErrorCode, OPERATIONS, type Operation } from '@negatoscope/contract';
import type { z } from 'zod';
import type { OperationId } from '../api/operation.ts';
import { ROUTES as ADDRESSES } from '../api/routes.ts';
import { sampleOf } from './sample.ts';

/** A request as the contract reads it. */
export interface Asked {
  readonly id: OperationId;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

/** An answer that is no success: a problem document of the catalog. */
export class Refusal {
  readonly code: ErrorCode;
  readonly more: object;

  constructor(code: ErrorCode, more: object = {}) {
    this.code = code;
    this.more = more;
  }
}

type Handler = (asked: Asked) => unknown;

interface Route {
  readonly operation: Operation & { readonly id: OperationId };
  readonly pattern: RegExp;
}

/** `{name}` of a path stands for one part of it. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('$', '\\$').replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
type Any = (typeof OPERATIONS)[number];
/** What is asked by who has got a link is asked by a page of its own. */
const isOfPage = (operation: Any): operation is Extract<Any, { id: OperationId }> => Object.hasOwn(ADDRESSES, operation.id);
/** What says more comes first: `/api/patients/export` is no id. */
const ROUTES: readonly Route[] = OPERATIONS.filter(isOfPage)
  .map((operation) => ({ operation, pattern: patternOf(operation.path) }))
  .sort((a, b) => Number(a.operation.path.includes('{')) - Number(b.operation.path.includes('{')));

const isSchema = (value: unknown): value is z.ZodType => typeof value === 'object' && value !== null && '_zod' in value;

const json = (status: number, body: unknown, type = 'application/json'): Response =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });

const problem = (code: ErrorCode, more: object = {}): Response => {
  const { status, en: title } = ERROR_CATALOG[code];
  return json(status, { type: `/errors/${code}`, title, status, code, ...more }, 'application/problem+json');
};

/**
 * The API as the contract has it, for the page: every operation answers with a sample of its schema until a test says what. What the page sends and what a
 * test answers are both read by the contract; what either breaks of it is a fault, which the test must look at (`faults`).
 */
export class FakeApi {
  readonly asked: Asked[] = [];
  readonly faults: string[] = [];
  readonly #handlers = new Map<OperationId, Handler>();
  #isAway = false;
  #dicomweb = async (_url: URL, _init: RequestInit): Promise<Response> => problem('NOT_FOUND');

  /** What an operation answers from now on: a value of its schema, a Refusal, or a promise of either. */
  on(id: OperationId, handler: Handler): this {
    this.#handlers.set(id, handler);
    return this;
  }

  /** Whether the test has said what this operation answers. */
  answers(id: OperationId): boolean {
    return this.#handlers.has(id);
  }

  /** What DICOMweb answers, which is no part of the contract; nothing is there until it is told. */
  dicomweb(answer: (url: URL, init: RequestInit) => Response | Promise<Response>): this {
    this.#dicomweb = async (url, init) => answer(url, init);
    return this;
  }

  /** Nothing answers any more, as when the network is gone, until it is taken back. */
  away(isAway: boolean): void {
    this.#isAway = isAway;
  }

  /** The requests of one operation, in their order. */
  of(id: OperationId): Asked[] {
    return this.asked.filter((one) => one.id === id);
  }

  readonly fetch: typeof fetch = async (input, init = {}) => {
    if (this.#isAway) throw new TypeError('Failed to fetch');
    const url = new URL(String(input instanceof Request ? input.url : input), 'http://localhost');
    const method = init.method ?? 'GET';
    if (url.pathname.startsWith('/dicom-web/')) return beforeAbort(this.#dicomweb(url, init), init.signal ?? undefined);
    const found = ROUTES.find(({ operation, pattern }) => operation.method === method && pattern.test(url.pathname));
    if (found === undefined) return this.#fault(`${method} ${url.pathname} is no operation of the contract.`, 'NOT_FOUND');
    const asked = this.#read(found, url, init);
    if (typeof asked === 'string') return this.#fault(asked, 'VALIDATION_FAILED');
    this.asked.push(asked);
    return beforeAbort(this.#answerOf(found.operation, asked), init.signal ?? undefined);
  };

  #fault(text: string, code: ErrorCode): Response {
    this.faults.push(text);
    return problem(code);
  }

  /** The request by the schemas of its operation; a text of what they refuse. */
  #read({ operation, pattern }: Route, url: URL, { body }: RequestInit): Asked | string {
    const matched = Object.entries(pattern.exec(url.pathname)?.groups ?? {});
    const params = Object.fromEntries(matched.map(([name, value]) => [name, decodeURIComponent(value)]));
    const query = Object.fromEntries(url.searchParams);
    const sent: unknown = typeof body === 'string' ? JSON.parse(body) : (body ?? undefined);
    const read: Record<string, unknown> = { params, query, body: sent };
    for (const part of ['params', 'query', 'body'] as const) {
      const schema = operation[part];
      if (schema === undefined) continue;
      const parsed = schema.safeParse(read[part]);
      if (!parsed.success) return `${operation.id}: its ${part} is not of the contract: ${parsed.error.message}`;
      read[part] = parsed.data;
    }
    return { id: operation.id, params, query: read.query as Asked['query'], body: read.body }; // What the schema gave, or the address.
  }

  /** What the test answers; a test that fails while it does has failed. */
  async #given(id: OperationId, asked: Asked): Promise<unknown> {
    try {
      return await this.#handlers.get(id)?.(asked);
    } catch (error) {
      this.faults.push(`${id}: the test’s own answer failed: ${String(error)}`);
      throw error;
    }
  }

  async #answerOf({ id, responses, errors = [], permission }: Route['operation'], asked: Asked): Promise<Response> {
    const [[status = '200', schema] = []] = Object.entries(responses);
    const given = await this.#given(id, asked);
    if (given instanceof Refusal) {
      const general: readonly ErrorCode[] = [
        'NOT_AUTHENTICATED',
        'FORBIDDEN',
        'NOT_FOUND',
        'INTERNAL',
        'UNAVAILABLE',
        'VALIDATION_FAILED',
      ];
      if (![...general, ...errors].includes(given.code) && permission !== 'public')
        this.faults.push(`${id}: the contract names no ${given.code}.`);
      return problem(given.code, given.more);
    }
    if (schema === null) return new Response(null, { status: Number(status) });
    if (!isSchema(schema)) return new Response(typeof given === 'string' ? given : 'bytes', { status: Number(status) });
    const value = given ?? sampleOf(schema);
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      return this.#fault(`${id}: the answer of the test is not of the contract: ${parsed.error.message}`, 'INTERNAL');
    return json(Number(status), value);
  }
}

/** As a browser: who aborts waits for no answer. */
async function beforeAbort(answer: Promise<Response>, signal: AbortSignal | undefined): Promise<Response> {
  if (signal === undefined) return answer;
  const aborted = new Promise<never>((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([answer, aborted]);
}

/** XMLHttpRequest over the fake API, as far as sending files uses it. */
export function uploadsOver(api: FakeApi): new () => object {
  return class {
    status = 0;
    response: unknown;
    responseType = '';
    readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
    onload?: () => void;
    onerror?: () => void;
    onabort?: () => void;
    onloadend?: () => void;
    #address = '';
    readonly #stop = new AbortController();

    open(_method: string, address: string): void {
      this.#address = address;
    }
    setRequestHeader(): void {}
    getResponseHeader = (): null => null;
    send(form: FormData | Blob): void {
      this.upload.onprogress?.({ loaded: 1 });
      api
        .fetch(this.#address, { method: 'POST', body: form, signal: this.#stop.signal })
        .then(async (answer) => {
          this.status = answer.status;
          this.response = await answer.json();
          this.onload?.();
        })
        .catch(() => (this.#stop.signal.aborted ? undefined : this.onerror?.()))
        .finally(() => this.onloadend?.());
    }
    abort(): void {
      this.#stop.abort();
      this.onabort?.();
    }
  };
}

/** One page of a list. */
export const listOf = <T>(
  items: readonly T[],
  more: { nextCursor?: string | null; total?: number; totalIsExact?: boolean } = {},
) => ({
  items,
  nextCursor: null,
  total: items.length,
  totalIsExact: true,
  ...more,
});
