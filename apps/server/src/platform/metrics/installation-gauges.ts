import { Counter, Gauge, type Registry } from 'prom-client';
import { BACKUP_OUTCOMES, type BackupFigures, type Figures, type JobFigures } from './installation.ts';
import type { ReplicationFigures } from './replication.ts';

/** A gauge that holds what was read last, or nothing. */
const gaugeIn =
  (registers: Registry[]) =>
  (name: string, help: string): ((value: number | undefined) => void) => {
    const made = new Gauge({ name, help, registers });
    return (value) => {
      made.remove();
      if (value !== undefined) made.set(value);
    };
  };

/** Gauges and counters of the installation that hold what was read last, or nothing. */
export function figureGauges(registers: Registry[]): (figures: Figures | undefined) => void {
  const jobs = jobGauges(registers);
  const backup = backupGauges(registers);
  const replication = replicationGauges(registers);
  const gauge = gaugeIn(registers);
  const up = gauge('negatoscope_figures_up', '1 when the figures of the installation could be read from the database');
  const pending = gauge('negatoscope_audit_pending', 'Events of the journal that are not linked into its chain yet');
  const lag = gauge('negatoscope_audit_lag_seconds', 'Age of the oldest event that is not linked yet');
  const holds = gauge(
    'negatoscope_audit_chain_holds',
    '1 when the chain of the journal held when it was last checked, 0 when it did not',
  );
  const checked = gauge('negatoscope_audit_checked_seconds', 'Since the chain of the journal was last checked');
  const damaged = gauge('negatoscope_damaged_objects', 'Stored objects that are known to be damaged');
  const unreached = gauge(
    'negatoscope_orthanc_unreached_seconds',
    'Since when Orthanc was last asked for its changes and answered',
  );
  const failing = gauge('negatoscope_orthanc_failing_seconds', 'How long following Orthanc has been failing; 0 when it does not');
  const waiting = gauge(
    'negatoscope_orthanc_waiting',
    'Instances of Orthanc that were not taken over and will be asked for again',
  );
  const unsent = gauge('negatoscope_orthanc_unsent', 'Instances that wait to be sent to Orthanc');
  return (figures) => {
    up(figures === undefined ? 0 : 1);
    jobs(figures?.jobs ?? []);
    pending(figures?.audit.pending);
    lag(figures?.audit.lagSeconds);
    holds(figures?.audit.holds === undefined ? undefined : Number(figures.audit.holds));
    checked(figures?.audit.checkedSeconds);
    damaged(figures?.damagedObjects);
    backup(figures?.backup);
    replication(figures?.replication);
    unreached(figures?.orthanc?.unreachedSeconds);
    failing(figures?.orthanc?.failingSeconds);
    waiting(figures?.orthanc?.waiting);
    unsent(figures?.orthanc?.unsent);
  };
}

function backupGauges(registers: Registry[]): (backup: BackupFigures | undefined) => void {
  const gauge = gaugeIn(registers);
  const age = gauge('negatoscope_backup_age_seconds', 'Since the moment of the newest backup that can be restored');
  const late = gauge('negatoscope_backup_late', '1 when that is longer than it may be, or there is none');
  const kept = gauge('negatoscope_backup_bytes', 'What all backups take at their target');
  const copied = gauge('negatoscope_backup_new_bytes', 'What of the newest backup was not in the one before, as it is kept');
  const name = 'negatoscope_backup_last_outcome';
  const outcomes = new Gauge({ name, help: '1 for how the last run ended', labelNames: ['outcome'], registers });
  return (backup) => {
    age(backup?.ageSeconds);
    late(backup === undefined ? undefined : Number(backup.isLate));
    kept(backup?.keptBytes);
    copied(backup?.copiedBytes);
    outcomes.reset();
    if (backup?.lastOutcome === undefined) return;
    for (const outcome of BACKUP_OUTCOMES) outcomes.set({ outcome }, Number(outcome === backup.lastOutcome));
  };
}

function replicationGauges(registers: Registry[]): (replication: ReplicationFigures | undefined) => void {
  const gauge = gaugeIn(registers);
  const replicas = gauge('negatoscope_db_replicas', 'Replicas that follow the primary of PostgreSQL now');
  const synchronous = gauge('negatoscope_db_replicas_synchronous', 'Of these, whose answer commits wait for');
  const lag = gauge('negatoscope_db_replica_lag_bytes', 'Of the write-ahead log that the slowest replica has not replayed');
  return (replication) => {
    replicas(replication?.replicas);
    synchronous(replication?.synchronous);
    lag(replication?.lagBytes);
  };
}

function jobGauges(registers: Registry[]): (jobs: readonly JobFigures[]) => void {
  const labelNames = ['job'] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const runs = counter('negatoscope_job_runs_total', 'Runs of each job in all processes, those that failed among them');
  const failures = counter('negatoscope_job_failures_total', 'Runs that failed');
  const seconds = counter('negatoscope_job_seconds_total', 'How long the runs took together');
  const waiting = gauge('negatoscope_job_waiting', 'Jobs that wait for their turn');
  const running = gauge('negatoscope_job_running', 'Jobs that run');
  return (jobs) => {
    for (const one of [runs, failures, seconds, waiting, running]) one.reset();
    for (const { name: job, ...figures } of jobs) {
      runs.inc({ job }, figures.runs);
      failures.inc({ job }, figures.failures);
      seconds.inc({ job }, figures.totalMs / 1000);
      waiting.set({ job }, figures.waiting);
      running.set({ job }, figures.running);
    }
  };
}
