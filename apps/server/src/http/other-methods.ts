import type { FastifyInstance } from 'fastify';
import { Failure } from '../kernel/failure.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const segmentsOf = (url: string): string[] => url.replace(/\?.*$/s, '').replace(/\/$/, '').split('/');

interface Path {
  readonly segments: readonly string[];
  readonly methods: ReadonlySet<string>;
}

const matches = ({ segments }: Path, asked: readonly string[]): boolean =>
  segments.length === asked.length &&
  segments.every((segment, index) => (segment.startsWith(':') ? asked[index] !== '' : segment === asked[index]));

/**
 * Notes the paths of the operations as they are joined and answers every other method on them with 405 and Allow (RFC 9110 15.5.6), whoever asks
 * and before a body is read. A path that nobody has stays 404. Looks at nothing while a route is found.
 */
export function refuseOtherMethods(app: FastifyInstance): void {
  const paths: Path[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.operation === undefined) return;
    const methods = [method].flat();
    // Fastify joins HEAD to every GET by itself.
    paths.push({ segments: segmentsOf(url), methods: new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods) });
  });
  app.addHook('onRequest', async (request, reply) => {
    if (!request.is404) return;
    const asked = segmentsOf(request.raw.url ?? '/');
    const allowed = paths.filter((path) => matches(path, asked));
    if (allowed.length === 0) return;
    const names = METHODS.filter((method) => allowed.some(({ methods }) => methods.has(method)));
    void reply.header('allow', names.join(', '));
    throw new Failure('METHOD_NOT_ALLOWED');
  });
}
