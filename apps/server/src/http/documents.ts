import { apiDocs, openapi } from '@negatoscope/contract';
import { languageOf } from '../access/asked.ts';
import type { Router } from '../access/router.ts';
import { docsPage } from './docs-page.ts';
import { openApiDocument } from './openapi.ts';

function documentsOf(publicUrl: string, version: string) {
  const document = openApiDocument(publicUrl, version);
  return { json: JSON.stringify(document), pages: { fr: docsPage(document, 'fr'), en: docsPage(document, 'en') } };
}

/**
 * The contract for programs and for people. Both are made once, when the first of them is asked for: they can't change while the server runs, and
 * making them takes a quarter of a second of every start otherwise.
 */
export function registerDocuments(router: Router, { publicUrl, version }: { publicUrl: string; version: string }): void {
  let made: ReturnType<typeof documentsOf> | undefined;
  const documents = () => {
    made ??= documentsOf(publicUrl, version);
    return made;
  };
  router.handle(openapi, async ({ reply }) =>
    reply.header('cache-control', 'no-cache').type('application/json').send(documents().json),
  );
  router.handle(apiDocs, async ({ request, reply }) =>
    reply
      .header('cache-control', 'no-cache')
      .header('vary', 'accept-language')
      .type('text/html; charset=utf-8')
      .send(documents().pages[languageOf(request)]),
  );
}
