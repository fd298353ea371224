import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the web app's build is, from the sources and from the built server. */
const FOLDERS = [new URL('../../../web/dist/', import.meta.url), new URL('../../web/dist/', import.meta.url)];
/** Addresses of the page itself: its own router takes over from there. */
const PAGES = ['/', '/login', '/app', '/app/*'];
const YEAR_SECONDS = 31_536_000;

const isHashed = (file: string): boolean => file.split(path.sep).includes('assets');

/** The folder of the built web app, undefined when it was not built. */
export const findWebFolder = (): string | undefined =>
  FOLDERS.map((folder) => fileURLToPath(folder)).find((folder) => existsSync(path.join(folder, 'index.html')));

/**
 * Serves the built web app from `root`: the page for every address of its own, files with a hash in their name for ever, the
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
  for (const url of PAGES) app.get(url, (_request, reply) => reply.sendFile('index.html'));
}
