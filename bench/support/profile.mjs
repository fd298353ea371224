// Profiles a web process, or the one that hears nodes, from its start to its orderly end; given to the server by BENCH_NODE_OPTIONS=--import=<this file>.
import { writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import os from 'node:os';
import path from 'node:path';

const name = /(web|dimse)-process/.exec(process.argv[1] ?? '')?.[1];
if (name !== undefined) {
  const session = new inspector.Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (_error, answer) => {
      if (answer === undefined) return;
      writeFileSync(path.join(os.tmpdir(), `negatoscope-${name}-${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
    });
  });
}
