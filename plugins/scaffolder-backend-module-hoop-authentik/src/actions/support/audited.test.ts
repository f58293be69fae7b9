import type { TemplateAction } from '@backstage/plugin-scaffolder-node';
import { placesWithSecrets } from '../../__testUtils__/huntSecrets';
import { recordingAuditor } from '../../__testUtils__/portal';
import { runAction } from '../../__testUtils__/runAction';
import { useSandbox } from '../../__testUtils__/useSandbox';
import { createHoopGatewayRotateSecretAction } from '../hoopGatewayRotateSecret';
import { audited } from './audited';

const action = (
  id: string,
  handler: TemplateAction['handler'],
): TemplateAction => ({ id, handler });

describe('audited', () => {
  it('should record who did what to which gateway, and what came of it', async () => {
    const { auditor, records } = recordingAuditor();
    const wrapped = audited(
      auditor,
      action('hoop:gateway:configure', async ctx => {
        ctx.output('gateway', 'main');
        ctx.output('writes', 3);
        ctx.output('issuer', 'not recorded');
      }),
    );

    const run = await runAction(wrapped, {
      gateway: '',
      entityRef: 'resource:default/hoop',
      name: 'not recorded',
    });

    expect(run.error).toBeUndefined();
    expect(run.outputs).toEqual({
      gateway: 'main',
      writes: 3,
      issuer: 'not recorded',
    });
    expect(records).toEqual([
      [
        'initiated',
        {
          eventId: 'hoop-gateway-configure',
          severityLevel: 'medium',
          meta: {
            actionType: 'hoop:gateway:configure',
            taskId: expect.any(String),
            user: undefined,
            entityRef: 'resource:default/hoop',
          },
        },
      ],
      ['succeeded', { meta: { gateway: 'main', writes: 3 } }],
    ]);
  });

  it.each([
    ['hoop:gateway:verify', 'hoop-gateway-verify', 'low'],
    ['hoop:envFile:patch', 'hoop-env-file-patch', 'medium'],
    ['hoop:gateway:rotateSecret', 'hoop-gateway-rotate-secret', 'high'],
  ])('should name and weigh %s', async (id, eventId, severityLevel) => {
    const { auditor, records } = recordingAuditor();

    await runAction(
      audited(
        auditor,
        action(id, async () => {}),
      ),
      {},
    );

    expect(records[0]).toEqual([
      'initiated',
      expect.objectContaining({ eventId, severityLevel }),
    ]);
  });

  it('should name the user who started the task', async () => {
    const { auditor, records } = recordingAuditor();
    const wrapped = audited(
      auditor,
      action('hoop:gateway:verify', async () => {}),
    );

    await runAction(wrapped, {}, { user: { ref: 'user:default/jane' } });

    expect(records[0][1].meta.user).toBe('user:default/jane');
  });

  it('should record a failure, and fail with it', async () => {
    const { auditor, records } = recordingAuditor();
    const failure = new Error('no route');

    const { error } = await runAction(
      audited(
        auditor,
        action('hoop:gateway:restart', async () => {
          throw failure;
        }),
      ),
      {},
    );

    expect(error).toBe(failure);
    expect(records.map(([status]) => status)).toEqual(['initiated', 'failed']);
    expect(records[1][1]).toEqual({ error: failure });
  });

  it('should not run what cannot be recorded', async () => {
    const handler = jest.fn();
    const auditor = {
      createEvent: jest.fn().mockRejectedValue(new Error('disk full')),
    };

    const { error } = await runAction(
      audited(auditor, action('hoop:gateway:restart', handler)),
      {},
    );

    expect(error).toMatchObject({ message: 'disk full' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('should record no dry run', async () => {
    const { auditor, records } = recordingAuditor();
    const handler = jest.fn();

    await runAction(
      audited(auditor, action('hoop:gateway:restart', handler)),
      {},
      { isDryRun: true },
    );

    expect(handler).toHaveBeenCalledTimes(1);
    expect(records).toEqual([]);
  });
});

describe('the audit log of a rotation', () => {
  const fixture = useSandbox();

  it('should hold no secret, whether it succeeds or fails', async () => {
    const { auditor, records } = recordingAuditor();
    await fixture.connect();

    await fixture.succeed(
      options => audited(auditor, createHoopGatewayRotateSecretAction(options)),
      { gateway: 'main' },
    );
    await fixture.sandbox.control.faults({
      system: 'kubernetes',
      unreachable: true,
    });
    await fixture.fail(
      options => audited(auditor, createHoopGatewayRotateSecretAction(options)),
      { gateway: 'main' },
    );

    expect(records.map(([status]) => status)).toEqual([
      'initiated',
      'succeeded',
      'initiated',
      'failed',
    ]);
    expect(
      placesWithSecrets(await fixture.sandbox.control.secrets(), { records }),
    ).toEqual([]);
  });
});
