import { documentLabel, jsonString, placeholderSvg } from '@negatoscope/dicom';
import type { FastifyReply } from 'fastify';
import { encodeDrawing, isDecodable } from '../../../archive/pixels/index.ts';
import { notModified } from '../request.ts';
import type { Dicomweb } from '../service.ts';
import type { Http } from './rendered-document.ts';
import type { RenderedParams } from './rendered-params.ts';
import type { Found } from './shown.ts';

const DOTS_AN_INCH = 96;

/** What an instance without an image is called on its thumbnail; undefined for one that has an image. */
export async function labelOf(web: Dicomweb, { entry }: Found): Promise<string | undefined> {
  const { json, pixelData } = await web.locator.header(entry);
  const isVideo = !isDecodable(entry.transferSyntaxUid);
  if (pixelData !== undefined && !isVideo) return undefined;
  return isVideo ? 'VIDEO' : documentLabel(entry.sopClassUid, jsonString(json, '00080060'));
}

/** A drawn page that names its kind, where there is no image (PS3.18 10.4.1.1.4). */
export async function sendPlaceholder(label: string, params: RenderedParams, { request, reply }: Http): Promise<FastifyReply> {
  const { viewport } = params;
  void reply.header('vary', 'accept');
  const tag = Buffer.from([label, params.type, params.quality, viewport?.width, viewport?.height].join()).toString('base64url');
  if (notModified(request, reply, `"page-${tag}"`)) return reply.code(304).send();
  return reply.header('content-type', params.type).send(await encodeDrawing(placeholderSvg(label), DOTS_AN_INCH, params));
}
