import { FHIR_ROOT, type Problem } from '@negatoscope/contract';
import { LOCAL_CODES } from '../kernel/implementation.ts';

/** Issue types (HL7 FHIR R4, value set issue-type) by HTTP status. */
const ISSUE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid',
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  406: 'not-supported',
  409: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  422: 'processing',
  429: 'throttled',
  503: 'transient',
};

/** Whether what fails at this address is told as FHIR has it. */
export const isFhir = (url = ''): boolean => url.startsWith(FHIR_ROOT) && /^(?:[/?]|$)/.test(url.slice(FHIR_ROOT.length));

/** A problem as an OperationOutcome (HL7 FHIR R4, OperationOutcome): the code of the catalog, its title, and each parameter that is at fault. */
export function operationOutcome({ status, title, code, detail, errors = [] }: Problem) {
  const said = errors.length === 0 ? [detail] : errors.map(({ path, message }) => `${path}: ${message}`);
  return {
    resourceType: 'OperationOutcome',
    issue: said.map((diagnostics) => ({
      severity: 'error',
      code: ISSUE_OF_STATUS[status] ?? 'exception',
      details: { coding: [{ system: LOCAL_CODES, code }], text: title },
      ...(diagnostics === undefined || diagnostics === '' ? {} : { diagnostics }),
    })),
  };
}
