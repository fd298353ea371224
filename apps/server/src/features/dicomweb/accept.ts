import type { FastifyRequest } from 'fastify';
import { Failure } from '../../kernel/failure.ts';

/** One media range of an Accept header or of the `accept` query parameter (PS3.18 8.3.3.1, 8.7). */
export interface MediaRange {
  /** `application/octet-stream`, or the `type` parameter of a multipart/related range. */
  readonly type: string;
  readonly multipart: boolean;
  readonly transferSyntax: string | undefined;
  readonly q: number;
}

/** Splits at `separator` outside quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (char === separator && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

export function parseParameters(value: string): { type: string; parameters: Map<string, string> } {
  const [type = '', ...rest] = split(value, ';');
  const parameters = new Map<string, string>();
  for (const part of rest) {
    const at = part.indexOf('=');
    if (at > 0)
      parameters.set(
        part.slice(0, at).trim().toLowerCase(),
        part
          .slice(at + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1'),
      );
  }
  return { type: type.trim().toLowerCase(), parameters };
}

/** Names by which clients go on asking: those of earlier editions of PS3.18, and dicomweb-client's and OHIF's own one of HTJ2K. */
const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ['image/x-dicom-rle', 'image/dicom-rle'],
  ['image/x-jls', 'image/jls'],
  ['image/jhc', 'image/jphc'],
]);

/** Today's name of a media type. */
export const currentName = (type: string): string => FORMER_NAMES.get(type) ?? type;

function mediaRange(text: string): MediaRange {
  const { type, parameters } = parseParameters(text);
  const q = Number(parameters.get('q') ?? '1');
  const multipart = type === 'multipart/related';
  const wanted = multipart ? (parameters.get('type') ?? '*/*').toLowerCase() : type;
  return {
    type: currentName(wanted),
    multipart,
    transferSyntax: parameters.get('transfer-syntax'),
    q: Number.isFinite(q) ? q : 0,
  };
}

const MAX_HEADER = 4096;

/** The ranges that the client accepts, best first; `anything` when it says nothing. The query parameter wins over the header. */
export function acceptedRanges(request: FastifyRequest, search: URLSearchParams): MediaRange[] {
  const text = search.getAll('accept').join(',') || request.headers.accept || '*/*';
  if (text.length > MAX_HEADER) throw new Failure('NOT_ACCEPTABLE');
  return split(text, ',')
    .map(mediaRange)
    .filter((range) => range.q > 0)
    .sort((a, b) => b.q - a.q);
}

export const matchesType = (range: MediaRange, type: string): boolean =>
  range.type === '*/*' || range.type === type || (range.type.endsWith('/*') && type.startsWith(range.type.slice(0, -1)));
