import { textOnPage } from '@negatoscope/contract/person-name';

/** Lines of their own, bells and escapes: one space stands for what parted words. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/**
 * A description, a number or another text that came with images, as it may stand beside others: nothing in it turns round (Unicode UAX 9) or breaks
 * what stands behind it. Empty for none, and for one of which nothing is seen.
 */
export const textOfFile = (text: string | null | undefined): string => textOnPage((text ?? '').replace(CONTROLS, ' '));
