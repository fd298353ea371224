import vm from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { MediumContents } from './contents.ts';
import { mediumPage } from './page.ts';
import { shownFrames } from './picture-frames.ts';
import { mediumReadme } from './readme.ts';

const series = (title: string, pictures: number, documents = 0) => ({
  title,
  modality: 'CT',
  pictures: Array.from({ length: pictures }, (_, at) => `VIEW/P${at + 1}.JPG`),
  documents: Array.from({ length: documents }, (_, at) => `VIEW/D${at + 1}.PDF`),
  files: pictures + documents,
});
const CONTENTS: MediumContents = {
  patient: { name: 'NDIAYE <b>Awa</b>', number: 'NG-1', birthDate: '1968-04-12' },
  site: 'Thiès',
  madeOn: '2026-11-28',
  studies: [
    { date: '2026-11-27', title: '</script><script>x', series: [series('Thorax', 12), series('Rapport', 0, 1), series('', 0)] },
  ],
  missing: 2,
  unlisted: 0,
};

/** As much of a document as the page's script uses. */
class Node {
  textContent = '';
  hidden = false;
  value: unknown = '100';
  readonly attributes = new Map<string, string>();
  readonly children: Node[] = [];
  readonly style: Record<string, string> = {};
  readonly listeners = new Map<string, (event: object) => void>();
  appendChild(child: Node): void {
    this.children.push(child);
  }
  addEventListener(kind: string, listener: (event: object) => void): void {
    this.listeners.set(kind, listener);
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  querySelector(): Node | undefined {
    return this.children.find(({ attributes }) => attributes.get('aria-current') === 'true');
  }
}

function opened(language: string, contents = CONTENTS) {
  const page = mediumPage(contents);
  const [, json = ''] = /id="contents">(.*?)<\/script>/.exec(page) ?? [];
  const [, script = ''] = /<script>([\s\S]*?)<\/script>\n<\/body>/.exec(page) ?? [];
  const nodes = new Map<string, Node>();
  const at = (id: string): Node => {
    const node = nodes.get(id) ?? new Node();
    nodes.set(id, node);
    return node;
  };
  at('contents').textContent = json;
  const document = Object.assign(new Node(), {
    getElementById: at,
    createElement: () => new Node(),
    documentElement: { lang: '' },
    title: '',
  });
  vm.runInNewContext(script, { document, navigator: { language } });
  const press = (key: string): void => document.listeners.get('keydown')?.({ key, target: {}, preventDefault: () => undefined });
  return { page, at, document, press };
}

describe('the page of a medium', () => {
  test('says who it is, what it is for and what is missing, in the browser’s language', () => {
    const french = opened('fr-SN');
    expect(french.at('patient').textContent).toBe('NDIAYE <b>Awa</b>');
    expect(french.at('facts').textContent).toBe('né(e) le 12/04/1968 · dossier NG-1 · Thiès · remis le 28/11/2026');
    expect(french.at('notice').textContent).toMatch(/pas pour le diagnostic.*2 fichiers n’ont pas pu/);
    const english = opened('en-GB');
    expect(english.at('facts').textContent).toBe('born 12 Apr 1968 · record NG-1 · Thiès · handed over on 28 Nov 2026');
    const one = opened('en', { ...CONTENTS, madeOn: '2026-11-02', missing: 1 });
    expect(one.at('facts').textContent).toContain('handed over on 2 Nov 2026');
    expect(one.at('notice').textContent).toMatch(/ 1 file could not be copied\.$/);
    expect([french.document.documentElement.lang, english.document.documentElement.lang]).toEqual(['fr', 'en']);
  });

  test('speaks French to a browser of any other language, and leaves out what is not known', () => {
    const { at, document } = opened('wo', {
      ...CONTENTS,
      patient: { name: 'NG-1', number: 'NG-1', birthDate: null },
      missing: 0,
    });
    expect(document.documentElement.lang).toBe('fr');
    expect(at('facts').textContent).toBe('dossier NG-1 · Thiès · remis le 28/11/2026');
    expect(at('notice').textContent).not.toMatch(/copiés/);
    expect(document.title).toBe('NG-1');
  });

  test('lists series with pictures or without, and documents as links; the first with pictures is open', () => {
    const { at } = opened('fr');
    const [heading, first, link, bare] = at('series').children;
    expect(heading?.textContent).toBe('27/11/2026 · </script><script>x');
    expect(first?.attributes.get('aria-current')).toBe('true');
    expect(link).toMatchObject({ textContent: 'Rapport (PDF)', href: 'VIEW/D1.PDF' });
    expect(bare?.textContent).toBe('CT');
    expect(at('caption').textContent).toBe('Image 1 sur 12');
  });

  test('goes from picture to picture by keys and slider, and stops at the ends', () => {
    const { at, press } = opened('en');
    press('ArrowDown');
    expect(at('picture')).toMatchObject({ src: 'VIEW/P2.JPG', alt: 'Thorax, Image 2' });
    press('PageDown');
    press('PageDown');
    expect(at('caption').textContent).toBe('Image 12 of 12');
    press('Home');
    press('ArrowUp');
    expect(at('caption').textContent).toBe('Image 1 of 12');
    at('slice').value = '4';
    at('slice').listeners.get('input')?.({});
    expect(at('caption').textContent).toBe('Image 5 of 12');
    at('light').value = '150';
    at('light').listeners.get('input')?.({});
    expect(at('picture').style.filter).toBe('brightness(150%) contrast(100%)');
  });

  test('says so where a series has no picture', () => {
    const { at } = opened('fr', { ...CONTENTS, studies: [{ date: null, title: '', series: [series('Vide', 0)] }] });
    const [heading, only] = at('series').children;
    expect(heading?.textContent).toBe('Sans date');
    only?.listeners.get('click')?.({});
    expect(at('caption').textContent).toBe('Aucun aperçu pour cette série.');
  });

  test('has no text of a file as markup, no address elsewhere and a policy that lets nothing in', () => {
    const { page } = opened('fr');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).not.toMatch(/<b>|https?:\/\//);
    expect(page).toContain("default-src 'none'");
  });
});

test('frames that stand for a long clip lie at equal distances, the first and the last among them', () => {
  expect(shownFrames(3)).toEqual([0, 1, 2]);
  const shown = shownFrames(6000);
  expect([shown.length, shown[0], shown.at(-1)]).toEqual([200, 0, 5999]);
  expect(new Set(shown).size).toBe(200);
});

test('README.TXT tells both languages what is there and what is not', () => {
  const text = mediumReadme({ ...CONTENTS, unlisted: 1 });
  for (const part of ['Thiès - 2026-11-28', '2 fichiers n’ont pas pu', '2 files could not', '1 file of a type'])
    expect(text).toContain(part);
  expect(
    text
      .split('\n')
      .slice(0, -1)
      .every((line) => line.endsWith('\r')),
  ).toBe(true);
  expect(mediumReadme({ ...CONTENTS, missing: 0 })).not.toMatch(/could not|of a type/);
});
