import type { FastifyRequest } from 'fastify';

export type Language = 'fr' | 'en';

/** The first of French and English that the client names; English for programs that name none. */
export function languageOf(request: FastifyRequest): Language {
  const header = request.headers['accept-language'];
  if (header === undefined) return 'en';
  const first = header
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .find((tag) => tag === 'fr' || tag === 'en');
  return first === 'fr' ? 'fr' : 'en';
}

/**
 * Where the client reached the server, without a trailing slash: addresses in answers must work for whoever asks, under whatever name. The public address is taken
 * where it is the one, since it knows about TLS in front. Behind a proxy TRUST_PROXY tells.
 */
export function reachedAt(publicUrl: string, request: FastifyRequest): string {
  const own = new URL(publicUrl);
  const asked = `${request.protocol}://${request.host}`;
  if (!/^https?:\/\/[a-z0-9.:[\]-]+$/i.test(asked) || !URL.canParse(asked)) return publicUrl;
  const reached = new URL(asked);
  return reached.host === own.host ? publicUrl : `${reached.origin}${own.pathname.replace(/\/$/, '')}`;
}

/** Query parameters; a malformed escape is read as it stands. */
export function searchOf(request: FastifyRequest): URLSearchParams {
  const url = request.raw.url ?? '/';
  const at = url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
}
