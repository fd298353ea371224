// Profiles a web process from its start to its orderly end; given to the server by BENCH_NODE_OPTIONS=--import=<this file>.
import { writeFileSync } from 'node:fs';
import inspector from 'node:inspector';
import os from 'node:os';
import path from 'node:path';

if (process.argv[1]?.includes('web-process')) {
  const session = new inspector.Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.setSamplingInterval', { interval: 500 });
  session.post('Profiler.start');
  process.on('exit', () => {
    session.post('Profiler.stop', (_error, answer) => {
      if (answer === undefined) return;
      writeFileSync(path.join(os.tmpdir(), `negatoscope-web-${process.pid}.cpuprofile`), JSON.stringify(answer.profile));
    });
  });
}
