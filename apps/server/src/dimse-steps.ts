import type { Service } from './access/index.ts';
import { beginStep, changeStep } from './features/consultations/index.ts';
import type { StepKeeper } from './features/dimse/index.ts';
import type { ServerParts } from './server-parts.ts';

/** What a device tells of what it does is of the orders that it was given. */
export function dimseSteps(
  {
    db,
    audit,
    clock,
    state,
  }: Pick<ServerParts, 'db' | 'audit' | 'clock'> & { readonly state: Pick<ServerParts['state'], 'events'> },
  by: Service,
  { id: nodeId, groupId }: { readonly id: string; readonly groupId: string | null },
): StepKeeper {
  const deps = { db, audit, clock, events: state.events };
  return {
    begin: (sopInstanceUid, step) => beginStep(deps, { by, nodeId, groupId, sopInstanceUid }, step),
    change: (sopInstanceUid, change) => changeStep(deps, { by, nodeId, groupId, sopInstanceUid }, change),
  };
}
