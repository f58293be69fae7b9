export { FixButton } from './FixButton';
export { FixMode } from './FixMode';
export { templateFor } from './templates';
export type { FilledTemplate, TemplateAction } from './templates';
export { useFixes } from './useFixes';
export type { Fixes, OfferedFix } from './useFixes';
