import { apiDocs, openapi } from '@negatoscope/contract';
import { languageOf } from '../access/asked.ts';
import type { Router } from '../access/router.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';

/** The contract for programs and for people. Both are made once: they can't change while the server runs. */
export function registerDocuments(router: Router, { publicUrl, version }: { publicUrl: string; version: string }): void {
  const document = openApiDocument(publicUrl, version);
  const json = JSON.stringify(document);
  const pages = { fr: docsPage(document, 'fr'), en: docsPage(document, 'en') };
  router.handle(openapi, async ({ reply }) => reply.header('cache-control', 'no-cache').type('application/json').send(json));
  router.handle(apiDocs, async ({ request, reply }) =>
    reply
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-language')
      .type('text/html; charset=utf-8')
      .send(pages[languageOf(request)]),
  );
}
