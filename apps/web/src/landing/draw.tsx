import { renderToStaticMarkup } from 'react-dom/server';
import type { Plugin, Rollup } from 'vite';
import { LandingPage } from './page.tsx';

const PAGE = 'landing.html';
const PLACE = '<div id="page" class="ng-page"></div>';
/** As they stand in the sources: the build puts the addresses of its own files in their place. */
const PICTURES = (['fr', 'en'] as const).map((locale) => ({ locale, src: `/src/landing/viewer-${locale}.webp` }));
/** The letters of the large words and of the others; without this they are asked for a round trip later, when the style sheet is here. */
const LETTERS = /(?:instrument-serif-latin-400|inter-latin-wght)-normal[\w-]*\.woff2$/;

const drawn = (): string => renderToStaticMarkup(<LandingPage pictures={PICTURES} />);

const lettersOf = (bundle: Rollup.OutputBundle) =>
  Object.keys(bundle)
    .filter((name) => LETTERS.test(name))
    .map((name) => ({
      tag: 'link',
      attrs: { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${name}`, crossorigin: true },
      injectTo: 'head' as const,
    }));

/** The landing page is drawn while it is built: what a browser gets stands there before any code, and none of it is React. */
export const drawLanding = (): Plugin[] => [
  {
    name: 'landing',
    transformIndexHtml: {
      order: 'pre',
      handler: (html, { filename }) =>
        filename.endsWith(PAGE) ? html.replace(PLACE, () => PLACE.replace('</div>', `${drawn()}</div>`)) : html,
    },
    /** As the built page's server gives each of the pages. */
    configureServer: ({ middlewares }) => {
      middlewares.use((request, _response, next) => {
        if (/^\/(?:\?|$)/.test(request.url ?? '')) request.url = `/${PAGE}`;
        next();
      });
    },
  },
  {
    name: 'landing-letters',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {}, filename }) => (filename.endsWith(PAGE) ? lettersOf(bundle) : []),
    },
  },
];
