export {
  areSettings,
  cardContent,
  isOpen,
  requestKindFor,
  undecidedChecks,
} from './cardContent';
export type { CardContent, PrimaryAction } from './cardContent';
export { signInVerdict } from './signInVerdict';
export type { SignInVerdict } from './signInVerdict';
export { pillState } from './pillState';
