export {
  type Actor,
  auditName,
  holderOf,
  type Link,
  link,
  type Person,
  person,
  type Service,
  scopeOf,
  service,
  userOf,
} from './actor.ts';
export { CODE_STRING, can, isCodeString, requirePermission, seesIdentity } from './permissions.ts';
export {
  ALL,
  type Arm,
  hasArm,
  idsOf,
  NOTHING,
  ofGroup,
  ownOf,
  type Scope,
  scopeKey,
  theseStudies,
  UNGROUPED,
  ungroupedOf,
} from './scope.ts';
export { type ServiceJob, serviceJob } from './service-job.ts';
