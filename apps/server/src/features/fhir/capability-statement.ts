import { FHIR_JSON, FHIR_ROOT } from '@negatoscope/contract';
import { type Resource, resource, type Writing } from './resources/values.ts';
import type { Kind } from './types/kind.ts';

const DEFINITIONS = 'http://hl7.org/fhir/StructureDefinition';

/** What is served, made of the same table as the searches (HL7 FHIR R4, CapabilityStatement). `since`: when this server began. */
export const capabilityStatement = (
  kinds: readonly Kind[],
  everything: readonly string[],
  { version, since }: { readonly version: string; readonly since: Date },
  { reached }: Pick<Writing, 'reached'>,
): Resource =>
  resource({
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: since.toISOString(),
    kind: 'instance',
    software: { name: 'Negatoscope', version },
    implementation: { description: 'Negatoscope', url: `${reached}${FHIR_ROOT}` },
    fhirVersion: '4.0.1',
    format: [FHIR_JSON, 'json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Read and search only, in the rights, groups and blind readings of whoever is signed in; every use is audited.',
        security: { cors: false, description: 'The session of the page, or a personal token as Authorization: Bearer.' },
        resource: kinds.map(({ type, parameters, profiles = [] }) => ({
          type,
          profile: `${DEFINITIONS}/${type}`,
          supportedProfile: profiles.map((name) => `${DEFINITIONS}/${name}`),
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          versioning: 'versioned',
          readHistory: false,
          updateCreate: false,
          searchParam: Object.entries(parameters).map(([name, { kind, means }]) => ({ name, type: kind, documentation: means })),
          operation: everything.includes(type)
            ? [{ name: 'everything', definition: `http://hl7.org/fhir/OperationDefinition/${type}-everything` }]
            : [],
        })),
      },
    ],
  });
