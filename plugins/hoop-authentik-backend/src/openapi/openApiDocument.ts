import { z } from 'zod';
import { ANSWERS, OPERATIONS, type Operation } from './operations';

/** Statuses of failures, which have Backstage's own body. */
const FAILURES = {
  400: 'A parameter, the body or an annotation is invalid',
  401: 'No credentials',
  403: 'The caller lacks the permission',
  404: 'There is no such entity, gateway or request, or the caller may not see it',
  409: 'The request was decided already, its plan has changed, or the user has too many open',
  501: 'app-config declares no gateway',
  503: 'A system or a file that is needed cannot be read, or too many integrations are being observed',
};

const ERROR_SCHEMA = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        message: { type: 'string' },
      },
      required: ['name', 'message'],
    },
  },
  required: ['error'],
};

const refTo = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const jsonOf = (schema: object) => ({
  content: { 'application/json': { schema } },
});

/** The HTTP API as an OpenAPI 3.1 document; pure. @internal */
export function openApiDocument() {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of OPERATIONS) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: describe(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'hoop-authentik',
      version: '1',
      description: 'Integrations of Hoop.dev gateways with authentik',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/hoop-authentik' }],
    security: [{ backstage: [] }],
    paths,
    components: {
      securitySchemes: {
        backstage: { type: 'http', scheme: 'bearer' },
      },
      schemas: { ...answerSchemas(), Error: ERROR_SCHEMA },
    },
  };
}

function describe(operation: Operation): object {
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: `Permission: ${operation.permission}`,
    parameters: parametersOf(operation),
    ...(operation.body && {
      requestBody: { required: true, ...jsonOf(schemaOf(operation.body)) },
    }),
    responses: {
      [operation.status]: {
        description: operation.summary,
        ...jsonOf(refTo(operation.answer)),
      },
      ...Object.fromEntries(
        Object.entries(FAILURES).map(([status, description]) => [
          status,
          { description, ...jsonOf(refTo('Error')) },
        ]),
      ),
    },
  };
}

function parametersOf({ path, query }: Operation): object[] {
  const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {} } = query ? schemaOf(query) : {};
  return [
    ...named,
    ...Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: false,
      schema,
    })),
  ];
}

function answerSchemas(): Record<string, object> {
  return Object.fromEntries(
    Object.entries(ANSWERS).map(([name, schema]) => [name, schemaOf(schema)]),
  );
}

function schemaOf(schema: z.ZodType) {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    // Each schema stands for itself, wherever it is put in the document.
    reused: 'inline',
  });
  return rest;
}
