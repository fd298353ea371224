import type { FilmOrder } from '@negatoscope/contract';
import { coded, DICOM_CODES, HL7, named, type Resource, referTo, resource, type Writing } from './values.ts';

export const ORDER_STATUS: Readonly<Record<FilmOrder['status'], string>> = {
  REQUESTED: 'active',
  DONE: 'completed',
  CANCELLED: 'revoked',
};
export const RADIOLOGY = coded(`${HL7}/v2-0074`, 'RAD', 'Radiology');
/** Meanings of PS3.16 CID 29. */
const MODALITIES: Readonly<Record<FilmOrder['modality'], string>> = {
  DX: 'Digital Radiography',
  CT: 'Computed Tomography',
  MR: 'Magnetic Resonance',
  US: 'Ultrasound',
  MG: 'Mammography',
};

interface Ordered {
  readonly order: FilmOrder;
  readonly consultationId: string;
  readonly patientId: string;
}

/** A film that was ordered in a consultation. */
export const serviceRequestResource = ({ order, consultationId, patientId }: Ordered, { language }: Writing): Resource =>
  resource({
    resourceType: 'ServiceRequest',
    id: order.id,
    language,
    status: ORDER_STATUS[order.status],
    intent: 'order',
    category: [{ coding: [RADIOLOGY] }],
    code: {
      coding: [coded(DICOM_CODES, order.modality, MODALITIES[order.modality])],
      text: `${order.modality} ${order.bodyPart}`,
    },
    subject: referTo('Patient', patientId),
    encounter: referTo('Encounter', consultationId),
    authoredOn: order.orderedAt,
    requester: named(order.orderedBy),
    reasonCode: [{ text: order.reason }],
    bodySite: [{ text: order.bodyPart }],
  });
