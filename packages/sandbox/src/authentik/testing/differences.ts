import type { Difference } from '../../replay/differences';
import type { AuthentikVersion } from '../types';

/** Where the stand-in answers otherwise than the recorded authentik, and why. @internal */
export const AUTHENTIK_DIFFERENCES: Record<AuthentikVersion, Difference[]> = {
  '2026.8': [
    {
      scenario: 'edges',
      titles: ['OPTIONS of the transactional endpoint'],
      reason: 'nothing asks an endpoint to describe itself',
    },
    {
      scenario: 'edges',
      titles: ['page_size of 1000'],
      reason:
        'a flow was in the cache of the recorded server, and the title of another is that of a later release',
    },
    {
      scenario: 'locale',
      titles: [
        'no permission, Accept-Language de…',
        'no token, Accept-Language de…',
        'invalid provider, Accept-Language de…',
        'no permission, Accept-Language fr',
        'no token, Accept-Language fr',
        'invalid provider, Accept-Language fr',
      ],
      reason: 'the stand-in answers in English, whatever the request accepts',
    },
    {
      scenario: 'locale',
      titles: [
        'no permission (brand locale de, Accept-Language en)',
        'no token (brand locale de, Accept-Language en)',
        'method not allowed …',
        'page out of range …',
        'transactional PUT without permission …',
        'transactional PUT again …',
        'provider with a taken name …',
        'application with a taken slug …',
        'group with a taken name …',
        'authorize with unknown client (brand locale de, Accept-Language en)',
        'authorize with another redirect URI …',
      ],
      reason: 'there are no brands, and so no language of one',
    },
  ],
  '2025.10': [],
};
