import { StartError } from '../kernel/start-error.ts';
import type { Values } from './shape.ts';

/** When somebody is to be told of what stands in the journal. */
interface WarnSettings {
  /** Patients whose images or records one person takes out in an hour; undefined: never. */
  readonly exportsAnHour: number | undefined;
  /** Refusals of one person in an hour; undefined: never. */
  readonly deniedAnHour: number | undefined;
  /** `HH:MM`, the hours in which the site works; undefined where it always does. */
  readonly hours: { readonly from: string; readonly to: string } | undefined;
  /** Patients that one person opens outside these hours. */
  readonly patientsAtNight: number;
  /** Whose records are told from others': by both names, also by the family name alone, or not at all. */
  readonly records: 'names' | 'family' | 'off';
}

/** Where audit messages go (PS3.15 A.6). */
interface SyslogSettings {
  readonly protocol: 'tls' | 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
  /** PEM file of the authorities of the receiver; those of Node.js without. */
  readonly ca: string | undefined;
}

export interface AuditSettings {
  /** Of the site: what a day is, and when it is night. */
  readonly timeZone: string;
  readonly warn: WarnSettings;
  /** Addresses that daily and monthly reports are mailed to. */
  readonly reportsTo: readonly string[];
  readonly syslog: SyslogSettings | undefined;
}

const orNever = (count: number): number | undefined => (count === 0 ? undefined : count);
const PORTS = { tls: 6514, tcp: 601, udp: 514 } as const;
const isProtocol = (name: string): name is keyof typeof PORTS => Object.hasOwn(PORTS, name);

/** Fails with SETTING_MISSING where something is missing that another setting needs. */
export function auditOf(values: Values): AuditSettings {
  if (values.AUDIT_REPORTS_TO.length > 0 && values.SMTP_URL === undefined)
    throw new StartError('SETTING_MISSING', 'SMTP_URL is missing although AUDIT_REPORTS_TO is set: set both or leave both out');
  const [from = '', to = ''] = values.AUDIT_SITE_HOURS?.split('-') ?? [];
  return {
    timeZone: values.AUDIT_TIME_ZONE ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    warn: {
      exportsAnHour: orNever(values.AUDIT_WARN_EXPORTS),
      deniedAnHour: orNever(values.AUDIT_WARN_DENIED),
      hours: values.AUDIT_SITE_HOURS === undefined ? undefined : { from, to },
      patientsAtNight: values.AUDIT_WARN_NIGHT,
      records: values.AUDIT_WARN_RECORDS,
    },
    reportsTo: values.AUDIT_REPORTS_TO,
    syslog: syslogOf(values),
  };
}

function syslogOf({ AUDIT_SYSLOG: address, AUDIT_SYSLOG_CA: ca }: Values): SyslogSettings | undefined {
  if (address === undefined) return undefined;
  // A scheme that URL does not know keeps its port, whatever it is.
  const { protocol, hostname, port } = new URL(address);
  const name = protocol.slice(0, -1);
  if (!isProtocol(name)) return undefined;
  return { protocol: name, host: hostname.replaceAll(/[[\]]/g, ''), port: port === '' ? PORTS[name] : Number(port), ca };
}
