import {
  addImportFiles,
  createImport as createImportOperation,
  finishImport,
  getImport,
  identifyImport,
  importEvents,
  importPatients,
  knownFiles,
  listImports,
} from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { type Router, sendEvents } from '../../../access/router.ts';
import type { Db, Tx } from '../../../platform/db/database.ts';
import { closeImport } from './close-import.ts';
import { importProgress } from './events.ts';
import { identifyFiles } from './identify.ts';
import { findKnownFiles } from './known-files.ts';
import { definedOnly, listOwnImports, publicFile, readReport, uploadTarget } from './reports.ts';
import { resolveTarget } from './target.ts';
import { addFiles, createImport, importAll, type UploadTools } from './upload.ts';

export function registerImports(router: Router, tools: UploadTools): void {
  registerUploads(router, tools);
  registerReports(router, tools.db);
}

function registerUploads(router: Router, tools: UploadTools): void {
  router.handle(importPatients, async ({ actor, request, reply }) => {
    const isAsync = /\brespond-async\b/i.test(String(request.headers.prefer ?? ''));
    const result = await importAll(tools, actor, { raw: request.raw, isAsync });
    if (isAsync) {
      void reply.code(202).header('location', `/api/imports/${result.id}`).header('preference-applied', 'respond-async');
    }
    return result;
  });
  router.handle(createImportOperation, async ({ actor, body, reply }) => {
    const result = await createImport(tools, actor, uploadTarget(definedOnly(body)));
    void reply.header('location', `/api/imports/${result.id}`);
    return result;
  });
  router.handle(identifyImport, ({ actor, body }) => identifyFiles(tools.db, actor, body));
  router.handle(addImportFiles, async ({ actor, params, request }) => {
    const results = await addFiles(tools, actor, { raw: request.raw, importId: params.id });
    return { files: results.map(publicFile) };
  });
  router.handle(knownFiles, async ({ actor, params, body }) => {
    const resolve = (tx: Tx) => resolveTarget(tx, actor, { entrance: 'UPLOAD', importId: params.id });
    return { known: await findKnownFiles(tools, scopeOf(actor), { resolve, files: body.files }) };
  });
}

function registerReports(router: Router, db: Db): void {
  const report = (actor: Person, id: string, withFiles: boolean) =>
    db.withScope(scopeOf(actor), (tx) => readReport(tx, id, withFiles));
  router.handle(finishImport, ({ actor, params, body }) =>
    db.withScope(scopeOf(actor), async (tx) => {
      await closeImport(tx, params.id, body.cancelled);
      return readReport(tx, params.id, true);
    }),
  );
  router.handle(listImports, ({ actor, query }) => db.withScope(scopeOf(actor), (tx) => listOwnImports(tx, actor.userId, query)));
  router.handle(getImport, ({ actor, params, query }) => report(actor, params.id, query.files ?? true));
  router.handle(importEvents, async ({ actor, params, reply }) => {
    await report(actor, params.id, false);
    const events = importProgress(() => report(actor, params.id, false));
    return sendEvents(reply, events);
  });
}
