import { IncomingMessage, ServerResponse } from 'node:http';
import { ObjectRemover, parseDeleteOptions } from '../objectRemover';
import { ObjectWriter, WriteOptions } from '../objectWriter';
import {
  badRequest,
  invalidOption,
  methodNotAllowed,
  notFound,
  pathNotFound,
  StatusError,
  unauthorized,
} from '../status';
import { hasStatusSubresource, ObjectStore } from '../store';
import { denied, Identity, isAllowed, reviewAccess } from './authorization';
import { discoveryDocument } from './discovery';
import { filterOf, Lister } from './listing';
import { FindContainer, readPodLog } from './podLogs';
import { readDeleteBody, readObject, readPatch } from './requestBody';
import {
  parseResourcePath,
  ResourceRequest,
  Verb,
  verbOf,
} from './requestInfo';
import { Watches } from './watching';

const accessReviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** @internal */
export interface ApiServerParts {
  store: ObjectStore;
  writer: ObjectWriter;
  remover: ObjectRemover;
  watches: Watches;
  identities: () => Identity[];
  findContainer: FindContainer;
}

interface Context {
  req: IncomingMessage;
  res: ServerResponse;
  identity: Identity;
  request: ResourceRequest;
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}

/** Answers any failure as a Status object. @internal */
export function sendFailure(error: unknown, res: ServerResponse): void {
  const status =
    error instanceof StatusError
      ? error
      : new StatusError(
          500,
          'InternalError',
          `Internal error occurred: ${
            error instanceof Error ? error.message : 'unknown'
          }`,
        );
  if (res.headersSent) {
    res.end();
    return;
  }
  const retryAfter = status.details?.retryAfterSeconds;
  if (retryAfter !== undefined) {
    res.setHeader('retry-after', String(retryAfter));
  }
  sendJson(res, status.code, status.toStatus());
}

/** The HTTP side of the stand-in: authenticate, authorize, dispatch. @internal */
export class ApiServer {
  private readonly lister: Lister;

  constructor(private readonly parts: ApiServerParts) {
    this.lister = new Lister(parts.store);
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'https://sandbox.invalid');
    const identity = this.authenticate(req);
    const document = discoveryDocument(url.pathname.replace(/(.)\/$/, '$1'));
    if (document !== undefined) {
      sendJson(res, 200, document);
      return;
    }
    if (url.pathname === accessReviews) {
      if (req.method !== 'POST') {
        throw methodNotAllowed();
      }
      sendJson(res, 201, reviewAccess(identity, await readObject(req)));
      return;
    }
    const request = parseResourcePath(url);
    if (!request) {
      throw pathNotFound();
    }
    await this.dispatch({ req, res, identity, request });
  }

  private authenticate(req: IncomingMessage): Identity {
    const token = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
    const identity = this.parts
      .identities()
      .find(candidate => candidate.token === token);
    if (!identity) {
      throw unauthorized();
    }
    return identity;
  }

  private authorize({ identity, request }: Context, verb: Verb): void {
    // Rules with names cover list and watch only when the selector names exactly one object.
    const selected = /^metadata\.name=([^,]+)$/.exec(
      request.query.get('fieldSelector') ?? '',
    )?.[1];
    const question = {
      verb,
      group: request.type.group,
      resource: request.subresource
        ? `${request.type.plural}/${request.subresource}`
        : request.type.plural,
      namespace: request.namespace,
      name: verb === 'create' ? undefined : request.name ?? selected,
    };
    if (!isAllowed(identity.rules, question)) {
      throw denied(identity, request.type, question);
    }
  }

  private async dispatch(context: Context): Promise<void> {
    const { req, res, request } = context;
    const verb = verbOf(req.method ?? 'GET', request);
    if (!verb) {
      throw methodNotAllowed();
    }
    this.authorize(context, verb);
    if (request.subresource === 'log' && request.type.kind === 'Pod') {
      const text = readPodLog(
        this.parts.store,
        this.parts.findContainer,
        request,
      );
      res.writeHead(200, { 'content-type': 'text/plain' });
      res.end(text);
      return;
    }
    const isStatus =
      request.subresource === 'status' && hasStatusSubresource(request.type);
    if (request.subresource && !isStatus) {
      throw pathNotFound();
    }
    switch (verb) {
      case 'watch':
        this.parts.watches.watch(request, res);
        break;
      case 'list':
        sendJson(res, 200, this.lister.list(request));
        break;
      case 'get':
        sendJson(res, 200, this.get(request));
        break;
      case 'delete':
      case 'deletecollection':
        await this.delete(context);
        break;
      default:
        await this.write(context, verb);
    }
  }

  private get(request: ResourceRequest): unknown {
    const name = request.name ?? '';
    const object = this.parts.store.get(request.type, request.namespace, name);
    if (!object) {
      throw notFound(request.type, name);
    }
    return object;
  }

  private writeOptions(
    { req, request }: Context,
    kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
  ): WriteOptions {
    const dryRun = request.query.getAll('dryRun');
    if (dryRun.some(value => value !== 'All')) {
      throw invalidOption(
        kind,
        'dryRun',
        `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
      );
    }
    const fieldManager = request.query.get('fieldManager') ?? '';
    if (fieldManager.length > 128) {
      throw invalidOption(
        kind,
        'fieldManager',
        'Too long: may not be more than 128 bytes',
      );
    }
    const userAgent = (req.headers['user-agent'] ?? 'unknown').split('/')[0];
    return {
      manager: fieldManager || userAgent,
      dryRun: dryRun.length > 0,
      ...(request.subresource === 'status'
        ? { subresource: 'status' as const }
        : {}),
    };
  }

  private async write(context: Context, verb: Verb): Promise<void> {
    const { req, res, request } = context;
    const { type, namespace, name = '' } = request;
    const { writer } = this.parts;
    if (verb === 'create') {
      if (type.namespaced && namespace === undefined) {
        throw methodNotAllowed();
      }
      const options = this.writeOptions(context, 'CreateOptions');
      const body = await readObject(req);
      sendJson(res, 201, writer.create(type, namespace, body, options));
    } else if (verb === 'update') {
      const options = this.writeOptions(context, 'UpdateOptions');
      const body = await readObject(req);
      sendJson(res, 200, writer.replace(type, namespace, name, body, options));
    } else {
      await this.patch(context, name);
    }
  }

  private async patch(context: Context, name: string): Promise<void> {
    const { req, res, request } = context;
    const { type, namespace, query } = request;
    const options = this.writeOptions(context, 'PatchOptions');
    const { format, body } = await readPatch(req);
    if (query.has('force')) {
      throw invalidOption(
        'PatchOptions',
        'force',
        'Forbidden: may not be specified for non-apply patch',
      );
    }
    sendJson(
      res,
      200,
      this.parts.writer.patch(type, namespace, name, format, body, options),
    );
  }

  private async delete({ req, res, request }: Context): Promise<void> {
    const { type, namespace, name, query } = request;
    const body = await readDeleteBody(req);
    const grace = query.get('gracePeriodSeconds');
    const policy = query.get('propagationPolicy');
    const options = {
      ...parseDeleteOptions(body),
      ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
      ...(policy === null ? {} : { propagationPolicy: policy }),
    };
    if (query.get('dryRun') === 'All') {
      options.dryRun = true;
    }
    if (name === undefined) {
      if (type.namespaced && namespace === undefined) {
        throw badRequest('a namespace is required to delete a collection');
      }
      const items = this.parts.store
        .list(type, namespace)
        .filter(filterOf(request));
      for (const item of items) {
        this.parts.remover.delete(type, namespace, item.metadata.name, options);
      }
      sendJson(res, 200, {
        kind: `${type.kind}List`,
        apiVersion: type.apiVersion,
        metadata: { resourceVersion: String(this.parts.store.currentVersion) },
        items,
      });
      return;
    }
    const { object, lingers } = this.parts.remover.delete(
      type,
      namespace,
      name,
      options,
    );
    sendJson(
      res,
      200,
      lingers
        ? object
        : {
            kind: 'Status',
            apiVersion: 'v1',
            metadata: {},
            status: 'Success',
            details: {
              name,
              ...(type.group ? { group: type.group } : {}),
              kind: type.plural,
              uid: object.metadata.uid,
            },
          },
    );
  }
}
