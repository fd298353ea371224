export {
  type Actor,
  armsOf,
  auditName,
  holderOf,
  isMemberOf,
  type Link,
  link,
  mayFill,
  type Person,
  person,
  type Reader,
  type Service,
  scopeOf,
  service,
  sharerOf,
  userOf,
} from './actor.ts';
export { leavingStudies, noteLeavingStudies } from './leaving.ts';
export {
  can,
  isForReading,
  requireMoreThanReading,
  requirePermission,
  requireSession,
  requireSetting,
  seesIdentity,
} from './permissions.ts';
export {
  ALL,
  hasArm,
  idsOf,
  isAmbiguous,
  NOTHING,
  partition,
  type Scope,
  scopeKey,
  ungroupedOf,
} from './scope.ts';
export { type ServiceJob, serviceJob } from './service-job.ts';
