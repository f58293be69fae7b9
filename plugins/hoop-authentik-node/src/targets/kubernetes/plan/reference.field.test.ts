import { refuseOwners } from '../../../flows/refusals';
import {
  CLIENT_SECRET,
  CONFIG,
  configMapOf,
  PLAIN_DATA,
  secretOf,
  SETTINGS,
  snapshotOf,
} from '../__testUtils__/gatewayObjects';
import { planSwitch } from './planSwitch';

/** A gateway whose Secret holds this under the key of the client secret. */
const planWith = (value: string, name = 'hoopgateway-idp') =>
  planSwitch(
    snapshotOf({
      container: {
        envFrom: [
          { configMapRef: { name: 'hoopgateway-idp' } },
          { secretRef: { name } },
        ],
      },
      configMaps: [configMapOf(PLAIN_DATA)],
      secrets: [secretOf({ IDP_CLIENT_SECRET: value }, name)],
    }),
    { ...CONFIG, configMap: undefined, secret: undefined },
    SETTINGS,
  );

const messageOf = (
  { owners }: ReturnType<typeof planWith>,
  allowManaged = false,
) => {
  try {
    refuseOwners(owners, 'Nothing was changed.', {
      allowManaged,
      log: () => {},
    });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('A reference in a live Secret is not overwritten', () => {
  it.each([
    ['bank-vaults', 'vault:secret/data/hoop#CLIENT_SECRET'],
    ['vals', 'ref+vault://secret/hoop#/clientSecret'],
    ['secrets-init', 'arn:aws:secretsmanager:eu-west-1:1:secret:hoop'],
    ['bank-vaults in a Secret of its own', 'vault:secret/data/hoop#X', 'own'],
  ])('%s', (_, reference, name = 'hoopgateway-idp') => {
    const plan = planWith(reference, name);
    expect(messageOf(plan)).toBe(
      `Nothing was changed. Secret "${name}" has under IDP_CLIENT_SECRET what looks like a reference that another tool resolves, and a write would override it. Store the client secret of authentik where the reference leads, and check the gateway with hoop:gateway:verify instead, or set allowManaged to write anyway.`,
    );
    expect(messageOf(plan, true)).toBeUndefined();
    expect(JSON.stringify([plan.owners, plan.changes])).not.toContain(
      reference,
    );
  });

  it.each([
    ['an old secret', 'a-former-secret-of-128-characters'],
    ['an encrypted value, which no tool decrypts there', 'ENC[AES256,data:x]'],
    ['the secret itself', CLIENT_SECRET],
    ['nothing', ''],
  ])('%s is no reference', (_, value) => {
    expect(planWith(value).owners).toEqual([]);
  });
});
