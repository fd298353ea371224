import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Where the web app's build is, from the sources and from the built server. */
const FOLDERS = [new URL('../../../web/dist/', import.meta.url), new URL('../../web/dist/', import.meta.url)];
/** What every session has and every page sends, however the server is reached (features/identity/cookies.ts). */
const SESSION_COOKIE = /^(?:__Host-)?negatoscope_csrf$/;
const YEAR_SECONDS = 31_536_000;

/** Nobody is signed in there: the form comes at once, and not after an application that finds out. Whether a session still counts, the API says. */
const isStranger = ({ cookies, headers }: FastifyRequest): boolean =>
  headers.authorization === undefined && !Object.keys(cookies).some((name) => SESSION_COOKIE.test(name));

const isHashed = (file: string): boolean => file.split(path.sep).includes('assets');

/** The folder of the built web app, undefined when it was not built. */
export const findWebFolder = (): string | undefined =>
  FOLDERS.map((folder) => fileURLToPath(folder)).find((folder) => existsSync(path.join(folder, 'index.html')));

/**
 * Serves the built web app from `root`: the page for every address of its own, the landing page at `/`, the sign-in form to strangers, the page of shares at `/s`, files with a hash in their name for ever, the
 * others revalidated; `.br` and `.gz` beside a file are sent to clients that take them.
 */
export async function registerStatic(app: FastifyInstance, root: string): Promise<void> {
  await app.register(fastifyStatic, {
    root,
    wildcard: false,
    index: false,
    redirect: false,
    cacheControl: false,
    preCompressed: true,
    globIgnore: ['**/*.br', '**/*.gz'],
    setHeaders: (response, file) => {
      response.setHeader('vary', 'accept-encoding');
      response.setHeader(
        'cache-control',
        isHashed(path.relative(root, file)) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
      );
    },
  });
  app.get('/', (_request, reply) => reply.sendFile('landing.html'));
  app.get('/login', (_request, reply) => reply.sendFile('login.html'));
  // What a link of a share opens; its secret stands in the fragment, which no browser sends.
  app.get('/s', (_request, reply) => reply.sendFile('share.html'));
  // The page's own router takes over from here.
  for (const address of ['/app', '/app/*'])
    app.get(address, (request, reply) => {
      if (!isStranger(request)) return reply.sendFile('index.html');
      const next = /^\/app\/?$/.test(request.url) ? '' : `?next=${encodeURIComponent(request.url)}`;
      return reply.header('cache-control', 'no-store').redirect(`/login${next}`, 302);
    });
}
