import type { z } from 'zod';
import type { ErrorCode } from './error-catalog.ts';
import type { Permission } from './permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One route of the API. `permission`: `public` needs no sign-in, `signed-in` any signed-in person (acting on what is theirs).
 * `responses` maps each success status to its schema; `null` is an empty body, `stream` one that is not JSON.
 */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** OpenAPI path, e.g. `/api/users/{id}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly permission: Permission | 'public' | 'signed-in';
  /**
   * `patients.identity` is needed as well: the operation compares with who somebody is or with hidden text, or sets these, and whoever may not see them
   * would learn by its answer, or by a time that changes, whether a guess is right. `unlessOnly`: not when the body has no other fields than these.
   */
  readonly identity?: 'always' | { readonly unlessOnly: readonly string[] };
  /** Answers whoever opened a link, by the visit's cookie, and nobody else: a person's session counts for nothing here. */
  readonly visitor?: true;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Media type of a body that is no JSON: the handler reads the raw request. */
  readonly rawBody?: string;
  readonly responses: Readonly<Record<number, z.ZodType | null | { readonly stream: string }>>;
  readonly errors?: readonly ErrorCode[];
}

/** Whether a request with this body, as it was received, needs `patients.identity`. */
export function needsIdentity({ identity }: Pick<Operation, 'identity'>, body: unknown): boolean {
  if (identity === undefined || identity === 'always') return identity === 'always';
  const fields = typeof body === 'object' && body !== null ? Object.keys(body) : [];
  return fields.some((field) => !identity.unlessOnly.includes(field));
}

export const defineOperation = <const O extends Operation>(operation: O): O => operation;

type Infer<T> = T extends z.ZodType ? z.infer<T> : undefined;
export type ParamsOf<O extends Operation> = Infer<O['params']>;
export type QueryOf<O extends Operation> = Infer<O['query']>;
export type BodyOf<O extends Operation> = Infer<O['body']>;
type JsonResponses<R> = { [K in keyof R]: R[K] extends z.ZodType ? z.infer<R[K]> : never }[keyof R];
/** The JSON that a client gets on success. */
export type ResultOf<O extends Operation> = JsonResponses<O['responses']>;
