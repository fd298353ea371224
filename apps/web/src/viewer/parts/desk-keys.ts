import type { Text } from '../../i18n/index.ts';

/** Keys of the desk: Scrolling together, one view in Full, the layout of views, and Reference lines; Presentation states. */
export const DESK_KEYS = { link: 'shift+s', full: 'f', layout: 'shift+f', lines: 'shift+r', states: 'shift+p' } as const;

/** As a key is written on the page, in the reader's language: `shift+s` and `⇧ S` are `Maj S` and `Shift S`. */
export const keyName = (t: Text<'viewer'>, key: string): string =>
  key.replace(/^(?:shift\+|⇧ ?)/, `${t('keys.shift')} `).replace(/.$/, (letter) => letter.toUpperCase());
