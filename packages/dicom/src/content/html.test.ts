import { expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { contentHtml } from './html.ts';
import { contentTreeOf } from './tree.ts';

const page = { language: 'fr', untitled: 'Document', head: ['Sow <Anna>'], cut: 'coupé' };
const name = (meaning: string) => ({ vr: 'SQ', Value: [{ '00080104': { vr: 'LO', Value: [meaning] } }] });
const item = (type: string, meaning: string, rest: DicomJsonObject = {}): DicomJsonObject => ({
  '0040A040': { vr: 'CS', Value: [type] },
  '0040A043': name(meaning),
  ...rest,
});
const html = (dataset: DicomJsonObject): string => {
  const tree = contentTreeOf(dataset);
  return tree === undefined ? '' : contentHtml(tree, page);
};

test('containers are headings, numbers have their units, codes their meaning and texts their lines (PS3.3 C.17.3)', () => {
  const number = {
    '0040A300': {
      vr: 'SQ',
      Value: [
        {
          '0040A30A': { vr: 'DS', Value: [12.5] },
          '004008EA': { vr: 'SQ', Value: [{ '00080100': { vr: 'SH', Value: ['mm'] } }] },
        },
      ],
    },
  };
  const children = [
    item('CONTAINER', 'Findings', {
      '0040A730': {
        vr: 'SQ',
        Value: [
          item('NUM', 'Length', number),
          item('CODE', 'Site', { '0040A168': name('Lung') }),
          item('TEXT', 'Comment', { '0040A160': { vr: 'UT', Value: ['one\r\ntwo'] } }),
        ],
      },
    }),
  ];
  const text = html(item('CONTAINER', 'Report', { '0040A730': { vr: 'SQ', Value: children } }));
  expect(text).toContain('<h1>Report</h1><p class="c">Sow &lt;Anna&gt;</p>');
  expect(text).toContain('<h2>Findings</h2><section>');
  expect(text).toContain('Length : </span>12.5 mm</p>');
  expect(text).toContain('Site : </span>Lung</p>');
  expect(text).toContain('Comment : </span>one\ntwo</p>');
});

test('hostile texts stay texts, in titles and values', () => {
  const hostile = '"><script>alert(1)</script>';
  const value = { '0040A160': { vr: 'UT', Value: [hostile] } };
  const text = html(item('CONTAINER', hostile, { '0040A730': { vr: 'SQ', Value: [item('TEXT', hostile, value)] } }));
  expect(text).not.toContain('<script');
  expect(text.match(/&lt;script&gt;/g)).toHaveLength(4);
});

test('a document nested 100 deep is whole, and no heading lies below the sixth', () => {
  let deep = item('TEXT', 'Deepest', { '0040A160': { vr: 'UT', Value: ['here'] } });
  for (let level = 0; level < 100; level += 1)
    deep = item('CONTAINER', `Level ${level}`, { '0040A730': { vr: 'SQ', Value: [deep] } });
  const text = html(deep);
  expect(text).toContain('here</p>');
  expect(text).toContain('<h6>Level 0</h6>');
  expect(text).not.toContain('coupé');
  expect(text.split('<section').length).toBe(text.split('</section>').length);
});
