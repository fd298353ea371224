import type { FastifyReply, FastifyRequest } from 'fastify';
import { languageOf } from '../access/asked.ts';

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

export function sendMissing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const language = languageOf(request);
  const [title, text, back] = MISSING[language];
  const style =
    'body{font:16px/1.5 system-ui;background:#0b0e12;color:#e8eaed;max-width:38rem;margin:15vh auto;padding:0 1rem}a{color:#7cc4ff}';
  const page = `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style><h1>${title}</h1><p>${text}</p><p><a href="/app">${back}</a></p></html>`;
  return reply.code(501).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page);
}
