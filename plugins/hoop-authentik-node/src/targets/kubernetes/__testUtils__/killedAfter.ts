import type { KubernetesClient } from '../../../systems/kubernetes';
import type { FakeKubernetesClient } from './FakeKubernetesClient';

/** The client of a process that is killed after so many writes: it does nothing more, not even undo. */
export function killedAfter(
  writes: number,
  client: FakeKubernetesClient,
): KubernetesClient {
  const before = client.writes.length;
  const killed = () => {
    if (client.writes.length - before >= writes) {
      throw new Error('the process was killed');
    }
  };
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      return typeof member !== 'function'
        ? member
        : async (...parameters: unknown[]) => {
            killed();
            const answer = await member.apply(target, parameters);
            killed();
            return answer;
          };
    },
  });
}
