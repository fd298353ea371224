import type { Capability } from './capabilities.ts';

/** What holds for whole transactions rather than single routes; each with the test that shows it. */
export const STATEMENTS: Readonly<Record<Capability['transaction'], readonly (readonly [claim: string, test: string])[]>> = {
  Search: [
    [
      'Single value, UID list, wildcard, date and time range, and combined date-time matching; an empty value or `*` matches everything',
      'qido',
    ],
    [
      'Names of every attribute ignore case, accents and delimiters and match any of their groups; `_`, `%` and `\\` are ordinary characters',
      'qido-names',
    ],
    [
      'A patient to whom neither the files nor a person gave a Patient ID is answered with an empty one, and found by the record number as well',
      'as-stored',
    ],
    ['`fuzzymatching=true` forgives typos and the order of words in patients’ names', 'qido'],
    [
      '`includefield` takes keywords, tags, lists, sequence paths and `all`: what the index keeps of patient, study and series',
      'qido',
    ],
    [
      'At instance level it gives any attribute of the stored instance, for 500 instances and about 32 MB an answer; what is cut is told by `Warning: 299`',
      'qido-instances',
    ],
    [
      '`limit` is 1000 for studies and series and 5000 for instances unless given, 5000 at most; what is cut is told by `Warning: 299`',
      'qido',
    ],
    [
      'Keys of lower levels and attributes outside the index are ignored and told by `Warning: 299`; what is no attribute is 400',
      'qido',
    ],
    ['Nothing found: 200 with `[]` in JSON, 204 in XML (10.6.3.1 allows both)', 'qido'],
    ['Studies out of scope are not found; a pseudonymised user can neither see nor match identities (403)', 'scope'],
    [
      'Nor free text: no description is shown, and what the answers hide can not be matched (403). Lists of instances say `UNAVAILABLE` in (0008,0056) for what is held back',
      'pseudonyms',
    ],
    [
      'A value that is not of its attribute’s form is empty for them and matches nothing, whole, by wildcard or in a range',
      'hidden-values',
    ],
  ],
  Retrieve: [
    [
      'To pseudonymised users: single attributes, none that the Basic Profile with Retain UIDs and Full Dates acts on; frames without comments, application segments and what stands behind the pixels; 403 `HELD_BACK` for burned-in words (said, or not denied where usual), documents, reports, sound, video and embedded overlays',
      'pseudonyms',
    ],
    [
      'Files leave as stored but for the 128 bytes before DICM, which are zero, when no transfer syntax is named or it is `*`',
      'retrieve',
    ],
    [
      'Named transfer syntaxes: Implicit and Explicit VR Little Endian, RLE, JPEG-LS, JPEG 2000, HTJ2K and HTJ2K RPCL lossless, JPEG Baseline (8 bits); 406 for others',
      'transcoding',
    ],
    [
      '406 too: single bits and floats compressed; 32 bits but in RLE; colour of 16 bits, signed bytes and YBR_FULL in JPEG 2000 and HTJ2K; palettes and other depths in JPEG Baseline',
      'transcoding',
    ],
    [
      'Lossless frames are decoded again and compared before they leave; JPEG Baseline sets (0028,2110), (0028,2112), (0028,2114)',
      'transcoding',
    ],
    ['What was stored without preamble or meta information leaves as a file of PS3.10 (not with `original=true`)', 'clients'],
    ['Addresses (RetrieveURL, BulkDataURI) are of the host that the request named', 'clients'],
    ['Elements behind Pixel Data are in metadata, bulk data and transcoded files', 'clients'],
    ['The best quality value wins, the stored form among equals; `application/zip` takes `transfer-syntax` too', 'transcoding'],
    ['Instances without pixels come in Explicit VR Little Endian where a compressed syntax is named', 'retrieve-neighbours'],
    [
      'What can not come as named is left out with 206 and `Warning: 299`; what fails while it is sent is left out with `Warning` as a trailer; 406 or 422 when nothing is left',
      'retrieve-neighbours',
    ],
    ['Names that the character set of a file can not hold are approximated and told by `Warning: 299`', 'retrieve-neighbours'],
    [
      'Uncompressed frames leave as little endian octets; compressed ones as stored, or decoded for `application/octet-stream`',
      'frames',
    ],
    [
      'Frames are encoded for `image/jls`, `image/jp2`, `image/jphc`, `image/dicom-rle` (lossless), and for `image/jpeg` with the syntax of JPEG Baseline',
      'transcoding',
    ],
    [
      'Beyond the standard: `…/frames/{frame}/progressive`, a grey lossless frame as HTJ2K RPCL made for slow lines (`image/jphc`, byte ranges with a strong `ETag`, `Negatoscope-Derived-From`), under the rules of frames; 406 for what is compressed as it is',
      'progressive',
    ],
    [
      'Beyond the standard: `…/studies/{study}/opening`, in one answer what a viewer opens a study with (series, metadata of the one that hangs first or of `at`, its first frame in the `form` that is wanted), each part as its own address answers it, under the same rules',
      'opening',
    ],
    ['`ETag` and 304 for metadata, frames, bulk data and rendered images', 'metadata'],
    ['Bulk data are the values that the metadata name; any other run of a file is not found', 'unchecked-input'],
    ['A viewport (8.3.5.1.3) scales down and cuts; nothing is made larger than what it shows of the image', 'unchecked-input'],
    [
      'Grayscale and colour softcopy presentation states are rendered as the first image that they are for: grays, shutters, overlays, displayed area, rotation and flip, annotations; what is not followed is in `Warning`; 406 for other kinds and where no image of the study is there. Beyond the standard: `presentationUID` with `presentationSeriesUID` at an instance or a frame is that image by that state, 400 where the state is not for it, and at a series or study',
      'rendered-states',
    ],
    ['What is out of scope answers exactly as what does not exist', 'scope'],
  ],
  'Retrieve (URI)': [
    ['`application/dicom` in the stored transfer syntax, or in that of `transferSyntax` as above', 'transcoding'],
    ['JPEG, PNG or WebP rendered', 'wado-uri'],
    [
      '`anonymize=yes` with `application/dicom`: PS3.15 Basic Profile, new UIDs in each answer, 403 for what can’t be cleared with certainty (text in the pixels, documents, video)',
      'clients',
    ],
    [
      '`presentationUID` and `presentationSeriesUID` with an image: it is drawn by that state of the same study, 400 where the state is not for it; with a file 501',
      'rendered-states',
    ],
    ['`anonymize` of pictures and `region` are refused (501): nothing more is given than was asked for', 'clients'],
  ],
  Store: [
    ['200 when everything is stored, 202 when something failed or was kept aside, 409 when nothing was stored', 'stow'],
    [
      'The same content again is stored already: warning 0111; other content under a known UID waits for a person: warning B000',
      'stow',
    ],
    [
      'Failure reasons: 0110 processing, A700 out of resources, A900 not of the study in the path or without UIDs, C122 pixels of a media type that no transfer syntax holds, C000 not understood',
      'stow',
    ],
    ['Failed instances are named where they can be read; others are told in the Other Failures Sequence', 'clients'],
    [
      'After 1,000 parts that are shorter than a file can be (132 bytes), or 10,000 without its prefix, the rest of a request is refused as a whole',
      'stow',
    ],
    [
      'Pixel Data in several parts of one Content-Location are its frames; a number that is not Number of Frames is refused',
      'stow-datasets',
    ],
    ['Metadata is written as explicit VR little endian in UTF-8; bulk data is only what comes in the same request', 'stow'],
    [
      'Metadata are limited to 16 MB, 10,000 datasets, 750,000 elements and items and 30,000 bulk values a request, bulk data, which wait on disk, to 4 GB: 413',
      'stow-datasets',
    ],
    [
      'Metadata with another character set than UTF-8, decimals over 16 characters, group lengths or groups below 0008 are stored changed: warning B000; files are never changed',
      'stow-datasets',
    ],
    ['XML that declares a document type is refused', 'stow'],
  ],
};
