import {
  askDeidPseudonym,
  cancelDeidExport,
  countDeidExport,
  createDeidProject,
  downloadDeidExport,
  getDeidExport,
  listDeidExports,
  listDeidProjects,
  startDeidExport,
} from '@negatoscope/contract';
import type { Router } from '../../../access/router.ts';
import type { ScratchReader } from '../../../platform/objects/scratch/index.ts';
import { SentBody } from '../../../platform/sending/sent-body.ts';
import * as exports from './exports.ts';
import { create, list, type ProjectDeps } from './projects.ts';
import { findByFilter, type SourcePorts } from './source.ts';
import { askWho } from './who.ts';

/** Joins projects of de-identification to the router. */
export function registerDeidProjects(router: Router, deps: ProjectDeps): void {
  router.handle(listDeidProjects, ({ actor }) => list(deps, actor));
  router.handle(createDeidProject, async ({ actor, body, reply }) => {
    const project = await create(deps, actor, body);
    void reply.code(201);
    return project;
  });
  router.handle(askDeidPseudonym, ({ actor, params, body }) => askWho(deps, actor, { ...body, id: params.id }));
}

const CHUNK_BYTES = 1024 * 1024;

async function* bytesOf(reader: ScratchReader): AsyncGenerator<Buffer> {
  for (let at = 0; at < reader.sizeBytes; ) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, reader.sizeBytes - at));
    const length = await reader.read(chunk, at);
    if (length === 0) throw new RangeError('A kept export is shorter than it was.');
    yield chunk.subarray(0, length);
    at += length;
  }
}

/** The file is closed with the answer, also of a client that goes before the first piece: a generator that has not begun ends without its ending. */
function bodyOf(reader: ScratchReader): SentBody {
  const body = new SentBody(bytesOf(reader));
  body.once('close', () => void reader.close().catch(() => undefined));
  return body;
}

/** Joins exports that the job process makes to the router. */
export function registerDeidExports(router: Router, deps: exports.DeidExportDeps & SourcePorts): void {
  router.handle(listDeidExports, ({ actor }) => exports.list(deps, actor));
  router.handle(startDeidExport, async ({ actor, body, reply }) => {
    const started = await exports.start(deps, actor, body);
    void reply.code(202);
    return started;
  });
  router.handle(countDeidExport, ({ actor, body }) => findByFilter(deps, actor, body));
  router.handle(getDeidExport, ({ actor, params }) => exports.read(deps, actor, params.id));
  router.handle(cancelDeidExport, ({ actor, params }) => exports.cancel(deps, actor, params.id));
  router.handle(downloadDeidExport, async ({ actor, params, reply }) => {
    const reader = await exports.open(deps, actor, params.id);
    const day = deps.clock.now().toISOString().slice(0, 10);
    void reply
      .type('application/zip')
      .header('content-length', reader.sizeBytes)
      .header('content-disposition', `attachment; filename="negatoscope-${day}.zip"`);
    return reply.send(bodyOf(reader));
  });
}
