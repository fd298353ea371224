import type { MediumContents } from './contents.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import { PAGE_STYLE } from './page-style.ts';

/** JSON that no text in it can end: in a script `<` begins what the parser of HTML looks for. */
const asScript = (value: unknown): string =>
  JSON.stringify(value).replace(/[<\u2028\u2029]/g, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);

/**
 * The page that a browser opens from the medium, without a server and without anything from elsewhere: all that it names lies beside it. Values are put into it
 * as text by its script, never as HTML.
 */
export const mediumPage = (contents: MediumContents): string => `<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self' file: data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>Images</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header><h1 id="patient"></h1><p id="facts"></p></header>
<p id="notice" role="note"></p>
<main>
<nav id="series"></nav>
<section id="stage" tabindex="0" aria-live="polite">
<img id="picture" alt="">
<p id="caption"></p>
<div id="controls"><label><span id="sliceLabel"></span> <input id="slice" type="range" min="0" value="0"></label>
<label><span id="lightLabel"></span> <input id="light" type="range" min="40" max="250" value="100"></label>
<label><span id="contrastLabel"></span> <input id="contrast" type="range" min="40" max="300" value="100"></label></div>
</section>
</main>
<script type="application/json" id="contents">${asScript(contents)}</script>
<script>${PAGE_SCRIPT}</script>
</body>
</html>
`;
