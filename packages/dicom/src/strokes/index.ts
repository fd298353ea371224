export { drawableText } from './drawable.ts';
export { placeholderSvg } from './placeholder.ts';
export { strokeText, strokeWidth } from './text.ts';
