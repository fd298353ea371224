import { personOnPage } from '@negatoscope/contract';
import { contentHtml, contentTreeOf } from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import { languageOf } from '../../../access/asked.ts';
import type { Actor } from '../../../access/index.ts';
import { Failure } from '../../../kernel/failure.ts';
import { acceptedRanges, matchesType } from '../accept.ts';
import { notModified, requireIdentity, searchOf } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { Http } from './rendered-document.ts';
import type { Found } from './shown.ts';

const HTML = 'text/html';
const CONTENT_SEQUENCE = '0040A730';

/** A page of text may stand in a frame of ours; it has a style of its own and can do nothing. */
const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox',
].join('; ');

const WORDS = {
  fr: {
    untitled: 'Compte rendu structuré',
    cut: 'La suite n’est pas montrée ici ; téléchargez le fichier pour la lire.',
    born: 'né(e) le',
  },
  en: { untitled: 'Structured report', cut: 'The rest is not shown here; download the file to read it.', born: 'born' },
} as const;

const dateOf = (date: string | undefined): string | undefined => date?.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');

/** A structured document as a page (PS3.18 8.7.4): whose it is by the index, what it says by the file, every text escaped. */
export async function sendReport(
  web: Dicomweb,
  actor: Actor,
  { series, entry }: Found,
  { request, reply }: Http,
): Promise<FastifyReply> {
  requireIdentity(actor);
  if (!acceptedRanges(request, searchOf(request)).some((range) => matchesType(range, HTML))) throw new Failure('NOT_ACCEPTABLE');
  const { json } = await web.locator.header(entry);
  // Of a header of very many elements what is long is left out.
  const tree = json[CONTENT_SEQUENCE] === undefined ? undefined : contentTreeOf(json);
  if (tree === undefined) throw new Failure('NOT_ACCEPTABLE', { detail: 'This document is too long to be rendered, or empty.' });
  await web.use(actor, series, 'document');
  const { overlay } = await web.metadata.view(actor, series);
  const language = languageOf(request);
  const words = WORDS[language];
  void reply
    .header('vary', 'accept, accept-language')
    .header('content-security-policy', POLICY)
    .header('x-frame-options', 'SAMEORIGIN');
  const revision = Buffer.from(overlay.revision).toString('base64url');
  if (notModified(request, reply, `"${entry.key}-html-${language}-${revision}"`)) return reply.code(304).send();
  const name = personOnPage({ lastName: overlay.family_name, firstName: overlay.given_name });
  const born = dateOf(overlay.birth_date ?? undefined);
  const head = [
    [name, overlay.external_id ?? overlay.record_number, born && `${words.born} ${born}`].filter(Boolean).join(' · '),
  ];
  const { untitled, cut } = words;
  return reply.header('content-type', `${HTML}; charset=utf-8`).send(contentHtml(tree, { language, untitled, cut, head }));
}
