export { type PdfBlock, pdfDocument } from './document.ts';
export { BOLD, FONTS, REGULAR, writable } from './fonts.ts';
