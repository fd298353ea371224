/** The value representations this writer knows (PS3.5 6.2). */
export type Vr =
  | 'AE'
  | 'AS'
  | 'AT'
  | 'CS'
  | 'DA'
  | 'DS'
  | 'DT'
  | 'FD'
  | 'FL'
  | 'IS'
  | 'LO'
  | 'LT'
  | 'OB'
  | 'OD'
  | 'OF'
  | 'OL'
  | 'OV'
  | 'OW'
  | 'PN'
  | 'SH'
  | 'SL'
  | 'SQ'
  | 'SS'
  | 'ST'
  | 'SV'
  | 'TM'
  | 'UC'
  | 'UI'
  | 'UL'
  | 'UN'
  | 'UR'
  | 'US'
  | 'UT'
  | 'UV';

/** Keyword, tag and VR of the attributes the phantoms use; written by hand from PS3.6, independent of packages/dicom. */
const TABLE = `
FileMetaInformationGroupLength 00020000 UL
FileMetaInformationVersion 00020001 OB
MediaStorageSOPClassUID 00020002 UI
MediaStorageSOPInstanceUID 00020003 UI
TransferSyntaxUID 00020010 UI
ImplementationClassUID 00020012 UI
ImplementationVersionName 00020013 SH
FileSetID 00041130 CS
OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity 00041200 UL
OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity 00041202 UL
FileSetConsistencyFlag 00041212 US
DirectoryRecordSequence 00041220 SQ
OffsetOfTheNextDirectoryRecord 00041400 UL
RecordInUseFlag 00041410 US
OffsetOfReferencedLowerLevelDirectoryEntity 00041420 UL
DirectoryRecordType 00041430 CS
ReferencedFileID 00041500 CS
ReferencedSOPClassUIDInFile 00041510 UI
ReferencedSOPInstanceUIDInFile 00041511 UI
ReferencedTransferSyntaxUIDInFile 00041512 UI
SpecificCharacterSet 00080005 CS
ImageType 00080008 CS
InstanceCreationDate 00080012 DA
InstanceCreationTime 00080013 TM
SOPClassUID 00080016 UI
SOPInstanceUID 00080018 UI
StudyDate 00080020 DA
SeriesDate 00080021 DA
AcquisitionDate 00080022 DA
ContentDate 00080023 DA
StudyTime 00080030 TM
SeriesTime 00080031 TM
AcquisitionTime 00080032 TM
ContentTime 00080033 TM
AccessionNumber 00080050 SH
Modality 00080060 CS
ConversionType 00080064 CS
PresentationIntentType 00080068 CS
Manufacturer 00080070 LO
InstitutionName 00080080 LO
ReferringPhysicianName 00080090 PN
CodeValue 00080100 SH
CodingSchemeDesignator 00080102 SH
CodeMeaning 00080104 LO
TimezoneOffsetFromUTC 00080201 SH
StationName 00081010 SH
StudyDescription 00081030 LO
ProcedureCodeSequence 00081032 SQ
SeriesDescription 0008103E LO
PerformingPhysicianName 00081050 PN
ManufacturerModelName 00081090 LO
ReferencedSOPClassUID 00081150 UI
ReferencedSOPInstanceUID 00081155 UI
ReferencedImageSequence 00081140 SQ
AnatomicRegionSequence 00082218 SQ
PatientName 00100010 PN
PatientID 00100020 LO
IssuerOfPatientID 00100021 LO
PatientBirthDate 00100030 DA
PatientSex 00100040 CS
PatientAge 00101010 AS
PatientSize 00101020 DS
PatientWeight 00101030 DS
PatientComments 00104000 LT
BodyPartExamined 00180015 CS
ScanningSequence 00180020 CS
SequenceVariant 00180021 CS
ScanOptions 00180022 CS
MRAcquisitionType 00180023 CS
SliceThickness 00180050 DS
KVP 00180060 DS
RepetitionTime 00180080 DS
EchoTime 00180081 DS
InversionTime 00180082 DS
MagneticFieldStrength 00180087 DS
SpacingBetweenSlices 00180088 DS
EchoTrainLength 00180091 IS
SoftwareVersions 00181020 LO
ProtocolName 00181030 LO
FrameTime 00181063 DS
ReconstructionDiameter 00181100 DS
DistanceSourceToDetector 00181110 DS
GantryDetectorTilt 00181120 DS
ExposureTime 00181150 IS
XRayTubeCurrent 00181151 IS
Exposure 00181152 IS
ImagerPixelSpacing 00181164 DS
ConvolutionKernel 00181210 SH
PatientPosition 00185100 CS
ViewPosition 00185101 CS
DetectorType 00187004 CS
StudyInstanceUID 0020000D UI
SeriesInstanceUID 0020000E UI
StudyID 00200010 SH
SeriesNumber 00200011 IS
AcquisitionNumber 00200012 IS
InstanceNumber 00200013 IS
PatientOrientation 00200020 CS
ImagePositionPatient 00200032 DS
ImageOrientationPatient 00200037 DS
FrameOfReferenceUID 00200052 UI
Laterality 00200060 CS
ImageLaterality 00200062 CS
PositionReferenceIndicator 00201040 LO
SliceLocation 00201041 DS
ImageComments 00204000 LT
SamplesPerPixel 00280002 US
PhotometricInterpretation 00280004 CS
PlanarConfiguration 00280006 US
NumberOfFrames 00280008 IS
FrameIncrementPointer 00280009 AT
Rows 00280010 US
Columns 00280011 US
PixelSpacing 00280030 DS
PixelAspectRatio 00280034 IS
BitsAllocated 00280100 US
BitsStored 00280101 US
HighBit 00280102 US
PixelRepresentation 00280103 US
SmallestImagePixelValue 00280106 US
LargestImagePixelValue 00280107 US
PixelPaddingValue 00280120 US
PixelPaddingRangeLimit 00280121 US
BurnedInAnnotation 00280301 CS
PixelIntensityRelationship 00281040 CS
PixelIntensityRelationshipSign 00281041 SS
WindowCenter 00281050 DS
WindowWidth 00281051 DS
RescaleIntercept 00281052 DS
RescaleSlope 00281053 DS
RescaleType 00281054 LO
WindowCenterWidthExplanation 00281055 LO
VOILUTFunction 00281056 CS
RedPaletteColorLookupTableDescriptor 00281101 US
GreenPaletteColorLookupTableDescriptor 00281102 US
BluePaletteColorLookupTableDescriptor 00281103 US
RedPaletteColorLookupTableData 00281201 OW
GreenPaletteColorLookupTableData 00281202 OW
BluePaletteColorLookupTableData 00281203 OW
LossyImageCompression 00282110 CS
ModalityLUTSequence 00283000 SQ
LUTDescriptor 00283002 US
LUTExplanation 00283003 LO
LUTData 00283006 OW
VOILUTSequence 00283010 SQ
ReasonForTheRequestedProcedure 00401002 LO
RequestAttributesSequence 00400275 SQ
Units 00541001 CS
DoseUnits 30040002 CS
DoseGridScaling 3004000E DS
PresentationLUTShape 20500020 CS
ExtendedOffsetTable 7FE00001 OV
ExtendedOffsetTableLengths 7FE00002 OV
FloatPixelData 7FE00008 OF
DoubleFloatPixelData 7FE00009 OD
PixelData 7FE00010 OW
`;

export interface TagEntry {
  readonly tag: number;
  readonly vr: Vr;
}

const byKeyword = new Map<string, TagEntry>();
const byTag = new Map<number, TagEntry>();
for (const line of TABLE.trim().split('\n')) {
  const [keyword = '', hex = '', vr = ''] = line.split(' ');
  // The table above is the only source of these strings.
  const entry: TagEntry = { tag: Number.parseInt(hex, 16), vr: vr as Vr };
  byKeyword.set(keyword, entry);
  byTag.set(entry.tag, entry);
}

/** Finds tag and VR for a PS3.6 keyword or for 8 hexadecimal digits; throws a RangeError for a keyword outside the small table. */
export function tagOf(key: string): TagEntry {
  const known = byKeyword.get(key);
  if (known) return known;
  if (!/^[0-9A-Fa-f]{8}$/.test(key))
    throw new RangeError(`testkit: unknown keyword ${key}; give a tag of 8 hex digits with a vr`);
  const tag = Number.parseInt(key, 16);
  const entry = byTag.get(tag);
  if (entry) return entry;
  // Private creators are LO (PS3.5 7.8.1); everything else unknown is UN unless the caller names the VR.
  const isCreator = ((tag >>> 16) & 1) === 1 && (tag & 0xffff) >= 0x10 && (tag & 0xffff) <= 0xff;
  return { tag, vr: isCreator ? 'LO' : 'UN' };
}
