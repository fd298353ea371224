import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { build as buildScript } from 'esbuild';
import { defineConfig, normalizePath, type Plugin, type Rollup } from 'vite';
import { drawLanding } from './src/landing/draw.tsx';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Where the API and DICOMweb answer while developing; the production page is served by that same server. */
const server = process.env.NEGATOSCOPE_SERVER ?? 'http://127.0.0.1:3000';

interface Modules {
  getModuleInfo(
    id: string,
  ): { readonly importedIds: readonly string[]; readonly dynamicallyImportedIds: readonly string[] } | null;
}

const source = (file: string): string => normalizePath(`${root}src/${file}`);

/** All that entries of the page import, but for what they ask for later, and not themselves: each runs where it is the entry. */
function importedBy(entries: readonly string[], modules: Modules): ReadonlySet<string> {
  const all = new Set(entries);
  for (const id of all) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) all.add(imported);
  for (const entry of entries) all.delete(entry);
  return all;
}

const PIECES = ['both', 'core', 'base', 'shared', 'ahead', 'shell', 'room'] as const;

const AHEAD = source('viewer/prefetch.ts');
/** What a study is opened with: its page, the reading room, and what begins with its images. */
const ROOM = [...['features/worklist/study-page.tsx', 'viewer/index.ts'].map(source), AHEAD];
const SHELL = source('app/shell.tsx');

/** What pages other than a study's import: none of it may bring the reading room with it. */
function ofOtherPages(modules: Modules): ReadonlySet<string> {
  const pages = modules.getModuleInfo(source('app/router.tsx'))?.dynamicallyImportedIds ?? [];
  return importedBy(
    pages.filter((id) => id !== SHELL && !ROOM.includes(id)),
    modules,
  );
}

const LANDING = source('landing/main.ts');

/** What the landing page imports that others import too. */
function ofLandingAndOthers(modules: Modules): ReadonlySet<string> {
  const others = importedBy([source('login.tsx'), source('main.tsx')], modules);
  return new Set([...importedBy([LANDING], modules)].filter((id) => others.has(id)));
}

/** What begins with a study's images and the application share: without React, so that the images wait for none of that. */
function ofAheadAndOthers(modules: Modules): ReadonlySet<string> {
  const others = importedBy([source('login.tsx'), source('main.tsx')], modules);
  return new Set([...importedBy([AHEAD], modules)].filter((id) => others.has(id)));
}

/**
 * What the landing page has in common with the others is a piece of its own, so that it brings nothing else of theirs (`both`: 2 kB).
 * What every page starts with comes in two pieces rather than in thirty, each of which is a round trip on a slow line: what the sign-in form needs
 * and everything else needs too, and what all other pages share. So does what a study is opened with: what begins with its images, what stands around
 * every page, and the reading room. What the first of these shares with the form is one more (`core`), so that it runs before the rest is here. The rest is split where it is asked for.
 */
function pieceOf(): (id: string, modules: Modules) => string | null {
  let pieces: readonly (readonly [name: string, ids: ReadonlySet<string>])[] | undefined;
  let others: ReadonlySet<string> | undefined;
  return (id, modules) => {
    pieces ??= [
      ['both', ofLandingAndOthers(modules)],
      ['core', ofAheadAndOthers(modules)],
      ['base', importedBy([source('login.tsx')], modules)],
      ['shared', importedBy([source('main.tsx')], modules)],
      ['ahead', importedBy([AHEAD], modules)],
      ['shell', importedBy([SHELL], modules)],
      ['room', importedBy(ROOM, modules)],
    ];
    others ??= ofOtherPages(modules);
    const [name] = pieces.find(([, ids]) => ids.has(id)) ?? [];
    return name === 'room' && others.has(id) ? null : (name ?? null);
  };
}

/** In the order of the pieces: a group takes what its modules import along with them, unless one before it has it. */
function groups() {
  const nameOf = pieceOf();
  return PIECES.map((piece, index) => ({
    debugName: piece,
    priority: PIECES.length - index,
    name: (id: string, modules: Modules) => (nameOf(id, modules) === piece ? piece : null),
  }));
}

/** What a study is opened with, besides what every page names: what {@link ROOM} and the frame around every page stand on. */
function filesOfRoom(bundle: Rollup.OutputBundle): readonly string[] {
  const chunks = new Map(
    Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  );
  const filesOf = (isBegun: (chunk: Rollup.OutputChunk) => boolean): ReadonlySet<string> => {
    const all = new Set([...chunks.values()].filter(isBegun).map(({ fileName }) => fileName));
    for (const name of all) for (const imported of chunks.get(name)?.imports ?? []) all.add(imported);
    return all;
  };
  const named = filesOf(({ isEntry, name }) => isEntry && name === 'main');
  const room = filesOf(({ facadeModuleId: id }) => id !== null && [SHELL, ...ROOM].includes(normalizePath(id)));
  return [...room].filter((name) => !named.has(name)).map((name) => `/${name}`);
}

/** The address of a file that a plugin has put into the bundle. */
function addressOfAsset(bundle: Rollup.OutputBundle, name: string): string | undefined {
  const file = Object.values(bundle).find((one) => one.type === 'asset' && one.names.includes(name));
  return file && `/${file.fileName}`;
}

/** A script that is whole in itself: it waits for nothing. */
async function wholeScript(entry: string, define: Record<string, string> = {}): Promise<string> {
  const made = await buildScript({
    ...{ entryPoints: [source(entry)], bundle: true, minify: true, format: 'iife', target: 'es2022', write: false },
    // Files of the build are asked for by their names.
    external: ['/assets/*'],
    define,
  });
  return made.outputFiles[0]?.text ?? '';
}

/** The page's module is fetched with the page, and run by the script that begins with a study. Comments stay in the source. */
function fetchedOnly(html: string): string {
  const module = /<script async type="module" crossorigin src="([^"]+)"><\/script>/;
  if (!module.test(html)) throw new Error('The page names no module to run');
  return html.replace(module, '<link rel="modulepreload" crossorigin href="$1">').replace(/\s*<!--.*?-->/g, '');
}

/** Puts the script that begins with a study before all others, which wait for it as they do for the theme's: what needs not wait runs after them. It knows the names of the files that a study needs. */
const early = (): Plugin => ({
  name: 'early',
  apply: 'build',
  enforce: 'pre',
  async generateBundle(_options, bundle) {
    const decoder = Object.keys(bundle).find((name) => /(?:^|\/)decode\.worker-[^/]*\.js$/.test(name));
    if (decoder === undefined) throw new Error('The worker that decodes is not in the bundle');
    const ahead = Object.values(bundle).find(
      (file) => file.type === 'chunk' && file.facadeModuleId !== null && normalizePath(file.facadeModuleId) === AHEAD,
    );
    if (ahead === undefined) throw new Error('What begins with a study is not in the bundle');
    const main = Object.values(bundle).find((file) => file.type === 'chunk' && file.isEntry && file.name === 'main');
    if (main === undefined) throw new Error('What the application begins with is not in the bundle');
    const define = {
      MAIN: JSON.stringify(`/${main.fileName}`),
      AHEAD: JSON.stringify(`/${ahead.fileName}`),
      FILES_OF_ROOM: JSON.stringify(filesOfRoom(bundle)),
      DECODE_WORKER: JSON.stringify(`/${decoder}`),
    };
    this.emitFile({ type: 'asset', name: 'early.js', source: await wholeScript('early.ts', define) });
  },
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {}, filename }) => {
      const src = addressOfAsset(bundle, 'early.js');
      if (!filename.endsWith('index.html') || src === undefined) return html;
      return { html: fetchedOnly(html), tags: [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' as const }] };
    },
  },
});

const RECIPIENT = 'recipient/main.ts';
const RECIPIENT_PAGE = 'share.html';

/** The page of who has got a link is one script that is whole in itself: it brings nothing of the application, and changes none of its pieces. */
const recipient = (): Plugin[] => [
  {
    name: 'recipient',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename, server }) =>
        filename.endsWith(RECIPIENT_PAGE) && server === undefined
          ? html.replace(`<script type="module" src="/src/${RECIPIENT}"></script>`, '')
          : html,
    },
    /** As the built page's server gives it. */
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _response, next) => {
        if (/^\/s\/?(?:\?|$)/.test(request.url ?? '')) request.url = `/${RECIPIENT_PAGE}`;
        next();
      });
    },
  },
  {
    name: 'recipient-script',
    apply: 'build',
    enforce: 'pre',
    async generateBundle() {
      this.emitFile({ type: 'asset', name: 'share.js', source: await wholeScript(RECIPIENT) });
    },
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {}, filename }) => {
        const src = addressOfAsset(bundle, 'share.js');
        if (!filename.endsWith(RECIPIENT_PAGE) || src === undefined) return html;
        return { html, tags: [{ tag: 'script', attrs: { src, defer: true }, injectTo: 'head' as const }] };
      },
    },
  },
];

const THEME = '/theme.js';

/** What runs before the first paint bears a hash in its name as all files of the build do, so that a browser that has kept it asks for nothing. */
const hashedTheme = (): Plugin => ({
  name: 'hashed-theme',
  apply: 'build',
  buildStart() {
    this.emitFile({ type: 'asset', name: 'theme.js', source: readFileSync(`${root}public${THEME}`) });
  },
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle = {} }) => html.replace(`src="${THEME}"`, `src="${addressOfAsset(bundle, 'theme.js') ?? THEME}"`),
  },
});

export default defineConfig({
  root,
  plugins: [react(), tailwindcss(), drawLanding(), early(), recipient(), hashedTheme()],
  server: { proxy: { '/api': server, '/dicom-web': server, '/fhir': server, '/viewer': server } },
  preview: { proxy: { '/api': server, '/dicom-web': server, '/fhir': server, '/viewer': server } },
  // Cornerstone3D's decoders are module workers.
  worker: { format: 'es' },
  optimizeDeps: {
    // Pre-bundling this loader moves it away from its worker file, and its initialization then never ends.
    exclude: ['@cornerstonejs/dicom-image-loader'],
    include: [
      'dicom-parser',
      'events',
      '@cornerstonejs/codec-charls/decodewasmjs',
      '@cornerstonejs/codec-openjpeg/decodewasmjs',
      '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs',
      '@cornerstonejs/codec-openjph/wasmjs',
      '@cornerstonejs/codec-libjxl/decodewasmjs',
    ],
  },
  build: {
    outDir: `${root}dist`,
    emptyOutDir: true,
    target: 'es2022',
    // A browser without it fetches the same files a moment later.
    modulePreload: { polyfill: false },
    // The viewer's chunk holds Cornerstone3D and vtk.js. It is split off by its lazy import alone.
    chunkSizeWarningLimit: 5_000,
    rolldownOptions: {
      input: {
        ...{ main: `${root}index.html`, login: `${root}login.html`, landing: `${root}landing.html` },
        share: `${root}${RECIPIENT_PAGE}`,
      },
      output: { codeSplitting: { groups: groups() } },
    },
  },
});
