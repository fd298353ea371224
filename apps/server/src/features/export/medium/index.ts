import { makeMedium } from '@negatoscope/contract';
import type { FastifyReply } from 'fastify';
import type { Actor } from '../../../access/index.ts';
import type { Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import { isoImage } from '../../../platform/iso/index.ts';
import { SentBody } from '../../../platform/sending/sent-body.ts';
import { type ZipEntry, zipBytes } from '../../../platform/zip/zip-writer.ts';
import type { Selection } from '../archive.ts';
import { selectForHandOver } from '../service.ts';
import type { MediumDeps } from './deps.ts';
import { mediumFiles } from './medium.ts';
import { whileWanted } from './while-wanted.ts';

/** Joins what makes discs to the router. */
export function registerMedia(router: Router, { objects, ...ports }: Omit<MediumDeps, 'reader'>): void {
  const deps: MediumDeps = { ...ports, objects, reader: objects };
  router.handle(makeMedium, async ({ actor, params, body, reply }) => {
    const selection = await selectForHandOver(deps, actor, params.id, body);
    const name = `${selection.patients[0]?.json.recordNumber}.${body.form === 'ISO' ? 'iso' : 'zip'}`;
    void reply.type('application/octet-stream').header('content-disposition', `attachment; filename="${name}"`);
    return body.form === 'ISO'
      ? sendIso(deps, actor, selection, reply)
      : reply.send(new SentBody(zipBytes(entries(deps, actor, selection))));
  });
}

/** A disc's files as entries of a ZIP. */
async function* entries(deps: MediumDeps, actor: Actor, selection: Selection): AsyncGenerator<ZipEntry> {
  const modified = deps.clock.now();
  for await (const file of mediumFiles(deps, actor, selection)) yield { ...file, modified };
}

async function sendIso(deps: MediumDeps, actor: Actor, selection: Selection, reply: FastifyReply): Promise<FastifyReply> {
  const at = deps.clock.now();
  const id = `NG_${at.toISOString().slice(0, 10).replaceAll('-', '')}`;
  const image = await isoImage(whileWanted(mediumFiles(deps, actor, selection), reply.raw), {
    scratch: deps.scratch,
    volume: { id, application: 'NEGATOSCOPE', at },
  }).catch((error: unknown) => {
    throw error instanceof RangeError
      ? new Failure('UNPROCESSABLE', { detail: 'These images do not fit a disc image; a ZIP takes them.' })
      : error;
  });
  const body = new SentBody(image.bytes);
  body.once('close', () => void image.discard());
  return reply.header('content-length', image.sizeBytes).send(body);
}
