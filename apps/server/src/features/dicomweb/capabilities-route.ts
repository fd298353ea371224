import type { RawHandler } from '../../access/router.ts';
import { Failure } from '../../kernel/failure.ts';
import { acceptedRanges, matchesType } from './accept.ts';
import { ALL_CAPABILITIES, type Capability } from './capabilities.ts';
import { baseOf, paramsOf, searchOf } from './request.ts';
import type { Dicomweb } from './service.ts';

const WADL = 'application/vnd.sun.wadl+xml';
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<"]/g, (char) => ESCAPES[char] ?? char);

function wadlMethod({ id, method, query = [], accepts = [], answers, claim }: Capability): string {
  const types = (list: readonly string[]): string =>
    list.map((type) => `<representation mediaType="${escaped(type)}"/>`).join('');
  const params = query.map((name) => `<param name="${escaped(name)}" style="query"/>`).join('');
  return `<method name="${method}" id="${id}"><doc xml:lang="en">${escaped(claim)}</doc><request>${params}${types(accepts)}</request><response>${types(answers)}</response></method>`;
}

/** Web Application Description Language, as PS3.18 8.9.1.1 asks for. */
export function wadl(base: string): string {
  const paths = [...new Set(ALL_CAPABILITIES.map(({ path }) => path))];
  const resources = paths.map((path) => {
    const params = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `<param name="${name}" style="template"/>`).join('');
    const methods = ALL_CAPABILITIES.filter((one) => one.path === path)
      .map(wadlMethod)
      .join('');
    return `<resource path="${path.slice(1)}">${params}${methods}</resource>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<application xmlns="http://wadl.dev.java.net/2009/02"><resources base="${escaped(base)}/">${resources.join('')}</resources></application>\n`;
}

const json = (base: string): string =>
  JSON.stringify({
    base,
    transactions: ALL_CAPABILITIES.map(({ id, method, path, transaction, section, accepts, answers, query, claim }) => ({
      id,
      transaction,
      section: `PS3.18 ${section}`,
      method,
      path,
      description: claim,
      ...(accepts === undefined ? {} : { requestMediaTypes: accepts }),
      responseMediaTypes: answers,
      ...(query === undefined ? {} : { queryParameters: query }),
    })),
  });

/** Retrieve Capabilities (PS3.18 8.9): WADL unless JSON is preferred. */
export const capabilitiesHandler =
  (web: Dicomweb): RawHandler =>
  async ({ request, reply }) => {
    const base = baseOf(web, request, paramsOf(request));
    void reply.header('allow', 'GET, HEAD, OPTIONS, POST').header('cache-control', 'private, no-cache').header('vary', 'accept');
    for (const range of acceptedRanges(request, searchOf(request))) {
      if (range.multipart) continue;
      if (matchesType(range, WADL) || range.type === 'application/xml' || range.type === 'text/xml')
        return reply.type(WADL).send(wadl(base));
      if (matchesType(range, 'application/json') || matchesType(range, 'application/dicom+json'))
        return reply.type('application/json').send(json(base));
    }
    throw new Failure('NOT_ACCEPTABLE');
  };
