import { frames, metadata, RETRIEVAL_COLUMNS, rendered, wholes } from './dicomweb/retrievals.ts';
import { searches } from './dicomweb/searches.ts';
import { filledSides } from './dicomweb/sides.ts';
import { runBench } from './support/bench.ts';
import { dataSet } from './support/data.ts';
import { startNginx } from './support/peers.ts';
import type { Cell } from './support/results.ts';
import { watched } from './support/watch.ts';

/** DICOMweb beside Orthanc with the same instances, and nginx with the same frames as files. */
await runBench('dicomweb', async (bench) => {
  const images = await dataSet(bench, 'images', bench.quick ? 50 : 500);
  const studies = await dataSet(bench, 'studies', bench.quick ? 500 : 20_000);
  const sides = await filledSides(bench, [images, studies]);
  const nginx = await startNginx(bench, images.folder);
  const add = (title: string, rows: readonly (readonly Cell[])[]): void =>
    bench.results.add({ title, columns: RETRIEVAL_COLUMNS, rows });
  // Memory only, and seldom: on two cores the watching itself would show in the figures.
  const { watched: seen } = await watched(sides.ours.server, { pssEveryMs: 1000 }, async () => {
    bench.results.add(await searches(bench, sides, studies));
    add('Metadata', await metadata(bench, sides, images));
    add('Frames', await frames(bench, sides, images, nginx));
    add('Rendered images', await rendered(bench, sides, images));
    add('Series and studies', await wholes(bench, sides, images));
  });
  bench.results.note(
    `PSS of our processes at most ${seen.pssMb.toFixed(0)} MB, with PostgreSQL ${seen.pssWithPostgresMb.toFixed(0)} MB (wanted: under 700).`,
  );
});
