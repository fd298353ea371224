import { as, type Described } from './described.ts';

/** Settings of the journal, and of what it is there for most. */
export const journal: Described<
  | 'AUDIT_TIME_ZONE'
  | 'AUDIT_WARN_EXPORTS'
  | 'AUDIT_WARN_DENIED'
  | 'AUDIT_SITE_HOURS'
  | 'AUDIT_WARN_NIGHT'
  | 'AUDIT_WARN_RECORDS'
  | 'AUDIT_REPORTS_TO'
  | 'AUDIT_SYSLOG'
  | 'AUDIT_SYSLOG_CA'
  | 'BREAK_GLASS'
  | 'BREAK_GLASS_HOURS'
> = {
  BREAK_GLASS: as(
    'off',
    'on',
    '`on`: physicians and radiologists may open one patient out of their scope in an emergency, by exact identifier and birth date, with a reason; the patient’s group and administrators are told',
  ),
  BREAK_GLASS_HOURS: as('4', '12', 'hours after which such access ends by itself'),
  AUDIT_TIME_ZONE: as('this machine’s', 'Africa/Dakar', 'the site’s time zone: what a day of reports is, and when it is night'),
  AUDIT_WARN_EXPORTS: as('20', '50', 'patients that one person takes out in an hour before it is warned of; 0: never'),
  AUDIT_WARN_DENIED: as('10', '25', 'refusals of one person in an hour before it is warned of; 0: never'),
  AUDIT_SITE_HOURS: as('always', '07:00-19:30', 'the hours in which the site works; without them no night is warned of'),
  AUDIT_WARN_NIGHT: as('3', '1', 'patients that one person opens outside those hours before it is warned of'),
  AUDIT_WARN_RECORDS: as(
    'names',
    'family',
    'whose records are warned of: `names`, those of one’s own or a colleague’s names; `family`, also of one’s family name; `off`',
  ),
  AUDIT_REPORTS_TO: as(
    'none',
    'data-officer@hospital.example',
    'addresses that daily and monthly reports of the journal are mailed to',
  ),
  AUDIT_SYSLOG: as(
    'none',
    'tls://siem.hospital.example:6514',
    'where audit messages go (DICOM PS3.15 A.5 by syslog, RFC 5424): `tls://`, `tcp://` or `udp://`',
  ),
  AUDIT_SYSLOG_CA: as('those of Node.js', '/etc/negatoscope/siem.crt', 'PEM file of the authorities of that receiver'),
};
