import { access } from './access.ts';
import { activity } from './activity.ts';
import { admin } from './admin.ts';
import { archives } from './archives.ts';
import { auth } from './auth.ts';
import { common } from './common.ts';
import { conflicts } from './conflicts.ts';
import { consultations } from './consultations.ts';
import { dashboard } from './dashboard.ts';
import { deid } from './deid.ts';
import { deidWhere } from './deid-where.ts';
import { emergency } from './emergency.ts';
import { imports } from './imports.ts';
import { journal } from './journal.ts';
import { nodes } from './nodes.ts';
import { patients } from './patients.ts';
import { people } from './people.ts';
import { predictions } from './predictions.ts';
import { profile } from './profile.ts';
import { reports } from './reports.ts';
import { rights } from './rights.ts';
import { shares } from './shares.ts';
import { shell } from './shell.ts';
import { statistics } from './statistics.ts';
import { worklist } from './worklist.ts';

export const strings = {
  activity,
  access,
  admin,
  archives,
  auth,
  common,
  conflicts,
  consultations,
  dashboard,
  deid,
  emergency,
  deidWhere,
  imports,
  journal,
  nodes,
  patients,
  people,
  predictions,
  profile,
  reports,
  rights,
  shares,
  shell,
  statistics,
  worklist,
};
export type Strings = typeof strings;
