import { STATUS_CODES } from 'node:http';
import cookie from '@fastify/cookie';
import { ERROR_CATALOG } from '@negatoscope/contract';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Link, Person } from '../access/index.ts';
import { shareDescriptors } from '../config/descriptors.ts';
import { Failure, notFound } from '../kernel/failure.ts';
import { beginRequest } from '../platform/traces/index.ts';
import { type BodyPace, watchBodyPace } from './body-pace.ts';
import { DEFAULT_CONNECTION_LIMITS, guardConnections } from './connection-guard.ts';
import type { ConnectionLimits } from './connection-room.ts';
import { limitEventStreams } from './event-streams.ts';
import { endUnsentBodies } from './head-answers.ts';
import { parseJsonBody } from './json-body.ts';
import { failureOf, sendProblem } from './problem.ts';
import { endRevokedAnswers, type PlacesWatch, type RightsWatch, type VisitsWatch } from './revoked-answers.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** An answer, without anything that somebody sent. */
export interface AnsweredRequest {
  readonly route: string;
  readonly method: string;
  readonly status: number;
  readonly ms: number;
}

export interface AppOptions {
  readonly log: Logger;
  /** Addresses whose forwarding headers count; empty trusts none. */
  readonly trustProxy: readonly string[];
  readonly publicUrl: URL;
  /** Who sends this request, or undefined for nobody. Fails for a bad token, a missing CSRF header, a foreign origin. */
  readonly authenticate: (request: FastifyRequest) => Promise<Person | undefined>;
  /** Ends answers that go on when the rights that they were begun with are over; left out where nobody signs in. */
  readonly rights?: RightsWatch;
  /** Ends them when what is in them goes elsewhere. */
  readonly places?: PlacesWatch;
  /** Who comes by a link, where a route answers such; left out where nothing is shared. */
  readonly visits?: VisitsWatch & {
    asks(request: FastifyRequest): boolean;
    of(request: FastifyRequest): Promise<Link | undefined>;
  };
  /** How fast bodies must arrive; tests shorten it. */
  readonly bodyPace?: BodyPace;
  /** Told of every answer: the template of its route, never its path. */
  readonly answered?: ((answer: AnsweredRequest) => void) | undefined;
  /** How many connections there may be, and which of them must make room. */
  readonly connections?: ConnectionLimits;
}

const JSON_LIMIT_BYTES = 1024 * 1024;
const HEADERS_MS = 20_000;
/** Of a server without an archive. */
const UNMOVED: PlacesWatch = { epoch: 0, onChange: () => undefined, stillSees: async () => true };
/** Of a server that shares nothing. */
const NO_VISITS: NonNullable<AppOptions['visits']> = {
  asks: () => false,
  of: async () => undefined,
  stillHolds: async () => false,
  isOver: () => true,
};

/** Fastify with what every route shares: problems, headers, body rules, authentication. Features are joined in compose.ts. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const app = openFastify(options);
  const guard = guardConnections(app.server, options.log, options.connections ?? connectionLimits());
  // Those that the supervisor handed over are not known to the server as its own: it would not wait for them.
  app.addHook('preClose', () => guard.drain());
  traceRequests(app);
  app.decorateRequest('actor', undefined);
  app.decorateRequest('visitor', undefined);
  await app.register(cookie);
  acceptRawBodies(app);

  endUnsentBodies(app);
  // Before the person is looked up, so that no change falls between.
  const { rights, places = UNMOVED, visits = NO_VISITS } = options;
  if (rights !== undefined) endRevokedAnswers(app, { rights, places, visits });
  limitEventStreams(app);
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(SECURITY_HEADERS);
    if (options.publicUrl.protocol === 'https:') void reply.header('strict-transport-security', 'max-age=31536000');
    // Only the contract's operations and DICOMweb know people: pages and scripts are the same for all, database or not.
    if (request.routeOptions.config.operation !== undefined) await findWhoAsks(request, options.authenticate, visits);
  });
  app.addHook('preParsing', async ({ headers }) => requireNoCoding(headers['content-encoding']));
  watchBodyPace(app, options.bodyPace);
  readUnwantedBodies(app);
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    options.answered?.({ route, method: request.method, status: reply.statusCode, ms: reply.elapsedTime });
    const line = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    request.log[isQuiet(line) ? 'debug' : 'info'](line, 'request');
  });
  answerFailures(app);
  return app;
}

/** The supervisor and monitoring ask every few seconds: that all is well would push everything else, the first password too, out of sight. */
const isQuiet = ({ route, status }: Pick<AnsweredRequest, 'route' | 'status'>): boolean =>
  route === '/api/health' && status === 200;

/**
 * A person, or whoever opened a link: one of them, so that no rights ever add up. A person's session goes before the cookie of a visit unless the request is said to be the visit's; where only visits are
 * answered, nobody's session counts.
 */
async function findWhoAsks(
  request: FastifyRequest,
  authenticate: AppOptions['authenticate'],
  visits: NonNullable<AppOptions['visits']>,
): Promise<void> {
  const person = await authenticate(request);
  const { visitors } = request.routeOptions.config;
  const isVisit = visitors === 'only' || (visitors === 'too' && (person === undefined || visits.asks(request)));
  if (isVisit) request.visitor = await visits.of(request);
  else request.actor = person;
}

/** The route's pattern, never the address: that has names in it. */
function traceRequests(app: FastifyInstance): void {
  app.addHook('onRequest', ({ method, routeOptions: { url: route = 'unknown' } }, { raw }, done) => {
    const facts = { 'http.request.method': method, 'http.route': route };
    const end = beginRequest(`${method} ${route}`, facts, done);
    if (end === undefined) return;
    let isOver = false;
    const over = (): void => {
      if (!isOver) end({ 'http.response.status_code': raw.statusCode }, raw.statusCode >= 500 || !raw.writableFinished);
      isOver = true;
    };
    raw.once('finish', over).once('close', over);
  });
}

function openFastify({ log, trustProxy }: AppOptions): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  return Fastify({
    loggerInstance,
    // Query strings and bodies carry names: only method, route pattern, status and time are logged, by the hook onResponse.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustProxy.length === 0 ? false : [...trustProxy],
    bodyLimit: JSON_LIMIT_BYTES,
    // An address that is none has no route: no error handler but this one sees it.
    frameworkErrors: (error, request, reply) => void sendProblem(request, reply, failureOf(error)),
    routerOptions: { maxParamLength: 4096, ignoreTrailingSlash: true },
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 65_000,
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: HEADERS_MS / 4, maxHeaderSize: 16_384 },
  });
}

function answerFailures(app: FastifyInstance): void {
  app.setErrorHandler(async (error, request, reply) => {
    const failure = failureOf(error);
    tellOperator(request, failure, error);
    if (reply.raw.headersSent) {
      reply.raw.destroy();
      return reply;
    }
    return sendProblem(request, reply, failure);
  });
  app.setNotFoundHandler(async (request, reply) => sendProblem(request, reply, notFound()));
}

/** What is read of a body that nobody wants any more, before its connection is ended. */
const MAX_UNWANTED_BYTES = 1024 * 1024 * 1024;

/**
 * A body that was answered before its end is read on and dropped: a client that sends all of it before it reads would otherwise wait for ever
 * for room, and never see the answer; the next request of the connection stands behind it.
 */
function readUnwantedBodies(app: FastifyInstance): void {
  app.addHook('onSend', async ({ raw, routeOptions }) => {
    if (routeOptions.config.rawBody !== true || raw.complete || raw.destroyed) return;
    raw.unpipe();
    // An iterator that was left in the middle listens still, and keeps the stream from flowing.
    raw.removeAllListeners('readable');
    let unwanted = 0;
    raw.on('data', (chunk: Buffer) => {
      unwanted += chunk.length;
      if (unwanted > MAX_UNWANTED_BYTES) raw.socket.destroy();
    });
    raw.on('error', () => undefined);
    raw.resume();
  });
}

function connectionLimits(): ConnectionLimits {
  const most = shareDescriptors().connections;
  return { ...DEFAULT_CONNECTION_LIMITS, most, mostSlow: Math.floor(most / 4) };
}

/** Bodies are taken as they are: a coding that is not undone would be read as what it is not (RFC 9110 8.4, 15.5.16). */
function requireNoCoding(coding: string | undefined): void {
  if (coding !== undefined && coding.trim().toLowerCase() !== 'identity')
    throw new Failure('UNSUPPORTED_MEDIA_TYPE', { detail: 'Content-Encoding: bodies are taken without a coding.' });
}

/** JSON is read whole, and parsed where an operation of the contract takes it; every other body reaches its handler as the raw stream. */
function acceptRawBodies(app: FastifyInstance): void {
  app.removeContentTypeParser(['application/json', 'text/plain']);
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, ({ routeOptions }, body, done) => {
    try {
      done(null, routeOptions.config.rawJson === true ? body : parseJsonBody(body as Buffer)); // `parseAs: 'buffer'` makes it one.
    } catch (error) {
      done(error as Failure, undefined); // The one error that it throws.
    }
  });
  app.addContentTypeParser('*', (request, _payload, done) => {
    if (request.routeOptions.config.rawBody === true) done(null, undefined);
    else done(new Failure('UNSUPPORTED_MEDIA_TYPE'), undefined);
  });
}

/** What the installation can't do just now is in its log with the reason (a bucket, a database that is away); what a request got wrong is not. */
function tellOperator(request: FastifyRequest, failure: Failure, error: unknown): void {
  const route = request.routeOptions.url;
  if (failure.code === 'INTERNAL') request.log.error({ error: describe(error), route }, 'unexpected');
  else if (failure.cause !== undefined && ERROR_CATALOG[failure.code].status >= 500)
    request.log.warn({ code: failure.code, error: describe(failure.cause), route }, 'could not be done');
}

/** Name, message and stack of an error, for the log only; messages of ours carry no patient data. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: STATUS_CODES[500] };
  return { name: error.name, message: error.message, stack: error.stack, code: 'code' in error ? error.code : undefined };
}
