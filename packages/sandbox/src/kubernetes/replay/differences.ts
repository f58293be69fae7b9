import type { Difference } from '../../replay/differences';

/** Where the stand-in answers otherwise than the recorded API server, and why. @internal */
export const KUBERNETES_DIFFERENCES: Difference[] = [
  {
    scenario: 'create',
    titles: ['a field twice, fieldValidation=Strict'],
    reason:
      'a field that stands twice in a body is not noticed; the last one counts',
  },
  {
    scenario: 'patch',
    titles: ['JSON patch: …', 'apply: …'],
    reason: 'JSON patch and server-side apply are not simulated: 501',
  },
  {
    scenario: 'restart',
    titles: ['readyz: 500, 10280 ms after the API server was told to end (16)'],
    reason:
      'a starting API server goes from 403 to ready without the checks of its parts in between',
  },
  {
    scenario: 'rollout-good',
    titles: [
      'scaled from 1 to 3 while it rolls out: its pods, as a watch tells it',
    ],
    reason:
      'a Deployment that is scaled during a rollout gets pods of the new template only, not in proportion',
  },
  {
    scenario: 'rollout-failing',
    titles: [
      'not schedulable: the Deployment, as a watch tells it',
      'not schedulable: its pods, as a watch tells it',
    ],
    reason:
      'the recorded watch ended before the Deployment noticed its new pod, and the scripted scheduler left out the phase',
  },
];
