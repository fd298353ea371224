import type { OPERATIONS, Operation, QueryOf, ResultOf } from '@negatoscope/contract';

type AnyOperation = (typeof OPERATIONS)[number];
/** What is asked by who has got a link: by the page of links, which is none of the application's (`recipient/`). */
type OfLinks = 'openShared' | 'getShared' | 'getSharedSeries' | 'downloadShared' | 'endShared';
export type OperationId = Exclude<AnyOperation['id'], OfLinks>;
type OperationOf<I extends OperationId> = Extract<AnyOperation, { id: I }>;
export type RouteOf<I extends OperationId> = `${OperationOf<I>['method']} ${OperationOf<I>['path']}`;

type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never;
type Params<I extends OperationId> = [PathNames<OperationOf<I>['path']>] extends [never]
  ? { params?: never }
  : { params: Record<PathNames<OperationOf<I>['path']>, string> };
type Undefinable<T> = { [K in keyof T]?: T[K] | undefined };
export type Query<I extends OperationId> = OperationOf<I> extends Operation ? Undefinable<QueryOf<OperationOf<I>>> : never;
/** Defaults of the body may be left out. */
type Input<T> = T extends { _zod: { input: infer V } } ? V : never;
type Body<I extends OperationId> = OperationOf<I> extends { body: infer B } ? { body: Input<B> } : { body?: never };
export type CallOptions<I extends OperationId> = Params<I> &
  Body<I> & {
    query?: Query<I>;
    form?: FormData;
    signal?: AbortSignal | undefined;
    /** Sent also when the page goes meanwhile. */
    keepalive?: boolean;
    /** Of an answer that has words for people in it; the browser's own without. */
    language?: 'fr' | 'en';
  };
export type Result<I extends OperationId> = ResultOf<OperationOf<I>>;
