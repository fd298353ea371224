import { describe, expect, test } from 'vitest';
import { Failure } from '../../../kernel/failure.ts';
import { readMrrt } from './parse.ts';

/** A template in the shape of IHE RAD MRRT: metadata, attributes of the template as XML, sections in each other, every kind of field. */
const CHEST = `<!DOCTYPE html>
<html lang="en">
<head>
  <title>Chest CT</title>
  <meta charset="UTF-8" />
  <meta name="dcterms.title" content="CT Thorax — nodules" />
  <meta name="dcterms.type" content="IMAGE_REPORT_TEMPLATE" />
  <meta name="dcterms.language" content="fr" />
  <link rel="stylesheet" type="text/css" href="./template.css" />
  <script type="text/xml">
    <template_attributes>
      <coding_schemes><coding_scheme name="LOINC" designator="2.16.840.1.113883.6.1" /></coding_schemes>
      <coded_content><entry origtxt="T001"><term><code meaning="Findings" value="59776-5" scheme="LOINC" /></term></entry></coded_content>
    </template_attributes>
  </script>
  <style>p { color: red }</style>
</head>
<body>
<section id="T1" class="level1" data-section-name="Clinical information">
  <header class="level1">Clinical information</header>
  <p><input id="T1_1" name="Reason" type="text" data-field-type="TEXT" data-field-merge-flag="true" value="" /></p>
</section>
<section id="T2" class="level1" data-section-name="Imaging procedure description">
  <header class="level1">Imaging procedure description</header>
  <p>Scanner thoracique
     sans injection, <b>coupes</b> de
     <input type="number" data-field-type="NUMBER" data-field-units="mm" value="1" /></p>
</section>
<section id="T3" class="level1" data-section-name="Comparisons">
  <p><input type="date" data-field-type="DATE" placeholder="date" /></p>
</section>
<section id="T4" class="level1">
  <header class="level1">Observations</header>
  <p>Pas d’épanchement &lt; 5 mm &amp; pas de n&oelig;ud.</p>
  <section id="T4.1" class="level2" data-section-name="Lungs">
    <header class="level2">Lungs</header>
    <p><label for="T4_1">Nodule :</label>
      <select id="T4_1" name="Nodule" data-field-type="SELECTION_LIST">
        <option value="none">aucun</option><option>unique<option>multiples</option>
      </select><br/>
      Taille <input type="number" data-field-units="mm" title="taille"/>
    </p>
    <ul><li>lobe <select><option>droit</option><option selected>gauche</option></select></li><li></li></ul>
    <p><input type="checkbox" checked name="c"/> calcifié <input type="radio" name="r"/> excavé</p>
    <textarea data-field-type="TEXTAREA" placeholder="Autres"></textarea>
    <input type="hidden" value="secret"/>
  </section>
  <section data-section-name="Description of bones"><p>Normal.</p></section>
</section>
<section class="level1" data-section-name="Impression"><textarea>Scanner normal.</textarea></section>
</body></html>`;

const codeOf = async (html: string): Promise<string> => {
  try {
    await readMrrt(html);
    return 'read';
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
};
const findings = async (html: string): Promise<string> =>
  (await readMrrt(`<section data-section-name="Findings">${html}</section>`)).sections.findings;

describe('a template of MRRT', () => {
  test('becomes plain text in our sections, its fields what they hold or what may be filled in', async () => {
    expect(await readMrrt(CHEST)).toEqual({
      name: 'CT Thorax — nodules',
      language: 'fr',
      sections: {
        history: '[Reason]',
        technique: 'Scanner thoracique sans injection, coupes de 1 mm',
        comparison: '[date]',
        findings: [
          'Pas d’épanchement < 5 mm & pas de nœud.',
          'Lungs :',
          'Nodule : [aucun | unique | multiples]',
          'Taille […] mm',
          '- lobe gauche',
          '[x] calcifié [ ] excavé',
          '[Autres]',
          'Description of bones :',
          'Normal.',
        ].join('\n'),
        impression: 'Scanner normal.',
      },
      leftOut: ['LINKS'],
    });
  });

  test('has its sections by French names too, and others among the findings under theirs', async () => {
    const { sections } = await readMrrt(
      ['Renseignements cliniques', 'Technique', 'Comparaison', 'Résultats', 'Synthèse', 'Dosimétrie']
        .map((name) => `<section data-section-name="${name}"><p>${name}</p></section>`)
        .join(''),
    );
    expect(sections).toEqual({
      ...{ history: 'Renseignements cliniques', technique: 'Technique', comparison: 'Comparaison', impression: 'Synthèse' },
      findings: 'Résultats\nDosimétrie :\nDosimétrie',
    });
  });

  test('takes no script, no link and nothing embedded, and says so; their text is not there', async () => {
    const html = `<a href="https://example.org/x" onclick="steal()">lien</a> a<script>alert('x')</script>b
      <img src="https://example.org/t.gif" onerror="x()"> c<iframe src="//e.org"><p>d</p></iframe><svg><script>e</script><text>f</text></svg>
      <style>g</style><noscript>h</noscript><object data="x"><p>i</p></object>`;
    expect(await findings(html)).toBe('lien ab c');
    const read = await readMrrt(`<section data-section-name="Findings">${html}</section>`);
    expect(read.leftOut).toEqual(['EMBEDDED', 'LINKS', 'SCRIPTS']);
    expect((await readMrrt('<section><p style="x" onload="y">a</p></section>')).leftOut).toEqual(['SCRIPTS']);
    // What is written as a text stays one.
    expect(await findings('&lt;script&gt;alert(1)&lt;/script&gt; </section><!-- x --><p>&#0;&#xD800;')).not.toContain('\0');
    expect(await findings('&lt;b&gt;')).toBe('<b>');
  });

  test('that is none, is empty, or breaks off is refused or read as far as it goes', async () => {
    for (const html of [
      '',
      'rien',
      '{"a":1}',
      '%PDF-1.7\0\u0001',
      '<p>Sans section</p>',
      '<section> <p></p></section>',
      '<section><script>a',
    ])
      expect(await codeOf(html)).toBe('TEMPLATE_UNREADABLE');
    expect(await findings('<p>a<p>b<ul><li>c<li>d')).toBe('a\nb\n- c\n- d');
    expect(await findings('<select><option>a<option>b')).toBe('[a | b]');
    expect(await findings('</p></section></div>a</select>b')).toBe('ab');
  });

  test('that is too long, too deep, or made to take long is refused soon', async () => {
    const before = performance.now();
    expect(await codeOf(`<section>${'<div>'.repeat(40_000)}a`)).toBe('TEMPLATE_TOO_DEEP');
    expect(await codeOf(`<section>${'<b><i>'.repeat(40_000)}a`)).toBe('TEMPLATE_TOO_DEEP');
    const attributes = Array.from({ length: 30_000 }, (_, index) => `a${index}`).join(' ');
    expect(await codeOf(`<section><p ${attributes}>a</section>`)).toBe('TEMPLATE_TOO_DEEP');
    expect(await codeOf(`<section><p>a</p ${attributes}></section>`)).toBe('TEMPLATE_TOO_DEEP');
    expect(await codeOf('x'.repeat(5 * 1024 * 1024))).toBe('TEMPLATE_TOO_LARGE');
    expect(await codeOf(`<section>${'mot '.repeat(10_000)}</section>`)).toBe('TEMPLATE_TOO_LARGE');
    for (const part of [
      '<p>',
      '<',
      '&',
      '<!--',
      '<p a="',
      '</',
      '<option>',
      '<section><header>',
      '&#x',
      '<select>',
      '<textarea>',
    ])
      await codeOf(`<section>${part.repeat(Math.floor(250_000 / part.length))}`);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test('with a list without an end shows some of it', async () => {
    const options = Array.from({ length: 500 }, (_, index) => `<option>Choix ${index}`).join('');
    expect((await findings(`<select>${options}</select>`)).length).toBeLessThan(450);
  });
});
