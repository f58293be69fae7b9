import { after, before, describe } from 'node:test';
import { ClusterWorkbench } from './ClusterWorkbench';
import { accessStatements } from './statements/access';
import { concurrencyStatements } from './statements/concurrency';
import { errorStatements } from './statements/errors';
import { kubectlStatements } from './statements/kubectl';
import { objectStatements } from './statements/objects';
import { patchStatements } from './statements/patches';
import { portalStatements } from './statements/portal';
import { rolloutStatements } from './statements/rollout';
import { watchStatements } from './statements/watches';
import { takeOver } from './target';

const target = takeOver();

describe('What we rely on from Kubernetes', () => {
  const workbench = new ClusterWorkbench(target);
  before(() => workbench.open());
  after(() => workbench.cleanUp());

  describe('Objects', () => objectStatements(workbench));
  describe('Patches', () => patchStatements(workbench));
  describe('Concurrency', () => concurrencyStatements(workbench));
  describe('Watches', () => watchStatements(workbench));
  describe('Rollout', () => rolloutStatements(workbench));
  describe('Access', () => accessStatements(workbench));
  describe('Errors', () => errorStatements(workbench));
  if (target.portal) {
    describe('Portal', () => portalStatements(workbench));
  } else {
    describe('kubectl', () => kubectlStatements(workbench));
  }
});
