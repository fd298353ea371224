import type { ContentNode, ContentTree } from './tree.ts';

/** What stands on a page around the content of a report. */
export interface ContentPage {
  readonly language: string;
  /** Stands where the document names none. */
  readonly untitled: string;
  /** Lines on the patient and the study, from the index. */
  readonly head: readonly string[];
  /** Said where not all of the document is on the page. */
  readonly cut: string;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it may stand in an element or a quoted attribute of HTML. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** Headings go to six, and indentation no further than a page is wide: what is deeper keeps that of the sixth. */
const DEEPEST_HEADING = 6;

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}' +
  'h1,h2,h3,h4,h5,h6{margin:1.2em 0 .3em;line-height:1.25}h1{font-size:1.6rem}h2{font-size:1.25rem}h3,h4,h5,h6{font-size:1rem}' +
  'p{margin:.2em 0;white-space:pre-wrap;overflow-wrap:anywhere}.c{color:#555;font-size:.875rem}.n{color:#555}' +
  'section{border-left:1px solid #ccc;padding-left:.9rem}.d{border:0;padding:0}header{border-bottom:1px solid #ccc;padding-bottom:.5rem}';

function shownOf({ text, reference }: ContentNode): string {
  const frames = reference === undefined || reference.frames.length === 0 ? '' : ` [${reference.frames.join(', ')}]`;
  const image = reference === undefined ? undefined : `${reference.sopInstanceUid}${frames}`;
  return [text, image].filter((part) => part !== undefined).join(' · ');
}

function lineOf(node: ContentNode, depth: number): string {
  const value = escapeHtml(shownOf(node));
  const name = escapeHtml(node.name ?? '');
  if (node.type === 'CONTAINER' && value === '') {
    const level = Math.min(depth + 1, DEEPEST_HEADING);
    return name === '' ? '' : `<h${level}>${name}</h${level}>`;
  }
  if (name === '' && value === '') return '';
  const label = name === '' ? '' : `<span class="n">${name}${value === '' ? '' : ' : '}</span>`;
  return `<p${node.isContext ? ' class="c"' : ''}>${label}${value}</p>`;
}

function* partsOf(nodes: readonly ContentNode[], depth: number): Generator<string> {
  for (const node of nodes) {
    yield lineOf(node, depth);
    if (node.children.length === 0) continue;
    yield depth >= DEEPEST_HEADING ? '<section class="d">' : '<section>';
    yield* partsOf(node.children, depth + 1);
    yield '</section>';
  }
}

/**
 * A structured document as a page of HTML (PS3.18 8.7.4): headings of containers, values with their units, meanings of codes, references by their UID.
 * Every text of the document is escaped; the page has no script, no link and no picture.
 */
export function contentHtml({ root, isWhole }: ContentTree, page: ContentPage): string {
  const title = escapeHtml(root.name ?? page.untitled);
  const head = page.head.map((line) => `<p class="c">${escapeHtml(line)}</p>`).join('');
  const cut = isWhole ? '' : `<p class="c">${escapeHtml(page.cut)}</p>`;
  const body = [...partsOf(root.children, 1)].join('');
  return (
    `<!doctype html><html lang="${escapeHtml(page.language)}"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head>` +
    `<body><header><h1>${title}</h1>${head}</header><main>${body}${cut}</main></body></html>\n`
  );
}
