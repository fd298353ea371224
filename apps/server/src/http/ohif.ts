import { existsSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { User } from '@negatoscope/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Actor } from '../features/access/index.ts';
import { notFound } from '../kernel/failure.ts';
import type { Db } from '../platform/db/database.ts';
import { ohifConfig } from './ohif-config.ts';
import { languageOf } from './problem.ts';

/** Where OHIF is prepared, from the sources and from the built server. */
const FOLDERS = [new URL('../../../web/ohif-dist/', import.meta.url), new URL('../../web/ohif-dist/', import.meta.url)];
const YEAR_SECONDS = 31_536_000;

/** What OHIF needs (WebAssembly, workers and downloads from blobs, its inline styles); no inline script, no `eval`. */
const CSP = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' blob:",
  "object-src 'self' blob:",
  "base-uri 'self'",
  "frame-ancestors 'none'",
  "form-action 'self'",
].join('; ');

const Pointer = z.object({ folder: z.string().regex(/^\d+\.\d+\.\d+-[0-9a-f]{10}$/) });
/** Nothing beside the prepared folders, and no name that a file system could read in another way. */
const PREPARED_FILE = /^\/\d+\.\d+\.\d+-[0-9a-f]{10}(?:\/[\w-]+(?:\.[\w-]+)*)+$/;

export interface OhifOptions {
  readonly authenticate: (request: FastifyRequest) => Promise<Actor | undefined>;
  readonly db: Pick<Db, 'withSystem'>;
  /** Where OHIF is prepared; the project's own folder unless a test names another. */
  readonly folder?: string;
}

const MISSING = {
  fr: [
    'OHIF n’est pas préparé sur ce serveur',
    'Lancez « npm run build » avec un accès au registre npm, puis rechargez cette page : le serveur n’a pas à redémarrer. La visionneuse de Negatoscope reste disponible.',
    'Retour à Negatoscope',
  ],
  en: [
    'OHIF is not prepared on this server',
    'Run “npm run build” with access to the npm registry, then reload this page: the server need not restart. Negatoscope’s own viewer works as ever.',
    'Back to Negatoscope',
  ],
} as const;

function sendMissing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  const [title, text, back] = MISSING[language];
  const style =
    'body{font:16px/1.5 system-ui;background:#0b0e12;color:#e8eaed;max-width:38rem;margin:15vh auto;padding:0 1rem}a{color:#7cc4ff}';
  const page = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style><h1>${title}</h1><p>${text}</p><p><a href="/app">${back}</a></p></html>`;
  return reply.code(501).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
}

/** The page as it is prepared now, undefined when it is not: preparing ends while the server runs. */
async function readPage(folder: string): Promise<string | undefined> {
  try {
    const pointer = Pointer.parse(JSON.parse(await readFile(path.join(folder, 'ohif.json'), 'utf8')));
    return await readFile(path.join(folder, pointer.folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}

async function localeOf(db: OhifOptions['db'], actor: Actor): Promise<User['locale'] | undefined> {
  const sql = 'SELECT locale FROM users WHERE id = $1';
  const row = await db.withSystem((tx) => tx.first<{ locale: User['locale'] }>(sql, [actor.userId]));
  return row?.locale;
}

function findFolder(): string | undefined {
  const folder = FOLDERS.map((url) => fileURLToPath(url)).find((candidate) => existsSync(path.dirname(candidate)));
  try {
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  } catch {
    // A read-only installation without OHIF stays one.
  }
  return folder;
}

const isDocument = (request: FastifyRequest): boolean => !(request.url.split('?')[0] ?? '').includes('.');

/**
 * OHIF under /viewer/: its page for every address without an extension (people without a session sign in first and come back), its
 * configuration, and its files, whose address holds their version. Without a prepared OHIF the page says how to prepare it.
 */
export async function registerOhif(app: FastifyInstance, options: OhifOptions): Promise<void> {
  const folder = options.folder ?? findFolder();
  if (folder === undefined) return;
  const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    if (!isDocument(request)) throw notFound();
    void reply.header('cache-control', 'no-cache').header('content-security-policy', CSP);
    const actor = await options.authenticate(request);
    if (actor === undefined) {
      return reply.header('cache-control', 'no-store').redirect(`/login?next=${encodeURIComponent(request.url)}`, 302);
    }
    const page = await readPage(folder);
    return page === undefined ? sendMissing(request, reply) : reply.type('text/html; charset=utf-8').send(page);
  };
  for (const url of ['/viewer', '/viewer/*']) app.get(url, serve);
  app.get('/viewer/app-config.js', async (request, reply) => {
    const actor = await options.authenticate(request);
    const locale = (actor && (await localeOf(options.db, actor))) ?? languageOf(request);
    return reply.header('cache-control', 'private, no-store').type('text/javascript; charset=utf-8').send(ohifConfig(locale));
  });
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/viewer/files/',
    decorateReply: false,
    index: false,
    redirect: false,
    cacheControl: false,
    preCompressed: true,
    allowedPath: (pathName) => PREPARED_FILE.test(pathName),
    setHeaders: (response) => {
      response.setHeader('vary', 'accept-encoding');
      response.setHeader('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`);
      // A worker's policy is that of its own file.
      response.setHeader('content-security-policy', CSP);
    },
  });
}
