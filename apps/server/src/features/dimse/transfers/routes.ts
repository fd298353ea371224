import {
  cancelTransfer,
  getTransfer,
  listTransfers,
  listUsableNodes,
  retrieveStudies,
  retryTransfer,
  searchNode,
  sendStudies,
  studiesHere,
} from '@negatoscope/contract';
import { type Router, sendEvents } from '../../../access/router.ts';
import { goneSignal } from '../../../platform/sending/at-close.ts';
import { search, whatIsHere } from './search.ts';
import * as transfers from './service.ts';

/** Joins what people do with nodes to the router. */
export function registerTransfers(router: Router, deps: transfers.TransferDeps): void {
  router.handle(listUsableNodes, ({ actor }) => transfers.usable(deps, actor));
  router.handle(searchNode, async ({ actor, params, body, reply }) => {
    const signal = goneSignal(reply.raw);
    return sendEvents(reply, await search(deps, actor, { id: params.id, query: body, signal }));
  });
  router.handle(studiesHere, ({ actor, body }) => whatIsHere(deps, actor, body.studyInstanceUids));
  router.handle(retrieveStudies, async ({ actor, params, body, reply }) => {
    const transfer = await transfers.retrieve(deps, actor, { id: params.id, body });
    void reply.code(202);
    return transfer;
  });
  router.handle(sendStudies, async ({ actor, params, body, reply }) => {
    const transfer = await transfers.send(deps, actor, { id: params.id, body });
    void reply.code(202);
    return transfer;
  });
  router.handle(listTransfers, ({ actor, query }) => transfers.list(deps, actor, query));
  router.handle(getTransfer, ({ actor, params }) => transfers.read(deps, actor, params.id));
  router.handle(cancelTransfer, ({ actor, params }) => transfers.cancel(deps, actor, params.id));
  router.handle(retryTransfer, async ({ actor, params, reply }) => {
    const transfer = await transfers.retry(deps, actor, params.id);
    void reply.code(202);
    return transfer;
  });
}
