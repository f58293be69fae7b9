import { after, describe } from 'node:test';
import { applicationStatements } from './statements/applications';
import { bindingStatements } from './statements/bindings';
import { concurrencyStatements } from './statements/concurrency';
import { convergenceStatements } from './statements/convergence';
import { iconStatements } from './statements/icons';
import { leastPrivilegeStatements } from './statements/leastPrivilege';
import { listStatements } from './statements/lists';
import { oidcStatements } from './statements/oidc';
import { providerStatements } from './statements/providers';
import { refusalStatements } from './statements/refusals';
import { tokenStatements } from './statements/token';
import { transactionStatements } from './statements/transaction';
import { takeOver } from './target';
import { Workbench } from './Workbench';

const target = takeOver();

describe('What we rely on from authentik', () => {
  const workbench = new Workbench(target);
  after(() => workbench.cleanUp());

  describe('Token', () => tokenStatements(workbench));
  describe('Refusals', () => refusalStatements(workbench));
  describe('Applications', () => applicationStatements(workbench));
  describe('Icons', () => iconStatements(workbench));
  describe('Transaction', () => transactionStatements(workbench));
  describe('Providers', () => providerStatements(workbench));
  describe('Bindings', () => bindingStatements(workbench));
  describe('Lists', () => listStatements(workbench));
  describe('OpenID Connect', () => oidcStatements(workbench));
  describe('Least privilege', () => leastPrivilegeStatements(workbench));
  describe('Concurrency', () => concurrencyStatements(workbench));
  describe('Convergence', () => convergenceStatements(workbench));
});
