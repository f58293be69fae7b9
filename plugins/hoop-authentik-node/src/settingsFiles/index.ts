export { SECRET_PLACEHOLDER } from './helmReferences';
export { patchEnvFile, type EnvFileOptions } from './patchEnvFile';
export {
  patchHelmValues,
  type HelmValuesOptions,
  type HelmValuesPatch,
} from './patchHelmValues';
export type * from './types';
