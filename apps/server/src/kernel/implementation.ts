/** Who writes file meta information here: (0002,0012) and (0002,0013), PS3.10 7.1. */
export const IMPLEMENTATION = { classUid: '2.25.142735620413950215823571862534287431267', version: 'NEGATOSCOPE' };

/** The system of codes that no standard has: of errors, symptoms and results in FHIR. */
export const LOCAL_CODES = `urn:oid:${IMPLEMENTATION.classUid}.1`;
