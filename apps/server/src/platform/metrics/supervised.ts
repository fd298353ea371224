import { statfs } from 'node:fs/promises';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** A process that is kept running, and what it says of itself; undefined when it does not answer. */
export interface Supervised {
  readonly name: string;
  failures(): number;
  metrics(): Promise<string | undefined>;
}

export interface SupervisedOptions {
  readonly processes: () => readonly Supervised[];
  /** Where everything is kept, whose disk is looked at. */
  readonly dataDir: string;
  readonly version: string;
  /** How far this machine's clock is ahead of the database's. */
  readonly skewSeconds: () => number | undefined;
}

/** What the supervisor sees, and what each process says of itself, in one text: every sample has the name of its process. */
export function superviseMetrics({ processes, dataDir, version, skewSeconds }: SupervisedOptions): () => Promise<string> {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register, eventLoopMonitoringPrecision: 20 });
  new Gauge({ name: 'negatoscope_build_info', help: 'The version that runs', labelNames: ['version'], registers }).set(
    { version },
    1,
  );
  const up = new Gauge({
    name: 'negatoscope_process_up',
    help: '1 for a process that answered within three seconds',
    labelNames: ['name'],
    registers,
  });
  const restarts = new Counter({
    name: 'negatoscope_process_restarts_total',
    help: 'Times that a process ended without being asked, and was started again',
    labelNames: ['name'],
    registers,
  });
  diskGauge(registers, dataDir);
  skewGauge(registers, skewSeconds);
  return async () => {
    const all = processes();
    const texts = await Promise.all(
      all.map(async ({ name, metrics }) => ({ name, text: await metrics().catch(() => undefined) })),
    );
    restarts.reset();
    for (const { name, failures } of all) restarts.inc({ name }, failures());
    for (const { name, text } of texts) up.set({ name }, text === undefined ? 0 : 1);
    const own = { name: 'supervisor', text: await register.metrics() };
    return joined([own, ...texts.flatMap(({ name, text }) => (text === undefined ? [] : [{ name, text }]))]);
  };
}

function skewGauge(registers: Registry[], skewSeconds: SupervisedOptions['skewSeconds']): void {
  new Gauge({
    name: 'negatoscope_clock_skew_seconds',
    help: 'By how much the clock of this machine is ahead of the database’s',
    registers,
    collect() {
      const skew = skewSeconds();
      if (skew === undefined) this.remove();
      else this.set(skew);
    },
  });
}

function diskGauge(registers: Registry[], dataDir: string): void {
  new Gauge({
    name: 'negatoscope_disk_bytes',
    help: 'The disk of DATA_DIR: what is free for this server, and all of it',
    labelNames: ['kind'],
    registers,
    async collect() {
      const disk = await statfs(dataDir).catch(() => undefined);
      if (disk === undefined) return this.reset();
      this.set({ kind: 'free' }, disk.bavail * disk.bsize);
      this.set({ kind: 'total' }, disk.blocks * disk.bsize);
    },
  });
}

/** Samples of one name must stand together in one text (the exposition format says so): the processes' are sorted under theirs. */
export function joined(texts: readonly { readonly name: string; readonly text: string }[]): string {
  const families = new Map<string, string[]>();
  for (const { name, text } of texts) {
    let family: string[] = [];
    let isKnown = false;
    for (const line of text.split('\n')) {
      const [, metric] = /^# HELP (\S+)/.exec(line) ?? [];
      if (metric !== undefined) {
        isKnown = families.has(metric);
        family = families.get(metric) ?? [];
        families.set(metric, family);
      }
      if (line.startsWith('#') ? !isKnown : line !== '') family.push(line.startsWith('#') ? line : labelled(line, name));
    }
  }
  return `${[...families.values()].flat().join('\n')}\n`;
}

/** The names are the supervisor's own: nothing of them needs to be escaped. */
const labelled = (line: string, process: string): string =>
  line.replace(/^([a-zA-Z_:][\w:]*)(\{)?/, (_, metric: string, open: string | undefined) =>
    open === undefined ? `${metric}{process="${process}"}` : `${metric}{process="${process}",`,
  );
