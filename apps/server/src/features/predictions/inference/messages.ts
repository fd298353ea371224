import type { Picture } from './grey.ts';

/** A file of a model's folder, checked against its hash before it is used. */
export interface ModelFile {
  /** Where it is on this machine. */
  readonly path: string;
  /** Lower-case hex. */
  readonly sha256: string;
}

/** What of a manifest a film is judged by. */
export interface ModelSpec {
  /** Names the very bytes of model, gate and manifest. */
  readonly digest: string;
  readonly model: ModelFile;
  readonly gate: ModelFile;
  readonly input: { readonly name: string; readonly side: number };
  readonly outputs: {
    readonly probability: string;
    readonly logit: string;
    readonly spread: string;
    readonly evidence: string;
    readonly box: string;
    readonly area: string;
  };
  readonly gateOutputs: {
    readonly accepted: string;
    readonly film: string;
    readonly orientation: string;
    readonly inverted: string;
  };
  readonly gates: {
    readonly minSidePixels: number;
    readonly maxPixels: number;
    readonly minAccepted: number;
    readonly minFilm: number;
    readonly minInverted: number;
    readonly minArea: number;
    readonly maxColour: number;
  };
}

/** A film as 8-bit samples, or a PNG or JPEG file. */
export type Film = ({ readonly kind: 'picture' } & Picture) | { readonly kind: 'file'; readonly bytes: Uint8Array };

export interface FilmTask {
  readonly film: Film;
  /** From which probability on the heat map is made. */
  readonly threshold: number;
  /** A physician sent it on: it is looked at by the gate, which refuses nothing. */
  readonly isSentOn: boolean;
}

export interface InferenceTask {
  readonly spec: ModelSpec;
  readonly films: readonly FilmTask[];
}

/** What the pixels of a film are refused for. */
export type PixelRefusal =
  | 'NOT_A_CHEST'
  | 'TURNED'
  | 'INVERTED'
  | 'COLOUR_PHOTOGRAPH'
  | 'TOO_SMALL'
  | 'TOO_LARGE'
  | 'NOT_ASSESSABLE'
  | 'IMAGE_UNREADABLE';

export interface GateAnswer {
  readonly accepted: number;
  readonly film: number;
  /** Turned by 0, 90, 180 and 270 degrees counter-clockwise. */
  readonly orientation: readonly number[];
  readonly inverted: number;
}

export interface ModelAnswer {
  readonly probability: number;
  readonly logit: number;
  /** Standard deviation of the logits of the networks of an ensemble. */
  readonly spread: number;
  readonly area: number;
  readonly box: readonly [number, number, number, number];
  /** Log-odds of fields over the box, row after row. */
  readonly evidence: readonly number[];
}

export interface FilmAnswer {
  /** Pixels; 0 where the file could not be read. */
  readonly width: number;
  readonly height: number;
  readonly colour: number;
  /** SHA-256 of the grey samples that the model sees; empty where there are none. */
  readonly smallSha256: string;
  readonly gate: GateAnswer | undefined;
  readonly refusal: PixelRefusal | undefined;
  /** Degrees counter-clockwise by which it seems to be turned. */
  readonly turned: number;
  /** There where nothing was refused, and where only the model's own gate on the lungs' area refused. */
  readonly answer: ModelAnswer | undefined;
  /** PNG of RGB and alpha that lies on the whole film; where the probability reaches the threshold. */
  readonly heat: { readonly png: Uint8Array; readonly width: number; readonly height: number } | undefined;
}
