import { personOnPage } from '@negatoscope/contract';
import type { ManifestFile, Selection } from '../archive.ts';
import { RECORD_WORDS, type RecordWords } from './words.ts';

interface Told extends Selection {
  readonly files: readonly ManifestFile[];
  readonly missing: readonly string[];
  readonly locale: 'fr' | 'en';
  readonly installation: string;
}

const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SPECIAL[sign] ?? '');

/** Paths of an export are of letters, digits, dots, dashes and slashes: nothing of them needs coding in an address. */
const link = (path: string, text: string): string => `<a href="${escaped(path)}">${escaped(text)}</a>`;

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#16202b;background:#fff}' +
  'h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}dt{color:#516070}dd{margin:0 0 .5rem}li{margin:.2rem 0;overflow-wrap:anywhere}' +
  'a{color:#0b5cad}@media(prefers-color-scheme:dark){body{color:#e6ebf0;background:#10161d}dt{color:#9fb0c0}a{color:#7db8f5}}';

/** What a file of rows is called by its table. */
const rowsName = (path: string, words: RecordWords): string => {
  const table = path.slice(path.lastIndexOf('/') + 1).replace(/\.json$/, '');
  return words.tables[table] ?? table;
};

function filesBelow(folder: string, { files, locale }: Pick<Told, 'files' | 'locale'>): string {
  const words = RECORD_WORDS[locale];
  const own = files.filter(({ path }) => path.startsWith(`${folder}/`));
  const images = own.filter(({ path }) => path.endsWith('.dcm')).length;
  const others = own.filter(({ path }) => !path.endsWith('.dcm') && !path.slice(folder.length + 1).includes('/'));
  const lines = others.map(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return `<li>${link(path, name.endsWith('.json') ? rowsName(path, words) : name)}</li>`;
  });
  if (images > 0) lines.push(`<li>${link(`${folder}/`, words.images(images))}</li>`);
  return `<ul>${lines.join('')}</ul>`;
}

function studyPart({ json }: Selection['studies'][number], folder: string, told: Told): string {
  const words = RECORD_WORDS[told.locale];
  const said = [json.studyDate ?? words.undated, json.modalities.join(' + '), json.description ?? ''].filter(
    (part) => part !== '',
  );
  const path = `${folder}/${json.studyInstanceUid}`;
  // Files of its series lie deeper: they are counted, and opened by a viewer.
  const files = told.files.filter((file) => file.path.startsWith(`${path}/`));
  return `<h2>${escaped(said.join(' · '))}</h2>${filesBelow(path, { ...told, files })}`;
}

/** The page that a record begins with: it needs no network and runs nothing. Every value is escaped. */
export function recordPage(told: Told): Buffer {
  const { patients, studies, missing, locale, installation } = told;
  const words = RECORD_WORDS[locale];
  const parts = patients.map(({ json }) => {
    const facts = [
      [words.name, personOnPage(json)],
      [words.recordNumber, json.recordNumber],
      [words.born, json.birthDate ?? ''],
      [words.externalId, json.externalId ?? ''],
    ].filter(([, value]) => value !== '');
    const pairs = facts.map(([name = '', value = '']) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('');
    const own = studies.filter(({ patient_id }) => patient_id === json.id);
    return `<dl>${pairs}</dl>${filesBelow(json.recordNumber, told)}${own.map((study) => studyPart(study, json.recordNumber, told)).join('')}`;
  });
  const lost =
    missing.length === 0
      ? ''
      : `<h2>${escaped(words.missing)}</h2><ul>${missing.map((path) => `<li>${escaped(path)}</li>`).join('')}</ul>`;
  return Buffer.from(
    `<!doctype html><html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">` +
      `<title>${escaped(words.title)}</title><style>${STYLE}</style></head><body><h1>${escaped(words.title)}</h1>` +
      `<p>${escaped(installation)}</p><p>${escaped(words.lead)}</p>${parts.join('')}${lost}<p>${link('manifest.json', words.manifest)}</p></body></html>`,
  );
}
