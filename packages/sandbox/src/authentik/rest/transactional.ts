import type { Answer } from '../support/http';
import type { Json, JsonObject } from '../../json';
import { isJsonObject, pythonType } from '../../json';
import type { ApiRequest, Route } from './api';
import { ApiError, Crash, invalid, ok, writing } from './api';
import { applicationFields, insertApplication } from './applications';
import { bindingFields, insertBinding, subjectProblem } from './bindings';
import type { Field } from './fields';
import { checkBody, choice, NOT_NULL } from './fields';
import { insertProvider, memberOf, providerFields } from './providerFields';

const OAUTH2 = 'authentik_providers_oauth2.oauth2provider';

const PROVIDER_MODELS = [
  OAUTH2,
  'authentik_providers_ldap.ldapprovider',
  'authentik_providers_proxy.proxyprovider',
  'authentik_providers_rac.racprovider',
  'authentik_providers_radius.radiusprovider',
  'authentik_providers_saml.samlprovider',
  'authentik_providers_scim.scimprovider',
];

const EXISTS = 'State is set to must_created and object exists already';

interface Parts {
  app: Record<string, unknown>;
  provider: JsonObject;
  model: string;
  bindings: Record<string, unknown>[];
}

function checkBindings(request: ApiRequest): Field['check'] {
  return value => {
    if (value === null) return { errors: [NOT_NULL] };
    if (!Array.isArray(value)) {
      return {
        errors: {
          non_field_errors: [
            `Expected a list of items but got type "${pythonType(value)}".`,
          ],
        },
      };
    }
    const fields = bindingFields(request.store, false);
    const checked = value.map(item => {
      const { values, errors } = checkBody(fields, item, { create: true });
      const problem = errors ? undefined : subjectProblem(values);
      return {
        values,
        errors: problem ? { non_field_errors: [problem] } : errors,
      };
    });
    return checked.some(one => one.errors)
      ? { errors: checked.map(one => one.errors ?? {}) }
      : { value: checked.map(one => one.values) };
  };
}

/** First stage: the shape of the request, the application and the bindings. */
function readParts(request: ApiRequest): Parts {
  const nested =
    (fields: readonly Field[]): Field['check'] =>
    value => {
      if (value === null) return { errors: [NOT_NULL] };
      const { values, errors } = checkBody(fields, value, { create: true });
      return errors ? { errors } : { value: values };
    };
  const dictionary: Field['check'] = value => {
    if (value === null) return { errors: [NOT_NULL] };
    return isJsonObject(value)
      ? { value }
      : {
          errors: [
            `Expected a dictionary of items but got type "${pythonType(
              value,
            )}".`,
          ],
        };
  };
  const { values, errors } = checkBody(
    [
      {
        name: 'app',
        required: true,
        check: nested(applicationFields(request.store)),
      },
      {
        name: 'provider_model',
        required: true,
        check: choice(PROVIDER_MODELS),
      },
      { name: 'provider', required: true, check: dictionary },
      {
        name: 'policy_bindings',
        check: checkBindings(request),
        fallback: () => [],
      },
    ],
    request.body(),
    { create: true },
  );
  if (errors) throw invalid(errors);
  return {
    app: values.app as Record<string, unknown>,
    provider: values.provider as JsonObject,
    model: values.provider_model as string,
    bindings: values.policy_bindings as Record<string, unknown>[],
  };
}

/** SAML providers are another kind of object and only clash later, by the uniqueness of names. */
function nameTaken({ store }: ApiRequest, parts: Parts): boolean {
  return store.providers.some(
    one => one.name === parts.provider.name && one.kind !== 'saml',
  );
}

/** Second stage: the provider, then bindings that would be the same object. */
function checkPlan(request: ApiRequest, parts: Parts) {
  const { store } = request;
  const name: Json | undefined = memberOf(parts.provider, 'name');
  if (name === undefined) throw new Crash('the name is used unchecked');
  if (nameTaken(request, parts))
    throw invalid({ provider: { name: [EXISTS] } });
  const fields = providerFields(store);
  const external: Field[] =
    parts.model === OAUTH2
      ? []
      : [
          {
            name: 'external_host',
            required: true,
            check: value => ({ value }),
          },
        ];
  const { values, errors } = checkBody(
    parts.model === OAUTH2
      ? fields
      : [...fields.filter(one => one.name !== 'redirect_uris'), ...external],
    parts.provider,
    { create: true },
  );
  if (errors) throw invalid({ provider: errors });

  const seen = new Set<string>();
  for (const binding of parts.bindings) {
    const subject = (['group', 'policy', 'user'] as const).find(
      one => binding[one] !== null,
    ) as string;
    const key = JSON.stringify([subject, binding[subject], binding.order]);
    if (seen.has(key)) {
      throw invalid({
        None: { [subject]: [EXISTS], order: [EXISTS], target: [EXISTS] },
      });
    }
    seen.add(key);
  }
  return values;
}

/** Third stage. Rights come last, so callers without any still learn what is wrong. */
function checkRights(request: ApiRequest, parts: Parts): void {
  const { store, user } = request;
  const lacks = (key: string, permission: string, model: string) => {
    if (!store.may(user, permission)) {
      throw new ApiError(403, {
        [key]: `User lacks permission to create ${model}`,
      });
    }
  };
  const [app, model] = parts.model.split('.');
  lacks('provider', `${app}.add_${model}`, parts.model);
  lacks('app', 'authentik_core.add_application', 'authentik_core.application');
  if (parts.bindings.length) {
    lacks(
      'null',
      'authentik_policies.add_policybinding',
      'authentik_policies.policybinding',
    );
  }
}

async function put(request: ApiRequest): Promise<Answer> {
  const { store } = request;
  const parts = readParts(request);
  const takenBefore = nameTaken(request, parts);
  await writing(store);
  let provider: Record<string, unknown>;
  try {
    provider = checkPlan(request, parts);
  } catch (error) {
    // An older server runs into the other transaction instead of seeing its result.
    if (!store.modern && !takenBefore && nameTaken(request, parts)) {
      throw new Crash('lost a race');
    }
    throw error;
  }
  checkRights(request, parts);
  await writing(store);
  const lost =
    store.applicationBySlug(String(parts.app.slug)) ||
    store.providers.some(
      one => one.name === provider.name || one.client_id === provider.client_id,
    );
  if (lost) return ok({ applied: false, logs: [] });

  if (parts.model !== OAUTH2) {
    throw new ApiError(501, {
      detail: `Not simulated by the sandbox: ${parts.model}`,
    });
  }
  const { pk } = insertProvider(store, provider);
  const application = insertApplication(store, {
    ...parts.app,
    provider: pk,
  });
  for (const binding of parts.bindings) {
    insertBinding(store, { ...binding, target: application.pk });
  }
  return ok({ applied: true, logs: [] });
}

/** @internal */
export const transactionalRoutes: Route[] = [
  { path: 'core/transactional/applications/', methods: { PUT: put } },
];
