export { patchManifest, type ManifestOptions } from './patchManifest';
export { SECRET_PLACEHOLDER } from './helmClientSecret';
export { patchEnvFile, type EnvFileOptions } from './patchEnvFile';
export {
  patchHelmValues,
  type HelmValuesOptions,
  type HelmValuesPatch,
} from './patchHelmValues';
export type { FileGateway } from './fileGateway';
export type { FilePatch, OpenSettings } from './filePatch';
