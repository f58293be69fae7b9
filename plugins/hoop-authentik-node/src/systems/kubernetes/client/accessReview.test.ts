import type { KubernetesAccess } from '../types';
import { status } from '../__testUtils__/answers';
import { clientOf } from '../__testUtils__/clientOf';
import { LoopbackServer, send } from '../__testUtils__/LoopbackServer';
import type { DefaultKubernetesClient } from './DefaultKubernetesClient';

const PATCH: KubernetesAccess = {
  verb: 'patch',
  group: '',
  resource: 'secrets',
  name: 'idp',
};
const CREATE: KubernetesAccess = {
  verb: 'create',
  group: '',
  resource: 'secrets',
};
const LOG: KubernetesAccess = {
  verb: 'get',
  group: '',
  resource: 'pods',
  subresource: 'log',
};

describe('the rights of our account', () => {
  let server: LoopbackServer;
  let client: DefaultKubernetesClient;
  /** What the cluster answers; the kinds of review that were sent. */
  let rules: object;
  let allowed: boolean;
  const asked = () =>
    server.requests.map(({ path }) => path.split('/').slice(-1)[0]);

  beforeEach(async () => {
    server = await LoopbackServer.start();
    client = clientOf(server);
    allowed = false;
    server.handler = ({ path }, response) =>
      send(
        response,
        201,
        path.endsWith('selfsubjectrulesreviews')
          ? { kind: 'SelfSubjectRulesReview', status: rules }
          : { kind: 'SelfSubjectAccessReview', status: { allowed } },
      );
  });

  afterEach(async () => {
    await server.stop();
    await client.close();
  });

  it('should be learned in one request', async () => {
    rules = {
      incomplete: false,
      resourceRules: [
        {
          verbs: ['get', 'patch'],
          apiGroups: [''],
          resources: ['secrets'],
          resourceNames: ['idp'],
        },
        { verbs: ['get'], apiGroups: [''], resources: ['pods/log'] },
      ],
    };
    expect(await client.mayI('hoop', [PATCH, CREATE, LOG])).toEqual([
      true,
      false,
      true,
    ]);
    expect(asked()).toEqual(['selfsubjectrulesreviews']);
    expect(JSON.parse(server.last.body)).toEqual({
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: 'hoop' },
    });
  });

  it.each<[string, KubernetesAccess, object, boolean]>([
    ['all verbs', PATCH, { verbs: ['*'] }, true],
    ['another verb', PATCH, { verbs: ['get'] }, false],
    ['all groups', PATCH, { apiGroups: ['*'] }, true],
    ['another group', PATCH, { apiGroups: ['apps'] }, false],
    ['no group', PATCH, { apiGroups: null }, false],
    ['all resources', PATCH, { resources: ['*'] }, true],
    ['another resource', PATCH, { resources: ['configmaps'] }, false],
    ['any object', PATCH, { resourceNames: null }, true],
    ['the object', PATCH, { resourceNames: ['a', 'idp'] }, true],
    ['another object', PATCH, { resourceNames: ['a'] }, false],
    ['one object, to create', CREATE, { resourceNames: ['idp'] }, false],
    ['the resource alone', LOG, { resources: ['pods'] }, false],
    ['every log', LOG, { resources: ['*/log'] }, true],
    ['everything', LOG, { resources: ['*'] }, true],
  ])('should be read from a rule for %s', async (_, access, rule, expected) => {
    rules = {
      incomplete: false,
      resourceRules: [
        {
          verbs: [access.verb],
          apiGroups: [''],
          resources: [access.resource],
          ...rule,
        },
      ],
    };
    expect(await client.mayI('hoop', [access])).toEqual([expected]);
  });

  it.each([true, false])(
    'should be asked about one by one where the rules are incomplete: %s',
    async answer => {
      allowed = answer;
      rules = {
        incomplete: true,
        evaluationError: 'webhook authorizer does not support user rules',
        resourceRules: [
          { verbs: ['create'], apiGroups: ['*'], resources: ['*'] },
        ],
      };
      expect(await client.mayI('hoop', [PATCH, CREATE])).toEqual([
        answer,
        true,
      ]);
      expect(asked()).toEqual([
        'selfsubjectrulesreviews',
        'selfsubjectaccessreviews',
      ]);
      expect(JSON.parse(server.last.body)).toEqual({
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes: { ...PATCH, namespace: 'hoop' } },
      });
    },
  );

  it.each([403, 404])(
    'should be asked about one by one where the cluster answers %s to a question for its rules',
    async code => {
      allowed = true;
      const answer = server.handler;
      server.handler = (request, response) =>
        request.path.endsWith('selfsubjectrulesreviews')
          ? send(response, code, status(code, 'No', 'no'))
          : answer(request, response);
      expect(await client.mayI('hoop', [PATCH, CREATE])).toEqual([true, true]);
      expect(asked()).toHaveLength(3);
    },
  );
});
