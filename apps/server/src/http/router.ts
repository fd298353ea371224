import { needsIdentity, OPERATIONS, type Operation } from '@negatoscope/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { can, type Link, type Person, type Reader, requirePermission } from '../access/index.ts';
import type { Handler, Input, RawRoute, Router } from '../access/router.ts';
import type { Audit } from '../features/audit/index.ts';
import { Failure, notFound } from '../kernel/failure.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { respond } from './respond.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Id of the operation or raw route; undefined for files of the web app. */
    operation?: string;
    /** Whether whoever opened a link is answered beside people, or alone. */
    visitors?: 'too' | 'only';
    /** The handler reads the body itself, whatever its type. */
    rawBody?: boolean;
    /** JSON is given to it as the bytes that came, too. */
    rawJson?: boolean;
  }
  interface FastifyRequest {
    /** Set by the authentication hook; undefined for anonymous requests. */
    actor: Person | undefined;
    /** Set by the same hook in the place of `actor` where whoever opened a link is answered. */
    visitor: Link | undefined;
  }
}

const fastifyPath = (openApiPath: string): string => openApiPath.replaceAll(/\{(\w+)\}/g, ':$1');

/** An id that is no id is an unknown id: both answer 404, so that neither tells anything. */
function parse(schema: z.ZodType | undefined, value: unknown, part: 'params' | 'query' | 'body'): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  if (part === 'params') throw notFound();
  throw new Failure('VALIDATION_FAILED', {
    errors: result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })),
  });
}

/** Every route that a feature has taken, by the id of its operation or its own. */
export type Registered = ReadonlyMap<string, { readonly method: string; readonly path: string }>;

export interface RouterOptions {
  readonly audit: Audit;
}

const configOf = ({ id, rawBody, visitor }: Operation) => ({
  operation: id,
  rawBody: rawBody !== undefined,
  ...(visitor === true ? ({ visitors: 'only' } as const) : {}),
});

/** Who reads, where the route's permission allows it. Fails with NOT_AUTHENTICATED for nobody. */
async function readerOf<R extends Reader>(audit: Audit, { permission, id }: RawRoute, reader: R | undefined): Promise<R> {
  const actor = await authorise(audit, permission, id, reader);
  if (actor === undefined) throw new Failure('NOT_AUTHENTICATED');
  return actor;
}

/** Joins operations and raw routes to Fastify: validation, permission, audit of denials, answers by schema. */
export function createRouter(app: FastifyInstance, { audit }: RouterOptions): Router & { readonly registered: Registered } {
  const registered = new Map<string, { readonly method: string; readonly path: string }>();
  refuseOtherMethods(app);
  const addRaw = (
    route: RawRoute,
    config: { readonly visitors?: 'too' },
    handler: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ): void => {
    registered.set(route.id, route);
    app.route({
      method: route.method,
      url: route.path,
      exposeHeadRoute: true,
      config: { operation: route.id, rawBody: true, rawJson: true, ...config },
      handler,
    });
  };
  return {
    registered,
    handle: <O extends Operation>(operation: O, handler: Handler<O>) => {
      registered.set(operation.id, operation);
      app.route({
        method: operation.method,
        url: fastifyPath(operation.path),
        config: configOf(operation),
        handler: (request, reply) => answerOperation(audit, { operation, handler }, request, reply),
      });
    },
    raw: (route, handler) =>
      addRaw(route, {}, async (request, reply) =>
        handler({ actor: await readerOf(audit, route, request.actor), request, reply }),
      ),
    shown: (route, handler) =>
      addRaw(route, { visitors: 'too' }, async (request, reply) =>
        handler({ actor: await readerOf<Reader>(audit, route, request.visitor ?? request.actor), request, reply }),
      ),
  };
}

async function answerOperation<O extends Operation>(
  audit: Audit,
  { operation, handler }: { readonly operation: O; readonly handler: Handler<O> },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const actor =
    operation.visitor === true
      ? requireVisit(request)
      : await authorise(audit, operation.permission, operation.id, request.actor);
  // Before anything is validated or looked up: a refusal tells nothing.
  if (needsIdentity(operation, request.body)) await authorise(audit, 'patients.identity', operation.id, request.actor);
  void reply.header('cache-control', 'private, no-store');
  const input = {
    actor,
    params: parse(operation.params, request.params, 'params'),
    query: parse(operation.query, request.query, 'query'),
    body: parse(operation.body, request.body, 'body'),
    request,
    reply,
  } as Input<O>; // Each part was just parsed by the operation's own schema.
  const result = await handler(input);
  // Awaiting a reply that was cut gives nothing, and it does not say that it was sent: its headers do.
  return result === reply || reply.sent || reply.raw.headersSent ? reply : respond(operation, request, reply, result);
}

function requireVisit({ visitor }: FastifyRequest): Link {
  if (visitor === undefined) throw new Failure('SHARE_VISIT_OVER');
  return visitor;
}

async function authorise<A extends Reader>(
  audit: Audit,
  permission: RawRoute['permission'],
  id: string,
  actor: A | undefined,
): Promise<A | undefined> {
  if (permission === 'public') return actor;
  if (actor === undefined) throw new Failure('NOT_AUTHENTICATED');
  if (permission !== 'signed-in' && !can(actor, permission)) {
    await audit.note({ action: 'access.denied', outcome: 'DENIED', actor, entityType: 'operation', entityId: id });
    throw new Failure('FORBIDDEN');
  }
  return actor;
}

/** Operations that no feature has taken yet answer 501, never 200. */
export function refuseTheRest(app: FastifyInstance, registered: Registered): void {
  for (const operation of OPERATIONS) {
    if (registered.has(operation.id)) continue;
    app.route({
      method: operation.method,
      url: fastifyPath(operation.path),
      config: { operation: operation.id, rawBody: true },
      handler: async ({ actor }) => {
        if (operation.permission !== 'public') {
          if (actor === undefined) throw new Failure('NOT_AUTHENTICATED');
          if (operation.permission !== 'signed-in') requirePermission(actor, operation.permission);
        }
        throw new Failure('NOT_IMPLEMENTED');
      },
    });
  }
}
