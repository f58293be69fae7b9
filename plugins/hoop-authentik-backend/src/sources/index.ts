export { integrationSources, requireSource } from './integrationSources';
export { readAttachedEntities } from './readAttachedEntities';
