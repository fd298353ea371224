/** Identity as a file carries it. */
export interface ReceivedIdentity {
  readonly patientId: string;
  readonly issuer: string;
  readonly familyName: string;
  readonly givenName: string;
  /** The PN value with its groups, as PS3.5 6.2.1 writes it. */
  readonly personName: string;
  /** `YYYY-MM-DD`, or null. */
  readonly birthDate: string | null;
  readonly sex: 'M' | 'F' | 'O' | 'U';
  /** Its text is not in the character set that the file declares, and was read by another. */
  readonly isUncertain?: true;
}

export interface StudySummary {
  readonly studyDate: string | null;
  readonly studyTime: string | null;
  readonly studyId: string | null;
  readonly accessionNumber: string | null;
  readonly description: string | null;
  readonly referrer: string | null;
  /** DICOM JSON of the study's own attributes. */
  readonly attributes: string;
  /** As of the identity: of description, referrer or accession number. */
  readonly isUncertain?: true;
}

export interface SeriesSummary {
  readonly modality: string;
  readonly seriesNumber: number | null;
  readonly description: string | null;
  readonly bodyPart: string | null;
  readonly attributes: string;
}

/** What the index keeps of one instance. */
export interface InstanceSummary {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly instanceNumber: number | null;
  readonly rows: number | null;
  readonly columns: number | null;
  readonly frames: number;
  readonly bitsAllocated: number | null;
  readonly identity: ReceivedIdentity;
  readonly study: StudySummary;
  readonly series: SeriesSummary;
}

/** What becomes a row: an instance that was received, hashed and read, and whose object is published or about to be. */
export interface IndexableInstance {
  readonly draft: { readonly id: string };
  readonly sizeBytes: number;
  readonly fileSha256: Buffer;
  readonly summary: InstanceSummary;
  /** Raw deflate of the DICOM JSON. */
  readonly json: Buffer;
  readonly frameTable: Buffer | null;
}
