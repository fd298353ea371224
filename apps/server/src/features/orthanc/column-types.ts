import type { OrthancDoubt, OrthancWarning } from '@negatoscope/contract';
import type { Anchor } from './feed/history.ts';

declare module '../../platform/db/statements.ts' {
  interface ColumnTypes {
    'orthanc_feeds.warnings': readonly OrthancWarning[];
    'orthanc_feeds.doubt': OrthancDoubt | null;
    'orthanc_feeds.anchors': readonly Anchor[];
  }
}
