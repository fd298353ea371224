import { performance } from 'node:perf_hooks';
import type { NodeTrial } from '@negatoscope/contract';
import { EXPLICIT_VR_LITTLE_ENDIAN, IMPLICIT_VR_LITTLE_ENDIAN } from '@negatoscope/dicom';
import { COMMAND, NO_DATASET, SERVICE_CLASS, STATUS } from '@negatoscope/dimse';
import type { Asked } from './asked.ts';
import { AssociationFailure } from './failure.ts';
import { openAssociation } from './open-association.ts';

type Trial = Omit<NodeTrial, 'ms'>;

const PATIENCE_MS = 8_000;
const CONTEXT = {
  id: 1,
  abstractSyntax: SERVICE_CLASS.VERIFICATION,
  transferSyntaxes: [IMPLICIT_VR_LITTLE_ENDIAN, EXPLICIT_VR_LITTLE_ENDIAN],
};
const COMMAND_SET = {
  AffectedSOPClassUID: SERVICE_CLASS.VERIFICATION,
  CommandField: COMMAND.C_ECHO,
  MessageID: 1,
  CommandDataSetType: NO_DATASET,
};

async function echo(asked: Asked, patienceMs: number): Promise<Trial> {
  const patience = { connectMs: patienceMs, answerMs: patienceMs, stalledMs: patienceMs, wholeMs: patienceMs };
  try {
    const association = await openAssociation(asked, { contexts: [CONTEXT], patience });
    if (!association.contexts.has(CONTEXT.id)) {
      // It takes associations, and no echoes: nobody can say more of it.
      association.abort();
      return { outcome: 'FAILED', reason: null };
    }
    const { Status } = await association.ask(CONTEXT.id, COMMAND_SET);
    // Who has answered and then doesn't release has answered.
    await association.release();
    return { outcome: Status === STATUS.SUCCESS ? 'OK' : 'FAILED', reason: null };
  } catch (error) {
    if (!(error instanceof AssociationFailure)) throw error;
    return { outcome: error.outcome === 'CANCELLED' ? 'FAILED' : error.outcome, reason: error.reason };
  }
}

/** Asks a node for an echo (C-ECHO, PS3.7 9.1.5) in an association of its own. Never fails, and takes no longer than its patience. */
export async function askForEcho(asked: Asked, patienceMs = PATIENCE_MS): Promise<NodeTrial> {
  const begun = performance.now();
  const trial = await echo(asked, patienceMs);
  return { ...trial, ms: Math.round(performance.now() - begun) };
}
