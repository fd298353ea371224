import type { Series, Study } from '@negatoscope/contract';
import { coded, DICOM_CODES, HL7, named, type Resource, referTo, resource, type Writing } from './values.ts';

/** Of which consultation a study is, and what was ordered and done by it. */
export interface Belongs {
  readonly consultationId: string | null;
  readonly orderIds: readonly string[];
}
/** The system and the form in which FHIR names DICOM's UIDs. */
export const UID_SYSTEM = 'urn:dicom:uid';
export const urnOf = (uid: string): string => `urn:oid:${uid}`;

const modalityOf = (modality: string) => coded(DICOM_CODES, modality.trim().replaceAll(/\s+/g, ' '));

const seriesOf = (one: Series) => ({
  uid: one.seriesInstanceUid,
  number: one.seriesNumber !== null && one.seriesNumber >= 0 ? one.seriesNumber : undefined,
  modality: modalityOf(one.modality.trim() === '' ? 'OT' : one.modality),
  description: one.description,
  numberOfInstances: one.instanceCount,
  bodySite: { display: one.bodyPart },
});

/** Where its images are fetched. */
const endpointOf = ({ groupId }: Study, reached: string) => ({
  resourceType: 'Endpoint',
  id: 'dicomweb',
  status: 'active',
  connectionType: coded(`${HL7}/endpoint-connection-type`, 'dicom-wado-rs', 'DICOM WADO-RS'),
  payloadType: [{ text: 'DICOM' }],
  address: `${reached}/dicom-web/groups/${groupId ?? 'none'}`,
});

/** A study with its series, counted; images are fetched by DICOMweb, whose address is the endpoint. Its date is of the device, which tells no time zone. */
export function imagingStudyResource(
  study: Study,
  series: readonly Series[],
  { consultationId, orderIds }: Belongs,
  { language, reached }: Writing,
): Resource {
  const accession = {
    type: { coding: [coded(`${HL7}/v2-0203`, 'ACSN', 'Accession ID')] },
    value: study.accessionNumber,
  };
  return resource({
    resourceType: 'ImagingStudy',
    id: study.id,
    meta: { lastUpdated: study.updatedAt },
    language,
    contained: [endpointOf(study, reached)],
    identifier: [
      { use: 'official', system: UID_SYSTEM, value: urnOf(study.studyInstanceUid) },
      ...((study.accessionNumber ?? '').trim() === '' ? [] : [accession]),
    ],
    status: 'available',
    modality: study.modalities.filter((one) => one.trim() !== '').map(modalityOf),
    subject: referTo('Patient', study.patient.id),
    encounter: consultationId === null ? undefined : referTo('Encounter', consultationId),
    started: study.studyDate,
    basedOn: orderIds.map((id) => referTo('ServiceRequest', id)),
    referrer: named((study.referrer ?? '').trim() === '' ? null : study.referrer),
    endpoint: [{ reference: '#dicomweb' }],
    numberOfSeries: study.seriesCount,
    numberOfInstances: study.instanceCount,
    description: study.description,
    series: series.map(seriesOf),
  });
}
