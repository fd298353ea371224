import type { ReadReportTemplate } from '@negatoscope/contract';
import { storableText } from '../../../archive/search/index-list.ts';
import { Failure } from '../../../kernel/failure.ts';
import { readHtml } from './events.ts';
import { Template } from './template.ts';

/** Characters of a file beyond which it is no template: those that are published have some ten thousand. */
const MOST = 256 * 1024;
const MOST_OF_SECTION = 20_000;

/**
 * A template of IHE's Management of Radiology Report Templates as plain text in our sections: fields as what they hold or, in brackets, what may be filled in. Takes a time of its length, whatever is in it.
 * Fails with TEMPLATE_TOO_LARGE, TEMPLATE_TOO_DEEP, and TEMPLATE_UNREADABLE for what has no section with a text.
 */
export async function readMrrt(html: string): Promise<ReadReportTemplate> {
  if (html.length > MOST) throw new Failure('TEMPLATE_TOO_LARGE');
  const template = new Template();
  await readHtml(storableText(html), template);
  const read = template.read();
  const texts = Object.values(read.sections);
  if (!template.hasSections || texts.every((text) => text === '')) throw new Failure('TEMPLATE_UNREADABLE');
  if (texts.some((text) => text.length > MOST_OF_SECTION)) throw new Failure('TEMPLATE_TOO_LARGE');
  return read;
}
