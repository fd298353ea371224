import { z } from 'zod';

/** A file beside the manifest: no folder above it, nothing hidden. */
const FileName = z.string().regex(/^(?:[a-z0-9][a-z0-9._-]{0,80}\/){0,2}[a-z0-9][a-z0-9._-]{0,80}$/i);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const NamedFile = z.strictObject({ file: FileName, sha256: Sha256 });
const Output = z.string().min(1).max(100);
const Fraction = z.number().min(0).max(1);
const Both = z.strictObject({ fr: z.string().min(1).max(500), en: z.string().min(1).max(500) });

/**
 * What no model may be brought below: checks that check nothing would make any file a model, and gates that let everything through would score a child, or a
 * hand (docs/decisions/0048-models-and-predictions.md).
 */
export const YOUNGEST = 15;
const LEAST_ACCEPTED = 0.1;
const LEAST_CHECKS = 3;
const Tolerance = z.number().min(0).max(0.01);

/** One picture with what model and gate say of it, as its maker measured it. */
const Check = z.strictObject({
  file: FileName,
  /** SHA-256 of the `side` × `side` grey samples that it becomes: preprocessing is held to the bit. */
  smallSha256: Sha256,
  gate: z.strictObject({ accepted: Fraction }).optional(),
  model: z.strictObject({ probability: Fraction, logit: z.number(), spread: z.number(), area: z.number() }).optional(),
});

/**
 * `model.json` of a model's folder: what it is, by whom and for whom, how a film becomes its input, what its outputs mean, what it must not be asked, and by what
 * it is checked before anybody may choose it.
 */
export const Manifest = z.strictObject({
  format: z.literal(1),
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/),
  version: z.string().regex(/^[0-9][0-9A-Za-z.-]{0,40}$/),
  title: Both,
  /** What it answers: one model a question is chosen for a site. */
  question: z.string().regex(/^[a-z][a-z-]{0,40}$/),
  /** What it looks for, as an SNOMED CT code in Latin letters and words. */
  finding: z.strictObject({ code: z.string().max(20), scheme: z.literal('SCT'), meaning: z.string().max(64) }),
  licence: z.string().min(1).max(200),
  /** Markdown: data, figures, limits. */
  card: NamedFile,
  model: NamedFile,
  gate: NamedFile,
  input: z.strictObject({
    name: Output,
    side: z.int().min(32).max(1024),
    /** Whole frame, averaged by a triangle filter in 22-bit fixed point, grey by ITU-R 601, divided by 255. */
    form: z.literal('grey-triangle-255'),
  }),
  outputs: z.strictObject({
    probability: Output,
    logit: Output,
    spread: Output,
    evidence: Output,
    box: Output,
    area: Output,
  }),
  gateOutputs: z.strictObject({ accepted: Output, film: Output, orientation: Output, inverted: Output }),
  gates: z.strictObject({
    minAgeYears: z.number().min(YOUNGEST).max(120),
    modalities: z.array(z.string().regex(/^[A-Z]{2,16}$/)).min(1),
    minSidePixels: z.int().min(64),
    maxPixels: z.int().max(200_000_000),
    minAccepted: z.number().min(LEAST_ACCEPTED).max(1),
    minFilm: Fraction,
    minInverted: Fraction,
    minArea: z.number(),
    /** Mean of the greatest less the least of red, green and blue, 0 to 255. */
    maxColour: z.number().min(0).max(255),
  }),
  /** Where a site sets none. */
  threshold: z.strictObject({ probability: z.number().min(0.001).max(0.999), name: z.string().max(40) }),
  confidence: z.strictObject({ high: Fraction, medium: Fraction, maxSpread: z.number().positive() }),
  checks: z.strictObject({
    tolerance: z.strictObject({
      probability: Tolerance,
      gate: Tolerance,
      logit: z.number().positive().max(0.1),
      area: Tolerance,
    }),
    pictures: z
      .array(Check)
      .max(64)
      .refine(
        (all) => all.filter(({ model }) => model !== undefined).length >= LEAST_CHECKS,
        'too few pictures say what the model says',
      )
      .refine(
        (all) => all.filter(({ gate }) => gate !== undefined).length >= LEAST_CHECKS,
        'too few pictures say what the gate says',
      ),
  }),
});
export type Manifest = z.infer<typeof Manifest>;
