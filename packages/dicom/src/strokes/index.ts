export { placeholderSvg } from './placeholder.ts';
export { strokeText, strokeWidth } from './text.ts';
