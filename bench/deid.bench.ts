import { inDcmtk, inOrthanc, inOurs, oursAsZip, type Rate } from './deid/sides.ts';
import { filledSides } from './dicomweb/sides.ts';
import { runBench } from './support/bench.ts';
import { dataSet } from './support/data.ts';
import type { Cell } from './support/results.ts';
import { median, ratio } from './support/statistics.ts';

/** CT instances without identity: asked of ours and of Orthanc one by one over eight connections, as one ZIP, and by DCMTK's dcmodify. */
await runBench('deid', async (bench) => {
  const images = await dataSet(bench, 'images', bench.quick ? 50 : 500);
  const { ours, orthanc } = await filledSides(bench, [images]);
  const rates: Record<'ours' | 'zip' | 'orthanc' | 'dcmtk', Rate[]> = { ours: [], zip: [], orthanc: [], dcmtk: [] };
  for (let round = 0; round < (bench.quick ? 1 : 3); round += 1) {
    rates.ours.push(await inOurs(ours, images));
    rates.zip.push(await oursAsZip(ours, images));
    if (orthanc !== undefined) rates.orthanc.push(await inOrthanc(orthanc, images));
    rates.dcmtk.push(await inDcmtk(bench, bench.quick ? 20 : 200));
  }
  const [each, zip, theirs, tool] = [rates.ours, rates.zip, rates.orthanc, rates.dcmtk].map((some) =>
    median(some.map(({ perSecond }) => perSecond)),
  );
  const row = (work: string, own: number | undefined, peer: string, its: number | undefined): Cell[] => [
    ...[work, own ?? null, peer, its ?? null],
    ratio(own, its),
  ];
  bench.results.add({
    title: 'Without identity, instances of 512 KiB a second',
    columns: ['work', 'ours', 'beside', 'its', 'ours / its'],
    rows: [
      row('one by one, 8 connections (WADO-URI, anonymize=yes)', each, 'Orthanc, /instances/…/anonymize', theirs),
      row('a ZIP of all patients', zip, 'Orthanc, /instances/…/anonymize', theirs),
      row('a ZIP of all patients', zip, 'dcmodify, one process, six attributes and the private ones', tool),
    ],
  });
  bench.results.note(
    'Orthanc’s default profile is that of 2023b without cleaning of descriptors; dcmodify changes what it is told, in place. Ours is the Basic Profile of Table E.1-1, each row of it, with sequences and what lies beside the pixels; no pixels are looked at by any of them.',
  );
});
