import { call } from '../../api/client.ts';
import type { Result } from '../../api/operation.ts';

const MOST_BYTES = 256 * 1024;

/** Why a file was not even sent. */
export class NoTemplate extends Error {
  readonly key: 'mrrtTooLarge' | 'mrrtNoText';
  constructor(key: NoTemplate['key']) {
    super(key);
    this.key = key;
  }
}

/** What the server reads of a template's file. Fails with NoTemplate, or as the server says. */
export async function readMrrt(file: Blob): Promise<Result<'readReportTemplate'>> {
  if (file.size > MOST_BYTES) throw new NoTemplate('mrrtTooLarge');
  const bytes = await file.arrayBuffer();
  let html: string;
  try {
    html = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new NoTemplate('mrrtNoText');
  }
  if (html === '') throw new NoTemplate('mrrtNoText');
  return call('readReportTemplate', { body: { html } });
}
