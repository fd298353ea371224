import { Readable } from 'node:stream';
import type { BodyOf, Method, Operation, ParamsOf, Permission, QueryOf, ResultOf } from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Link, Person, Reader } from './index.ts';

export interface Input<O extends Operation> {
  /** Undefined only for operations whose permission is `public`; of those of a visit whoever opened the link. */
  readonly actor: O extends { readonly visitor: true } ? Link : O['permission'] extends 'public' ? Person | undefined : Person;
  readonly params: ParamsOf<O>;
  readonly query: QueryOf<O>;
  readonly body: BodyOf<O>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** What a handler gives back is cut to the operation's schema; a handler that has sent its own answer returns the reply. */
export type Handler<O extends Operation> = (input: Input<O>) => Promise<ResultOf<O> | FastifyReply | undefined>;

/** A route outside the JSON contract (DICOMweb): the permission is still named and enforced before the handler runs. */
export interface RawRoute {
  readonly id: string;
  readonly method: Method | 'OPTIONS' | 'HEAD';
  /** Fastify path, e.g. `/dicom-web/studies/:study`. */
  readonly path: string;
  readonly permission: Permission | 'public' | 'signed-in';
}
type Raw<A> = (input: { actor: A; request: FastifyRequest; reply: FastifyReply }) => Promise<FastifyReply>;
export type RawHandler = Raw<Person>;
/** Of a route that answers whoever has a link to what is asked for, too. */
export type ReaderHandler = Raw<Reader>;

/** How features join the server: they never see Fastify's instance. */
export interface Router {
  handle<O extends Operation>(operation: O, handler: Handler<O>): void;
  raw(route: RawRoute, handler: RawHandler): void;
  /** As `raw`, also for who opened a link: with what their share allows, and in its scope. */
  shown(route: RawRoute, handler: ReaderHandler): void;
}

/** Answers with server-sent events for as long as there are any and somebody listens; a proxy passes each on as it comes. */
export const sendEvents = (reply: FastifyReply, events: AsyncIterable<string>): FastifyReply =>
  reply.type('text/event-stream').header('x-accel-buffering', 'no').send(Readable.from(events));
