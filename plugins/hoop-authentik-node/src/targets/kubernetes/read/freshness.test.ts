import {
  RESTARTED_AT,
  settingsInUse,
  startedSinceLastChange,
} from './freshness';
import { layoutOf } from './layout';
import {
  CONFIG,
  configMapOf,
  PLAIN_DATA,
  podOf,
  SECRET_DATA,
  secretOf,
  snapshotOf,
  switchedSnapshot,
} from '../__testUtils__/gatewayObjects';

/** Objects were written at 12:00:00, the container started at 12:00:30. */
function restarted(at: string | undefined, change: object = {}) {
  const snapshot = switchedSnapshot({ deployment: change });
  Object.assign(snapshot.deployment.spec.template.metadata!, {
    annotations: at === undefined ? {} : { [RESTARTED_AT]: at },
  });
  return snapshot;
}

describe('startedSinceLastChange', () => {
  it.each([
    ['after the last change', '2026-05-01T12:00:10.5Z', true],
    ['in the same second', '2026-05-01T12:00:00Z', true],
    ['before the last change', '2026-05-01T11:59:59Z', false],
    ['never', undefined, false],
    ['at a time that is none', 'yesterday', false],
  ])('should tell a Deployment that was restarted %s', (_, at, expected) => {
    const snapshot = restarted(at);
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      expected,
    );
  });

  it('should need no restart of a Deployment that reads none of our objects', () => {
    const snapshot = switchedSnapshot({ container: { envFrom: [] } });
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should need no restart of a Deployment that was made after what it reads', () => {
    const snapshot = restarted(undefined);
    snapshot.deployment.metadata.creationTimestamp = '2026-05-01T12:00:00Z';
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should count the object of somebody else that a setting comes from at present', () => {
    const chart = secretOf({ ...PLAIN_DATA, ...SECRET_DATA }, 'hoop-config');
    chart.metadata.managedFields = [
      { manager: 'helm', time: '2026-05-02T12:00:00Z' },
    ];
    const snapshot = snapshotOf({
      container: { envFrom: [{ secretRef: { name: 'hoop-config' } }] },
      secrets: [chart],
    });
    snapshot.deployment.metadata.creationTimestamp = '2026-05-01T12:00:00Z';
    const layout = layoutOf(snapshot, CONFIG);
    expect(startedSinceLastChange(snapshot, layout)).toBe(false);
    const pods = [podOf(snapshot.deployment, '2026-05-01T12:00:05Z')];
    expect(settingsInUse({ ...snapshot, pods }, layout)).toBe(false);
  });

  it('should leave out the object of somebody else that no setting comes from', () => {
    const snapshot = restarted('2026-05-01T12:00:10Z');
    const other = configMapOf({ LOG_LEVEL: 'info' }, 'other');
    other.metadata.managedFields = [
      { manager: 'kubectl-edit', time: '2026-05-02T12:00:00Z' },
    ];
    snapshot.configMaps.other = other;
    snapshot.container.envFrom?.unshift({ configMapRef: { name: 'other' } });
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      true,
    );
  });

  it('should not trust a clock that is fast', () => {
    const snapshot = restarted('2026-05-01T12:09:00Z');
    snapshot.deployment.metadata.managedFields = [
      { manager: 'kubectl-rollout', time: '2026-05-01T11:59:00Z' },
    ];
    expect(startedSinceLastChange(snapshot, layoutOf(snapshot, CONFIG))).toBe(
      false,
    );
  });

  it('should not trust a rollout that is under way, or a Deployment without pods', () => {
    const underWay = restarted('2026-05-01T12:00:10Z');
    underWay.deployment.status!.availableReplicas = 0;
    const scaledDown = restarted('2026-05-01T12:00:10Z', { replicas: 0 });
    for (const snapshot of [underWay, scaledDown]) {
      const layout = layoutOf(snapshot, CONFIG);
      expect(startedSinceLastChange(snapshot, layout)).toBe(false);
    }
  });
});

describe('settingsInUse', () => {
  it('should need no pods where the Deployment shows it, and ask them otherwise', () => {
    const shown = restarted('2026-05-01T12:00:10Z');
    const layout = layoutOf(shown, CONFIG);
    expect(settingsInUse({ ...shown, pods: [] }, layout)).toBe(true);
    const asked = restarted(undefined);
    expect(settingsInUse(asked, layout)).toBe(true);
    expect(settingsInUse({ ...asked, pods: [] }, layout)).toBeUndefined();
  });
});
