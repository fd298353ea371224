import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Figures } from './installation.ts';
import { createMetrics } from './metrics.ts';
import { joined, type Supervised, superviseMetrics } from './supervised.ts';

const deploy = path.resolve(import.meta.dirname, '..', '..', '..', '..', '..', 'deploy');
const figures = {
  jobs: [{ name: 'predict', runs: 3, failures: 1, totalMs: 4_500, waiting: 2, running: 1 }],
  audit: { pending: 4, lagSeconds: 1.5, holds: true, checkedSeconds: 60 },
  damagedObjects: 0,
  backup: { ageSeconds: 3_600, keptBytes: 5_000, copiedBytes: 70, lastOutcome: 'FAILED', isLate: false },
  replication: { replicas: 1, synchronous: 1, lagBytes: 96 },
  orthanc: { unreachedSeconds: undefined, failingSeconds: 7, waiting: 1, unsent: 0 },
} satisfies Figures;

/** Everything that a process counts, each once. */
function busy(): ReturnType<typeof createMetrics> {
  const metrics = createMetrics();
  metrics.answered({ route: '/api/patients/:id', method: 'GET', status: 404, ms: 3 });
  metrics.answered({ route: 'unknown', method: 'BREW', status: 405, ms: 3 });
  metrics.statement(2, false);
  metrics.pool(() => ({ total: 5, idle: 3, waiting: 1 }));
  metrics.cameIn([{ entrance: 'STOW', outcome: 'rejected', reason: 'NOT_DICOM' }]);
  metrics.stored({ operation: 'put', outcome: 'STORAGE_FULL', ms: 5, bytes: 0 });
  metrics.stored({ operation: 'read', outcome: 'ok', ms: 5, bytes: 10 });
  metrics.waitingObjects(() => ({ objects: 2, isHealthy: true }));
  metrics.association('accepted', null);
  metrics.dimse({ operation: 'STORE', outcome: 'OK', code: null, ms: 12 });
  metrics.dimseConnections(() => ({ connections: 3, associations: 2 }));
  metrics.redis(() => true);
  metrics.figures(async () => figures);
  return metrics;
}

const silent: Supervised = { name: 'web 2', failures: () => 4, metrics: async () => undefined };

async function wholeText(): Promise<string> {
  const { text } = busy();
  const processes = [{ name: 'web 1', failures: () => 0, metrics: text }, silent, { ...silent, name: 'jobs', metrics: text }];
  return superviseMetrics({
    processes: () => processes,
    dataDir: import.meta.dirname,
    version: '1.2.3',
    skewSeconds: () => 0.1,
  })();
}

test('every process is told under its name, those that do not answer as well, and samples of one name stand together', async () => {
  const text = await wholeText();
  const [answered] =
    /^negatoscope_http_request_seconds_count\{process="web 1".*route="\/api\/patients\/:id".*$/m.exec(text) ?? [];
  expect(answered).toMatch(/method="GET".*\} 1$/);
  expect(answered).toContain('status="4xx"');
  expect(text).toContain('route="unknown"');
  expect(text).toContain('method="OTHER"');
  expect(text).toContain('negatoscope_process_up{process="supervisor",name="web 2"} 0');
  expect(text).toContain('negatoscope_process_restarts_total{process="supervisor",name="web 2"} 4');
  expect(text).toContain('negatoscope_clock_skew_seconds{process="supervisor"} 0.1');
  expect(text).toContain('negatoscope_db_connections{process="jobs",state="used"} 2');
  expect(text).toContain('negatoscope_job_seconds_total{process="jobs",job="predict"} 4.5');
  expect(text).toContain('negatoscope_backup_last_outcome{process="jobs",outcome="FAILED"} 1');
  expect(text).toContain('negatoscope_backup_last_outcome{process="jobs",outcome="DONE"} 0');
  expect(text).not.toContain('negatoscope_orthanc_unreached_seconds{');
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{process="supervisor"\} /m);
  // As a reader takes it: a name's lines follow each other, its help and type first and once.
  const order = text.split('\n').flatMap((line) => /^(?:# HELP )?([a-z_]\w*?)(?:_bucket|_sum|_count)?[{ ]/.exec(line)?.[1] ?? []);
  const changes = order.filter((name, at) => name !== order[at - 1]);
  expect(changes.length).toBe(new Set(changes).size);
});

test('figures of the installation that can not be read are left out, and come back', async () => {
  const metrics = createMetrics();
  let isAway = true;
  metrics.figures(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(figures)));
  const away = await metrics.text();
  expect(away).toContain('negatoscope_figures_up 0');
  expect(away).not.toMatch(/^negatoscope_(audit_pending|job_waiting\{)/m);
  isAway = false;
  const back = await metrics.text();
  expect(back).toContain('negatoscope_figures_up 1');
  expect(back).toContain('negatoscope_audit_pending 4');
  // What is counted in the database is told as it stands there, not added up at each asking.
  expect(await metrics.text()).toContain('negatoscope_job_runs_total{job="predict"} 3');
});

test('the dashboard and the alerts name what exists, with labels that it has', async () => {
  const text = await wholeText();
  const dashboard = JSON.parse(readFileSync(path.join(deploy, 'grafana', 'negatoscope.json'), 'utf8'));
  const alerts = parse(readFileSync(path.join(deploy, 'prometheus', 'alerts.yaml'), 'utf8'));
  const expressions: string[] = [
    ...dashboard.panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr)),
    ...alerts.groups.flatMap(({ rules }: { rules: { expr: string }[] }) => rules.map(({ expr }) => expr)),
  ];
  expect(expressions.length).toBeGreaterThan(40);
  const unknown = expressions.flatMap((expression) =>
    [...expression.matchAll(/\b((?:negatoscope|nodejs|process)_\w+)(?:\{([^}]*)\})?/g)].flatMap(
      ([, name = '', selectors = '']) => {
        const [sample] = new RegExp(`^${name}\\{.*$`, 'm').exec(text) ?? [];
        const labels = [...selectors.matchAll(/(\w+)\s*[!=]/g)].map(([, label = '']) => label);
        return sample !== undefined && labels.every((label) => sample.includes(`${label}="`)) ? [] : [`${name} ${selectors}`];
      },
    ),
  );
  // Nothing is known here of when Orthanc was reached: its figure is left out above.
  expect(unknown.filter((name) => !name.startsWith('negatoscope_orthanc_unreached_seconds'))).toEqual([]);
  const described = [...text.matchAll(/^# HELP (negatoscope_\w+)/gm)].map(([, name = '']) => name);
  // What nobody looks at is not worth counting.
  const used = expressions.join(' ');
  expect(described.filter((name) => !used.includes(name))).toEqual(['negatoscope_build_info', 'negatoscope_job_running']);
});

test('texts are joined line by line', () => {
  const help = '# HELP a_total one\n# TYPE a_total counter\n';
  const texts = [
    { name: 'x', text: `${help}a_total 1\n# HELP b two\n# TYPE b gauge\nb{c="d"} 2\n` },
    { name: 'y 2', text: `${help}a_total{l="{}"} 3\n` },
  ];
  expect(joined(texts)).toBe(
    `${help}a_total{process="x"} 1\na_total{process="y 2",l="{}"} 3\n# HELP b two\n# TYPE b gauge\nb{process="x",c="d"} 2\n`,
  );
});
