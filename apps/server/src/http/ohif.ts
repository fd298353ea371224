import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { User } from '@negatoscope/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { languageOf } from '../access/asked.ts';
import type { Person } from '../access/index.ts';
import { notFound } from '../kernel/failure.ts';
import { ohifConfig } from './ohif-config.ts';
import { sendMissing } from './ohif-missing.ts';
import { CODEC_CSP, CSP } from './ohif-policy.ts';

/** Where OHIF is prepared, from the sources and from the built server. */
const FOLDERS = [new URL('../../../web/ohif-dist/', import.meta.url), new URL('../../web/ohif-dist/', import.meta.url)];
const FILES = '/viewer/files/';
const YEAR_SECONDS = 31_536_000;

const Workers = z.array(z.string().regex(/^[\w.-]+\.js$/));

/** Whether `<version>/<file>` below `root` is the worker that decodes frames; each folder says which it is, and is asked once. */
function codecWorkers(root: string): (file: string) => boolean {
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const [version = '', name = '', ...below] = file.split('/');
    if (!PREPARED_FILE.test(`/${file}`) || below.length > 0) return false;
    let names = known.get(version);
    if (names === undefined) {
      try {
        names = Workers.parse(JSON.parse(readFileSync(path.join(root, version, 'codec-workers.json'), 'utf8')));
        known.set(version, names);
      } catch {
        return false;
      }
    }
    return names.includes(name);
  };
}

const Pointer = z.object({ folder: z.string().regex(/^\d+\.\d+\.\d+-[0-9a-f]{10}$/) });
/** Nothing beside the prepared folders, and no name that a file system could read in another way. */
const PREPARED_FILE = /^\/\d+\.\d+\.\d+-[0-9a-f]{10}(?:\/[\w-]+(?:\.[\w-]+)*)+$/;

export interface OhifOptions {
  readonly authenticate: (request: FastifyRequest) => Promise<Person | undefined>;
  readonly localeOf: (actor: Person) => Promise<User['locale'] | undefined>;
  /** Where OHIF is prepared; the project's own folder unless a test names another. */
  readonly folder?: string;
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
    // Its own list is not ours: whoever comes without a study goes to the worklist.
    if (/^\/viewer\/?(?:\?|$)/.test(request.url)) return reply.header('cache-control', 'no-store').redirect('/app/worklist', 302);
    const page = await readPage(folder);
    return page === undefined ? sendMissing(request, reply) : reply.type('text/html; charset=utf-8').send(page);
  };
  for (const url of ['/viewer', '/viewer/*']) app.get(url, serve);
  app.get('/viewer/app-config.js', async (request, reply) => {
    const actor = await options.authenticate(request);
    const locale = (actor && (await options.localeOf(actor))) ?? languageOf(request);
    return reply.header('cache-control', 'private, no-store').type('text/javascript; charset=utf-8').send(ohifConfig(locale));
  });
  await app.register(async (files) => serveFiles(files, folder));
}

async function serveFiles(app: FastifyInstance, folder: string): Promise<void> {
  const isCodecWorker = codecWorkers(folder);
  // A worker's policy is that of its own file; the one that every answer has is set before.
  app.addHook('onSend', async (request, reply) => {
    const [address = ''] = request.url.split('?');
    void reply.header('content-security-policy', isCodecWorker(address.slice(FILES.length)) ? CODEC_CSP : CSP);
  });
  await app.register(fastifyStatic, {
    root: folder,
    prefix: FILES,
    decorateReply: false,
    index: false,
    redirect: false,
    cacheControl: false,
    preCompressed: true,
    allowedPath: (pathName) => PREPARED_FILE.test(pathName),
    setHeaders: (response) => {
      response.setHeader('vary', 'accept-encoding');
      response.setHeader('cache-control', `public, max-age=${YEAR_SECONDS}, immutable`);
    },
  });
}
