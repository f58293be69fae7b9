import { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { Admission, AdmissionRequest } from '../admission';
import { ClusterFaults } from '../clusterFaults';
import { ObjectRemover, parseDeleteOptions } from '../objectRemover';
import { ObjectWriter, WriteOptions } from '../objectWriter';
import {
  badRequest,
  invalidOption,
  methodNotAllowed,
  notFound,
  notSimulatedHere,
  pathNotFound,
} from '../status';
import { hasStatusSubresource, ObjectStore } from '../store';
import { authenticate, impersonate, isAnonymous } from './authentication';
import {
  accepts,
  notAcceptable,
  pathForbidden,
  sendJson,
  sendText,
} from './answers';
import { authorize, Identity } from './authorization';
import { discoveryDocument } from './discovery';
import { filterOf, Lister } from './listing';
import { FindContainer, readPodLog } from './podLogs';
import { readDeleteBody, readObject, readPatch } from './requestBody';
import {
  parsePath,
  resourceRequest,
  ResourceRequest,
  Verb,
  verbOf,
} from './requestInfo';
import { answerReview, mayNotAsk, reviewKinds } from './reviews';
import { Watches } from './watching';

/** Subresources that a real cluster has and that neither the product nor our docs use. */
const notSimulatedSubresources = [
  'attach',
  'binding',
  'ephemeralcontainers',
  'eviction',
  'exec',
  'portforward',
  'proxy',
  'resize',
  'scale',
];

const healthPaths = ['/healthz', '/livez', '/readyz'];

/** @internal */
export interface ApiServerParts {
  store: ObjectStore;
  writer: ObjectWriter;
  remover: ObjectRemover;
  watches: Watches;
  admission: Admission;
  faults: ClusterFaults;
  identities: () => Identity[];
  findContainer: FindContainer;
}

interface Context {
  req: IncomingMessage;
  res: ServerResponse;
  identity: Identity;
  request: ResourceRequest;
}

/** The HTTP side of the stand-in: authenticate, authorize, dispatch. @internal */
export class ApiServer {
  private readonly lister: Lister;

  constructor(private readonly parts: ApiServerParts) {
    this.lister = new Lister(parts.store);
  }

  async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', 'https://sandbox.invalid');
    if (this.parts.faults.takeBusy()) {
      sendText(res, 429, 'Too many requests, please try again later.\n', {
        'retry-after': '1',
      });
      return;
    }
    const identities = this.parts.identities();
    const found = impersonate(req, authenticate(req, identities), identities);
    const isStarting = this.parts.faults.takeStarting();
    const identity = isStarting ? { ...found, rules: [] } : found;
    if (!accepts(req)) {
      throw notAcceptable();
    }
    const path = url.pathname.replace(/(.)\/$/, '$1');
    if (healthPaths.includes(path)) {
      if (isStarting) {
        throw pathForbidden(identity, path);
      }
      sendText(res, 200, 'ok');
      return;
    }
    const document = discoveryDocument(path);
    if (document !== undefined) {
      if (identity.mayNot || (isAnonymous(identity) && path !== '/version')) {
        throw pathForbidden(identity, path);
      }
      sendJson(res, 200, document);
      return;
    }
    const review = reviewKinds[url.pathname];
    if (review) {
      if (req.method !== 'POST') {
        throw methodNotAllowed();
      }
      if (isStarting || identity.mayNot || isAnonymous(identity)) {
        throw mayNotAsk(review, identity);
      }
      const { body } = await readObject(req);
      sendJson(res, 201, answerReview(review, identity, body));
      return;
    }
    await this.handlePath(req, res, identity, url);
  }

  private async handlePath(
    req: IncomingMessage,
    res: ServerResponse,
    identity: Identity,
    url: URL,
  ): Promise<void> {
    const parts = parsePath(url);
    if (!parts) {
      throw isAnonymous(identity)
        ? pathForbidden(identity, url.pathname)
        : pathNotFound();
    }
    const verb = verbOf(req.method ?? 'GET', parts, url.searchParams);
    if (!verb) {
      throw methodNotAllowed();
    }
    // Rights come first: who has none does not learn what is served.
    authorize(identity, parts, verb, url.searchParams);
    const request = resourceRequest(parts, url.searchParams);
    if (!request) {
      throw pathNotFound();
    }
    await this.dispatch({ req, res, identity, request }, verb);
  }

  private async dispatch(context: Context, verb: Verb): Promise<void> {
    const { res, request } = context;
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
      throw notSimulatedSubresources.includes(request.subresource)
        ? notSimulatedHere(`${request.type.plural}/${request.subresource}`)
        : pathNotFound();
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
    warnings: string[],
  ): WriteOptions {
    const dryRun = request.query.getAll('dryRun');
    if (dryRun.some(value => value !== 'All')) {
      throw invalidOption(
        kind,
        'dryRun',
        `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
        'FieldValueNotSupported',
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
      fieldValidation: request.query.get('fieldValidation') ?? undefined,
      warn: text => warnings.push(text),
      ...(request.subresource === 'status'
        ? { subresource: 'status' as const }
        : {}),
    };
  }

  private async write(context: Context, verb: Verb): Promise<void> {
    const { req, res, request } = context;
    const { type, namespace, name = '' } = request;
    const { writer } = this.parts;
    const warnings: string[] = [];
    if (verb === 'create') {
      if (type.namespaced && namespace === undefined) {
        throw methodNotAllowed();
      }
      const options = this.writeOptions(context, 'CreateOptions', warnings);
      const { body } = await readObject(req, type);
      await this.hold(request, 'CREATE', options.dryRun);
      const created = writer.create(type, namespace, body, options);
      sendJson(res, 201, created, warnings);
    } else if (verb === 'update') {
      const options = this.writeOptions(context, 'UpdateOptions', warnings);
      const { body } = await readObject(req, type);
      await this.hold(request, 'UPDATE', options.dryRun);
      const replaced = writer.replace(type, namespace, name, body, options);
      sendJson(res, 200, replaced, warnings);
    } else {
      const options = this.writeOptions(context, 'PatchOptions', warnings);
      const { format, body } = await readPatch(req);
      if (request.query.has('force')) {
        throw invalidOption(
          'PatchOptions',
          'force',
          'Forbidden: may not be specified for non-apply patch',
          'FieldValueForbidden',
        );
      }
      await this.hold(request, 'UPDATE', options.dryRun);
      const patched = writer.patch(
        type,
        namespace,
        name,
        format,
        body,
        options,
      );
      sendJson(res, 200, patched, warnings);
    }
  }

  /** A webhook that hangs holds the request up before it fails it. */
  private async hold(
    { type: resource, namespace, name = '' }: ResourceRequest,
    operation: AdmissionRequest['operation'],
    dryRun = false,
  ): Promise<void> {
    const ms = this.parts.admission.delayMs({
      operation,
      resource,
      namespace,
      name,
      dryRun,
    });
    if (ms > 0) {
      await setTimeout(ms);
    }
  }

  private async delete({ req, res, request }: Context): Promise<void> {
    const { type, namespace, name, query } = request;
    const body = await readDeleteBody(req);
    const warnings: string[] = [];
    const grace = query.get('gracePeriodSeconds');
    const policy = query.get('propagationPolicy');
    const options = {
      ...parseDeleteOptions(body),
      warn: (text: string) => warnings.push(text),
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
      warnings,
    );
  }
}
