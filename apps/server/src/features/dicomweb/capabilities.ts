import type { Permission } from '@negatoscope/contract';

/** One transaction of the server; routes, WADL, JSON and docs/conformance.md all come from these. */
export interface Capability {
  readonly id: string;
  readonly method: 'GET' | 'POST';
  /** Below `/dicom-web` and `/dicom-web/groups/{group}`. */
  readonly path: string;
  readonly permission: Permission;
  readonly transaction: 'Search' | 'Retrieve' | 'Store' | 'Retrieve (URI)';
  /** Section of PS3.18. */
  readonly section: string;
  readonly answers: readonly string[];
  readonly accepts?: readonly string[];
  readonly query?: readonly string[];
  readonly claim: string;
  /** File below apps/server that shows it. */
  readonly test: string;
}

const DATASETS = ['application/dicom+json', 'multipart/related; type="application/dicom+xml"'];
const SEARCH_QUERY = ['{attributeID}', 'includefield', 'fuzzymatching', 'limit', 'offset', 'accept'];
const FILES = ['multipart/related; type="application/dicom"', 'application/zip'];
const IMAGES = ['image/jpeg', 'image/png', 'image/webp'];
/** What has no image is rendered as it is stored; frames are images always. */
const DOCUMENTS = ['application/pdf', 'video/mp4', 'video/mpeg', 'text/html', 'image/svg+xml'];
const STUDY = '/studies/{study}';
const SERIES = `${STUDY}/series/{series}`;
const INSTANCE = `${SERIES}/instances/{instance}`;

type Named = readonly [id: string, path: string, claim: string];

const searches = ([id, path, claim]: Named): Capability => ({
  id,
  method: 'GET',
  path,
  permission: 'studies.read',
  transaction: 'Search',
  section: '10.6',
  answers: DATASETS,
  query: SEARCH_QUERY,
  claim,
  test: 'test/dicomweb/qido.http.test.ts',
});

const retrieves =
  (section: string, answers: readonly string[], test: string, query?: readonly string[]) =>
  ([id, path, claim]: Named): Capability => ({
    id,
    method: 'GET',
    path,
    permission: 'studies.read',
    transaction: 'Retrieve',
    section,
    answers,
    ...(query === undefined ? {} : { query }),
    claim,
    test: `test/dicomweb/${test}.http.test.ts`,
  });

const stores = ([id, path, claim]: Named): Capability => ({
  id,
  method: 'POST',
  path,
  permission: 'imports.create',
  transaction: 'Store',
  section: '10.5',
  answers: ['application/dicom+json', 'application/dicom+xml'],
  accepts: [
    'multipart/related; type="application/dicom"',
    'application/dicom',
    'multipart/related; type="application/dicom+json"',
    'multipart/related; type="application/dicom+xml"',
  ],
  claim,
  test: 'test/dicomweb/stow.http.test.ts',
});

const OCTETS = ['application/octet-stream', 'multipart/related; type="application/octet-stream"'];
const FRAMES = [...OCTETS, 'the stored compression: image/jpeg, image/jls, image/jp2, image/jphc, image/dicom-rle …'];

export const CAPABILITIES: readonly Capability[] = [
  ...(
    [
      ['qidoStudies', '/studies', 'Studies by patient and study attributes'],
      ['qidoSeries', '/series', 'Series of all studies'],
      ['qidoInstances', '/instances', 'Instances of all studies'],
      ['qidoStudySeries', `${STUDY}/series`, 'Series of a study'],
      ['qidoStudyInstances', `${STUDY}/instances`, 'Instances of a study'],
      ['qidoSeriesInstances', `${SERIES}/instances`, 'Instances of a series'],
    ] as const
  ).map(searches),
  ...(
    [
      ['studyMetadata', `${STUDY}/metadata`, 'Metadata of every instance of a study'],
      ['seriesMetadata', `${SERIES}/metadata`, 'Metadata of every instance of a series'],
      ['instanceMetadata', `${INSTANCE}/metadata`, 'Metadata of an instance'],
    ] as const
  ).map(retrieves('10.4.1.1.2', DATASETS, 'metadata', ['accept'])),
  ...(
    [
      ['retrieveStudy', STUDY, 'Files of a study, as stored or in a named transfer syntax'],
      ['retrieveSeries', SERIES, 'Files of a series, as stored or in a named transfer syntax'],
    ] as const
  ).map(retrieves('10.4.1.1.1', FILES, 'retrieve', ['accept'])),
  ...([['retrieveInstance', INSTANCE, 'The file of an instance, as stored or in a named transfer syntax']] as const).map(
    retrieves('10.4.1.1.1', ['application/dicom', ...FILES], 'retrieve', ['accept']),
  ),
  ...([['frames', `${INSTANCE}/frames/{frames}`, 'Frames, one or a list, as stored, decoded or encoded']] as const).map(
    retrieves('10.4.1.1.6', FRAMES, 'frames', ['accept']),
  ),
  ...([['bulkdata', `${INSTANCE}/bulkdata/{reference}`, 'One bulk value, byte ranges included']] as const).map(
    retrieves('10.4.1.1.5', OCTETS, 'bulkdata', ['accept']),
  ),
  ...(
    [
      ['studyBulkdata', `${STUDY}/bulkdata`, 'Every bulk value of a study but pixels'],
      ['seriesBulkdata', `${SERIES}/bulkdata`, 'Every bulk value of a series but pixels'],
      ['instanceBulkdata', `${INSTANCE}/bulkdata`, 'Every bulk value of an instance but pixels'],
    ] as const
  ).map(retrieves('10.4.1.1.5', OCTETS.slice(1), 'bulkdata', ['accept'])),
  ...(
    [
      ['studyPixeldata', `${STUDY}/pixeldata`, 'Every frame of a study'],
      ['seriesPixeldata', `${SERIES}/pixeldata`, 'Every frame of a series'],
      ['instancePixeldata', `${INSTANCE}/pixeldata`, 'Every frame of an instance'],
    ] as const
  ).map(retrieves('10.4.1.1.5', FRAMES.slice(1), 'bulkdata', ['accept'])),
  {
    id: 'wadoUri',
    method: 'GET',
    path: '/wado',
    permission: 'studies.read',
    transaction: 'Retrieve (URI)',
    section: '9',
    answers: ['application/dicom', ...IMAGES],
    query: [
      'requestType',
      'studyUID',
      'seriesUID',
      'objectUID',
      'contentType',
      'transferSyntax',
      'frameNumber',
      'windowCenter',
      'windowWidth',
      'rows',
      'columns',
      'imageQuality',
    ],
    claim: 'An instance as its file or as an image',
    test: 'test/dicomweb/wado-uri.http.test.ts',
  },
  ...(
    [
      ['stow', '/studies', 'Instances of any study'],
      ['stowStudy', STUDY, 'Instances of the study in the path only'],
    ] as const
  ).map(stores),
];

/** Joined by rendered-routes.ts; here for the capabilities only. */
export const RENDERED_CAPABILITIES: readonly Capability[] = (
  [
    ['Study', STUDY],
    ['Series', SERIES],
    ['Instance', INSTANCE],
    ['Frames', `${INSTANCE}/frames/{frames}`],
  ] as const
).flatMap(([level, path]) =>
  (['rendered', 'thumbnail'] as const).map((kind) => ({
    ...retrieves(
      kind === 'rendered' ? '10.4.1.1.3' : '10.4.1.1.4',
      kind === 'rendered' && level !== 'Frames' ? [...IMAGES, ...DOCUMENTS] : IMAGES,
      '',
      ['accept', 'window', 'viewport', 'quality'],
    )([
      `${kind}${level}`,
      `${path}/${kind}`,
      `${kind === 'rendered' ? 'Images' : 'A small image'} of the ${level.toLowerCase()}`,
    ]),
    test: 'src/features/dicomweb/rendered/rendered.http.db.test.ts',
  })),
);

export const ALL_CAPABILITIES: readonly Capability[] = [...CAPABILITIES, ...RENDERED_CAPABILITIES];
