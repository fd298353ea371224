import type { LeftOut } from '@negatoscope/contract';

const EMBEDDED = new Set([
  'img',
  'picture',
  'iframe',
  'frame',
  'object',
  'embed',
  'applet',
  'svg',
  'math',
  'canvas',
  'video',
  'audio',
]);
const LINKED = new Set(['a', 'area', 'link', 'base', 'form']);
/** Elements that are left out with all that is in them. */
const WHOLE = new Set([
  ...['picture', 'iframe', 'object', 'applet', 'svg', 'math', 'canvas', 'video', 'audio'],
  ...['script', 'style', 'noscript', 'noembed', 'noframes', 'xmp', 'template', 'head', 'datalist', 'button'],
]);
export const isLeftOutWhole = (tag: string): boolean => WHOLE.has(tag);

const isData = (type: string | undefined): boolean => /^(text|application)\/xml$/i.test(type?.trim() ?? '');

/** What of an element is not text and so is not taken; of what the standard itself puts there (IHE RAD MRRT, the template's attributes as XML) nothing is said. */
export function leftOutOf(tag: string, attributes: ReadonlyMap<string, string>): readonly LeftOut[] {
  const runs = [...attributes].some(([name, value]) => name.startsWith('on') || /^\s*javascript:/i.test(value));
  const leads = LINKED.has(tag) && (attributes.has('href') || attributes.has('action'));
  return [
    ...(runs || (tag === 'script' && !isData(attributes.get('type'))) ? (['SCRIPTS'] as const) : []),
    ...(EMBEDDED.has(tag) ? (['EMBEDDED'] as const) : []),
    ...(leads ? (['LINKS'] as const) : []),
  ];
}
