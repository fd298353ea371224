import * as contract from '@negatoscope/contract';
import { ERROR_CATALOG, type ErrorCode, OPERATIONS, type Operation } from '@negatoscope/contract';
import { z } from 'zod';
import { isFhir } from './operation-outcome.ts';

type Json = Readonly<Record<string, unknown>>;

/** The part of an OpenAPI operation that the page of documentation shows too. */
export interface DescribedOperation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly 'x-permission': string;
  /** By the cookie of a visit that a link began, and by nothing else. */
  readonly 'x-visitor'?: true;
  /** As the contract's `identity`: when `patients.identity` is needed as well. */
  readonly 'x-identity'?: Operation['identity'];
  readonly security: readonly Json[];
  readonly parameters?: readonly Json[];
  readonly requestBody?: Json;
  readonly responses: Readonly<Record<string, Json>>;
}

export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly jsonSchemaDialect: string;
  readonly info: Json;
  readonly servers: readonly Json[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly securitySchemes: Readonly<Record<string, Json>>;
  };
}

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** Object schemas that the contract exports by name; answers refer to them instead of repeating them. */
const named = z.registry<{ id: string }>();
for (const [name, value] of Object.entries(contract)) {
  if (value instanceof z.ZodObject && !/(Params|Query)$/.test(name)) named.add(value, { id: name });
}

function rename(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rename);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$schema' && key !== 'id' && key !== '~standard')
      .map(([key, inner]) => [
        key,
        key === '$ref' && typeof inner === 'string' ? inner.replace('#/$defs/', '#/components/schemas/') : renameIn(key, inner),
      ]),
  );
}

/** Names of properties are data: nothing called `id` or `$ref` is dropped among them. */
function renameIn(key: string, inner: unknown): unknown {
  if (key !== 'properties' || typeof inner !== 'object' || inner === null) return rename(inner);
  return Object.fromEntries(Object.entries(inner).map(([name, schema]) => [name, rename(schema)]));
}

/** A schema of what leaves the server; what it refers to is collected in `components`. */
function outputSchema(schema: z.ZodType, components: Map<string, Json>): Json {
  const id = named.get(schema)?.id;
  const { $defs = {}, ...whole } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: 'output',
    metadata: named,
    unrepresentable: 'any',
  });
  const definitions = Object.entries($defs).map(([name, definition]): [string, Json] => [name, rename(definition) as Json]);
  if (id === undefined) {
    for (const [name, definition] of definitions) components.set(name, definition);
    return rename(whole) as Json;
  }
  // A named schema is the document itself, or a reference into its own definitions.
  for (const [name, definition] of [[id, rename(whole) as Json] as const, ...definitions]) components.set(name, definition);
  return { $ref: `#/components/schemas/${id}` };
}

const inputSchema = (schema: z.ZodType): Json =>
  rename(
    z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input', metadata: z.registry(), unrepresentable: 'any' }),
  ) as Json;

function parametersOf(schema: z.ZodType | undefined, where: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inputSchema(schema) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (required.includes(name) && property.default === undefined),
    schema: property,
  }));
}

/** Codes that an operation may answer with beyond those it names, because of what it is. */
function errorsOf(operation: Operation): ErrorCode[] {
  const { permission, method, body, query, params, errors = [] } = operation;
  return [
    ...(body === undefined && query === undefined ? [] : (['VALIDATION_FAILED'] as const)),
    ...(permission === 'public' ? [] : (['NOT_AUTHENTICATED'] as const)),
    ...(permission === 'public' || permission === 'signed-in' ? [] : (['FORBIDDEN'] as const)),
    ...(method === 'GET' || permission === 'public' ? [] : (['CSRF_REQUIRED'] as const)),
    ...(method === 'GET' ? [] : (['ORIGIN_REFUSED'] as const)),
    ...(params === undefined ? [] : (['NOT_FOUND'] as const)),
    ...errors,
    'INTERNAL',
    'UNAVAILABLE',
  ];
}

function errorResponses(operation: Operation): Record<string, Json> {
  const byStatus = new Map<number, Set<ErrorCode>>();
  for (const code of errorsOf(operation)) {
    const { status } = ERROR_CATALOG[code];
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code));
  }
  const responses = [...byStatus].map(([status, codes]): [string, Json] => [
    String(status),
    {
      description: [...codes].join(', '),
      content: isFhir(operation.path)
        ? { [contract.FHIR_JSON]: {} }
        : {
            'application/problem+json': {
              schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: [...codes] } } }] },
            },
          },
      ...(status === 429 || status === 503
        ? { headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds' } } }
        : {}),
    },
  ]);
  return Object.fromEntries(responses);
}

function successResponses(operation: Operation, components: Map<string, Json>): Record<string, Json> {
  const responses = Object.entries(operation.responses).map(([status, response]): [string, Json] => {
    const description = operation.summary;
    if (response === null) return [status, { description }];
    if (response instanceof z.ZodType) {
      return [status, { description, content: { 'application/json': { schema: outputSchema(response, components) } } }];
    }
    return [status, { description, content: { [response.stream]: {} } }];
  });
  return Object.fromEntries(responses);
}

function requestBodyOf({ body, rawBody }: Operation): { requestBody?: Json } {
  if (rawBody !== undefined) return { requestBody: { required: true, content: { [rawBody]: {} } } };
  if (body === undefined) return {};
  return { requestBody: { required: true, content: { 'application/json': { schema: inputSchema(body) } } } };
}

function securityOf({ permission, method }: Operation): Json[] {
  if (permission === 'public') return [];
  return [method === 'GET' ? { cookie: [] } : { cookie: [], csrf: [] }, { bearer: [] }];
}

function describe(operation: Operation, components: Map<string, Json>): DescribedOperation {
  const parameters = [...parametersOf(operation.params, 'path'), ...parametersOf(operation.query, 'query')];
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    'x-permission': operation.permission,
    ...(operation.visitor === true ? { 'x-visitor': true as const } : {}),
    ...(operation.identity === undefined ? {} : { 'x-identity': operation.identity }),
    security: securityOf(operation),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...requestBodyOf(operation),
    responses: { ...successResponses(operation, components), ...errorResponses(operation) },
  };
}

/** The contract as an OpenAPI 3.1 document, made from the same schemas that the server validates with. */
export function openApiDocument(publicUrl: string, version: string): OpenApiDocument {
  const components = new Map<string, Json>();
  outputSchema(contract.Problem, components);
  const paths: Record<string, Record<string, DescribedOperation>> = {};
  for (const operation of OPERATIONS as readonly Operation[]) {
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: describe(operation, components) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: DIALECT,
    info: {
      title: 'Negatoscope',
      version,
      summary: 'Keep, search, read, screen, share and export medical images.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(OPERATIONS.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
      securitySchemes: {
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: 'negatoscope_access',
          description: 'Set by signing in; `__Host-` comes before it over https.',
        },
        csrf: { type: 'apiKey', in: 'header', name: 'X-CSRF-Token', description: 'The value of the cookie `negatoscope_csrf`.' },
        bearer: { type: 'http', scheme: 'bearer', description: 'A personal token, `ngs_…`.' },
      },
    },
  };
}
