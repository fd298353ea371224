import type { IncomingMessage } from 'node:http';
import { type ImportReport, ImportTargetFields } from '@negatoscope/contract';
import { z } from 'zod';
import { type Person, scopeOf } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { FileResult, ImportTarget } from '../types.ts';
import { acceptArchives } from './accept-archives.ts';
import type { AcceptedTools } from './accepted.ts';
import { closeImport } from './close-import.ts';
import { openMultipart } from './multipart.ts';
import { definedOnly, openImport, readReport, uploadTarget } from './reports.ts';
import { type RunOptions, runFiles } from './run.ts';
import type { IngestSession } from './session.ts';
import { resolveTarget } from './target.ts';

export type UploadTools = AcceptedTools;

/** The contract's fields as a form carries them. */
const Fields = ImportTargetFields.extend({ acceptMismatch: z.enum(['true', 'false']).optional() });

function targetOf(fields: ReadonlyMap<string, string>): ImportTarget {
  const parsed = Fields.safeParse(Object.fromEntries([...fields].filter(([, value]) => value !== '')));
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    throw new Failure('VALIDATION_FAILED', { errors });
  }
  const { acceptMismatch, ...rest } = parsed.data;
  return uploadTarget({ ...definedOnly(rest), acceptMismatch: acceptMismatch === 'true' });
}

const runOptions = (tools: UploadTools, session: IngestSession): RunOptions => ({
  session,
  limits: tools.limits,
  scratch: tools.scratch,
  opensZips: true,
});

/** Opens an import that several requests then fill. */
export function createImport(tools: UploadTools, actor: Person, target: ImportTarget): Promise<ImportReport> {
  return tools.db.withScope(scopeOf(actor), async (tx) => {
    const { importId } = await openImport(tx, actor.userId, await resolveTarget(tx, actor, target));
    return readReport(tx, importId, false);
  });
}

/** One request that is a whole import. With `isAsync` its ZIPs are durable when it is answered, and a job reads them. */
export async function importAll(
  tools: UploadTools,
  actor: Person,
  request: { raw: IncomingMessage; isAsync: boolean },
): Promise<ImportReport> {
  const { db } = tools;
  const body = await openMultipart(request.raw, tools.limits);
  const target = await db.withScope(scopeOf(actor), async (tx) =>
    openImport(tx, actor.userId, await resolveTarget(tx, actor, targetOf(body.fields))),
  );
  const close = (cancelled: boolean): Promise<void> =>
    db.withScope(scopeOf(actor), (tx) => closeImport(tx, target.importId, cancelled));
  try {
    const options = { ...runOptions(tools, tools.openForRequest(actor, target)), defersZips: request.isAsync };
    const { deferred } = await runFiles(options, body.files);
    try {
      if (body.isInterrupted) throw new Failure('CANCELLED');
      if (deferred.length === 0) await close(false);
      else await acceptArchives(tools, actor, { importId: target.importId, archives: deferred });
    } finally {
      await Promise.all(deferred.map(({ bytes }) => bytes.remove()));
    }
  } catch (error) {
    await close(true).catch(() => undefined);
    throw error;
  }
  return db.withScope(scopeOf(actor), (tx) => readReport(tx, target.importId, true));
}

/** One batch of files of an open import. */
export async function addFiles(
  tools: UploadTools,
  actor: Person,
  request: { raw: IncomingMessage; importId: string },
): Promise<FileResult[]> {
  const target = await tools.db.withScope(scopeOf(actor), (tx) =>
    resolveTarget(tx, actor, { entrance: 'UPLOAD', importId: request.importId }),
  );
  const body = await openMultipart(request.raw, tools.limits);
  const { results } = await runFiles(runOptions(tools, tools.openForRequest(actor, target)), body.files);
  if (body.isInterrupted) throw new Failure('CANCELLED');
  return results;
}
