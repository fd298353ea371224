import { ERROR_CATALOG } from '@negatoscope/contract';
import type { Language } from '../access/asked.ts';
import type { DescribedOperation, OpenApiDocument } from './openapi.ts';

const TEXTS = {
  fr: {
    title: 'L’API de Negatoscope',
    intro: 'Cette page est faite du contrat que ce serveur applique.',
    machine: 'Le même document pour les programmes',
    permission: 'Permission',
    public: 'aucune',
    signedIn: 'être connecté',
    unlessOnly: 'sauf si le corps n’a que',
    parameters: 'Paramètres',
    body: 'Corps',
    answers: 'Réponses',
    required: 'obligatoire',
    schemas: 'Schémas',
    errors: 'Codes d’erreur',
    contents: 'Sommaire',
  },
  en: {
    title: 'The API of Negatoscope',
    intro: 'This page is made from the contract that this server applies.',
    machine: 'The same document for programs',
    permission: 'Permission',
    public: 'none',
    signedIn: 'signed in',
    unlessOnly: 'unless the body has nothing but',
    parameters: 'Parameters',
    body: 'Body',
    answers: 'Answers',
    required: 'required',
    schemas: 'Schemas',
    errors: 'Error codes',
    contents: 'Contents',
  },
} as const;

const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --soft: color-mix(in srgb, currentColor 6%, transparent); }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid; grid-template-columns: minmax(14rem, 18rem) minmax(0, 1fr); }
nav { position: sticky; top: 0; height: 100vh; overflow: auto; padding: 1.5rem 1rem; border-right: 1px solid var(--line); box-sizing: border-box; font-size: 0.875rem; }
nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav h2 { font-size: 0.875rem; margin: 0 0 0.25rem; }
main { padding: 1.5rem 2rem 4rem; max-width: 62rem; }
a { color: inherit; } section { border-top: 1px solid var(--line); padding: 1rem 0; scroll-margin-top: 1rem; }
h3 { font-size: 1.05rem; margin: 0; } code, pre { font: 0.85em/1.45 ui-monospace, monospace; }
pre { background: var(--soft); padding: 0.75rem; border-radius: 6px; overflow: auto; max-height: 24rem; margin: 0.25rem 0 0.75rem; }
.method { display: inline-block; min-width: 4.2rem; font-weight: 600; } p { margin: 0.25rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; } td, th { text-align: left; padding: 0.25rem 0.75rem 0.25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; height: auto; border: 0; } }
`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
const block = (value: unknown): string => `<pre tabindex="0"><code>${escapeHtml(JSON.stringify(value, null, 2))}</code></pre>`;

const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;

function permissionOf(operation: DescribedOperation, language: Language): string {
  const permission = operation['x-permission'];
  if (permission === 'public') return TEXTS[language].public;
  return permission === 'signed-in' ? TEXTS[language].signedIn : `${code(permission)}${identityOf(operation, language)}`;
}

/** The second permission of what compares with who somebody is, or sets it. */
function identityOf({ 'x-identity': identity }: DescribedOperation, language: Language): string {
  if (identity === undefined) return '';
  const needed = `, ${code('patients.identity')}`;
  return identity === 'always' ? needed : `${needed} (${TEXTS[language].unlessOnly} ${identity.unlessOnly.map(code).join(', ')})`;
}

function parameterRows(operation: DescribedOperation, language: Language): string {
  const rows = (operation.parameters ?? []).map((parameter) => {
    const note = parameter.required === true ? TEXTS[language].required : '';
    const schema = escapeHtml(JSON.stringify(parameter.schema));
    return `<tr><td><code>${escapeHtml(String(parameter.name))}</code></td><td>${escapeHtml(String(parameter.in))}</td><td>${note}</td><td><code>${schema}</code></td></tr>`;
  });
  return rows.length === 0 ? '' : `<h4>${TEXTS[language].parameters}</h4><table>${rows.join('')}</table>`;
}

function operationSection(method: string, path: string, operation: DescribedOperation, language: Language): string {
  const texts = TEXTS[language];
  const answers = Object.entries(operation.responses).map(([status, response]) => {
    const isSuccess = Number(status) < 400;
    const content = response.content as Record<string, { schema?: unknown }> | undefined;
    const schemas = isSuccess
      ? Object.entries(content ?? {}).map(
          ([type, { schema }]) => `<p><code>${escapeHtml(type)}</code></p>${schema ? block(schema) : ''}`,
        )
      : [];
    return `<tr><td>${status}</td><td>${escapeHtml(String(response.description))}${schemas.join('')}</td></tr>`;
  });
  const body = operation.requestBody === undefined ? '' : `<h4>${texts.body}</h4>${block(operation.requestBody.content)}`;
  return `<section id="${escapeHtml(operation.operationId)}">
<h3><span class="method">${method.toUpperCase()}</span> <code>${escapeHtml(path)}</code></h3>
<p>${escapeHtml(operation.summary)}</p><p>${texts.permission}: ${permissionOf(operation, language)}</p>
${parameterRows(operation, language)}${body}<h4>${texts.answers}</h4><table>${answers.join('')}</table></section>`;
}

/** The OpenAPI document as one page to read: no script, nothing from elsewhere, an anchor for each operation and schema. */
export function docsPage(document: OpenApiDocument, language: Language): string {
  const texts = TEXTS[language];
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = document.tags.map(({ name }) => ({
    name,
    members: operations.filter(({ operation }) => operation.tags[0] === name),
  }));
  const contents = groups.map(({ name, members }) => {
    const links = members.map(
      ({ operation }) => `<li><a href="#${escapeHtml(operation.operationId)}">${escapeHtml(operation.operationId)}</a></li>`,
    );
    return `<h2>${escapeHtml(name)}</h2><ul>${links.join('')}</ul>`;
  });
  const sections = groups.map(({ name, members }) => {
    const parts = members.map(({ path, method, operation }) => operationSection(method, path, operation, language));
    return `<h2>${escapeHtml(name)}</h2>${parts.join('')}`;
  });
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `<section id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${block(schema)}</section>`,
  );
  const errors = Object.entries(ERROR_CATALOG).map(
    ([code, entry]) =>
      `<tr id="error-${code}"><td><code>${code}</code></td><td>${entry.status}</td><td>${escapeHtml(entry[language])}</td></tr>`,
  );
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.title}</title><style>${STYLE}</style></head><body>
<nav aria-label="${texts.contents}">${contents.join('')}<h2><a href="#schemas">${texts.schemas}</a></h2><h2><a href="#errors">${texts.errors}</a></h2></nav>
<main><h1>${texts.title}</h1><p>${texts.intro}</p><p><a href="/api/openapi.json">${texts.machine}: /api/openapi.json</a></p>
${sections.join('')}<h2 id="schemas">${texts.schemas}</h2>${schemas.join('')}
<h2 id="errors">${texts.errors}</h2><table>${errors.join('')}</table></main></body></html>`;
}
