import type { Pixels } from '../../../archive/pixels/index.ts';
import type { ObjectReader } from '../../../platform/objects/store/index.ts';
import type { ExportDeps } from '../deps.ts';

export interface MediumDeps extends ExportDeps {
  readonly reader: ObjectReader;
  readonly pixels: Pixels;
  /** How the site is called, as it stands on the medium. */
  readonly site: string;
}
