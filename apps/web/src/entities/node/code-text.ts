import type { NodeEventCode } from '@negatoscope/contract';
import { FILE_REASONS } from '@negatoscope/contract/file-reasons';
import { NODE_EVENT_CODES } from '@negatoscope/contract/node-codes';
import type { Locale } from '../../i18n/index.ts';
import { textIn } from '../../i18n/typography.ts';

/** What happened with a node, in words. */
export const codeText = (code: NodeEventCode, locale: Locale): string =>
  textIn({ ...FILE_REASONS, ...NODE_EVENT_CODES }[code], locale);
