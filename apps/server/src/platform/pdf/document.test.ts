import { expect, test } from 'vitest';
import { type PdfBlock, pdfDocument, writable } from './index.ts';

const about = {
  title: 'Accès au dossier',
  language: 'fr',
  madeAt: new Date('2026-11-28T00:00:00Z'),
  letterhead: { name: 'Hôpital régional', lines: ['Service de radiologie'] },
  footer: 'Traoré Ŋa',
  page: (page: number, of: number) => `page ${page} sur ${of}`,
} as const;
const pagesOf = (pdf: Buffer): number => Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]);

test('a table goes on over as many pages as it needs, and a cell without an end makes no page without an end', async () => {
  const rows = Array.from({ length: 120 }, (_, index) => [String(index), 'Диагноз '.repeat(index === 60 ? 5000 : 3)]);
  const blocks: PdfBlock[] = [
    { kind: 'pairs', pairs: [['Nom', 'Ɓala Ŋgom']] },
    {
      kind: 'table',
      columns: [
        { header: 'N°', share: 1, align: 'right' },
        { header: 'Quoi', share: 5 },
      ],
      rows,
    },
  ];
  const pdf = await pdfDocument(about, blocks);
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect(pagesOf(pdf)).toBeGreaterThan(2);
  expect(pagesOf(pdf)).toBeLessThan(8);
});

test('a long text goes on on the next page, and footers begin no page of their own', async () => {
  expect(pagesOf(await pdfDocument(about, [{ kind: 'paragraph', text: 'Un mot. ' }]))).toBe(1);
  expect(pagesOf(await pdfDocument(about, [{ kind: 'paragraph', text: 'Un mot.\n'.repeat(60) }]))).toBe(2);
});

test.each([
  ['letters without a space', 'x'.repeat(20_000)],
  ['accents upon one letter', `e${'\u0301'.repeat(20_000)}`],
])('%s, as long as a text may be, are laid out in about the time that words of that length take', async (_what, text) => {
  const taking = async (of: string): Promise<number> => {
    const before = performance.now();
    expect(pagesOf(await pdfDocument(about, [{ kind: 'paragraph', text: of }]))).toBeGreaterThanOrEqual(1);
    return performance.now() - before;
  };
  const words = await taking('mot '.repeat(5_000));
  // Thirty and eleven times before they could be broken; whatever else the machine does.
  expect((await taking(text)) / words).toBeLessThan(8);
});

test('ends of lines are all alike, tabs are spaces, and other controls are not written', () => {
  expect(writable('a\r\nb\rc\u2028d\te\u0007\u001bf')).toBe('a\nb\nc\nd    ef');
  expect(writable('a\u202eb\u2066c\u200fd\ufeff')).toBe('abcd');
});

test('letters of scripts that the fonts lack are question marks, one for each', () => {
  expect(writable('Ɓala é Я عمر')).toBe('Ɓala é Я ???');
});
