import { after, describe } from 'node:test';
import { GatewayWorkbench } from './GatewayWorkbench';
import { administrationStatements } from './statements/administration';
import { errorStatements } from './statements/errors';
import { publicStatements } from './statements/public';
import { signInStatements } from './statements/signIn';
import { takeOver } from './target';

const target = takeOver();

describe('What we rely on from a gateway', () => {
  const workbench = new GatewayWorkbench(target);
  after(() => workbench.close());

  describe('What it says to anybody', () => publicStatements(workbench));
  describe('Sign-in', () => signInStatements(workbench));
  describe('Errors', () => errorStatements(workbench));
  if (target.apiKey) {
    const { apiKey } = target;
    describe('Administration', () =>
      administrationStatements(workbench, apiKey));
  }
});
