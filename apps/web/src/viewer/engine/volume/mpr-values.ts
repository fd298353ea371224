import type { Vector3 } from '../../model/geometry.ts';
import type { PlaneRequest, Slab } from '../../model/volume.ts';
import { distanceMm, normalOf, PATIENT_VIEWS, type ViewAxes } from '../../model/volume-views.ts';
import type { MprMeasure } from './mpr-measures.ts';
import { EMPTY_MPR, type MeasureText } from './mpr-snapshot.ts';

type Sample = (name: string, plane: PlaneRequest) => Promise<Float32Array<ArrayBuffer> | undefined>;

/** Values at places of a volume. */
export class MprValues {
  readonly #sample: Sample;
  readonly #onChange: () => void;
  /** Values of what was probed, by place; undefined while they are being told. */
  readonly #probes = new Map<string, number | undefined>();

  constructor(sample: Sample, onChange: () => void) {
    this.#sample = sample;
    this.#onChange = onChange;
  }

  forget(): void {
    this.#probes.clear();
  }

  /**
   * The value at a place: of the voxels there, or of a slab along the normal of a view. NaN where there is none, undefined once another of the same name
   * was asked for.
   */
  async at(
    name: string,
    point: Vector3,
    axes: ViewAxes = PATIENT_VIEWS.axial,
    slab: Slab = EMPTY_MPR.slab,
  ): Promise<number | undefined> {
    const plane: PlaneRequest = { origin: point, ...axes, normal: normalOf(axes), width: 1, height: 1, ...slab };
    return (await this.#sample(name, plane))?.[0];
  }

  /** What stands beside what was drawn; undefined until it is known. */
  textOf({ kind, points }: MprMeasure): MeasureText | undefined {
    const [point, end] = points;
    if (kind === 'LENGTH') return { kind: 'length', mm: point === undefined || end === undefined ? 0 : distanceMm(point, end) };
    const key = `probe ${point?.join(' ')}`;
    if (!this.#probes.has(key) && point !== undefined) {
      this.#probes.set(key, undefined);
      void this.at(key, point).then((value) => {
        this.#probes.set(key, value);
        this.#onChange();
      });
    }
    const value = this.#probes.get(key);
    return value === undefined ? undefined : { kind: 'probe', value: Number.isNaN(value) ? undefined : value };
  }
}
